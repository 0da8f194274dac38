"""A SQLite file is moved to PostgreSQL: everything arrives, and nothing is lost on the way."""

import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import pytest
from sqlalchemy import func, select

from storage.database.address import DatabaseUrl
from storage.database.engine import open_database, reading
from storage.database.moving import move as moving
from storage.database.moving import target as target_of_move
from storage.database.moving.columns import NO_TEXT
from storage.database.moving.move import Moved, move
from storage.database.moving.source import opened
from storage.database.moving.target import connected
from storage.database.postgres.preparation import HALF_MOVED
from storage.errors import (
    DatabaseFull,
    DatabaseHalfMoved,
    DatabaseRefused,
    DatabaseUnreachable,
    MoveDiffers,
    MoveError,
    StorageError,
)
from storage.feedback import rating_events
from storage.schema import metadata
from tests import postgres
from tests.storage.made_rows import fill_every_table, make_database
from tests.storage.samples import NOW

pytestmark = pytest.mark.postgresql

SOME_ROWS = 25
NAME = f"move_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with rows in every table."""
    path = tmp_path_factory.mktemp("filled") / "matinee.sqlite3"
    make_database(path)
    fill_every_table(path, Random(5), rows=60)
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA journal_mode = WAL")  # as the bot leaves it
    return path


@pytest.fixture
def file(filled: Path, tmp_path: Path) -> Path:
    """A copy of that file."""
    path = tmp_path / "matinee.sqlite3"
    path.write_bytes(filled.read_bytes())
    return path


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moves few rows at once, so that a table takes several batches."""
    monkeypatch.setattr(moving, "BATCH_ROWS", SOME_ROWS)


@pytest.fixture
def bare() -> Iterator[DatabaseUrl]:
    """A database without tables."""
    yield postgres.running().create(NAME)
    postgres.running().drop(NAME)


@pytest.fixture
def ready() -> Iterator[DatabaseUrl]:
    """A database with Matinee's tables and no rows, which is quicker than one without tables."""
    yield postgres.running().create(NAME, postgres.MIGRATED)
    postgres.running().drop(NAME)


async def moved(file: Path, url: DatabaseUrl) -> Moved:
    """Moves a file."""
    with opened(file) as source:
        async with connected(url) as target:
            return await move(source, target, lambda *_: None)


def files(file: Path) -> dict[str, bytes]:
    """Returns all that is in the folder of a database file."""
    return {each.name: each.read_bytes() for each in file.parent.iterdir()}


@asynccontextmanager
async def connection(url: DatabaseUrl) -> AsyncIterator[Any]:
    """Yields a connection of another program."""
    conn = await asyncpg.connect(url.dsn)
    try:
        yield conn
    finally:
        await conn.close()


async def contents(address: Path | DatabaseUrl) -> dict[str, list[tuple[Any, ...]]]:
    """Returns all rows as the bot reads them: the name of each table -> rows, in order of keys."""
    found = {}
    async with reading(address) as conn:
        for table in metadata.sorted_tables:
            rows = [tuple(row) for row in await conn.execute(select(table))]
            found[table.name] = sorted(rows, key=repr)
    return found


async def layout(url: DatabaseUrl) -> set[str]:
    """Returns the definitions of all indexes and constraints."""
    async with connection(url) as conn:
        rows = await conn.fetch(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL "
            "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) "
            "|| convalidated FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        )
    return {str(definition) for (definition,) in rows}


async def test_every_table_arrives_as_it_was(file: Path, bare: DatabaseUrl) -> None:
    before = files(file)
    result = await moved(file, bare)
    assert files(file) == before
    there = await contents(bare)
    assert there == await contents(file)
    assert all(there.values()), [name for name, rows in there.items() if not rows]
    assert result.rows == result.copied == sum(map(len, there.values()))
    assert result.tables == len(metadata.tables)


async def test_indexes_and_constraints_are_those_of_a_new_database(
    file: Path, ready: DatabaseUrl
) -> None:
    new = await layout(ready)
    await moved(file, ready)
    assert await layout(ready) == new
    assert any("FOREIGN KEY" in each for each in new)


async def test_new_ids_come_after_all_that_were_ever_given(file: Path, ready: DatabaseUrl) -> None:
    given = {}
    with closing(sqlite3.connect(file)) as conn, conn:
        conn.execute("DELETE FROM manager_messages")
        for table in metadata.sorted_tables:
            if table.autoincrement_column is not None:
                (largest,) = conn.execute(f"SELECT max(id) FROM {table.name}").fetchone()
                seq = conn.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,))
                ((ever,),) = seq.fetchall() or [(0,)]
                given[table.name] = max(largest or 0, ever)
    assert given.pop("manager_messages") == 0
    assert min(given.values()) > 1
    await moved(file, ready)
    async with connection(ready) as conn:

        async def next_id(table: str) -> Any:
            return await conn.fetchval("SELECT nextval(pg_get_serial_sequence($1, 'id'))", table)

        assert {name: await next_id(name) for name in given} == {
            name: last + 1 for name, last in given.items()
        }
        assert await next_id("manager_messages") == 1


