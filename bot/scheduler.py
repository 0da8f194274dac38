"""Runs jobs repeatedly: APScheduler calls each job every few seconds, and the job does what is due.

APScheduler reads the machine's clock, which may jump by days (apscheduler#351). Therefore the next
call is always planned at a fixed distance from now. The event loop's clock, which only goes
forward, makes sure that no call waits too long. Each job decides what is due by comparing the times
in the database with the clock that the bot was given.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

log = logging.getLogger(__name__)

TickJob = Callable[[], Awaitable[None]]


class _EachTime(BaseTrigger):  # type: ignore[misc]
    """An APScheduler trigger whose next time is always a fixed distance from now.

    Missed times are dropped.
    """

    def __init__(self, pause: timedelta) -> None:
        self.pause = pause

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        return now + self.pause


async def run_ticks(seconds: float, stopping: asyncio.Event, *jobs: TickJob) -> None:
    """Calls each job every `seconds` until `stopping` is set.

    Two runs of the same job never overlap. When `stopping` is set, a run that has begun is
    finished. If a job raises an exception, it is logged, and the job is called again at its next
    time.
    """
    scheduler = AsyncIOScheduler(timezone=UTC)
    running: set[asyncio.Task[None]] = set()
    pause = timedelta(seconds=seconds)

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
            _EachTime(pause),
            args=[job],
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    try:
        while not await _is_set_within(stopping, seconds):
            now = datetime.now(UTC)
            for planned in scheduler.get_jobs():
                if planned.next_run_time > now + 2 * pause:  # the machine's clock was put back
                    planned.modify(next_run_time=now)
    finally:
        scheduler.pause()
        await asyncio.gather(*running, return_exceptions=True)
        scheduler.shutdown(wait=False)


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
