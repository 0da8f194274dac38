"""Reads in the event loop's own thread, for statements that take a fraction of a millisecond.

To hand a statement to another thread and its rows back takes several times as long as a small
statement, and waits for Python's global lock (the GIL) while a third thread computes. A reader
waits for no writer (SQLite documentation, wal.html), and while the bot has the file open no program
can lock out its readers.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from storage.database import driver

LOCK_SECONDS = 0.05
"""How long a statement waits for a lock that nobody should have; after that it fails."""


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
        conn.exec_driver_sql("BEGIN")

    return engine
