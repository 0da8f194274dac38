"""Reads when a movie night starts, as a person typed it: "tonight 20:30", "fri 8pm", "in 2 hours".

Times are in the zone of the person, else of the server. A day without a time is that evening,
or the next full hour if the evening has begun.
"""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import Sorry
from bot.services.localtime import MAX_TYPED_SHOWN, clock_time, coming_slot, slot

EVENING = time(20, 0)
"""When a night starts if only a day was typed."""

MORNING = time(5, 0)
"""Until this time "tonight" may also mean the night after midnight."""

MAX_AHEAD = timedelta(days=30)
"""How far ahead a night may be planned."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FEWEST_LETTERS = 3  # of a day's name
TODAY, TOMORROW = ("today", "tonight"), ("tomorrow",)
_SPAN = re.compile(r"in\s+(\d{1,4})\s*(h|hour|hours|m|min|minute|minutes)")


def night_time(typed: str, now: datetime, zone: str) -> datetime:
    """Returns when a night starts, UTC.

    Raises Sorry if the text is no such time, if it is over, or if it is too far ahead.

    now: the present time, aware.
    zone: IANA name of the zone in which the person thinks.
    """
    place = ZoneInfo(zone)
    text = " ".join(typed.lower().replace(",", " ").replace(" at ", " ").split())
    try:
        at = _meant(text, now, place)
    except OverflowError:  # a day at the end of the calendar
        at = None
    if at is None:
        raise Sorry("no-such-night-time", typed=typed.strip()[:MAX_TYPED_SHOWN])
    if at <= now:
        raise Sorry("night-time-over", typed=typed.strip()[:MAX_TYPED_SHOWN])
    if at > now + MAX_AHEAD:
        raise Sorry("night-too-far", days=MAX_AHEAD.days)
    return at


def _meant(text: str, now: datetime, place: ZoneInfo) -> datetime | None:
    """Returns the instant that a text means, UTC; None if it means none."""
    span = _SPAN.fullmatch(text)
    if span is not None:
        unit = "hours" if span[2].startswith("h") else "minutes"
        return now + timedelta(**{unit: int(span[1])})
    first, _, rest = text.partition(" ")
    day = _day(first, now.astimezone(place).date())
    clock = _clock(rest if day is not None else text)
    if day is None:
        return None if clock is None else coming_slot(now, clock, place)
    if rest and clock is None:
        return None
    found = slot(day, clock or EVENING, place)
    if found <= now and clock is None and first in TODAY:
        return _next_full_hour(now, place)
    if found <= now and clock is not None and clock < MORNING and first == "tonight":
        found = slot(day + timedelta(days=1), clock, place)
    if found <= now and first[:FEWEST_LETTERS] in [name[:FEWEST_LETTERS] for name in DAYS]:
        found = slot(day + timedelta(days=7), clock or EVENING, place)
    return found


def _next_full_hour(now: datetime, place: ZoneInfo) -> datetime:
    """Returns the instant, UTC, at which clocks in a zone next show a full hour.

    Some zones differ from UTC by half an hour.
    """
    local = now.astimezone(place)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return now - past + timedelta(hours=1)


def _clock(text: str) -> time | None:
    if not text:
        return None
    try:
        return clock_time(text)
    except Sorry:
        return None


def _day(word: str, today: date) -> date | None:
    """Returns the day that a word means: today, tomorrow, a weekday or a date; None for no day."""
    if word in TODAY:
        return today
    if word in TOMORROW:
        return today + timedelta(days=1)
    for number, name in enumerate(DAYS):
        if len(word) >= FEWEST_LETTERS and name.startswith(word):
            return today + timedelta(days=(number - today.weekday()) % 7)
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
