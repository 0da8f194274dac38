"""The ticks of the jobs, while the machine's clock is set and while a job fails."""

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from bot.scheduler import run_ticks
from tests.clock import PATIENCE_SECONDS


class WrongClock(datetime):
    """The machine's clock as Python programs read it, moved by `shift`."""

    shift = timedelta(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        running = timedelta(seconds=time.monotonic())
        return (datetime(2026, 3, 11, tzinfo=UTC) + running + cls.shift).astimezone(tz)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[WrongClock]:
    """Gives every loaded library except asyncio the movable clock."""
    for name, module in list(sys.modules.items()):
        if getattr(module, "datetime", None) is datetime and name != __name__:
            monkeypatch.setattr(module, "datetime", WrongClock)
    monkeypatch.setattr(WrongClock, "shift", timedelta(0))
    return WrongClock


@pytest.mark.parametrize("days", [-1, 365, -20_000])
async def test_ticks_go_on_when_the_clock_is_set(clock: type[WrongClock], days: int) -> None:
    """A Raspberry Pi corrects its clock by the network; a restored machine wakes up in the past."""
    stopping, ticked = asyncio.Event(), asyncio.Event()

    async def job() -> None:
        ticked.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(run_ticks(0.01, stopping, job))
        await asyncio.wait_for(ticked.wait(), PATIENCE_SECONDS)
        clock.shift = timedelta(days=days)
        for _ in range(3):
            ticked.clear()
            await asyncio.wait_for(ticked.wait(), 3.0)
        stopping.set()


async def test_a_job_that_fails_is_called_again_and_holds_up_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stopping = asyncio.Event()
    calls = {"bad": 0, "good": 0}
    running = 0

    async def bad() -> None:
        calls["bad"] += 1
        raise ValueError("no luck")

    async def good() -> None:
        nonlocal running
        running += 1
        assert running == 1, "two runs of one job never overlap"
        await asyncio.sleep(0.02)
        calls["good"] += 1
        running -= 1
        if min(calls.values()) >= 3:
            stopping.set()

    await asyncio.wait_for(run_ticks(0.005, stopping, bad, good), PATIENCE_SECONDS)
    assert "bad failed; the next tick tries again" in caplog.text
    assert running == 0, "what has begun is finished"
