"""APScheduler drives a tick; what is due at the injected clock's now, the database says.

APScheduler reads the machine's own clock and drops late jobs, so it only ever says "look again".
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]


async def run_ticks(seconds: float, stopping: asyncio.Event, *jobs: Job) -> None:
    """Run each job every `seconds`, each at most once at a time, until `stopping` is set;
    a job that has begun then ends first."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    running: set[asyncio.Task[None]] = set()

    async def tick(job: Job) -> None:
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
