"""Alarms ring when the clock of the local Discord shows their time."""

import asyncio
from datetime import timedelta

from bot.playground.records.snowflakes import WorldClock
from bot.playground.world.alarms import Alarms
from tests.clock import NOW, PATIENCE_SECONDS


def test_alarms_ring_in_order_when_the_clock_is_set() -> None:
    clock = WorldClock(NOW)
    alarms = Alarms(clock)
    rung: list[str] = []

    def first() -> None:
        rung.append("first")
        alarms.set(clock.now(), lambda: rung.append("set by the first"))

    alarms.set(NOW + timedelta(days=2), lambda: rung.append("second"))
    alarms.set(NOW + timedelta(days=1), first)
    alarms.set(NOW + timedelta(days=9), lambda: rung.append("third"))
    clock.advance(3600)
    assert rung == []
    clock.advance(3 * 86400)
    assert rung == ["first", "second", "set by the first"]
    clock.set(NOW)
    alarms.close()
    clock.advance(30 * 86400)
    assert len(rung) == 3


async def test_alarms_ring_while_the_clock_runs() -> None:
    clock = WorldClock(NOW)
    alarms = Alarms(clock)
    rung = asyncio.Event()
    failed: list[object] = []
    alarms.set(clock.now() + timedelta(days=30), lambda: None)
    alarms.set(clock.now() + timedelta(milliseconds=10), lambda: failed.append(1 / 0))
    alarms.set(clock.now() + timedelta(milliseconds=20), rung.set)
    assert not rung.is_set()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: failed.append(context["exception"]))
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await rung.wait()
    finally:
        loop.set_exception_handler(None)
    alarms.close()
    assert [type(x) for x in failed] == [ZeroDivisionError], "the one after it still rings"
