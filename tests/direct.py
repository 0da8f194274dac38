"""Reads and changes a database directly, as another program would, whatever kind it is."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.address import Address, DatabaseUrl
from storage.schema import metadata

Rows = list[tuple[Any, ...]]


class Direct:
    """A connection that takes SQLite's statements, with question marks in place of values."""

    def __init__(self, database: Address) -> None:
        self._database = database
        self._runner = asyncio.Runner()
        self._server: Any = None
        self._file: sqlite3.Connection | None = None
        self._number = _number_of(database)

    @cached_property
    def _thread(self) -> ThreadPoolExecutor:
        """A thread of its own for a server, because the caller's may run an event loop."""
        return ThreadPoolExecutor(1)

    def reads(self, file: Address) -> bool:
        """True if this is the file of SQLite that this object was made for.

        A test may have removed or replaced it since.
        """
        return self._number is not None and _number_of(file) == self._number

    def execute(self, statement: str, *values: Any) -> Rows:
        """Runs a statement at once; returns its rows.

        Texts become times, and numbers become truths, where the database wants these. Times in the
        rows are texts, as SQLite stores them.
        """
        return self.execute_many(statement, [values])

    def execute_many(self, statement: str, several: Sequence[Sequence[Any]]) -> Rows:
        """Runs a statement for each set of values; returns the rows of the last."""
        if isinstance(self._database, DatabaseUrl):
            return self._thread.submit(
                self._runner.run, self._on_server(statement, several)
            ).result()
        if self._file is None:
            self._file = sqlite3.connect(self._database, timeout=60)
        found: Rows = []
        with self._file:
            for values in several:
                found = self._file.execute(statement, tuple(values)).fetchall()
        return found

    def execute_together(self, statements: Sequence[str]) -> list[Rows]:
        """Runs statements without values in a transaction that sees the state of one instant.

        Returns the rows of each.
        """
        if isinstance(self._database, DatabaseUrl):
            return self._thread.submit(self._runner.run, self._seen_at_once(statements)).result()
        with closing(sqlite3.connect(self._database, timeout=60)) as conn:
            conn.execute("begin")
            return [conn.execute(statement).fetchall() for statement in statements]

    async def _seen_at_once(self, statements: Sequence[str]) -> list[Rows]:
        server = await self._opened()
        async with server.transaction(isolation="repeatable_read", readonly=True):
            return [await _fetch(server, statement, [()]) for statement in statements]

    async def _on_server(self, statement: str, several: Sequence[Sequence[Any]]) -> Rows:
        server = await self._opened()
        async with server.transaction():
            return await _fetch(server, statement, several)

    async def _opened(self) -> Any:
        """Returns the connection to a server."""
        if self._server is None:
            assert isinstance(self._database, DatabaseUrl)
            self._server = await asyncpg.connect(self._database.dsn)
        return self._server

    def close(self) -> None:
        """Closes the connection."""
        if self._file is not None:
            self._file.close()
        if self._server is not None:
            self._thread.submit(self._runner.run, self._server.close()).result()
            self._thread.submit(self._runner.close).result()
            self._thread.shutdown()


def _number_of(database: Address) -> int | None:
    """Returns the number of a file in its file system; None for a server, or without a file."""
    if isinstance(database, DatabaseUrl) or not database.exists():
        return None
    return database.stat().st_ino


async def run(conn: AsyncConnection, statement: str, *several: Sequence[Any]) -> Rows:
    """Runs a statement of SQLite in a transaction of the bot, for each given tuple of values.

    Returns the rows of the last.
    """
    raw: Any = (await conn.get_raw_connection()).driver_connection
    if conn.dialect.name == "postgresql":
        return await _fetch(raw, statement, several or [()])
    found: Rows = []
    for values in several or [()]:
        asked = await conn.exec_driver_sql(statement, tuple(values))
        found = [tuple(row) for row in asked] if asked.returns_rows else []
    return found


async def _fetch(server: Any, statement: str, several: Sequence[Sequence[Any]]) -> Rows:
    """Runs a statement of SQLite on PostgreSQL for each set of values; returns the last rows."""
    first, *rest = statement.split("?")
    numbered = first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))
    prepared = await server.prepare(numbered)
    kinds = [kind.name for kind in prepared.get_parameters()]
    found: Rows = []
    for values in several:
        given = map(_of_kind, kinds, values)
        found = [tuple(map(_as_stored, row)) for row in await prepared.fetch(*given)]
    return found


def _of_kind(kind: str, value: Any) -> Any:
    """Returns a value of SQLite as PostgreSQL wants it. kind: the name of PostgreSQL's type."""
    if value is None:
        return None
    if kind == "timestamptz" and isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if kind == "bool" and isinstance(value, int):
        return bool(value)
    return str(value) if kind in ("text", "json") else value


def _as_stored(value: Any) -> Any:
    """Returns a value of PostgreSQL as SQLite stores it."""
    return f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else value


@contextmanager
def direct(database: Address) -> Iterator[Direct]:
    """Opens a connection for the block."""
    with closing(Direct(database)) as opened:
        yield opened


def rows(database: Address, statement: str, *values: Any, kept: Direct | None = None) -> Rows:
    """Returns rows of a database.

    kept: an open connection, which is used if it reads this database; None to open one.
    """
    if kept is not None and kept.reads(database):
        return kept.execute(statement, *values)
    with direct(database) as opened:
        return opened.execute(statement, *values)


def snapshot(database: Address, *statements: str) -> list[Rows]:
    """Returns the rows of several statements, all read in one transaction."""
    with direct(database) as opened:
        return opened.execute_together(statements)


def dump(database: Address) -> list[str]:
    """Returns everything in a database as texts, to compare it with an earlier state."""
    if not isinstance(database, DatabaseUrl):
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as conn:
            return list(conn.iterdump())
    found = []
    with direct(database) as opened:
        for name in metadata.tables:
            found += sorted(f"{name} {row}" for row in opened.execute(f'SELECT * FROM "{name}"'))
        counters = "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1"
        found += [f"counter {row}" for row in opened.execute(counters)]
    return found
