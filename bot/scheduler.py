"""Repeated work: every few seconds each job is called, and the job finds what is due.

The seconds between two calls are counted by the event loop's clock. That clock is monotonic: it
only goes forward, and setting the machine's clock does not move it. So the jobs go on whatever
happens to the date. What is due is decided by each job, which compares the times in the database
with the clock that the bot was given.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

TickJob = Callable[[], Awaitable[None]]


async def run_ticks(seconds: float, stopping: asyncio.Event, *jobs: TickJob) -> None:
    """Calls each job every `seconds` until `stopping` is set.

    Two runs of the same job never overlap: the next one begins `seconds` after the last one has
    ended. A run that has begun when `stopping` is set is finished. If a job raises an exception, it
    is logged, and the job is called again at its next time.
    """

    async def repeat(job: TickJob) -> None:
        while not await _is_set_within(stopping, seconds):
            try:
                await job()
            except Exception:
                log.exception("%s failed; the next tick tries again", job.__name__)

    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(repeat(job), name=f"tick {job.__name__}")


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    """Waits for `event`, at most `seconds`; returns True if it is set."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


async def wait_unless_stopping(event: asyncio.Event, stopping: asyncio.Event) -> bool:
    """Waits for `event`. Returns False if `stopping` is set before it."""
    waits = [asyncio.create_task(each.wait()) for each in (event, stopping)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    return event.is_set()
