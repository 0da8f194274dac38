"""Tries work in a transaction that is rolled back afterwards."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_COUNTERS = text(
    "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
)
_SET = text("SELECT setval(:name, :last, :used)")


@asynccontextmanager
async def rehearsal(conn: AsyncConnection) -> AsyncIterator[None]:
    """Puts the counters of ids back at the end of the block. The caller then rolls back.

    SQLite does so in a rollback, and PostgreSQL does not. The same work therefore gets the same ids
    when it is done for good. Nobody else takes an id meanwhile, because writers take turns.

    conn: a write transaction.
    """
    if conn.dialect.name != "postgresql":
        yield
        return
    counters = (await conn.execute(_COUNTERS)).all()
    yield
    for name, last in counters:
        await conn.execute(_SET, {"name": name, "last": last or 1, "used": last is not None})
