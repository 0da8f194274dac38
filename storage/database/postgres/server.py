"""PostgreSQL's side of an open database: its connections, locks and transactions.

Readers share a pool of connections, and each read transaction sees the state of one instant
(`REPEATABLE READ`). A write transaction begins by taking one lock of Matinee (an advisory lock),
which all writers of all processes wait for. So they take turns, as SQLite's write lock makes them,
and what a transaction has read stays as it is until the transaction has written. The lock ends with
the transaction. A commit is acknowledged once it is on the server's disk.

A process that is stopped in a write transaction must not keep the lock from all others. The server
therefore ends a transaction in which nothing happens for IDLE_SECONDS. The process gets an error
when it goes on, and nothing was written.
"""

import errno
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Literal

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.database.address import DatabaseUrl
from storage.database.postgres import liveness, partial_indexes
from storage.database.postgres.failures import explain, storage_errors, unreachable
from storage.database.turns import QUEUE_SECONDS, WritingTurns
from storage.errors import CommitUnknown, DatabaseRefused, DatabaseUnreachable

try:
    import asyncpg
except ImportError:  # it comes with the extra `postgres`
    asyncpg = None

MAX_READERS = 4
CONNECT_SECONDS = 10.0
LOCK_SECONDS = 30.0  # how long a writer waits for writers of other processes
IDLE_SECONDS = 10.0  # nothing that the bot does between two statements takes as long
READER_IDLE_SECONDS = 600.0  # a reader keeps nobody waiting, but keeps old rows from being removed
STATEMENT_SECONDS = 120.0
SILENCE_SECONDS = 150.0  # the server has given up the statement by then, so it is not there

WRITE_LOCK = 0x4D6174696E6565  # "Matinee"
"""The number of the advisory lock that writers hold."""


class PostgresServer:
    """An open PostgreSQL database. `Database` describes what its methods do."""

    def __init__(self, url: DatabaseUrl) -> None:
        """url: the database, which is migrated (`preparation.py`)."""
        self._url = url
        self._readers = make_engine(url, size=MAX_READERS, read_only=True)
        self._writer = make_engine(url, size=1, read_only=False)
        self._turns = WritingTurns()

        @event.listens_for(self._writer.sync_engine, "begin")
        def on_begin(conn: Any) -> None:
            conn.exec_driver_sql(TAKE_WRITE_LOCK)

    @asynccontextmanager
    async def read(
        self, waited: Callable[[Literal["reader"]], None], *, quick: bool
    ) -> AsyncIterator[AsyncConnection]:
        """Opens a transaction that sees the state of one instant and cannot write."""
        with storage_errors(self._url, reading=True):
            async with self._readers.begin() as conn:
                waited("reader")
                yield conn

    @asynccontextmanager
    async def write(
        self, waited: Callable[[Literal["turn", "lock"]], None], *, quick: bool
    ) -> AsyncIterator[AsyncConnection]:
        """Opens the writing transaction: it commits at the end and rolls back on an error.

        Raises CommitUnknown if the connection breaks during the commit.
        """
        committing = False
        try:
            with storage_errors(self._url):
                async with self._turns.turn(), self._writer.connect() as conn:
                    waited("turn")
                    async with conn.begin():
                        waited("lock")
                        yield conn
                        committing = True
        except DatabaseUnreachable as error:
            if not committing:
                raise
            raise CommitUnknown("commit-unknown", **error.data) from error

    def check(self) -> None:
        """Does nothing: a server that is gone is noticed by the next transaction."""

    async def size(self) -> int:
        """Returns the bytes of the tables and indexes."""
        with storage_errors(self._url, reading=True):
            async with self._readers.begin() as conn:
                asked = await conn.exec_driver_sql("SELECT pg_database_size(current_database())")
                return int(asked.scalar_one())

    async def empty_log(self) -> bool:
        """Does nothing and returns True: the server looks after its log."""
        return True

    async def forget_deleted(self) -> None:
        """Does nothing: the server overwrites deleted rows in its own time."""

    async def give_back_space(self) -> bool:
        """Does nothing and returns False: the server uses empty pages again."""
        return False

    async def close(self) -> None:
        """Closes all connections."""
        await self._readers.dispose()
        await self._writer.dispose()


@asynccontextmanager
async def reading(url: DatabaseUrl) -> AsyncIterator[AsyncConnection]:
    """Opens a read transaction on a database that another program may have open.

    A statement may take as long as it needs, since it may read all ratings there are.
    """
    engine = make_engine(url, size=1, read_only=True, patient=True)
    try:
        with storage_errors(url, reading=True):
            async with engine.begin() as conn:
                yield conn
    finally:
        await engine.dispose()


TAKE_WRITE_LOCK = f"SELECT pg_advisory_xact_lock({WRITE_LOCK})"
"""Waits for the lock that writers hold, and keeps it until the transaction ends."""


def make_engine(
    url: DatabaseUrl, *, size: int, read_only: bool, patient: bool = False
) -> AsyncEngine:
    """Returns an engine with a pool of connections to a server.

    size: how many connections the pool has at most.
    read_only: True for transactions that see the state of one instant and cannot write.
    patient: True if a statement may take as long as it needs.
    """
    partial_indexes.describe()
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=partial(connect, url, read_only=read_only, patient=patient),
        pool_size=size,
        max_overflow=0,
        pool_timeout=QUEUE_SECONDS,
        isolation_level="REPEATABLE_READ" if read_only else "READ_COMMITTED",
        hide_parameters=True,  # values, such as people's ids, stay out of errors and so of the log
    )
    liveness.watch(engine, url)
    return engine.execution_options(postgresql_readonly=True) if read_only else engine


async def connect(url: DatabaseUrl, *, read_only: bool = False, patient: bool = False) -> Any:
    """Returns a new connection to a server. `make_engine` describes the other arguments.

    Raises DatabaseUnreachable or DatabaseRefused.
    """
    if asyncpg is None:
        raise DatabaseRefused("driver-missing", database=str(url))
    idle = READER_IDLE_SECONDS if read_only else IDLE_SECONDS
    settings = {
        "application_name": "matinee",
        "timezone": "UTC",
        "synchronous_commit": "on",  # a commit is on the disk before it is acknowledged
        "idle_in_transaction_session_timeout": _milliseconds(0 if patient else idle),
        "lock_timeout": _milliseconds(0 if patient else LOCK_SECONDS),
        "statement_timeout": _milliseconds(0 if patient else STATEMENT_SECONDS),
        # The server notices by these that this machine is gone, and releases its locks.
        "tcp_keepalives_idle": str(liveness.PROBE_SECONDS),
        "tcp_keepalives_interval": str(liveness.PROBE_SECONDS // 3),
        "tcp_user_timeout": str(liveness.PROBE_SECONDS * 1000),
    }
    try:
        made = await asyncpg.connect(
            url.dsn,
            timeout=CONNECT_SECONDS,
            command_timeout=None if patient else SILENCE_SECONDS,
            server_settings=settings,
        )
    except OSError as error:
        silent = isinstance(error, TimeoutError)
        cause = error.strerror or (os.strerror(errno.ETIMEDOUT) if silent else str(error))
        raise unreachable(url, cause) from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        code = str(getattr(error, "sqlstate", None) or "")
        cause, *_ = str(error).splitlines() or [type(error).__name__]
        known = explain(url, code, cause)
        raise known or DatabaseRefused("server-refuses", database=str(url), cause=cause) from error
    liveness.probe(made)
    return made


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))
