"""A PostgreSQL database is opened, refused, and shared by many tasks and processes."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import keyvalue
from storage.database import revisions
from storage.database.address import DatabaseUrl
from storage.database.engine import Database, open_database, reading
from storage.database.postgres import server
from storage.database.postgres.preparation import migrating, prepare
from storage.errors import (
    DatabaseBusy,
    DatabaseForeign,
    DatabaseNewer,
    DatabaseRefused,
    DatabaseUnreachable,
    StorageError,
)
from tests import postgres
from tests.postgres import END_OTHERS
from tests.storage.samples import NOW

pytestmark = pytest.mark.postgresql


@pytest.fixture
async def url() -> DatabaseUrl:
    return await postgres.emptied("storage")


@pytest.fixture
async def other(url: DatabaseUrl) -> AsyncIterator[Database]:
    """The same database, opened as by a second process."""
    async with open_database(url, now=NOW) as opened:
        yield opened


async def count(db: Database) -> None:
    """Adds one to a stored number, reading it before."""
    async with db.write() as conn:
        value = await keyvalue.get_value(conn, "count") or "0"
        await keyvalue.set_value(conn, "count", str(int(value) + 1))


async def test_two_hundred_writers_of_two_openings_lose_nothing(
    url: DatabaseUrl, other: Database
) -> None:
    async with open_database(url, now=NOW) as db:
        await asyncio.gather(*(count(one) for one in (db, other) * 100))
        async with db.read() as conn:
            assert await keyvalue.get_value(conn, "count") == "200"


async def test_a_reader_sees_one_instant_and_cannot_write(db: Database) -> None:
    async with db.read() as conn:
        assert await keyvalue.get_value(conn, "count") is None
        await count(db)
        assert await keyvalue.get_value(conn, "count") is None
    with pytest.raises(Exception, match="read-only"):
        async with db.read() as conn:
            await keyvalue.set_value(conn, "count", "2")
    async with db.read(quick=True) as conn:
        assert await keyvalue.get_value(conn, "count") == "1"


async def test_a_failed_write_leaves_nothing(db: Database) -> None:
    async def failing_write() -> None:
        async with db.write() as conn:
            await keyvalue.set_value(conn, "a", "1")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        await failing_write()
    async with db.read() as conn:
        assert await keyvalue.get_value(conn, "a") is None


async def test_a_writer_that_stops_gives_up_its_turn(
    url: DatabaseUrl, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stopped writer does nothing in its transaction, as if it had been sent SIGSTOP."""

    async def stopped_write(db: Database) -> None:
        async with db.write() as conn:
            await keyvalue.set_value(conn, "count", "1000")
            await count(other)  # it waits until the server has ended the first transaction
            await keyvalue.set_value(conn, "count", "1001")

    async with open_database(url, now=NOW) as db:
        with monkeypatch.context() as shorter:
            shorter.setattr(server, "IDLE_SECONDS", 0.2)
            async with db.write():
                pass  # the connection is made
        with pytest.raises(StorageError, match="server-"):
            await stopped_write(db)
        await count(db)
        async with db.read() as conn:
            assert await keyvalue.get_value(conn, "count") == "2"


async def test_a_lock_that_is_kept_is_said_plainly(
    url: DatabaseUrl, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "LOCK_SECONDS", 0.05)
    async with open_database(url, now=NOW) as db, other.write():
        with pytest.raises(DatabaseBusy, match="server-locked"):
            await count(db)
    assert isinstance(db.trouble(), DatabaseBusy)


async def test_the_bot_goes_on_after_its_connections_broke(url: DatabaseUrl, db: Database) -> None:
    await count(db)

    async def broken_write() -> None:
        async with db.write() as conn:
            await keyvalue.set_value(conn, "count", "5")
            await asyncio.to_thread(postgres.execute, url, END_OTHERS)
            await keyvalue.get_value(conn, "count")

    with pytest.raises(DatabaseUnreachable, match="server-unreachable"):
        await broken_write()
    assert isinstance(db.trouble(), DatabaseUnreachable)
    await count(db)  # on a new connection
    assert db.trouble() is None
    async with reading(url) as conn:
        assert await keyvalue.get_value(conn, "count") == "2"


async def test_what_cannot_be_opened_is_said_plainly(tmp_path: Path) -> None:
    nowhere = postgres.running().url("no_such_database")
    with pytest.raises(DatabaseRefused, match="server-refuses"):
        async with open_database(nowhere, now=NOW):
            pass
    gone = DatabaseUrl(f"postgresql+asyncpg://matinee:secret@/a?host={tmp_path}")
    with pytest.raises(DatabaseUnreachable, match="server-unreachable") as caught:
        async with open_database(gone, now=NOW):
            pass
    assert "secret" not in str(caught.value)
    assert "secret" not in repr(gone) + str(gone)


async def test_other_peoples_tables_and_newer_ones_are_left_alone() -> None:
    url = await asyncio.to_thread(postgres.running().create, "foreign")
    await asyncio.to_thread(postgres.execute, url, "CREATE TABLE letters (id int)")
    with pytest.raises(DatabaseForeign):
        prepare(url)
    newer = (
        "CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('9')"
    )
    await asyncio.to_thread(postgres.execute, url, newer)
    with pytest.raises(DatabaseNewer):
        prepare(url)


def test_every_migration_goes_back_and_forth() -> None:
    url = postgres.running().create("roundtrip")
    for move in (revisions.upgrade, revisions.downgrade, revisions.upgrade):
        migrating(url, move)
    assert migrating(url, revisions.differences) == []
