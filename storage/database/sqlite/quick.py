"""Runs statements that take a fraction of a millisecond in the event loop's own thread.

To hand a statement to another thread and its rows back takes several times as long as a small
statement, and waits for Python's global lock (the GIL) while a third thread computes. A reader
waits for no writer (SQLite documentation, wal.html), and while the bot has the file open no program
can lock out its readers. A writer waits when its transaction ends, for the disk, and when it begins
if another program has the lock: these two are left to the other thread.
"""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Dialect, Engine, create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool, StaticPool
from sqlalchemy.util import greenlet_spawn

from storage.database import revisions
from storage.database.sqlite import driver

LOCK_SECONDS = 0.05
"""How long a statement waits for a lock that nobody should have; after that it fails."""


BEGIN = "BEGIN IMMEDIATE"
"""Begins a transaction with SQLite's write lock."""


class QuickTransaction:
    """The methods of SQLAlchemy's `AsyncConnection` that the functions of storage call.

    The statements run in the thread that awaits them.
    """

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    @property
    def dialect(self) -> Dialect:
        """The kind of database."""
        return self._conn.dialect

    async def execute(self, statement: Any, parameters: Any = None) -> CursorResult[Any]:
        """Run a statement; returns its rows."""
        return self._conn.execute(statement, parameters)


class QuickWriter:
    """Writes on the connection of the writing thread, which only ends the transactions, and waits
    for the lock.

    One transaction may be open at a time.
    """

    def __init__(self) -> None:
        self._raw: sqlite3.Connection | None = None
        self._engine: Engine | None = None
        self._conn: Connection | None = None

    @asynccontextmanager
    async def transaction(self, owner: driver.Connection) -> AsyncIterator[QuickTransaction]:
        """Opens a writing transaction that commits at the end and rolls back on an error.

        owner: the writing connection, which has no transaction. Nobody else may use it meanwhile.
        """
        raw = owner._conn
        conn = self._over(raw)
        try:
            if not _begun_at_once(raw):
                await owner.in_thread(raw.execute, BEGIN)
            yield QuickTransaction(conn)
            await owner.in_thread(raw.commit)
        except BaseException:
            # After a cancellation, the thread may not even have begun the transaction yet.
            await owner.in_thread(raw.rollback)
            raise
        finally:
            conn.rollback()  # SQLAlchemy's own state; the database has nothing left to undo

    def dispose(self) -> None:
        """Lets go of the connection, which its owner closes."""
        if self._conn is not None and self._engine is not None:
            self._conn.close()
            self._engine.dispose()
        self._raw = self._engine = self._conn = None

    def _over(self, raw: sqlite3.Connection) -> Connection:
        """Returns SQLAlchemy's view of a connection, the same as long as that is the same."""
        if self._conn is None or self._raw is not raw:
            self.dispose()
            borrowed = _Borrowed(raw)
            self._engine = create_engine(
                "sqlite://",
                creator=lambda: borrowed,
                poolclass=StaticPool,
                pool_reset_on_return=None,
                hide_parameters=True,
            )
            self._raw, self._conn = raw, self._engine.connect()
        return self._conn


@asynccontextmanager
async def borrowed(engine: AsyncEngine) -> AsyncIterator[driver.Connection]:
    """Waits for a free connection of an engine, and gives it back in the end.

    `AsyncEngine.connect` does the same and takes several times as long, because it changes
    greenlets and begins a task to give the connection back.
    """
    held = await engine.raw_connection()
    owner = cast("driver.Connection", held.driver_connection)
    try:
        yield owner
    finally:
        if owner.in_transaction:  # it was cancelled before it could be rolled back
            await greenlet_spawn(held.close)
        else:
            held.close()


def _begun_at_once(raw: sqlite3.Connection) -> bool:
    """Begins a writing transaction; returns False if another program has the lock."""
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        raw.execute(BEGIN)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    finally:
        raw.execute(f"PRAGMA busy_timeout = {round(revisions.BUSY_SECONDS * 1000)}")
    return True


class _Borrowed:
    """The methods of a connection that SQLAlchemy calls. To close it is left to its owner."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.create_function = conn.create_function
        self.cursor = conn.cursor
        self.commit = conn.commit
        self.rollback = conn.rollback

    def close(self) -> None:
        """Do nothing."""


def quick_engine(path: Path, pragmas: Sequence[str]) -> Engine:
    """Returns an engine whose connections read the database file.

    pragmas: what to set in each connection, such as "cache_size = -16384".
    """

    def connect() -> sqlite3.Connection:
        address = driver.existing_file(path)
        return sqlite3.connect(address, timeout=LOCK_SECONDS, check_same_thread=False, uri=True)

    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=-1,  # to wait for a connection would stop the event loop
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def on_connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # we send BEGIN ourselves
        cursor = raw.cursor()
        for pragma in ("query_only = ON", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(conn: Connection) -> None:
        cast("sqlite3.Connection", conn.connection.dbapi_connection).execute("BEGIN")

    return engine
