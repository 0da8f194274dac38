"""What happens at a time of the local Discord's clock, such as the end of a poll.

The clock runs, and a person may set it. Alarms whose time has come ring in the order of their
times.
"""

import asyncio
import heapq
from collections.abc import Callable
from datetime import datetime

from bot.playground.records.snowflakes import WorldClock


class Alarms:
    """The alarms of one clock."""

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock
        self._waiting: list[tuple[datetime, int, Callable[[], None]]] = []
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None
        clock.listeners.append(self._ring)

    def set(self, when: datetime, act: Callable[[], None]) -> None:
        """Calls `act` as soon as the clock shows `when` (aware) or a later time.

        It is never called within this call. An alarm cannot be taken back, so `act` looks whether
        there is still something to do. Without a running event loop, alarms ring only when the
        clock is set.
        """
        self._count += 1
        heapq.heappush(self._waiting, (when, self._count, act))
        self._wait()

    def close(self) -> None:
        """Forgets every alarm."""
        self._waiting.clear()
        self._wait()

    def _ring(self) -> None:
        try:
            while self._waiting and self._waiting[0][0] <= self._clock.now():
                heapq.heappop(self._waiting)[2]()
        finally:  # if one fails, the others still ring
            self._wait()

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._waiting:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        seconds = (self._waiting[0][0] - self._clock.now()).total_seconds()
        self._timer = loop.call_later(max(seconds, 0.0), self._ring)
