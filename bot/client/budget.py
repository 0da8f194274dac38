"""The requests that the bot may send to Discord in a second, and whose turn it is.

Discord accepts 50 requests a second from a bot. Answers to interactions do not count
(topics/rate-limits). If the bot needs more, answers to people come first, then posts, and last
reactions and what the bot reads in the background. `RequestBudget.trace` gives discord.py a hook
that waits before each request, so that tries which discord.py repeats by itself count too.
"""

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from contextvars import ContextVar
from enum import IntEnum
from types import SimpleNamespace

import aiohttp
from yarl import URL

DISCORDS_PER_SECOND = 50.0
"""How many requests a second Discord accepts from a bot."""

USED_SHARE = 0.8
"""Which part of these requests the bot sends. Requests may reach Discord closer together than they
were sent, and Discord counts when they arrive."""

BURST_SHARE = 0.1
"""Which part of a second's requests may be sent at once if none was sent for a while."""

UNCOUNTED = ("interactions", "webhooks")
"""The beginnings of paths that answer interactions, which Discord does not count."""


class Urgency(IntEnum):
    """Which requests go first."""

    ANSWER = 0
    POST = 1
    BACKGROUND = 2


URGENCY: ContextVar[Urgency] = ContextVar("urgency", default=Urgency.ANSWER)
"""How urgent the requests of this task are. Tasks that it starts inherit it."""


class RequestBudget:
    """Makes requests wait, so that Discord gets no more than it accepts. Urgent ones go first.

    Attributes:
        per_second: how many of the requests that Discord accepts in a second belong to this
            process. The process sends a little fewer (USED_SHARE).
    """

    def __init__(
        self,
        per_second: float = DISCORDS_PER_SECOND,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.per_second = per_second
        self._clock = clock
        self._left = per_second * BURST_SHARE  # requests that may be sent at once
        self._counted_at = clock()
        self._waiting: list[tuple[Urgency, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """Returns how many requests wait for their turn."""
        return len(self._waiting)

    def change(self, per_second: float) -> None:
        """Sets how many requests a second belong to this process. With 0 all requests wait."""
        self._count()
        self.per_second = per_second
        self._serve()

    def trace(self) -> aiohttp.TraceConfig:
        """Returns a hook for discord.py that lets each request wait for its turn."""
        config = aiohttp.TraceConfig()
        config.on_request_start.append(self._before)
        return config

    async def _before(
        self,
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        request: aiohttp.TraceRequestStartParams,
    ) -> None:
        if is_counted(request.url):
            await self.take(URGENCY.get())

    async def take(self, urgency: Urgency) -> None:
        """Waits until one request of this urgency may be sent."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (urgency, next(self._numbers), turn))
        self._serve()
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # its turn had come, and nothing is sent
                self._left += 1.0
                self._serve()
            raise

    def _count(self) -> None:
        """Adds the requests that may be sent since the last call."""
        now = self._clock()
        more = (now - self._counted_at) * self.per_second * USED_SHARE
        self._left = min(self._left + more, max(1.0, self.per_second * BURST_SHARE))
        self._counted_at = now

    def _serve(self) -> None:
        """Lets requests through as far as they may be sent, and comes back when the next may be."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._count()
        while self._waiting and self._left >= 1.0:
            *_, turn = heapq.heappop(self._waiting)
            if not turn.done():  # otherwise its task was cancelled
                turn.set_result(None)
                self._left -= 1.0
        if self._waiting and self.per_second > 0:
            seconds = (1.0 - self._left) / (self.per_second * USED_SHARE)
            self._timer = asyncio.get_running_loop().call_later(seconds, self._serve)


def is_counted(url: URL) -> bool:
    """True if a request to this address counts towards what Discord accepts in a second."""
    parts = url.raw_parts  # "/", "api", "v10", "channels", …
    return parts[1:2] == ("api",) and parts[3:4] != () and parts[3] not in UNCOUNTED
