"""Opens the database file, and gives read and write transactions.

`preparation.py` checks, copies and migrates the file before it is opened.

Readers share a pool of connections and never wait for a writer. Writers take turns on one
connection. A write transaction takes SQLite's write lock at its beginning (`BEGIN IMMEDIATE`).
Nobody else can therefore change a row between its reading and its writing. `synchronous = FULL`
makes a committed write survive both `kill -9` and a power cut (SQLite documentation,
pragma.html#pragma_synchronous).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast

from sqlalchemy import URL, Engine, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.database import driver, revisions
from storage.database.failures import gone, storage_errors
from storage.database.preparation import prepare
from storage.database.quick import QuickTransaction, QuickWriter, borrowed, quick_engine
from storage.database.write_count import WRITES
from storage.errors import StorageError

MAX_READERS = 4
CACHE_KIB = 16 * 1024  # for each connection
MIN_EMPTY_PAGES, MAX_EMPTY_SHARE = 16_384, 0.25  # 64 MiB; more of both is given back to the disk
QUEUE_SECONDS = 60.0  # how long a writer waits for other writers of this process

Transaction: TypeAlias = AsyncConnection
"""What `Database.read` and `Database.write` yield.

The functions of storage that read or write rows take one as their first argument."""


Wait: TypeAlias = Literal["reader", "turn", "lock"]
"""What a transaction waits for. It may be a free connection for reading, its turn among the writers
of this process, or SQLite's write lock, which another process may hold.
"""


@dataclass
class _Condition:
    """Values that change while a database is open.

    Attributes:
        failure: the error of the last write; None if it succeeded.
        writers: how many transactions are writing or waiting to write.
        on_wait: a function that is called after each wait, with what was waited for and the
            seconds; None to call nothing.
    """

    failure: StorageError | None = None
    writers: int = 0
    on_wait: Callable[[Wait, float], None] | None = None


@dataclass(frozen=True)
class Database:
    """An open database. Both kinds of transaction raise StorageError if the disk fails.

    Attributes:
        path: the database file, absolute.
    """

    path: Path
    _readers: AsyncEngine
    _quick_readers: Engine
    _writer: AsyncEngine
    _identity: tuple[int, int]
    _quick_writer: QuickWriter = field(default_factory=QuickWriter)
    _condition: _Condition = field(default_factory=_Condition)

    @asynccontextmanager
    async def read(self, *, quick: bool = False) -> AsyncIterator[Transaction]:
        """Opens a transaction that sees the state of one instant and cannot write.

        quick: True runs the statements in the event loop's own thread (`quick.py`). Everything else
            waits meanwhile, so each must find its few rows by an index.
        """
        began = time.perf_counter()
        if quick:
            with storage_errors(self.path, reading=True), self._quick_readers.begin() as own:
                self._waited("reader", began)
                yield cast("AsyncConnection", QuickTransaction(own))
            return
        with storage_errors(self.path, reading=True):
            async with self._readers.begin() as conn:
                self._waited("reader", began)
                yield conn

    @asynccontextmanager
    async def write(self, *, quick: bool = False) -> AsyncIterator[Transaction]:
        """Opens the writing transaction: it commits at the end and rolls back on an error.

        Raises DatabaseGone if the file was removed or replaced: what was written is then lost.

        quick: True runs the statements in the event loop's own thread (`quick.py`), and in the
            writing thread only the beginning and the end, which wait. Each must write few rows.
        """
        self._condition.writers += 1
        began = time.perf_counter()
        try:
            self.check_file()
            with storage_errors(self.path):
                if quick:
                    async with borrowed(self._writer) as owner:
                        at = self._waited("turn", began)
                        async with self._quick_writer.transaction(owner) as own:
                            self._waited("lock", at)
                            yield cast("AsyncConnection", own)
                else:
                    async with self._writer.connect() as conn:
                        at = self._waited("turn", began)
                        async with conn.begin():
                            self._waited("lock", at)
                            yield conn
            self.check_file()
        except StorageError as error:
            self._condition.failure = error
            raise
        finally:
            self._condition.writers -= 1
        self._condition.failure = None
        count = WRITES.get()
        if count is not None:
            count.commits += 1

    @property
    def writers(self) -> int:
        """How many transactions are writing or waiting to write."""
        return self._condition.writers

    def on_wait(self, listener: Callable[[Wait, float], None]) -> None:
        """Calls a function after each wait of a transaction.

        listener: the function. It gets what the transaction waited for, and how many seconds.
        """
        self._condition.on_wait = listener

    def _waited(self, what: Wait, since: float) -> float:
        """Reports a wait that has just ended to the listener; returns the present time.

        what: what was waited for.
        since: when the wait began, in seconds of the monotonic clock, like the result.
        """
        now = time.perf_counter()
        if self._condition.on_wait is not None:
            self._condition.on_wait(what, now - since)
        return now

    def check_file(self) -> None:
        """Raises DatabaseGone if the database file was removed or another file has taken its
        place.
        """
        if _identity(self.path) != self._identity:
            raise gone(self.path)

    def trouble(self) -> StorageError | None:
        """Returns the error that prevents writing to the database; None if no error is known."""
        try:
            self.check_file()
        except StorageError as error:
            return error
        return self._condition.failure

    async def empty_log(self) -> bool:
        """Move the content of SQLite's log (the WAL file) into the database file, and empty the
        log.

        Returns False if a reader kept SQLite from doing so. Afterwards, with SQLite's setting
        `secure_delete`, deleted rows are in neither file.
        """
        ((busy, *_),) = await self._outside_transactions("PRAGMA wal_checkpoint(TRUNCATE)")
        return not busy

    async def give_back_space(self) -> bool:
        """Rebuild the database file without its empty pages if it has many; returns True if it did.

        Writers wait meanwhile. Rebuilding needs as much free disk space as the rows take.
        """
        ((empty,),) = await self._outside_transactions("PRAGMA freelist_count")
        ((pages,),) = await self._outside_transactions("PRAGMA page_count")
        if empty < max(MIN_EMPTY_PAGES, pages * MAX_EMPTY_SHARE):
            return False
        await self._outside_transactions("VACUUM")
        await self.empty_log()
        return True

    async def _outside_transactions(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement that SQLite does not allow in a transaction; returns its rows."""
        self.check_file()
        with storage_errors(self.path):
            async with self._writer.connect() as conn:
                raw = await conn.get_raw_connection()
                cursor = raw.driver_connection.cursor()  # type: ignore[union-attr]
                await cursor.execute(statement)
                rows: list[tuple[Any, ...]] = await cursor.fetchall()
        return rows


@asynccontextmanager
async def open_database(
    path: Path, *, now: datetime, migrations: Path = revisions.MIGRATIONS
) -> AsyncIterator[Database]:
    """Open the database at `path` for a `with` block; it is created or migrated if needed.

    Before a database with data is migrated, a copy is stored in the folder `backups` next to it.
    Raises DatabaseError, and ValueError if `now` has no time zone.

    now: the present time; the copy's name contains it and the new revision.
    migrations: the folder of Alembic's migrations.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    path = await asyncio.to_thread(prepare, path, now, migrations)
    readers = _engine(path, size=MAX_READERS, begin="BEGIN", read_only=True)
    writer = _engine(path, size=1, begin="BEGIN IMMEDIATE", read_only=False)
    quick = quick_engine(path, [f"cache_size = -{CACHE_KIB}"])
    opened = Database(path, readers, quick, writer, _identity(path))
    try:
        yield opened
    finally:
        quick.dispose()
        opened._quick_writer.dispose()
        await readers.dispose()
        await writer.dispose()


@asynccontextmanager
async def reading(path: Path) -> AsyncIterator[Transaction]:
    """Opens a read transaction on a database that another program may have open.

    Nothing is created or migrated. Raises StorageError.
    """
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