async def test_the_bot_goes_on_with_what_was_moved(file: Path, ready: DatabaseUrl) -> None:
    await moved(file, ready)
    events, marks = metadata.tables["rating_events"], metadata.tables["film_marks"]
    async with open_database(ready, now=NOW) as db, db.write() as conn:
        (last,) = (await conn.execute(select(func.max(events.c.id)))).one()
        person, film = (await conn.execute(select(marks.c.person_id, marks.c.film_id))).first()
        event = rating_events.RatingEvent(person, film, "button")
        await rating_events.record(conn, event, stars=4.0, at=NOW)
        assert (await conn.execute(select(func.max(events.c.id)))).one() == (last + 1,)


async def test_a_character_that_postgresql_lacks_is_replaced(
    file: Path, ready: DatabaseUrl
) -> None:
    with closing(sqlite3.connect(file)) as conn, conn:
        conn.execute("UPDATE films SET title = ? WHERE id = 1", (f"a{NO_TEXT}b",))
    await moved(file, ready)
    async with connection(ready) as conn:
        assert await conn.fetchval("SELECT title FROM films WHERE id = 1") == "a\ufffdb"


def test_nobody_writes_to_the_file_meanwhile(file: Path) -> None:
    with (
        opened(file),
        closing(sqlite3.connect(file, timeout=0)) as conn,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        conn.execute("DELETE FROM films")


# Interruptions ------------------------------------------------------------------------------------


BREAKS = {
    "server-no-room": ("RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'", DatabaseFull),
    "server-unreachable": (
        "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10)",
        DatabaseUnreachable,
    ),
}


@pytest.mark.parametrize("key", BREAKS)
async def test_a_move_that_breaks_off_goes_on_where_it_stopped(
    key: str, file: Path, ready: DatabaseUrl
) -> None:
    """PostgreSQL itself breaks off at a row in the middle of a table in the middle."""
    work, kind = BREAKS[key]
    async with connection(ready) as conn:
        await conn.execute(
            f"CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {work}; "
            "END $$; CREATE TRIGGER break_off BEFORE INSERT ON rating_events FOR EACH ROW "
            f"WHEN (NEW.id > {SOME_ROWS + 5}) EXECUTE FUNCTION break_off()"
        )
    before = files(file)
    with pytest.raises(kind) as caught:
        await moved(file, ready)
    assert caught.value.key == key
    assert files(file) == before
    with pytest.raises(DatabaseHalfMoved):
        async with open_database(ready, now=NOW):
            pass
    async with connection(ready) as conn:
        assert await conn.fetchval("SELECT count(*) FROM rating_events") == SOME_ROWS
        await conn.execute("DROP FUNCTION break_off CASCADE")
    result = await moved(file, ready)
    assert 0 < result.copied < result.rows
    assert await contents(ready) == await contents(file)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE films SET title = 'Another' WHERE id = 1",
        "DELETE FROM answers WHERE rowid = 1",
        "UPDATE exposures SET rowid = rowid + 1000000",  # VACUUM may do so
    ],
)
async def test_a_file_that_changed_between_two_tries_is_moved_anew(
    change: str, file: Path, ready: DatabaseUrl
) -> None:
    async with connection(ready) as conn:
        await conn.execute("ALTER TABLE posts ADD CONSTRAINT never CHECK (schedule_id < 0)")
    with pytest.raises(MoveError) as caught:
        await moved(file, ready)
    assert caught.value.key == "rows-not-taken"
    async with connection(ready) as conn:
        await conn.execute("ALTER TABLE posts DROP CONSTRAINT never")
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute(change)
    with pytest.raises(MoveDiffers) as differs:
        await moved(file, ready)
    (table,) = differs.value.data["tables"]  # type: ignore[misc]
    assert table in change
    result = await moved(file, ready)
    assert result.copied == result.rows
    assert await contents(ready) == await contents(file)


async def test_a_move_that_ended_unheard_is_confirmed(file: Path, ready: DatabaseUrl) -> None:
    """It may be killed between its last transaction and its last sentence."""
    first = await moved(file, ready)
    assert await moved(file, ready) == Moved(first.tables, first.rows, 0)


async def test_two_moves_to_one_database_do_not_mix(
    file: Path, ready: DatabaseUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(target_of_move, "LOCK_SECONDS", 0.1)
    async with connected(ready):
        with pytest.raises(MoveError) as caught:
            await moved(file, ready)
    assert caught.value.key == "moving-already"


# What cannot be moved, and where it cannot go -----------------------------------------------------


TARGETS = {
    "target-not-empty": "INSERT INTO tags VALUES ('a', 'b', 'c', 'd', '[]')",
    "target-revision": "UPDATE alembic_version SET version_num = '0003'",
    "target-foreign": "DROP TABLE alembic_version",
}


@pytest.mark.parametrize("key", TARGETS)
async def test_a_database_that_is_in_use_is_left_alone(
    key: str, file: Path, ready: DatabaseUrl
) -> None:
    async with connection(ready) as conn:
        await conn.execute(TARGETS[key])
        before = await conn.fetch("SELECT * FROM tags")
        with pytest.raises(MoveError) as caught:
            await moved(file, ready)
        assert caught.value.key == key
        assert await conn.fetch("SELECT * FROM tags") == before
        assert await conn.fetchval("SELECT to_regclass($1)", HALF_MOVED) is None


async def test_a_database_moved_from_another_file_is_left_alone(
    file: Path, ready: DatabaseUrl
) -> None:
    """It has as many rows in each table, but one value differs."""
    await moved(file, ready)
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("UPDATE films SET title = 'Another' WHERE id = 1")
    before = await contents(ready)
    with pytest.raises(MoveError) as caught:
        await moved(file, ready)
    assert caught.value.key == "target-not-empty"
    assert await contents(ready) == before


async def test_a_database_with_another_encoding_is_refused(file: Path, bare: DatabaseUrl) -> None:
    server = postgres.running()
    server.drop(bare.name)
    server.execute(
        f"CREATE DATABASE \"{bare.name}\" TEMPLATE template0 ENCODING 'LATIN1' "
        "LOCALE_PROVIDER libc LOCALE 'C'"
    )
    with pytest.raises(MoveError) as caught:
        await moved(file, bare)
    assert caught.value.key == "target-encoding"


async def test_a_user_who_may_make_no_tables_is_refused(file: Path, bare: DatabaseUrl) -> None:
    async with connection(bare) as conn:
        await conn.execute("DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN")
    guest = DatabaseUrl(bare.text.replace("matinee@", "guest@", 1))
    with pytest.raises(DatabaseRefused):
        await moved(file, guest)


async def test_a_server_that_is_not_there_is_named(file: Path, tmp_path: Path) -> None:
    url = DatabaseUrl(f"postgresql+asyncpg://ann:secret@/matinee?host={tmp_path}")
    with pytest.raises(DatabaseUnreachable) as caught:
        await moved(file, url)
    assert "secret" not in str(caught.value)


SOURCES = {
    "database-to-move-older": "UPDATE alembic_version SET version_num = '0003'",
    "database-to-move-newer": "UPDATE alembic_version SET version_num = '9999'",
    "not-a-database-to-move": "DROP TABLE alembic_version",
}


@pytest.mark.parametrize("key", SOURCES)
def test_a_file_of_another_version_is_not_moved(key: str, file: Path) -> None:
    with closing(sqlite3.connect(file)) as conn, conn:
        conn.execute(SOURCES[key])
    with pytest.raises(MoveError) as caught, opened(file):
        pass
    assert caught.value.key == key


def test_a_missing_or_damaged_file_is_not_moved(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:1000] + b"damaged" * 10_000)
    with pytest.raises(StorageError) as caught, opened(file):
        pass
    assert caught.value.key == "database-broken"
    file.unlink()
    with pytest.raises(MoveError) as absent, opened(file):
        pass
    assert absent.value.key == "no-database-to-move"
    assert not file.exists()
