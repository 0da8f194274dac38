"""SQLite's side of an open database: its connections, pragmas and transactions.

`preparation.py` checks, copies and migrates the file before it is opened.

Readers share a pool of connections. Writers take turns on one connection, in the order in which
they ask. A write transaction takes SQLite's write lock at its beginning (`BEGIN IMMEDIATE`), which
other processes wait for. `synchronous = FULL` makes a committed write survive both `kill -9` and a
power cut (SQLite documentation, pragma.html#pragma_synchronous).
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal, cast

from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.database import revisions
from storage.database.sqlite import driver
from storage.database.sqlite.failures import gone, storage_errors
from storage.database.sqlite.quick import QuickTransaction, QuickWriter, borrowed, quick_engine
from storage.database.turns import QUEUE_SECONDS, WritingTurns

MAX_READERS = 4
CACHE_KIB = 16 * 1024  # for each connection
MIN_EMPTY_PAGES, MAX_EMPTY_SHARE = 16_384, 0.25  # 64 MiB; more of both is given back to the disk


class SqliteFile:
    """An open file of SQLite. `Database` describes what its methods do."""

    def __init__(self, path: Path) -> None:
        """path: the database file, absolute. It is ready to be opened (`preparation.py`)."""
        self._path = path
        self._readers = _engine(path, size=MAX_READERS, begin="BEGIN", read_only=True)
        self._writer = _engine(path, size=1, begin="BEGIN IMMEDIATE", read_only=False)
        self._quick_readers = quick_engine(path, [f"cache_size = -{CACHE_KIB}"])
        self._quick_writer = QuickWriter()
        self._turns = WritingTurns()
        self._identity = _identity(path)

    @asynccontextmanager
    async def read(
        self, waited: Callable[[Literal["reader"]], None], *, quick: bool
    ) -> AsyncIterator[AsyncConnection]:
        """Opens a transaction that sees the state of one instant and cannot write."""
        if quick:
            with storage_errors(self._path, reading=True), self._quick_readers.begin() as own:
                waited("reader")
                yield cast("AsyncConnection", QuickTransaction(own))
            return
        with storage_errors(self._path, reading=True):
            async with self._readers.begin() as conn:
                waited("reader")
                yield conn

    @asynccontextmanager
    async def write(
        self, waited: Callable[[Literal["turn", "lock"]], None], *, quick: bool
    ) -> AsyncIterator[AsyncConnection]:
        """Opens the writing transaction: it commits at the end and rolls back on an error."""
        with storage_errors(self._path):
            if quick:
                async with self._turns.turn(), borrowed(self._writer) as owner:
                    waited("turn")
                    async with self._quick_writer.transaction(owner) as own:
                        waited("lock")
                        yield cast("AsyncConnection", own)
            else:
                async with self._turns.turn(), self._writer.connect() as conn:
                    waited("turn")
                    async with conn.begin():
                        waited("lock")
                        yield conn

    def check(self) -> None:
        """Raises DatabaseGone if the file was removed or another file has taken its place."""
        if _identity(self._path) != self._identity:
            raise gone(self._path)

    async def size(self) -> int:
        """Returns the bytes of the file and of its log."""
        parts = (self._path.with_name(self._path.name + end) for end in ("", "-wal"))
        return sum(part.stat().st_size for part in parts if part.exists())

    async def empty_log(self) -> bool:
        """Empties SQLite's log; returns False if a reader kept SQLite from doing so."""
        ((busy, *_),) = await self._outside_transactions("PRAGMA wal_checkpoint(TRUNCATE)")
        return not busy

    async def forget_deleted(self) -> None:
        """Rebuilds the file and empties SQLite's log."""
        await self._outside_transactions("VACUUM")
        await self.empty_log()

    async def give_back_space(self) -> bool:
        """Rebuilds the file if it has many empty pages; returns True if it did."""
        ((empty,),) = await self._outside_transactions("PRAGMA freelist_count")
        ((pages,),) = await self._outside_transactions("PRAGMA page_count")
        if empty < max(MIN_EMPTY_PAGES, pages * MAX_EMPTY_SHARE):
            return False
        await self.forget_deleted()
        return True

    async def close(self) -> None:
        """Closes all connections."""
        self._quick_readers.dispose()
        self._quick_writer.dispose()
        await self._readers.dispose()
        await self._writer.dispose()

    async def _outside_transactions(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement that SQLite does not allow in a transaction; returns its rows."""
        self.check()
        with storage_errors(self._path):
            async with self._turns.turn(), self._writer.connect() as conn:
                raw = await conn.get_raw_connection()
                cursor = raw.driver_connection.cursor()  # type: ignore[union-attr]
                await cursor.execute(statement)
                rows: list[tuple[Any, ...]] = await cursor.fetchall()
        return rows


@asynccontextmanager
async def reading(path: Path) -> AsyncIterator[AsyncConnection]:
    """Opens a read transaction on a file that another program may have open."""
    engine = _engine(path, size=1, begin="BEGIN", read_only=True)
    try:
        with storage_errors(path, reading=True):
            async with engine.begin() as conn:
                yield conn
    finally:
        await engine.dispose()


def _engine(path: Path, *, size: int, begin: str, read_only: bool) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        async_creator=partial(driver.connect, path, timeout=revisions.BUSY_SECONDS),
        pool_size=size,
        max_overflow=0,
        pool_timeout=QUEUE_SECONDS,
        pool_reset_on_return=None,  # see on_reset
        hide_parameters=True,  # values, such as people's ids, stay out of errors and so of the log
    )
    pragmas = (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",  # what is deleted is overwritten, not only marked as free
        f"cache_size = -{CACHE_KIB}",
        f"query_only = {'ON' if read_only else 'OFF'}",
    )

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # we send BEGIN ourselves
        cursor = raw.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "reset")
    def on_reset(raw: Any, _record: Any, _state: Any) -> None:
        # As a rule the transaction has ended, and another rollback would cost a change of threads.
        if raw.driver_connection.in_transaction:
            raw.rollback()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(conn: Any) -> None:
        conn.exec_driver_sql(begin)

    return engine


def _identity(path: Path) -> tuple[int, int]:
    """Returns (device, inode number) of a file, a pair that no other file has; zeros if there is no
    file."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino
