"""Whatever is wrong with an operator's machine, files or settings: one clear sentence each, and
nothing lost. Every case here runs the command in a process of its own."""

import asyncio
import resource
import shutil
import socket
import sqlite3
from pathlib import Path

import pytest

from tests.bot.command import ROOT, files, matinee
from tests.bot.folders import Film, write_csv
from tests.house import stocked

FILMS = [Film(1, "Zzyzx Lantern, The (1971)", ("Drama",)), Film(2, "Qwert (1983)", ("Comedy",))]
RATINGS = [(1, 1, 4.5, 900000001), (2, 1, 3.0, 900000002), (2, 2, 5.0, 900000003)]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose data is in use: a catalogue, imported ratings, a fitted model."""
    folder = tmp_path_factory.mktemp("trained")
    asyncio.run(stocked(folder / "data" / "matinee.sqlite3"))
    source = write_csv(folder / "source", FILMS, RATINGS)
    assert matinee(folder, "import", "movielens", source).code == 0
    assert matinee(folder, "train").code == 0
    return folder


@pytest.fixture
def used(trained: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    shutil.copytree(trained, tmp_path / "used")
    return tmp_path / "used"


# The data folder ---------------------------------------------------------------------------------


def test_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    said = matinee(tmp_path, "train", MATINEE_DATA="file/below").sentence
    assert "cannot write" in said
    assert "name another data folder" in said
    assert files(tmp_path) == {"file": b"mine"}


def test_a_folder_that_the_system_keeps_to_itself(tmp_path: Path) -> None:
    said = matinee(tmp_path, "play", MATINEE_DATA="/proc/matinee").sentence
    assert "cannot write /proc/matinee" in said


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    content = b"hello, this is a letter\n"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "matinee.sqlite3").write_bytes(content)
    said = matinee(tmp_path, "train").sentence
    assert "is damaged or is no database" in said
    assert "move the file away" in said
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
    said = matinee(used, "train").sentence
    assert "newer Matinee" in said
    assert "install the newer version" in said
    assert files(used) == before


def test_somebody_elses_database(tmp_path: Path) -> None:
    path = tmp_path / "data" / "matinee.sqlite3"
    path.parent.mkdir()
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE stamps (price)")
    conn.close()
    before = path.read_bytes()
    assert "not one of Matinee's" in matinee(tmp_path, "train").sentence
    assert path.read_bytes() == before


def allow_small_files_only() -> None:
    """As on a disk without room: no file of this process grows beyond 8 KB."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))


@pytest.mark.parametrize("command", [("train",), ("import", "movielens", "source")])
def test_a_disk_without_room_loses_nothing(used: Path, command: tuple[str, ...]) -> None:
    with (used / "source" / "ratings.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{at},1,4.0,{900000000 + at * 977}\n" for at in range(3, 4000))
    before = files(used / "data")
    matinee(used, *command, before=allow_small_files_only).sentence  # noqa: B018 it asserts
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
    said = matinee(used, "train").sentence
    assert said == "corpus.npz is damaged; remove it and import again."
    assert files(used / "data" / "models") == before


def test_a_damaged_model_is_warned_of_and_done_without(used: Path) -> None:
    model = next((used / "data" / "models").rglob("models.npz"))
    model.write_bytes(b"moth")
    ended = matinee(used, "train")
    assert ended.code == 0
    assert "cannot be used" in ended.err
    assert "Traceback" not in ended.err


# Settings ----------------------------------------------------------------------------------------


