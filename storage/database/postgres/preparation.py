"""Makes a PostgreSQL database ready to be opened: creates or migrates the tables.

No copy is made before a migration: `pg_dump` makes copies of a database on a server, and
docs/operations.md says how.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, inspect

from storage.database import revisions
from storage.database.address import DatabaseUrl
from storage.database.postgres.failures import storage_errors
from storage.database.postgres.server import TAKE_WRITE_LOCK, make_engine
from storage.errors import DatabaseForeign, DatabaseHalfMoved, DatabaseNewer

HALF_MOVED = "move_progress"
"""The table that a database has until everything has been moved to it from SQLite."""

Found = TypeVar("Found")


def prepare(url: DatabaseUrl, migrations: Path = revisions.MIGRATIONS) -> None:
    """Create the tables in an empty database, or migrate them if needed.

    All writers wait meanwhile, but not if nothing is to be done. Raises DatabaseError, also if the
    database is half moved.

    migrations: the folder of Alembic's migrations.
    """

    head = revisions.head(migrations)

    def is_ready(conn: Connection) -> bool:
        return revisions.current(conn) == head and not inspect(conn).has_table(HALF_MOVED)

    def migrate(conn: Connection) -> None:
        at = revisions.current(conn)
        if inspect(conn).has_table(HALF_MOVED):
            raise DatabaseHalfMoved("server-half-moved", database=str(url))
        if at == head:
            return
        if at is not None and not revisions.is_known(at, migrations):
            raise DatabaseNewer("server-newer", database=str(url), revision=str(at), known=head)
        if at is None and inspect(conn).get_table_names():
            raise DatabaseForeign("server-foreign", database=str(url))
        revisions.upgrade(conn, migrations=migrations)

    if not inspecting(url, is_ready):
        migrating(url, migrate)


def migrating(url: DatabaseUrl, work: Callable[[Connection], Found]) -> Found:
    """Calls a function with a connection in a write transaction, and commits; returns its result.

    The function may take as long as it needs. Raises StorageError.
    """
    return _run(url, work, read_only=False)


def inspecting(url: DatabaseUrl, work: Callable[[Connection], Found]) -> Found:
    """Calls a function with a connection that only reads; returns its result.

    Raises StorageError.
    """
    return _run(url, work, read_only=True)


def _run(url: DatabaseUrl, work: Callable[[Connection], Found], *, read_only: bool) -> Found:
    async def run() -> Found:
        engine = make_engine(url, size=1, read_only=read_only, patient=True)
        try:
            with storage_errors(url, reading=read_only):
                async with engine.begin() as conn:
                    if not read_only:
                        await conn.exec_driver_sql(TAKE_WRITE_LOCK)
                    return await conn.run_sync(work)
        finally:
            await engine.dispose()

    # A thread of its own, because the caller's may run an event loop, which would have to wait.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()
