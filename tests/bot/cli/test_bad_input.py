"""A problem with an operator's machine, files or settings gives one clear sentence.

No data is lost. Every case here runs the command in its own process.
"""

import asyncio
import resource
import shutil
import socket
import sqlite3
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import VARIABLES, read_settings
from bot.wording.errors.said import said
from tests.bot.command import ROOT, files, matinee
from tests.bot.folders import Film, write_csv
from tests.house import FEWEST_FILMS, stocked

FILMS = [Film(1, "Zzyzx Lantern, The (1971)", ("Drama",)), Film(2, "Qwert (1983)", ("Comedy",))]
RATINGS = [(1, 1, 4.5, 900000001), (2, 1, 3.0, 900000002), (2, 2, 5.0, 900000003)]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data: a catalogue, imported ratings, a fitted model."""
    folder = tmp_path_factory.mktemp("trained")
    asyncio.run(stocked(folder / "data" / "matinee.sqlite3", FEWEST_FILMS))
    source = write_csv(folder / "source", FILMS, RATINGS)
    assert matinee(folder, "import", "movielens", source).code == 0
    assert matinee(folder, "train").code == 0
    return folder


@pytest.fixture
def used(trained: Path, tmp_path: Path) -> Path:
    """A copy of the trained folder, which a test may damage."""
    shutil.copytree(trained, tmp_path / "used")
    return tmp_path / "used"


# The data folder ---------------------------------------------------------------------------------


def test_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    sentence = matinee(tmp_path, "train", MATINEE_DATA="file/below").sentence
    assert "can't write" in sentence
    assert "choose another data folder" in sentence
    assert files(tmp_path) == {"file": b"mine"}


def test_a_data_folder_of_the_system(tmp_path: Path) -> None:
    sentence = matinee(tmp_path, "play", MATINEE_DATA="/proc/matinee").sentence
    assert "can't write to /proc/matinee" in sentence


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    content = b"hello, this is a letter\n"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "matinee.sqlite3").write_bytes(content)
    sentence = matinee(tmp_path, "train").sentence
    assert "is damaged, or isn't a database" in sentence
    assert "move the file away" in sentence
    assert files(tmp_path)["data/matinee.sqlite3"] == content


def test_a_database_that_is_damaged_in_the_middle(used: Path) -> None:
    path = used / "data" / "matinee.sqlite3"
    content = bytearray(path.read_bytes())
    content[8192:24576] = b"\xa5" * 16384
    path.write_bytes(content)
    assert "is damaged" in matinee(used, "play").sentence
    assert path.read_bytes() == content


def test_a_database_of_a_newer_version(used: Path) -> None:
    path = used / "data" / "matinee.sqlite3"
    with sqlite3.connect(path) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
    conn.close()
    before = files(used)
    sentence = matinee(used, "train").sentence
    assert "newer version of Matinee" in sentence
    assert "Install the newer version" in sentence
    assert files(used) == before


def test_somebody_elses_database(tmp_path: Path) -> None:
    path = tmp_path / "data" / "matinee.sqlite3"
    path.parent.mkdir()
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE stamps (price)")
    conn.close()
    before = path.read_bytes()
    assert "not one of mine" in matinee(tmp_path, "train").sentence
    assert path.read_bytes() == before


def allow_small_files_only() -> None:
    """Imitates a full disk: no file of this process may grow beyond 8 KB."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))


@pytest.mark.parametrize("command", [("train",), ("import", "movielens", "source")])
def test_a_disk_without_room_loses_nothing(used: Path, command: tuple[str, ...]) -> None:
    with (used / "source" / "ratings.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{at},1,4.0,{900000000 + at * 977}\n" for at in range(3, 4000))
    before = files(used / "data")
    matinee(used, *command, before=allow_small_files_only).sentence  # noqa: B018 the property asserts
    after = files(used / "data")
    assert after["corpus.npz"] == before["corpus.npz"]
    assert {name for name in after if name.startswith("models")} == {
        name for name in before if name.startswith("models")
    }
    conn = sqlite3.connect(used / "data" / "matinee.sqlite3")
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    conn.close()


def test_a_damaged_corpus_is_named(used: Path) -> None:
    (used / "data" / "corpus.npz").write_bytes(b"moth")
    before = files(used / "data" / "models")
    sentence = matinee(used, "train").sentence
    assert sentence == "corpus.npz is damaged. Remove it, then import the data again."
    assert files(used / "data" / "models") == before


def test_a_damaged_model_gives_a_warning_and_is_not_used(used: Path) -> None:
    model = next((used / "data" / "models").rglob("models.npz"))
    model.write_bytes(b"moth")
    ended = matinee(used, "train")
    assert ended.code == 0
    assert "cannot be used" in ended.err
    assert "Traceback" not in ended.err


# Settings ----------------------------------------------------------------------------------------


