"""The turns of the writers of this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import TimeoutError as QueueTimeout

QUEUE_SECONDS = 60.0
"""How long a writer waits for other writers of this process, and a reader for a connection."""


class WritingTurns:
    """Lets writers write one after the other, in the order in which they asked.

    SQLAlchemy's pool alone gives the connection to whoever asks first after it came back. A task
    that writes many rows in many transactions asks again before the event loop has woken the task
    that waits, so that one would wait until all rows are written.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()  # gives turns in the order in which tasks asked for them

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for a turn, which lasts as long as the `with` block.

        Raises SQLAlchemy's TimeoutError after QUEUE_SECONDS, like its pools.
        """
        try:
            async with asyncio.timeout(QUEUE_SECONDS):
                await self._lock.acquire()
        except TimeoutError as error:
            raise QueueTimeout("turn") from error
        try:
            yield
        finally:
            self._lock.release()
