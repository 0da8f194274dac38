"""Settings come from the environment and .env. All problems are reported together."""

import pickle
from collections.abc import Mapping
from datetime import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.env_file import DATA, read_data_folder
from bot.errors import SettingsError
from bot.health import socket_name
from bot.settings import PREFIX, Settings, read_settings
from bot.tokens import SECRETS, TOKEN, TOKEN_FILE
from bot.wording.errors.said import said
from storage.database.address import DatabaseUrl, from_text, to_text
from storage.shards import Shards

ROOT = Path(__file__).resolve().parents[2]
A_TOKEN = "".join(("MTAwMDAwMDAwMDAwMDAwMDAw", ".GabcdE.", "x" * 38))  # of the form of a token


def write(folder: Path, text: str) -> Path:
    path = folder / ".env"
    path.write_text(text, encoding="utf-8")
    return path


def problems(
    environ: dict[str, str], env_file: Path | None = None
) -> list[tuple[str, Mapping[str, object]]]:
    """Returns the keys and data of what is wrong with settings."""
    with pytest.raises(SettingsError) as raised:
        read_settings(environ, env_file)
    return [(problem.key, problem.data) for problem in raised.value.problems]


def test_nothing_set_gives_the_defaults(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path / ".env") == Settings()


def test_a_file_that_cannot_be_reached_is_no_file() -> None:
    unreachable = Path("x" * 300, ".env")  # the system says neither yes nor no
    assert read_settings({}, unreachable) == Settings()
    assert read_data_folder({}, unreachable) == Settings().data


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    env = write(tmp_path, "MATINEE_ZONE=Europe/Paris\nMATINEE_COOLDOWN_DAYS=3\n")
    settings = read_settings({"MATINEE_ZONE": "Asia/Tokyo", "HOME": "/x"}, env)
    assert (settings.zone, settings.cooldown_days) == ("Asia/Tokyo", 3)


def test_all_problems_are_reported_together(tmp_path: Path) -> None:
    env = write(tmp_path, "MATINEE_ZONNE=UTC\nMATINEE_COOLDOWN_DAYS=many\nMATINEE_ZONE=Mars/Base\n")
    with pytest.raises(SettingsError) as raised:
        read_settings({}, env)
    unknown, zone, days = raised.value.problems
    assert unknown.key == "unknown-setting"
    assert unknown.data == {"name": "MATINEE_ZONNE", "place": str(env), "near": "MATINEE_ZONE"}
    assert days.key == "bad-value"
    assert (days.data["name"], days.data["given"]) == ("MATINEE_COOLDOWN_DAYS", "many")
    assert zone.key == "no-such-zone"
    assert zone.data == {"name": "MATINEE_ZONE", "given": "Mars/Base"}


@pytest.mark.parametrize("given", ["03:30Z", "04:00+00:00", "04:00-03:00", "4", "14400", "3:30pm"])
@pytest.mark.parametrize("name", ["MATINEE_BACKUP_AT", "MATINEE_RETRAIN_AT"])
def test_a_time_of_day_has_no_zone(name: str, given: str) -> None:
    assert problems({name: given}) == [("no-time-of-day", {"name": name, "given": given})]
    assert read_settings({name: "3:05"}, None).model_dump()[name.lower()[8:]] == time(3, 5)


def test_an_unknown_setting_is_refused_in_every_source(tmp_path: Path) -> None:
    env = write(tmp_path, "WHATEVER=1\n")
    told = {"name": "MATINEE_COLOUR", "place": "environment", "near": "MATINEE_LOG_FORM"}
    assert problems({"MATINEE_COLOUR": "red"}) == [("unknown-setting", told)]
    told = {"name": "WHATEVER", "place": str(env), "near": None}
    assert problems({}, env) == [("unknown-setting", told)]


def test_the_token_is_never_shown() -> None:
    settings = read_settings({TOKEN: "very-secret"}, None)
    assert "very-secret" not in f"{settings!r} {settings}"
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "very-secret"


def test_env_example_holds_every_setting_with_its_default(tmp_path: Path) -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    names = {line.split("=", 1)[0] for line in lines}
    expected = {PREFIX + name.upper() for name in Settings.model_fields if name != "discord_token"}
    assert names == expected | SECRETS.keys() | {*SECRETS.values()}
    assert read_settings({}, write(tmp_path, text)) == Settings()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])  # the latter as some editors do
def test_the_token_may_be_in_a_file(encoding: str, tmp_path: Path) -> None:
    secret = tmp_path / "discord-token"
    secret.write_text(f"{A_TOKEN}\n", encoding=encoding)
    for settings in (
        read_settings({TOKEN_FILE: str(secret)}, None),
        read_settings({}, write(tmp_path, f"DISCORD_TOKEN=\nDISCORD_TOKEN_FILE={secret}\n")),
    ):
        assert settings.discord_token is not None
        assert settings.discord_token.get_secret_value() == A_TOKEN


def test_the_key_of_tmdb_may_be_in_a_file_and_may_look_like_a_token(tmp_path: Path) -> None:
    secret = tmp_path / "tmdb"
    secret.write_text(f"{A_TOKEN}\n")
    for given in (
        {"MATINEE_TMDB_TOKEN_FILE": str(secret)},
        {"MATINEE_TMDB_TOKEN": A_TOKEN},
    ):
        settings = read_settings(given, None)
        assert settings.tmdb_token is not None
        assert settings.tmdb_token.get_secret_value() == A_TOKEN
        assert A_TOKEN not in repr(settings)


