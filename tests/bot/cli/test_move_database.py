"""`matinee move-database`, as an operator uses it."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from bot.errors import AlreadyRunning
from bot.wording.errors.said import said
from storage.database.address import DatabaseUrl
from storage.database.sqlite import locks
from storage.errors import MoveError
from tests import postgres
from tests.bot.command import matinee
from tests.storage.made_rows import fill_every_table, make_database

FEW = 10  # rows
UNREACHABLE = "postgresql+asyncpg://ann:secret@127.0.0.1:1/matinee"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that has a few rows in every table."""
    folder = tmp_path_factory.mktemp("moved")
    (folder / "data").mkdir()
    make_database(folder / "data" / "matinee.sqlite3")
    fill_every_table(folder / "data" / "matinee.sqlite3", Random(2), FEW)
    return folder


@pytest.fixture
def url() -> Iterator[DatabaseUrl]:
    """An empty database of PostgreSQL."""
    name = postgres.name_of(Path("move-database"))
    yield postgres.running().create(name, postgres.MIGRATED)
    postgres.running().drop(name)


@pytest.mark.postgresql
def test_a_move_says_where_everything_is_and_what_to_do_next(
    folder: Path, url: DatabaseUrl
) -> None:
    by_setting = {"MATINEE_DATABASE_URL": url.text}
    for typed, setting in (((url.text,), {}), ((), by_setting)):
        # The second time, it finds that everything is there.
        ended = matinee(folder, "move-database", *typed, **setting)
        assert ended.code == 0, ended.err
        text = " ".join(ended.out.split())
        assert str(url) in text
        assert "MATINEE_DATABASE_URL" in text
        assert str(folder / "data" / "matinee.sqlite3") in text
    assert postgres.rows(url, "select count(*) from films") == [(FEW,)]


@pytest.mark.sqlite
@pytest.mark.parametrize("typed", ["sqlite:///other.db", "postgresql://ann:secret@host/films", "x"])
def test_another_address_is_not_repeated(folder: Path, typed: str) -> None:
    ended = matinee(folder, "move-database", typed)
    assert ended.sentence.split() == said(MoveError("no-url-to-move-to")).split()
    assert "secret" not in ended.err


@pytest.mark.sqlite
def test_without_an_address_it_asks_for_one(folder: Path) -> None:
    ended = matinee(folder, "move-database")
    assert ended.sentence.split() == said(MoveError("nowhere-to-move")).split()


@pytest.mark.sqlite
def test_a_server_that_does_not_answer_is_named_without_its_password(folder: Path) -> None:
    before = (folder / "data" / "matinee.sqlite3").read_bytes()
    ended = matinee(folder, "move-database", UNREACHABLE)
    assert "127.0.0.1:1" in ended.sentence
    assert "secret" not in ended.out + ended.err
    assert (folder / "data" / "matinee.sqlite3").read_bytes() == before


@pytest.mark.sqlite
def test_a_running_bot_is_to_be_stopped_first(folder: Path) -> None:
    with locks.held(folder / "data" / "running.lock") as free:
        assert free
        ended = matinee(folder, "move-database", UNREACHABLE)
    error = AlreadyRunning("already-running", folder=str(folder / "data"))
    assert ended.sentence.split() == said(error).split()


@pytest.mark.sqlite
def test_a_folder_without_a_database_has_nothing_to_move(tmp_path: Path) -> None:
    ended = matinee(tmp_path, "move-database", UNREACHABLE)
    missing = str(tmp_path / "data" / "matinee.sqlite3")
    assert ended.sentence.split() == said(MoveError("no-database-to-move", file=missing)).split()