def test_every_problem_of_the_settings_at_once(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MATINEE_ZONNE=UTC\nMATINEE_RETRAIN_AT=tea time\n", "utf-8")
    said = matinee(tmp_path, "play", MATINEE_PLAYGROUND_PORT="99999").sentence
    assert "MATINEE_ZONNE in .env is no setting of Matinee. Did you mean MATINEE_ZONE?" in said
    assert "MATINEE_RETRAIN_AT is 'tea time'" in said
    assert "MATINEE_PLAYGROUND_PORT is '99999'" in said
    assert not (tmp_path / "data").exists()


def test_a_token_in_the_wrong_place_is_not_repeated(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("\n# mine\n\nAbCd.secret.efGh\nMATINEE ZONE=UTC\n", "utf-8")
    ended = matinee(tmp_path, "run", DISCORD_TOKEN="Bot secret")
    said = ended.sentence
    assert ".env line 4 is no setting; write NAME=value, or remove it." in said
    assert ".env line 5 is no setting" in said
    assert "DISCORD_TOKEN holds a space or a line break" in said
    assert "secret" not in ended.out + ended.err


def test_settings_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe=1\n")
    assert "save it as UTF-8 text" in matinee(tmp_path, "run").sentence


@pytest.mark.parametrize("token", [None, "", "  "])
def test_run_without_a_token_never_plays(tmp_path: Path, token: str | None) -> None:
    given = {} if token is None else {"DISCORD_TOKEN": token}
    said = matinee(tmp_path, "run", **given).sentence
    assert "DISCORD_TOKEN is not set" in said
    assert "matinee play" in said
    assert files(tmp_path) == {}


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = matinee(tmp_path, "play", MATINEE_PLAYGROUND_PORT=str(port)).sentence
    assert f"Port {port} is in use" in said
    assert "MATINEE_PLAYGROUND_PORT" in said
    assert "Matinee plays at" not in said


# Files that are brought in -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Qwert Harbour,1983,Comedy,no-such-tag:2", 'line 3: the tag "no-such-tag" is not in'),
        ("Qwert Harbour,next year,Comedy,", 'line 3: the year is "next year"'),
        ('Qwert "Harbour,1983', "line 3: 2 cells where the first line names 4"),
        ("Qwert Harbour,1983,Commedy,", "line 3: the genre"),
    ],
)
def test_a_broken_line_of_ones_own_catalogue(tmp_path: Path, line: str, said: str) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text(f"title,year,genres,tags\nZzyzx Lantern,1971,Drama,\n{line}\n", "utf-8")
    ended = matinee(tmp_path, "catalogue", "check", mine)
    assert ended.sentence.startswith("mine.csv line 3: ")
    assert said.removeprefix("line 3: ")[:12] in ended.sentence


def test_a_broken_line_of_the_starter_catalogue_stops_the_start(used: Path, tmp_path: Path) -> None:
    code = tmp_path / "code"
    for room in ("bot", "recommender", "storage"):
        shutil.copytree(ROOT / room, code / room, ignore=shutil.ignore_patterns("__pycache__"))
    films = code / "storage" / "catalogue" / "films.csv"
    lines = films.read_text(encoding="utf-8").splitlines()
    lines[6] = lines[6][: len(lines[6]) // 3]
    films.write_text("\n".join([*lines, ""]), encoding="utf-8")
    before = files(used / "data")
    said = matinee(used, "train", code=code).sentence
    assert said.startswith("films.csv line 7: ")
    assert files(used / "data") == before


@pytest.mark.parametrize(
    ("file", "cut", "said"),
    [
        ("ratings.csv", 12, "ratings.csv line 4: "),
        ("movies.csv", None, "movies.csv is missing"),
    ],
)
def test_a_torn_or_incomplete_movielens_folder(
    used: Path, file: str, cut: int | None, said: str
) -> None:
    path = used / "source" / file
    if cut is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-cut])
    before = files(used / "data")
    ended = matinee(used, "import", "movielens", "source")
    assert said in ended.sentence
    assert "again" in ended.sentence
    assert files(used / "data") == before


def test_no_movielens_folder_at_all(tmp_path: Path) -> None:
    said = matinee(tmp_path, "import", "movielens", "nowhere").sentence
    assert said == "nowhere is no folder; give the unpacked MovieLens folder."
    assert files(tmp_path) == {}