URL = "postgresql+asyncpg://matinee:pass%40word@db.example:5433/films"


def test_the_database_is_a_file_or_a_url_that_may_be_in_a_file(tmp_path: Path) -> None:
    assert Settings(data=tmp_path).database == tmp_path / "matinee.sqlite3"
    secret = tmp_path / "url"
    secret.write_text(f"{URL}\n")
    for given in ({"MATINEE_DATABASE_URL": URL}, {"MATINEE_DATABASE_URL_FILE": str(secret)}):
        settings = read_settings(given, None)
        assert settings.database == DatabaseUrl(URL)
        assert str(settings.database) == "postgresql+asyncpg://matinee@db.example:5433/films"
        assert "pass" not in repr(settings) + repr(settings.database)
        assert pickle.loads(pickle.dumps(settings.database)) == settings.database
        assert from_text(to_text(settings.database)) == settings.database
    assert from_text(to_text(tmp_path / "a")) == tmp_path / "a"


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://u:secret@host/films",
        "sqlite:///secret",
        "postgresql+asyncpg://u:secret@host",
        "postgresql+asyncpg://u:secret@host/",
        "postgresql+asyncpg://u:secret@host:port/films",
        "postgresql+asyncpg://u:secret word@host/films",
        "secret",
    ],
)
def test_a_url_that_cannot_be_opened_is_a_sentence_without_the_password(given: str) -> None:
    with pytest.raises(SettingsError) as raised:
        read_settings({"MATINEE_DATABASE_URL": given}, None)
    (problem,) = map(said, raised.value.problems)
    assert problem.startswith("I can't use MATINEE_DATABASE_URL as the URL of a database.")
    assert "secret" not in problem


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {TOKEN_FILE: "missing"},
            "points to missing, but I can't read it (No such file or directory). Choose",
        ),
        ({TOKEN_FILE: "folder"}, "points to folder, but I can't read it (Is a directory). Choose"),
        ({TOKEN_FILE: "empty"}, "points to empty, but that file is empty. Put the secret in it."),
        ({TOKEN_FILE: "noise"}, "points to noise, but that isn't a text file."),
        ({TOKEN_FILE: "\0"}, "(embedded null byte). Choose"),
        ({TOKEN_FILE: "two"}, "There's a space or a line break in DISCORD_TOKEN. Copy"),
        ({TOKEN_FILE: "good", TOKEN: "x"}, "You've set both DISCORD_TOKEN and DISCORD_TOKEN_FILE"),
        ({TOKEN_FILE: A_TOKEN}, "DISCORD_TOKEN_FILE in the environment looks like"),
        ({TOKEN_FILE: "k" * 60}, "DISCORD_TOKEN_FILE points to …, but I can't read it"),
    ],
    ids=lambda given: " ".join(given)[:40] if isinstance(given, dict) else "",
)
def test_a_token_file_that_cannot_be_used_is_a_sentence(
    given: dict[str, str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    for name, content in (
        ("empty", b" \n"),
        ("noise", b"\xff\xfe"),
        ("two", b"a b"),
        ("good", b"g"),
    ):
        Path(name).write_bytes(content)
    with pytest.raises(SettingsError) as raised:
        read_settings(given, None)
    (problem,) = map(said, raised.value.problems)
    assert sentence in problem
    assert A_TOKEN not in problem
    assert "kkk" not in problem


@pytest.mark.parametrize("environ", [{}, {DATA: ""}, {DATA: "one"}])
@pytest.mark.parametrize("text", ["", "MATINEE_DATA=two\n", "stray\nMATINEE_DATA='three four'\n"])
def test_the_data_folder_is_found_without_the_other_settings(
    environ: dict[str, str], text: str, tmp_path: Path
) -> None:
    env = write(tmp_path, text)
    found = read_data_folder(environ, env)
    write(tmp_path, text.replace("stray\n", ""))
    assert found == read_settings(environ, env).data


@pytest.mark.parametrize("given", ["3", "0-16/16", "4-3/16", "a-b/c", "0-3"])
def test_shards_that_do_not_exist_are_refused(given: str) -> None:
    expected = {"name": "MATINEE_SHARDS", "given": given}
    assert problems({"MATINEE_SHARDS": given}) == [("no-such-shards", expected)]


def test_on_sqlite_one_process_has_all_shards() -> None:
    assert problems({"MATINEE_SHARDS": "0-3/16"}) == [("shards-on-sqlite", {"given": "0-3/16"})]
    settings = read_settings({"MATINEE_SHARDS": "0-15/16"}, None)
    assert settings.shards == Shards(0, 15, 16)


def test_each_process_has_files_of_its_own(tmp_path: Path) -> None:
    parts = [None, Shards(0, 3, 8), Shards(4, 4, 8), Shards(5, 7, 8)]
    url = SecretStr("postgresql+asyncpg://matinee@/matinee")
    every = [Settings(data=tmp_path, shards=part, database_url=url) for part in parts]
    for name in ("running_lock", "health_socket", "posters"):
        assert len({getattr(settings, name) for settings in every}) == len(parts)
    assert every[1].health_socket.name == socket_name("0 - 3 / 8") == "health-0-3.sock"
    assert every[2].health_socket.name == socket_name("4/8") == socket_name("4-4/8")
    assert len({settings.models for settings in every}) == 1, "models are shared"
    on_sqlite = [Settings(data=tmp_path, shards=part) for part in (None, Shards(0, 7, 8))]
    assert len({settings.running_lock for settings in on_sqlite}) == 1, "only one may run"
