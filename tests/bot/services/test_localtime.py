"""Local time: slots on the days when the clocks change."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.errors import Sorry
from bot.services.localtime import (
    LocalHour,
    clock_time,
    local_hour,
    slot,
    watching_hour,
)

pytestmark = pytest.mark.clock

PARIS = ZoneInfo("Europe/Paris")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # changes by half an hour


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        (date(2026, 6, 1), time(19), PARIS, "2026-06-01T17:00"),
        # Spring: 02:00 becomes 03:00. Every time in the gap means 03:00.
        (date(2026, 3, 29), time(1, 59), PARIS, "2026-03-29T00:59"),
        (date(2026, 3, 29), time(2, 0), PARIS, "2026-03-29T01:00"),
        (date(2026, 3, 29), time(2, 30), PARIS, "2026-03-29T01:00"),
        (date(2026, 3, 29), time(2, 59), PARIS, "2026-03-29T01:00"),
        (date(2026, 3, 29), time(3, 0), PARIS, "2026-03-29T01:00"),
        # Autumn: 03:00 becomes 02:00. 02:30 means its first occurrence.
        (date(2026, 10, 25), time(2, 30), PARIS, "2026-10-25T00:30"),
        (date(2026, 10, 25), time(3, 0), PARIS, "2026-10-25T02:00"),
        (date(2026, 10, 4), time(2, 15), LORD_HOWE, "2026-10-03T15:30"),
    ],
)
def test_a_slot_is_one_instant(day: date, at: time, zone: ZoneInfo, expected: str) -> None:
    assert slot(day, at, zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_a_day_that_a_zone_left_out_is_bounded() -> None:
    samoa = ZoneInfo("Pacific/Apia")  # the local 30 December 2011 never was
    after = datetime(2011, 12, 30, 10, tzinfo=UTC)
    for hour in range(24):
        assert slot(date(2011, 12, 30), time(hour), samoa) == after


def test_a_time_with_a_zone_of_its_own_is_refused() -> None:
    """It equals no local time, so in a zone that never changes the search would not end."""
    with pytest.raises(ValueError, match="no zone of its own"):
        slot(date(2026, 6, 1), time(3, 30, tzinfo=UTC), ZoneInfo("UTC"))


def test_local_hour_knows_the_weekday() -> None:
    friday_late = datetime(2026, 11, 27, 21, 30, tzinfo=UTC)
    there = local_hour(friday_late, "Asia/Tokyo")
    assert (there.hour, there.weekday) == (6, 5)


@pytest.mark.parametrize(
    ("typed", "at"),
    [("19:00", time(19)), ("7pm", time(19)), ("19.30", time(19, 30)), ("8", time(8))],
)
def test_times_as_people_type_them(typed: str, at: time) -> None:
    assert clock_time(typed) == at


@pytest.mark.parametrize("typed", ["", "25:00", "evening", "19:0000"])
def test_text_without_a_time_of_day_is_refused(typed: str) -> None:
    with pytest.raises(Sorry, match="no-such-time"):
        clock_time(typed)


@pytest.mark.parametrize(
    ("at", "usual", "expected"),
    [
        ("2026-06-02T08:30", (), LocalHour(10, 1)),  # Paris is two hours ahead
        ("2026-06-02T08:30", ("morning",), LocalHour(10, 1)),
        ("2026-06-02T08:30", ("late night", "evening"), LocalHour(17, 1)),
        ("2026-06-02T21:10", ("morning",), LocalHour(5, 2)),
        (
            "2026-06-02T22:10",
            ("evening",),
            LocalHour(17, 2),
        ),  # after midnight in Paris, so Wednesday
    ],
)
def test_picks_are_for_the_next_usual_hour(
    at: str, usual: tuple[str, ...], expected: LocalHour
) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert watching_hour(now, "Europe/Paris", usual) == expected
