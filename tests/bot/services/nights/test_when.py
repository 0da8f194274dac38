"""When a night starts, as people type it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import Sorry
from bot.services.nights.when import night_time
from bot.wording.errors.said import said

NOW = datetime(2026, 3, 11, 18, 0, tzinfo=UTC)  # a Wednesday; 19:00 in Paris
PARIS = "Europe/Paris"


@pytest.mark.parametrize(
    ("typed", "local"),
    [
        ("tonight 20:30", "2026-03-11T20:30+01:00"),
        ("Tonight", "2026-03-11T20:00+01:00"),
        ("today at 21.15", "2026-03-11T21:15+01:00"),
        ("20:30", "2026-03-11T20:30+01:00"),
        ("8pm", "2026-03-11T20:00+01:00"),
        ("18:30", "2026-03-12T18:30+01:00"),
        ("tomorrow 9pm", "2026-03-12T21:00+01:00"),
        ("fri 8pm", "2026-03-13T20:00+01:00"),
        ("Friday, 8 pm", "2026-03-13T20:00+01:00"),
        ("wed 18:00", "2026-03-18T18:00+01:00"),
        ("wednesday", "2026-03-11T20:00+01:00"),
        ("2026-03-29 02:30", "2026-03-29T03:00+02:00"),
        ("in 2 hours", "2026-03-11T21:00+01:00"),
        ("in 90 min", "2026-03-11T20:30+01:00"),
    ],
)
def test_times_that_people_type(typed: str, local: str) -> None:
    assert night_time(typed, NOW, PARIS) == datetime.fromisoformat(local)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "no-such-night-time"),
        ("soon", "no-such-night-time"),
        ("fri evening", "no-such-night-time"),
        ("25:00", "no-such-night-time"),
        ("fr 8pm", "no-such-night-time"),
        ("tonight 18:00", "night-time-over"),
        ("2026-03-10 20:00", "night-time-over"),
        ("in 0 minutes", "night-time-over"),
        ("2026-04-11 20:00", "night-too-far"),
        ("in 9999 hours", "night-too-far"),
        ("tonight 05:30", "night-time-over"),
        ("today 00:30", "night-time-over"),
    ],
)
def test_what_is_no_time_gets_a_sentence(typed: str, key: str) -> None:
    with pytest.raises(Sorry, match=key) as refused:
        night_time(typed, NOW, PARIS)
    assert said(refused.value)


def test_the_zone_decides_which_day_it_is() -> None:
    late = NOW + timedelta(hours=8)  # 2 in the night of Thursday in Paris, 11 in Tokyo
    assert night_time("tomorrow", late, "America/New_York") == datetime(2026, 3, 13, tzinfo=UTC)
    assert night_time("tonight", late, "Asia/Tokyo") == datetime(2026, 3, 12, 11, tzinfo=UTC)


def test_late_in_the_evening_tonight_is_the_next_full_hour() -> None:
    late = NOW + timedelta(hours=3, minutes=20)  # 22:20 in Paris
    assert night_time("tonight", late, PARIS) == NOW + timedelta(hours=4)


def test_the_next_full_hour_is_one_of_the_zone() -> None:
    """Clocks in India differ from UTC by five and a half hours."""
    evening = datetime(2026, 3, 11, 15, 10, tzinfo=UTC)  # 20:40 in Kolkata
    found = night_time("tonight", evening, "Asia/Kolkata")
    assert found == datetime(2026, 3, 11, 15, 30, tzinfo=UTC), "21:00 there"


def test_tonight_goes_on_after_midnight() -> None:
    found = night_time("tonight 0:30", NOW, PARIS)
    assert found == datetime(2026, 3, 11, 23, 30, tzinfo=UTC)
    after_midnight = NOW + timedelta(hours=5, minutes=10)  # 0:10 in Paris
    assert night_time("tonight 0:30", after_midnight, PARIS) == found


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("9999-12-31 23:00", "America/New_York"), ("0001-01-01 01:00", "Asia/Tokyo")],
)
def test_the_ends_of_the_calendar_are_no_time(typed: str, zone: str) -> None:
    with pytest.raises(Sorry, match="no-such-night-time"):
        night_time(typed, NOW, zone)
