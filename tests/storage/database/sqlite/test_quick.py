"""Quick reads and the statements of quick writes run in the event loop's thread."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import OperationalError

from storage import keyvalue
from storage.database import revisions
from storage.database.engine import Database, open_database
from storage.errors import DatabaseBusy, DatabaseGone, DatabaseNotWritable, StorageError
from storage.people import profiles
from storage.schema import people
from tests.storage.samples import NOW

pytestmark = pytest.mark.sqlite


@pytest.fixture
async def db(migrated: bytes, tmp_path: Path) -> AsyncIterator[Database]:
    path = tmp_path / "matinee.sqlite3"
    path.write_bytes(migrated)
    async with open_database(path, now=NOW) as db:
        async with db.write() as conn:
            await profiles.ensure(conn, 7, now=NOW)
            await keyvalue.set_value(conn, "city", "Seoul")
        yield db


async def test_a_quick_read_never_leaves_its_thread(db: Database) -> None:
    """Nothing else of the event loop runs between the beginning and the end."""
    others: list[str] = []
    asyncio.get_running_loop().call_soon(others.append, "ran")
    async with db.read(quick=True) as conn:
        assert await keyvalue.get_value(conn, "city") == "Seoul"
        assert await profiles.get(conn, 7) is not None
        assert (await conn.execute(select(people.c.id))).scalars().all() == [7]
    assert others == []
    async with db.read() as conn:
        await keyvalue.get_value(conn, "city")
    assert others == ["ran"]


async def test_a_quick_read_cannot_write(db: Database) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        async with db.read(quick=True) as conn:
            await conn.execute(insert(people).values(id=8, created_at=NOW, updated_at=NOW))


async def test_quick_reads_beside_each_other_see_their_own_instant(db: Database) -> None:
    async with db.read(quick=True) as before:
        assert await keyvalue.get_value(before, "city") == "Seoul"
        async with db.write() as conn:
            await keyvalue.set_value(conn, "city", "Oslo")
        async with db.read(quick=True) as after:
            assert await keyvalue.get_value(after, "city") == "Oslo"
        assert await keyvalue.get_value(before, "city") == "Seoul"


async def test_a_quick_read_waits_for_no_lock_of_another_program(db: Database) -> None:
    with closing(sqlite3.connect(db.address, timeout=0, isolation_level=None)) as other:
        other.execute("begin exclusive")
        other.execute("update settings_kv set value = 'Oslo'")
        async with db.read(quick=True) as conn:
            assert await keyvalue.get_value(conn, "city") == "Seoul"
        other.execute("commit")
        other.execute("pragma locking_mode = exclusive")
        with pytest.raises(sqlite3.OperationalError, match="locked"):  # the bot has the file open
            other.execute("begin exclusive")


async def test_a_quick_read_of_a_file_that_is_gone_makes_none(db: Database) -> None:
    for part in db.address.parent.glob(f"{db.address.name}*"):
        part.unlink()
    with pytest.raises(StorageError):
        async with db.read(quick=True) as conn:
            await keyvalue.get_value(conn, "city")
    assert list(db.address.parent.iterdir()) == []


def stored(db: Database) -> dict[str, str]:
    """Returns the keys and values that another program reads from the file."""
    with closing(sqlite3.connect(db.address)) as other:
        return dict(other.execute("select key, value from settings_kv"))


async def test_only_the_beginning_and_the_end_of_a_quick_write_leave_the_thread(
    db: Database,
) -> None:
    others: list[str] = []
    async with db.write(quick=True) as conn:
        asyncio.get_running_loop().call_soon(others.append, "ran")
        await keyvalue.set_value(conn, "city", "Oslo")
        await profiles.ensure(conn, 9, now=NOW)
        assert await keyvalue.get_value(conn, "city") == "Oslo"
        assert others == []
        assert stored(db)["city"] == "Seoul"
    assert others == ["ran"]
    assert stored(db)["city"] == "Oslo"


async def test_quick_and_other_writes_take_turns_and_lose_nothing(db: Database) -> None:
    async def add_one(quick: bool) -> None:
        async with db.write(quick=quick) as conn:
            value = await keyvalue.get_value(conn, "count") or "0"
            await asyncio.sleep(0)  # give the other tasks a chance to get in
            await keyvalue.set_value(conn, "count", str(int(value) + 1))

    await asyncio.gather(*(add_one(at % 3 > 0) for at in range(100)))
    assert stored(db)["count"] == "100"


@pytest.mark.parametrize("error", [RuntimeError, asyncio.CancelledError])
async def test_a_quick_write_that_ends_early_leaves_nothing(
    db: Database, error: type[BaseException]
) -> None:
    async def stop() -> None:
        async with db.write(quick=True) as conn:
            await keyvalue.set_value(conn, "city", "Oslo")
            raise error

    with pytest.raises(error):
        await stop()
    async with db.write(quick=True) as conn:
        assert await keyvalue.get_value(conn, "city") == "Seoul"


@pytest.mark.parametrize("steps", range(6))
async def test_a_quick_write_that_is_cancelled_while_it_waits_blocks_nobody(
    db: Database, steps: int
) -> None:
    """It may wait for its turn, for the lock, or for the disk."""

    async def write() -> None:
        async with db.write(quick=True) as conn:
            await keyvalue.set_value(conn, "city", "Oslo")

    task = asyncio.create_task(write())
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    async with db.write() as conn:
        await keyvalue.set_value(conn, "next", "1")
    async with db.write(quick=True) as conn:
        assert await keyvalue.get_value(conn, "next") == "1"
    assert stored(db)["city"] in ("Seoul", "Oslo")


async def test_a_quick_write_waits_for_a_lock_of_another_program(db: Database) -> None:
    async def write() -> None:
        async with db.write(quick=True) as conn:
            await keyvalue.set_value(conn, "city", "Oslo")

    with closing(sqlite3.connect(db.address, isolation_level=None)) as other:
        other.execute("begin immediate")
        task = asyncio.create_task(write())
        for _ in range(20):
            await asyncio.sleep(0)  # the other task gets to where it waits
        other.execute("update settings_kv set value = 'Lima'")
        assert not task.done()
        other.execute("commit")
        await task
    assert stored(db)["city"] == "Oslo"


async def test_a_lock_of_another_program_and_a_full_disk_are_said_plainly(
    migrated: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "matinee.sqlite3").write_bytes(migrated)
    monkeypatch.setattr(revisions, "BUSY_SECONDS", 0.05)

    async def write(value: str) -> None:
        async with db.write(quick=True) as conn:
            await keyvalue.set_value(conn, "city", value)

    async with open_database(tmp_path / "matinee.sqlite3", now=NOW) as db:
        await write("Seoul")
        with closing(sqlite3.connect(db.address, isolation_level=None)) as other:
            other.execute("begin immediate")
            with pytest.raises(DatabaseBusy, match="database-locked"):
                await write("Oslo")
        async with db.write() as conn:
            await conn.exec_driver_sql("PRAGMA max_page_count = 1")  # no room for more
        with pytest.raises(DatabaseNotWritable, match="no-room"):
            await write("x" * 100_000)
        await write("Lima")
        assert stored(db) == {"city": "Lima"}
        for part in db.address.parent.glob(f"{db.address.name}*"):
            part.unlink()
        with pytest.raises(DatabaseGone):
            await write("Rome")
