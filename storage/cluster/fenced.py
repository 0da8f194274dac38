"""A database whose writing transactions first check that this process may still write."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields

from storage.database.engine import Database, Transaction

Check = Callable[[Transaction], Awaitable[None]]
"""Raises an error if the process may not write. It reads what it needs in the transaction itself,
so that nothing can change between the check and the commit."""


@dataclass(frozen=True, kw_only=True)
class FencedDatabase(Database):
    """An open database whose every writing transaction begins with a check.

    Attributes:
        fence: raises an error if this process may not write; the transaction is then rolled back.
    """

    fence: Check

    @asynccontextmanager
    async def write(self, *, quick: bool = False) -> AsyncIterator[Transaction]:
        async with super().write(quick=quick) as conn:
            await self.fence(conn)
            yield conn


def fenced(db: Database, check: Check) -> FencedDatabase:
    """Returns the same open database, with the check in front of every write.

    If it has a check already, that comes first.
    """
    same = {one.name: getattr(db, one.name) for one in fields(Database)}
    if not isinstance(db, FencedDatabase):
        return FencedDatabase(**same, fence=check)

    async def both(conn: Transaction) -> None:
        await db.fence(conn)
        await check(conn)

    return FencedDatabase(**same, fence=both)
