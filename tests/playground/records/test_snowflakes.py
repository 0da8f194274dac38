"""Ids follow the clock, stay unique and grow within a millisecond."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.playground.records.snowflakes import Snowflakes, WorldClock, iso, snowflake_at, time_of
from tests.clock import NOW

pytestmark = pytest.mark.clock


def test_a_known_id() -> None:
    when = datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)
    assert time_of(175928847299117063) == when  # the example in Discord's reference
    assert snowflake_at(when) >> 22 == 175928847299117063 >> 22


def test_ids_contain_the_time_of_the_clock() -> None:
    clock = WorldClock(NOW)
    ids = Snowflakes(clock)
    for when in (datetime(2031, 5, 9, 22, tzinfo=UTC), datetime(2019, 1, 1, tzinfo=UTC)):
        clock.set(when)
        assert timedelta(0) <= time_of(ids.next()) - when < timedelta(seconds=1)


def test_ids_are_unique_though_the_clock_goes_back() -> None:
    clock = WorldClock(NOW)
    ids = Snowflakes(clock)
    seen = set()
    for _ in range(50):
        clock.set(datetime(2030, 1, 1, tzinfo=UTC))
        seen |= {ids.next() for _ in range(100)}
    assert len(seen) == 5000


def test_ids_of_one_millisecond_grow() -> None:
    ids = Snowflakes(WorldClock(NOW))
    made = [ids.next() for _ in range(1000)]
    assert made == sorted(made)


def test_the_clock_runs_on_and_returns_to_real_time() -> None:
    clock = WorldClock(NOW)
    real_times: list[bool] = []
    clock.listeners.append(lambda: real_times.append(clock.is_real))
    clock.set(datetime(2030, 1, 1, tzinfo=UTC))
    first = clock.now()
    assert clock.now() >= first
    assert not clock.is_real
    clock.advance(3600)
    assert clock.now() - first >= timedelta(hours=1)
    clock.real()
    assert clock.is_real
    assert real_times == [False, False, True]


@pytest.mark.parametrize(
    "when",
    [datetime(2030, 1, 1), datetime(1999, 1, 1, tzinfo=UTC)],  # noqa: DTZ001
)
def test_nonsense_times_are_refused(when: datetime) -> None:
    with pytest.raises(ValueError, match="clock"):
        WorldClock(NOW).set(when)


def test_a_far_jump_is_refused() -> None:
    with pytest.raises(ValueError, match="between"):
        WorldClock(NOW).advance(1e18)


def test_times_are_written_with_their_zone() -> None:
    assert iso(datetime(2030, 1, 2, 3, tzinfo=UTC)) == "2030-01-02T03:00:00.000000+00:00"
