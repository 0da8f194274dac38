"""A faster aiosqlite: it hands each statement to the connection's thread only once.

aiosqlite hands it over four times: to open the cursor, run the statement, fetch the rows and close
the cursor. Each handover takes longer than a small statement does, and waits for Python's global
lock (the GIL) while another thread computes.
"""

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

import aiosqlite


class Cursor:
    """A database cursor with the methods that SQLAlchemy calls.

    It fetches all rows when the statement runs, and keeps them in memory.
    """

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, values: Any = ()) -> Self:
        """Run one statement; returns this cursor."""
        await self._connection.in_thread(self._run, False, statement, values)
        return self

    async def executemany(self, statement: str, values: Iterable[Any]) -> Self:
        """Run one statement for each set of values; returns this cursor."""
        await self._connection.in_thread(self._run, True, statement, values)
        return self

    async def fetchall(self) -> list[Any]:
        """Returns the rows; a second call returns an empty list."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Do nothing, because SQLite's cursor was already closed after the statement."""

    def _run(self, many: bool, statement: str, values: Any) -> None:
        """Run a statement and fetch its rows, in the connection's thread.

        many: True to run the statement once for each set of values.
        """
        cursor = self._connection._conn.cursor()
        try:
            (cursor.executemany if many else cursor.execute)(statement, values)
            self._rows = cursor.fetchall()
            self.description, self.rowcount = cursor.description, cursor.rowcount
            self.lastrowid = cursor.lastrowid
        finally:
            cursor.close()


class Connection(aiosqlite.Connection):
    """An aiosqlite connection whose cursors are `Cursor`."""

    def cursor(self) -> Cursor:  # type: ignore[override]
        """Returns a cursor without a call into the connection's thread."""
        return Cursor(self)

    async def in_thread(self, work: Callable[..., object], *arguments: Any) -> None:
        """Run `work` in the connection's thread."""
        await self._execute(work, *arguments)  # type: ignore[no-untyped-call]


def existing_file(path: Path) -> str:
    """Returns the URI with which SQLite opens a file to read and write it, and never makes it."""
    return f"{path.absolute().as_uri()}?mode=rw"


async def connect(path: Path, *, timeout: float) -> Connection:
    """Returns an open database file.

    timeout: seconds to wait for another process's lock.

    A missing file is not made: sqlite3.OperationalError says that it cannot be opened.
    """

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(
            existing_file(path), timeout=timeout, check_same_thread=False, uri=True
        )

    connection = Connection(opened, iter_chunk_size=64)
    connection._thread.daemon = True
    try:
        await connection
    except BaseException:
        connection._thread.join()  # the thread is ending already
        raise
    return connection