def test_all_problems_of_the_settings_are_reported_together(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MATINEE_ZONNE=UTC\nMATINEE_RETRAIN_AT=tea time\n", "utf-8")
    sentence = matinee(tmp_path, "play", MATINEE_PLAYGROUND_PORT="99999").sentence
    assert "MATINEE_ZONNE in .env isn't one of my settings. Did you mean MATINEE_ZONE?" in sentence
    assert "MATINEE_RETRAIN_AT is “tea time”" in sentence
    assert "“99999” for MATINEE_PLAYGROUND_PORT" in sentence
    assert not (tmp_path / "data").exists()


def test_a_token_in_the_wrong_place_is_not_repeated(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("\n# mine\n\nAbCd.secret.efGh\nMATINEE ZONE=UTC\n", "utf-8")
    ended = matinee(tmp_path, "run", DISCORD_TOKEN="Bot secret")
    sentence = ended.sentence
    assert ".env line 4 isn't a setting. Write it as NAME=value, or remove it." in sentence
    assert ".env line 5 isn't a setting" in sentence
    assert "There's a space or a line break in DISCORD_TOKEN" in sentence
    assert "secret" not in ended.out + ended.err


TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789ab"


NAMES = {*VARIABLES.values(), "MATINEE_TOKEN", "MATINEE_ZONNE"} - {"MATINEE_TMDB_TOKEN"}


def test_the_secret_of_posters_is_never_printed() -> None:
    read = read_settings({"MATINEE_TMDB_TOKEN": TOKEN}, None)
    assert TOKEN[:8] not in repr(read) + str(read)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_token_behind_another_name_is_never_printed(tmp_path: Path, name: str) -> None:
    if name == "DISCORD_TOKEN":
        name = "MATINEE_DISCORD_TOKEN"
    for value in (TOKEN, f"Bot {TOKEN}", TOKEN[:60], TOKEN[5:]):
        with pytest.raises(SettingsError) as refused:
            read_settings({name: value}, None)
        sentence = " ".join(said(problem) for problem in refused.value.problems)
        assert name in sentence
        for at in range(len(TOKEN) - 8):
            assert TOKEN[at : at + 8] not in sentence


def test_a_token_as_the_name_of_a_setting_is_never_printed(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"{TOKEN}=1\nMATINEE_ZONE={TOKEN}\n", "utf-8")
    ended = matinee(tmp_path, "doctor", "--offline")
    assert "A line in .env looks like a token without a name." in ended.sentence
    assert "MATINEE_ZONE in .env looks like the bot's token" in ended.sentence
    assert TOKEN[:12] not in ended.out + ended.err


def test_settings_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe=1\n")
    assert "Save it as UTF-8 text" in matinee(tmp_path, "run").sentence


@pytest.mark.parametrize("token", [None, "", "  "])
def test_run_without_a_token_does_not_start_the_playground(
    tmp_path: Path, token: str | None
) -> None:
    given = {} if token is None else {"DISCORD_TOKEN": token}
    sentence = matinee(tmp_path, "run", **given).sentence
    assert "DISCORD_TOKEN isn't set" in sentence
    assert "matinee play" in sentence
    assert files(tmp_path) == {}


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = matinee(tmp_path, "play", MATINEE_PLAYGROUND_PORT=str(port)).sentence
    assert f"using port {port}" in sentence
    assert "MATINEE_PLAYGROUND_PORT" in sentence
    assert "The playground is at" not in sentence


# Files to import -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("Qwert Harbour,1983,Comedy,no-such-tag:2", "line 3: The tag “no-such-tag” isn't in"),
        ("Qwert Harbour,next year,Comedy,", "line 3: I can't use “next year” in the column “year”"),
        ('Qwert "Harbour,1983', "line 3: This row has 2 cells, but the header has 4"),
        ("Qwert Harbour,1983,Commedy,", "line 3: I don't know the genre"),
    ],
)
def test_a_broken_line_of_an_operators_own_catalogue(
    tmp_path: Path, line: str, complaint: str
) -> None:
    own_list = tmp_path / "mine.csv"
    own_list.write_text(f"title,year,genres,tags\nZzyzx Lantern,1971,Drama,\n{line}\n", "utf-8")
    ended = matinee(tmp_path, "catalogue", "check", own_list)
    assert ended.sentence.startswith(f"mine.csv {complaint}")


def test_a_broken_line_of_the_starter_catalogue_stops_the_start(used: Path, tmp_path: Path) -> None:
    code = tmp_path / "code"
    for room in ("bot", "recommender", "storage"):
        shutil.copytree(ROOT / room, code / room, ignore=shutil.ignore_patterns("__pycache__"))
    films = code / "storage" / "catalogue" / "films.csv"
    lines = films.read_text(encoding="utf-8").splitlines()
    lines[6] = lines[6][: len(lines[6]) // 3]
    films.write_text("\n".join([*lines, ""]), encoding="utf-8")
    before = files(used / "data")
    sentence = matinee(used, "train", code=code).sentence
    assert sentence.startswith("films.csv line 7: ")
    assert files(used / "data") == before


@pytest.mark.parametrize(
    ("file", "cut", "complaint"),
    [
        ("ratings.csv", 12, "ratings.csv line 4: "),
        ("movies.csv", None, "movies.csv is missing"),
    ],
)
def test_a_torn_or_incomplete_movielens_folder(
    used: Path, file: str, cut: int | None, complaint: str
) -> None:
    path = used / "source" / file
    if cut is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-cut])
    before = files(used / "data")
    ended = matinee(used, "import", "movielens", "source")
    assert complaint in ended.sentence
    assert "again" in ended.sentence
    assert files(used / "data") == before


def test_no_movielens_folder_at_all(tmp_path: Path) -> None:
    sentence = matinee(tmp_path, "import", "movielens", "nowhere").sentence
    assert sentence == "nowhere isn't a folder. Give me the MovieLens folder that you unpacked."
    assert files(tmp_path) == {}
