"""Opens the database file (checks, backs up, migrates it) and gives read and write transactions.

Readers share a pool of connections and never wait for a writer. Writers take turns on one
connection. A write transaction takes SQLite's write lock at its beginning (`BEGIN IMMEDIATE`).
Nobody else can therefore change a row between its reading and its writing. `synchronous = FULL`
makes a committed write survive both `kill -9` and a power cut (SQLite documentation,
pragma.html#pragma_synchronous).
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.database import driver, private, revisions
from storage.database.backups import copy
from storage.database.failures import corrupt, gone, not_writable, storage_errors
from storage.database.write_count import WRITES
from storage.errors import DatabaseForeign, DatabaseNewer, StorageError

MAX_READERS = 4
CACHE_KIB = 16 * 1024  # for each connection
MIN_EMPTY_PAGES, MAX_EMPTY_SHARE = 16_384, 0.25  # 64 MiB; more of both is given back to the disk
QUEUE_SECONDS = 60.0  # how long a writer waits for other writers of this process
_SQLITE_HEADER = b"SQLite format 3\0"

Transaction: TypeAlias = AsyncConnection
"""What `Database.read` and `Database.write` yield.

The functions of storage that read or write rows take one as their first argument."""


@dataclass
class _Condition:
    """Whether the last write succeeded.

    Attributes:
        failure: the error of the last write; None if it succeeded.
    """

    failure: StorageError | None = None


@dataclass(frozen=True)
class Database:
    """An open database. Both kinds of transaction raise StorageError if the disk fails.

    Attributes:
        path: the database file, absolute.
    """

    path: Path
    _readers: AsyncEngine
    _writer: AsyncEngine
    _identity: tuple[int, int]
    _condition: _Condition = field(default_factory=_Condition)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """Opens a transaction that sees the state of one instant and cannot write."""
        with storage_errors(self.path, reading=True):
            async with self._readers.begin() as conn:
                yield conn

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """Opens the writing transaction: it commits at the end and rolls back on an error.

        Raises DatabaseGone if the file was removed or replaced: what was written is then lost.
        """
        try:
            self.check_file()
            with storage_errors(self.path):
                async with self._writer.begin() as conn:
                    yield conn
            self.check_file()
        except StorageError as error:
            self._condition.failure = error
            raise
        self._condition.failure = None
        count = WRITES.get()
        if count is not None:
            count.commits += 1

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
    path = await asyncio.to_thread(_prepare, path, now, migrations)
    readers = _engine(path, size=MAX_READERS, begin="BEGIN", read_only=True)
    writer = _engine(path, size=1, begin="BEGIN IMMEDIATE", read_only=False)
    try:
        yield Database(path, readers, writer, _identity(path))
    finally:
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


def _prepare(path: Path, now: datetime, migrations: Path) -> Path:
    """Create or migrate the database if needed; returns its absolute path."""
    path = path.absolute()
    with storage_errors(path):
        _check_writable(path)
        if path.exists() and path.stat().st_size > 0:
            _check_healthy(path)
        with revisions.connection(path) as conn:
            head = revisions.head(migrations)
            at = revisions.current(conn)
            if at == head:
                return path
            if at is not None and not revisions.is_known(at, migrations):
                raise DatabaseNewer(
                    f"The database {path} was written by a newer Matinee (its revision is {at}, "
                    f"this version knows up to {head}): install the newer version again, or put "
                    f"back a copy from {path.parent / 'backups'}."
                )
            names = conn.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'table' "
                "AND name NOT LIKE 'sqlite_%' AND name != 'alembic_version'"
            )
            tables = [name for (name,) in names]
            if at is None and tables:
                raise DatabaseForeign(
                    f"{path} is a database, but not one of Matinee's: name another data folder, "
                    "or move that file away."
                )
            samples = (conn.exec_driver_sql(f'SELECT 1 FROM "{name}" LIMIT 1') for name in tables)
            if any(rows.first() for rows in samples):
                _back_up(path, head, now)
            revisions.upgrade(conn, migrations=migrations)
    return path


def _check_writable(path: Path) -> None:
    """Raises DatabaseNotWritable if the database file or its folder cannot be written.

    SQLite needs both, because it keeps files next to the database.
    """
    try:
        private.make_folder(path.parent)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
        if path.exists():
            with path.open("r+b"):
                pass
        else:
            private.make_file(path)
    except OSError as error:
        raise not_writable(path, error.strerror or str(error)) from error


def _check_healthy(path: Path) -> None:
    with path.open("rb") as file:
        # SQLite itself would treat a very short file as empty.
        if file.read(len(_SQLITE_HEADER)) != _SQLITE_HEADER:
            raise corrupt(path)
    with closing(sqlite3.connect(path, timeout=revisions.BUSY_SECONDS)) as conn:
        found = conn.execute("PRAGMA quick_check(1)").fetchone()
    if found != ("ok",):
        raise corrupt(path)


def _back_up(path: Path, head: str, now: datetime) -> None:
    """Copy the last committed state of the database before a migration, completely or not at all.

    head: the revision that the migration leads to; it goes into the copy's name.
    now: the time, which also goes into the name.
    """
    folder = path.parent / "backups"
    try:
        copy(path, folder / f"before-{head}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.sqlite3")
    except OSError as error:
        raise not_writable(folder, error.strerror or str(error)) from error
