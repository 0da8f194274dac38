"""The command line: its commands, its help, and the usual way of using it."""

from importlib.metadata import entry_points
from pathlib import Path

import pytest

from bot.wording.cli import help
from bot.wording.operations.evaluate_help import EVALUATE, EXPLORE
from bot.wording.speech.pseudo import pseudo
from storage.database.sqlite import locks
from tests.bot.command import files, matinee
from tests.bot.folders import Film, write_csv
from tests.starter import starter_catalogue


def test_help_names_every_command(tmp_path: Path) -> None:
    ended = matinee(tmp_path, "--help", cold=True, MATINEE_LOCALE="pseudo")
    assert ended.code == 0
    assert pseudo(help.MATINEE) in ended.out, "help is in the chosen language"
    for text in (EVALUATE, EXPLORE):
        assert pseudo(text).split()[0] in ended.out, text
    for command in ("run", "play", "train", "import", "catalogue"):
        assert f" {command} " in ended.out
    assert "attach" not in ended.out, "it is for tests"
    assert files(tmp_path) == {}


@pytest.mark.parametrize("command", ["run", "import"])
def test_commands_have_help(tmp_path: Path, command: str) -> None:
    ended = matinee(tmp_path, command, "--help")
    assert ended.code == 0
    assert "Usage" in ended.out


def test_an_unknown_command_is_named(tmp_path: Path) -> None:
    ended = matinee(tmp_path, "dance")
    assert ended.code == 2
    assert "dance" in ended.err
    assert "--help" in ended.err


def test_the_console_command_is_the_same(tmp_path: Path) -> None:
    (found,) = entry_points(group="console_scripts", name="matinee")
    assert found.value == "bot.__main__:main"


def test_the_starter_catalogue_is_without_problems(tmp_path: Path) -> None:
    ended = matinee(tmp_path, "catalogue", "check", cold=True)
    assert ended.code == 0, ended.out
    assert f"{len(starter_catalogue().films):,} films. There's nothing to fix." in ended.out
    assert files(tmp_path) == {}


def test_an_operators_own_list_is_checked(tmp_path: Path) -> None:
    own_list = tmp_path / "mine.csv"
    own_list.write_text("title,year,genres,tags\nZzyzx Lantern,1971,Drama,\n", encoding="utf-8")
    ended = matinee(tmp_path, "catalogue", "check", own_list)
    assert (ended.code, ended.err) == (1, ""), "a film without tags is something to mend"
    assert "mine.csv line 2: " in ended.out
    assert "tags.csv" not in ended.out
    assert "I've checked 1 film and found " in ended.out


def test_a_fresh_folder_can_be_trained(tmp_path: Path) -> None:
    """The settings come from `.env`. The log has unbroken lines, even for a narrow terminal."""
    (tmp_path / ".env").write_text("export MATINEE_DATA='over there'\n\n# a note\n", "utf-8")
    ended = matinee(tmp_path, "train", COLUMNS="60", cold=True)
    assert ended.code == 0, ended.err
    assert f"│ {len(starter_catalogue().films):,} " in ended.out
    kept = files(tmp_path)
    assert "over there/matinee.sqlite3" in kept
    assert sum(name.endswith("manifest.json") for name in kept) == 1
    lines = [line for line in ended.err.splitlines() if line]
    assert lines
    assert all(" INFO bot." in line for line in lines), ended.err


def test_import_shows_terms_and_counts(tmp_path: Path) -> None:
    films = [Film(1, "Zzyzx Lantern (1971)", ("Drama",)), Film(2, "Qwert (1983)", ("War",))]
    folder = write_csv(tmp_path / "[bold] set", films, [(1, 1, 4.0, 900000001)])
    chosen = {"MATINEE_DATA": "my [red] data", "MATINEE_LOG_LEVEL": "warning"}
    ended = matinee(tmp_path, "import", "movielens", folder, **chosen)
    assert (ended.code, ended.err) == (0, "")
    assert "GroupLens" in ended.out
    assert "Ask them before you share it or make money with it" in ended.out
    assert "I've read 2 films (new: 2, already in your catalogue: 0, updated: 0)." in ended.out
    assert "my [red] data/corpus.npz" in ended.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("run",),
        ("play",),
        ("attach", "1", "ca.pem"),
        ("restore", "copy.sqlite3", "--replace"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_second_bot_on_a_folder_is_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "ca.pem").touch()
    with locks.held(tmp_path / "data" / "running.lock"):
        ended = matinee(tmp_path, *arguments, DISCORD_TOKEN="nobody", MATINEE_PLAYGROUND_PORT="0")
    assert ended.sentence.startswith(
        f"Matinee is already running with the data folder {tmp_path / 'data'}. Stop"
    )
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["running.lock"]
