"""Repeated work: APScheduler calls each job every few seconds, and the job finds what is due.

APScheduler alone could not plan a post or a fit, because it reads the machine's own clock and drops
late jobs. So each job compares the times in the database with the clock that the bot was given.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)

TickJob = Callable[[], Awaitable[None]]


async def run_ticks(seconds: float, stopping: asyncio.Event, *jobs: TickJob) -> None:
    """Calls each job every `seconds` until `stopping` is set.

    Two runs of the same job never overlap. A run that has begun when `stopping` is set is finished.
    """
    scheduler = AsyncIOScheduler(timezone="UTC")
    running: set[asyncio.Task[None]] = set()

    async def tick(job: TickJob) -> None:
        task = asyncio.current_task()
        if task is not None:
            running.add(task)
        try:
            await job()
        except Exception:
            log.exception("%s failed; the next tick tries again", job.__name__)
        finally:
            if task is not None:
                running.discard(task)

    for job in jobs:
        scheduler.add_job(
            tick,
            IntervalTrigger(seconds=seconds),
            args=[job],
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    try:
        await stopping.wait()
    finally:
        scheduler.pause()
        await asyncio.gather(*running, return_exceptions=True)
        scheduler.shutdown(wait=False)


async def wait_unless_stopping(event: asyncio.Event, stopping: asyncio.Event) -> bool:
    """Waits for `event`. Returns False if `stopping` is set before it."""
    waits = [asyncio.create_task(each.wait()) for each in (event, stopping)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    return event.is_set()
