"""Holds the write lock of a database, as another program would."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from typing import Any

from storage.database.address import Address, DatabaseUrl
from tests import postgres


@asynccontextmanager
async def locked(database: Address) -> AsyncIterator[Any]:
    """Another program holds the write lock of a database in the block.

    It waits for the lock in a thread of its own, as the program would. The event loop goes on, so
    that a write which the bot has begun can end.
    """
    if isinstance(database, DatabaseUrl):
        async with postgres.write_lock(database) as holder:
            yield holder
        return
    other = sqlite3.connect(database, timeout=60, isolation_level=None, check_same_thread=False)
    with closing(other):
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        yield other
