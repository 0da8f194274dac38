"""Local time: local hours, and the instants at which clocks in a time zone show a time such as
19:00.

A slot is such an instant on one local day. If daylight saving skips a local time, the first valid
minute after it is used. If a local time happens twice, its first occurrence is used.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import Sorry
from recommender.context.clock import moment

LONGEST_GAP_MINUTES = 24 * 60
"""The longest gap in any zone's local time: Samoa left out a whole day in 2011."""

MAX_TYPED_SHOWN = 20
"""The most characters that a sentence repeats of a time that was typed."""


@dataclass(frozen=True)
class LocalHour:
    """An hour of the day and its weekday, in some time zone.

    Attributes:
        hour: 0 to 23.
        weekday: 0 = Monday to 6 = Sunday.
    """

    hour: int
    weekday: int


def local_hour(now: datetime, zone: str) -> LocalHour:
    """Returns the local hour and weekday of an aware instant. `zone` is an IANA name."""
    local = now.astimezone(ZoneInfo(zone))
    return LocalHour(local.hour, local.weekday())


def watching_hour(now: datetime, zone: str, dayparts: Collection[str]) -> LocalHour:
    """Returns the local hour for which films are recommended: the first one from `now` on in
    `dayparts`.

    dayparts: the parts of the day in which the person usually watches, such as "evening"; if empty,
        the result is the hour of `now`.
    """
    for hours in range(24 if dayparts else 0):
        later = local_hour(now + timedelta(hours=hours), zone)
        if moment(later.hour, later.weekday).daypart in dayparts:
            return later
    return local_hour(now, zone)


def slot(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Returns the instant, UTC, at which clocks in `zone` show the time `at` on the day `day`.

    Raises ValueError if `at` has a time zone of its own.
    """
    if at.tzinfo is not None:
        raise ValueError(f"a local time of day has no zone of its own: {at!r}")
    naive = datetime.combine(day, at)
    instant = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == naive:
        return instant
    after = instant.astimezone(zone).utcoffset()
    for _ in range(LONGEST_GAP_MINUTES):
        earlier = instant - timedelta(minutes=1)
        if earlier.astimezone(zone).utcoffset() != after:
            break
        instant = earlier
    return instant


def last_slot(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """Returns the latest instant up to `now` at which clocks in `zone` showed the time `at`.

    The instant is in UTC.
    """
    today = now.astimezone(zone).date()
    tonight = slot(today, at, zone)
    return tonight if tonight <= now else slot(today - timedelta(days=1), at, zone)


def clock_time(typed: str) -> time:
    """Returns the time of day that a person typed, such as "19:00", "7pm" or "19.30".

    Raises Sorry if it is no time of day.
    """
    text = typed.strip().lower().replace(".", ":").replace(" ", "")
    for pattern in ("%H:%M", "%I:%M%p", "%I%p", "%H"):
        try:
            return datetime.strptime(text, pattern).time()  # noqa: DTZ007 a local time of day
        except ValueError:
            continue
    raise Sorry("no-such-time", typed=typed.strip()[:MAX_TYPED_SHOWN])


def coming_slot(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """Returns the first instant, UTC, after `now`, at which clocks in `zone` show the time `at`."""
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=number) for number in (-1, 0, 1, 2))
    return next(instant for day in days if (instant := slot(day, at, zone)) > now)
