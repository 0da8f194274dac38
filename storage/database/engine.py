"""Opens the database, and gives read and write transactions.

A database is a file of SQLite, or a PostgreSQL database on a server. `sqlite/` and `postgres/`
hold what differs. On both, readers see the state of one instant and never wait for a writer, and
all writers of all processes take turns. Nobody else can therefore change a row between its reading
and its writing. A committed write survives `kill -9` and a power cut.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import revisions
from storage.database.address import Address, DatabaseUrl
from storage.database.sqlite.files import SqliteFile
from storage.database.sqlite.files import reading as reading_file
from storage.database.sqlite.preparation import prepare
from storage.database.write_count import WRITES
from storage.errors import StorageError

Transaction: TypeAlias = AsyncConnection
"""What `Database.read` and `Database.write` yield.

The functions of storage that read or write rows take one as their first argument."""


Wait: TypeAlias = Literal["reader", "turn", "lock"]
"""What a transaction waits for. It may be a free connection for reading, its turn among the writers
of this process, or the write lock, which another process may hold.
"""


class Waits(Protocol):
    """Notes the waits of one transaction."""

    def __call__(self, what: Wait) -> None:
        """Notes that a wait has just ended. The next one begins now."""


class Backend(Protocol):
    """What `Database` needs from the kind of database that is open."""

    def read(self, waited: Waits, *, quick: bool) -> AbstractAsyncContextManager[Transaction]:
        """Same as `Database.read`. `waited` is called once the wait for a connection has ended."""

    def write(self, waited: Waits, *, quick: bool) -> AbstractAsyncContextManager[Transaction]:
        """Same as `Database.write`. `waited` is called after the waits for a turn and a lock."""

    def check(self) -> None:
        """Raises DatabaseGone if the open database was removed or replaced."""

    async def size(self) -> int:
        """Same as `Database.size`."""

    async def empty_log(self) -> bool:
        """Same as `Database.empty_log`."""

    async def forget_deleted(self) -> None:
        """Same as `Database.forget_deleted`."""

    async def give_back_space(self) -> bool:
        """Same as `Database.give_back_space`."""

    async def close(self) -> None:
        """Closes all connections."""


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
    """An open database. Both kinds of transaction raise StorageError if it cannot be used.

    Attributes:
        address: where it is: the file, absolute, or the URL.
    """

    address: Address
    _backend: Backend
    _condition: _Condition = field(default_factory=_Condition)

    @asynccontextmanager
    async def read(self, *, quick: bool = False) -> AsyncIterator[Transaction]:
        """Opens a transaction that sees the state of one instant and cannot write.

        quick: True runs the statements on SQLite in the event loop's own thread
            (`sqlite/quick.py`). Everything else waits meanwhile, so each must find its few rows by
            an index. PostgreSQL knows no difference.
        """
        async with self._backend.read(self._waits(), quick=quick) as conn:
            yield conn

    @asynccontextmanager
    async def write(self, *, quick: bool = False) -> AsyncIterator[Transaction]:
        """Opens the writing transaction: it commits at the end and rolls back on an error.

        Raises DatabaseGone if the file was removed or replaced: what was written is then lost.

        quick: True runs the statements on SQLite in the event loop's own thread
            (`sqlite/quick.py`), and in the writing thread only the beginning and the end, which
            wait. Each must write few rows. PostgreSQL knows no difference.
        """
        self._condition.writers += 1
        waits = self._waits()
        try:
            self.check()
            async with self._backend.write(waits, quick=quick) as conn:
                yield conn
            self.check()
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

    def _waits(self) -> Waits:
        """Returns a function that reports the waits of a transaction to the listener.

        The first wait begins now.
        """
        since = time.perf_counter()

        def waited(what: Wait) -> None:
            nonlocal since
            now = time.perf_counter()
            if self._condition.on_wait is not None:
                self._condition.on_wait(what, now - since)
            since = now

        return waited

    def check(self) -> None:
        """Raises DatabaseGone if the database file was removed or another file has taken its
        place. A database on a server is not looked for.
        """
        self._backend.check()

    def trouble(self) -> StorageError | None:
        """Returns the error that prevents writing to the database; None if no error is known."""
        try:
            self.check()
        except StorageError as error:
            return error
        return self._condition.failure

    async def size(self) -> int:
        """Returns how many bytes of a disk the database takes."""
        return await self._backend.size()

    async def empty_log(self) -> bool:
        """Move the content of SQLite's log (the WAL file) into the database file, and empty the
        log.

        Returns False if a reader kept SQLite from doing so. A PostgreSQL server looks after its log
        by itself, so nothing happens there.
        """
        return await self._backend.empty_log()

    async def forget_deleted(self) -> None:
        """Rebuild the database file, so that deleted rows are in no part of it and not in its log.

        SQLite's setting `secure_delete` overwrites what is deleted. But when SQLite divides a full
        page, a copy of a row can stay in the unused part of the old page. Writers wait meanwhile.
        Rebuilding needs as much free disk space as the rows take. A PostgreSQL server overwrites
        deleted rows in its own time, so nothing happens there.
        """
        await self._backend.forget_deleted()

    async def give_back_space(self) -> bool:
        """Rebuild the database file without its empty pages if it has many; returns True if it did.

        Writers wait meanwhile. Rebuilding needs as much free disk space as the rows take. A
        PostgreSQL server uses empty pages again by itself, so nothing happens there.
        """
        return await self._backend.give_back_space()


@asynccontextmanager
async def open_database(
    address: Address, *, now: datetime, migrations: Path = revisions.MIGRATIONS
) -> AsyncIterator[Database]:
    """Open a database for a `with` block; it is created or migrated if needed.

    A file of SQLite is created if it is missing. Before a file with data is migrated, a copy is
    stored in the folder `backups` next to it. A PostgreSQL database has to exist, and is not
    copied. Raises DatabaseError, and ValueError if `now` has no time zone.

    now: the present time; the copy's name contains it and the new revision.
    migrations: the folder of Alembic's migrations.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    backend: Backend
    if isinstance(address, DatabaseUrl):
        from storage.database.postgres import preparation, server  # of no use with SQLite

        await asyncio.to_thread(preparation.prepare, address, migrations)
        backend = server.PostgresServer(address)
    else:
        address = await asyncio.to_thread(prepare, address, now, migrations)
        backend = SqliteFile(address)
    try:
        yield Database(address, backend)
    finally:
        await backend.close()


@asynccontextmanager
async def reading(address: Address) -> AsyncIterator[Transaction]:
    """Opens a read transaction on a database that another program may have open.

    Nothing is created or migrated. Raises StorageError.
    """
    if isinstance(address, DatabaseUrl):
        from storage.database.postgres import server

        opened = server.reading(address)
    else:
        opened = reading_file(address)
    async with opened as conn:
        yield conn
