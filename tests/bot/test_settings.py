"""Settings come from the environment and .env. All problems are reported together."""

from collections.abc import Mapping
from datetime import time
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import PREFIX, TOKEN, Settings, read_settings

ROOT = Path(__file__).resolve().parents[2]


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
    assert names == expected | {TOKEN}
    assert read_settings({}, write(tmp_path, text)) == Settings()
