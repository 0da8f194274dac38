"""Quick reads run in the event loop's thread, and nothing makes them wait."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import OperationalError

from storage import keyvalue
from storage.database.engine import Database, open_database
from storage.errors import StorageError
from storage.people import profiles
from storage.schema import people
from tests.storage.samples import NOW


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(tmp_path / "matinee.sqlite3", now=NOW) as db:
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
    with closing(sqlite3.connect(db.path, timeout=0, isolation_level=None)) as other:
        other.execute("begin exclusive")
        other.execute("update settings_kv set value = 'Oslo'")
        async with db.read(quick=True) as conn:
            assert await keyvalue.get_value(conn, "city") == "Seoul"
        other.execute("commit")
        other.execute("pragma locking_mode = exclusive")
        with pytest.raises(sqlite3.OperationalError, match="locked"):  # the bot has the file open
            other.execute("begin exclusive")


async def test_a_quick_read_of_a_file_that_is_gone_makes_none(db: Database) -> None:
    for part in db.path.parent.glob(f"{db.path.name}*"):
        part.unlink()
    with pytest.raises(StorageError):
        async with db.read(quick=True) as conn:
            await keyvalue.get_value(conn, "city")
    assert list(db.path.parent.iterdir()) == []
