"""SQLite beside asyncio: aiosqlite with one trip to the connection's thread for each statement.

aiosqlite makes a trip for the cursor, one for the statement, one for the rows and one to close; a
trip costs more than a small statement itself, and while another thread computes each has to wait
for Python's lock.
"""

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

import aiosqlite


class Cursor:
    """What SQLAlchemy asks of a cursor. All rows are here once the statement is done."""

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
        """Run one statement."""
        await self._connection.in_thread(self._run, False, statement, values)
        return self

    async def executemany(self, statement: str, values: Iterable[Any]) -> Self:
        """Run one statement for each of the values."""
        await self._connection.in_thread(self._run, True, statement, values)
        return self

    async def fetchall(self) -> list[Any]:
        """The rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open."""

    def _run(self, many: bool, statement: str, values: Any) -> None:
        """In the connection's thread."""
        cursor = self._connection._conn.cursor()
        try:
            (cursor.executemany if many else cursor.execute)(statement, values)
            self._rows = cursor.fetchall()
            self.description, self.rowcount = cursor.description, cursor.rowcount
            self.lastrowid = cursor.lastrowid
        finally:
            cursor.close()


class Connection(aiosqlite.Connection):
    """An aiosqlite connection with such cursors."""

    def cursor(self) -> Cursor:  # type: ignore[override]
        """A cursor; nothing is asked of SQLite yet."""
        return Cursor(self)

    async def in_thread(self, work: Callable[..., None], *given: Any) -> None:
        """Run `work` in the connection's thread."""
        await self._execute(work, *given)  # type: ignore[no-untyped-call]


async def connect(path: Path, *, timeout: float) -> Connection:
    """Open a database file; timeout: seconds to wait for another process's lock."""

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=timeout, check_same_thread=False)

    connection = Connection(opened, iter_chunk_size=64)
    connection._thread.daemon = True
    try:
        await connection
    except BaseException:
        connection._thread.join()  # it has been told to end, and does at once
        raise
    return connection
