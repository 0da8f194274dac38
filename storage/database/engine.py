"""The database file: opened, checked, backed up, migrated; then read and write transactions.

Readers share a pool and never wait. Writers take turns on one connection and take SQLite's write
lock first (`BEGIN IMMEDIATE`), so a read-modify-write loses nothing; that a writer takes the lock
first is learnt from Datasette. `synchronous = FULL` makes a committed write survive both `kill -9`
and a power cut (SQLite documentation, pragma.html#pragma_synchronous).
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.database import driver, revisions
from storage.database.backups import copy
from storage.errors import (
    DatabaseBusy,
    DatabaseCorrupt,
    DatabaseForeign,
    DatabaseNewer,
    DatabaseNotWritable,
    StorageError,
)

READERS = 4
CACHE_KIB = 16 * 1024  # per connection
QUEUE_SECONDS = 60.0  # how long a writer waits for the writers of this process before it
_MAGIC = b"SQLite format 3\0"
_PRIMARY_CODE = 0xFF  # the low byte of SQLite's extended result codes


@dataclass(frozen=True)
class Database:
    """An open database. Both transactions turn a failing disk into a StorageError."""

    path: Path
    _readers: AsyncEngine
    _writer: AsyncEngine

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one moment of the database and cannot change it."""
        with _plainly(self.path, reading=True):
            async with self._readers.begin() as conn:
                yield conn

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """The writing connection: commits at the end, rolls back when the body raises."""
        with _plainly(self.path):
            async with self._writer.begin() as conn:
                yield conn


@asynccontextmanager
async def open_database(
    path: Path, *, now: datetime, migrations: Path = revisions.MIGRATIONS
) -> AsyncIterator[Database]:
    """Open the database at `path`, made or migrated as needed; closed when the block ends.

    Before a migration of a database that holds data, a copy is kept in `backups/` beside it,
    named by the revision migrated to and by `now` (aware).
    Raises DatabaseNewer, DatabaseForeign, DatabaseCorrupt, DatabaseNotWritable or DatabaseBusy.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    path = await asyncio.to_thread(_prepare, path, now, migrations)
    readers = _engine(path, size=READERS, begin="BEGIN", read_only=True)
    writer = _engine(path, size=1, begin="BEGIN IMMEDIATE", read_only=False)
    try:
        yield Database(path, readers, writer)
    finally:
        await readers.dispose()
        await writer.dispose()


@asynccontextmanager
async def reading(path: Path) -> AsyncIterator[AsyncConnection]:
    """One moment of a database that another program keeps; nothing is made or migrated. Raises
    StorageError."""
    engine = _engine(path, size=1, begin="BEGIN", read_only=True)
    try:
        with _plainly(path, reading=True):
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
        f"cache_size = -{CACHE_KIB}",
        f"query_only = {'ON' if read_only else 'OFF'}",
    )

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # we say BEGIN ourselves
        cursor = raw.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(conn: Any) -> None:
        conn.exec_driver_sql(begin)

    return engine


def _prepare(given: Path, now: datetime, migrations: Path) -> Path:
    """Have a healthy database of the newest revision; its absolute path."""
    path = given.absolute()
    with _plainly(path):
        _check_writable(path)
        if path.exists() and path.stat().st_size > 0:
            _check_healthy(path)
        with revisions.connection(path) as conn:
            head = revisions.head(migrations)
            at = revisions.current(conn)
            if at == head:
                return path
            if at is not None and not revisions.known(at, migrations):
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
            held = (conn.exec_driver_sql(f'SELECT 1 FROM "{name}" LIMIT 1') for name in tables)
            if any(rows.first() for rows in held):
                _back_up(path, head, now)
            revisions.upgrade(conn, migrations=migrations)
    return path


def _check_writable(path: Path) -> None:
    """Try what SQLite will do: make files beside the database, and write the database."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
        if path.exists():
            with path.open("r+b"):
                pass
    except OSError as error:
        raise _not_writable(path, error.strerror or str(error)) from error


def _check_healthy(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:  # SQLite would take a very short file for an empty one
            raise _corrupt(path)
    with closing(sqlite3.connect(path, timeout=revisions.BUSY_SECONDS)) as conn:
        found = conn.execute("PRAGMA quick_check(1)").fetchone()
    if found != ("ok",):
        raise _corrupt(path)


def _back_up(path: Path, head: str, now: datetime) -> None:
    """Copy the database as it was last committed; whole or not at all."""
    folder = path.parent / "backups"
    try:
        copy(path, folder / f"before-{head}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.sqlite3")
    except OSError as error:
        raise _not_writable(folder, error.strerror or str(error)) from error


@contextmanager
def _plainly(path: Path, *, reading: bool = False) -> Iterator[None]:
    """Turn what SQLite says of the disk, the file or the lock into a StorageError."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(cause, "sqlite_errorcode", 0)
        if reading and code == sqlite3.SQLITE_READONLY:
            raise  # a write through a reading connection: a mistake in the code, not the disk
        said = _storage_error(path, code & _PRIMARY_CODE, str(cause))
        if said is None:
            raise
        raise said from error


def _storage_error(path: Path, code: int, cause: str) -> StorageError | None:
    match code:
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return _corrupt(path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return DatabaseBusy(
                f"Another program keeps the database {path} locked: is Matinee running twice on "
                "the same data folder? Stop the other one and try again."
            )
        case sqlite3.SQLITE_FULL:
            return DatabaseNotWritable(
                f"The disk that holds {path} is full, so nothing new can be kept: make room on it."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return _not_writable(path, cause)
        case sqlite3.SQLITE_IOERR:
            return DatabaseNotWritable(
                f"The disk that holds {path} does not answer as it should ({cause}): look at the "
                "disk and at the system's log."
            )
    return None


def _not_writable(path: Path, cause: str) -> DatabaseNotWritable:
    return DatabaseNotWritable(
        f"Matinee cannot write {path} ({cause}): let the user it runs as write to {path.parent}, "
        "or name another data folder."
    )


def _corrupt(path: Path) -> DatabaseCorrupt:
    return DatabaseCorrupt(
        f"{path} is damaged or is no database: put back a copy (from {path.parent / 'backups'} or "
        "your own), or move the file away to begin with an empty one."
    )
