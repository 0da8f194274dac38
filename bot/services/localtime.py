"""Local time: time zones, local hours, and when a time of day such as 19:00 comes in a time zone.

A slot is the instant of such a time of day on one local day.

A local time that daylight saving skips means the first valid minute after it. A local time that
happens twice means its first occurrence.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz, process

from bot.errors import Sorry
from bot.services.wording import safe
from recommender.context.clock import moment

LONGEST_GAP_MINUTES = 24 * 60
"""The longest gap in any zone's local time: Samoa left out a whole day in 2011."""


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
    """Returns the local hour that picks are for: the first hour from `now` on in `dayparts`.

    dayparts: the parts of the day in which the person usually watches, such as "evening"; if empty,
    the picks (the recommended films) are for the hour of `now`.
    """
    for hours in range(24 if dayparts else 0):
        later = local_hour(now + timedelta(hours=hours), zone)
        if moment(later.hour, later.weekday).daypart in dayparts:
            return later
    return local_hour(now, zone)


def slot(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Returns the instant, UTC, of the local time `at` on the local day `day`.

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
    """Returns the latest instant, UTC, up to `now`, at which the local time `at` happened."""
    today = now.astimezone(zone).date()
    tonight = slot(today, at, zone)
    return tonight if tonight <= now else slot(today - timedelta(days=1), at, zone)


@cache
def zones() -> frozenset[str]:
    """Returns the IANA names of all time zones. Cached, because it reads hundreds of files."""
    return frozenset(available_timezones())


def known_zone(typed: str) -> str:
    """Returns the IANA name of the time zone that was typed, as an IANA name or a city.

    Raises Sorry, with the nearest names, if it is unknown.
    """
    wanted = typed.strip().replace(" ", "_")
    folded = {zone.casefold(): zone for zone in zones()}
    if wanted.casefold() in folded:
        return folded[wanted.casefold()]
    cities = [zone for zone in zones() if zone.rsplit("/", 1)[-1].casefold() == wanted.casefold()]
    if len(cities) == 1:
        return cities[0]
    near = process.extract(typed, sorted(zones()), scorer=fuzz.WRatio, limit=3, score_cutoff=60)
    hint = f" Did you mean {', '.join(name for name, _, _ in near)}?" if near else ""
    raise Sorry(
        f"“{safe(typed[:60])}” is no time zone I know; write one such as Europe/Paris.{hint}"
    )


def zones_like(typed: str, limit: int = 25) -> list[str]:
    """Returns at most `limit` IANA names that contain what was typed so far.

    Names whose last part (the city) begins with the typed text come first.
    """
    wanted = typed.strip().replace(" ", "_").casefold()
    places = [zone for zone in sorted(zones()) if "/" in zone or zone == "UTC"]
    places = [zone for zone in places if not zone.startswith(("Etc/", "posix/", "right/"))]
    matches = [zone for zone in places if wanted in zone.casefold()]
    matches.sort(key=lambda zone: not zone.rsplit("/", 1)[-1].casefold().startswith(wanted))
    return matches[:limit]


def clock_time(typed: str) -> time:
    """Returns the time of day that was typed, such as "19:00", "7pm" or "19.30".

    Raises Sorry if it is no time of day.
    """
    text = typed.strip().lower().replace(".", ":").replace(" ", "")
    for pattern in ("%H:%M", "%I:%M%p", "%I%p", "%H"):
        try:
            return datetime.strptime(text, pattern).time()  # noqa: DTZ007 a local time of day
        except ValueError:
            continue
    raise Sorry(f"“{safe(typed[:20])}” is no time of day; write one such as 19:00.")


def coming_slot(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """Returns the first instant, UTC, after `now`, at which the local time `at` happens."""
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=number) for number in (-1, 0, 1, 2))
    return next(instant for day in days if (instant := slot(day, at, zone)) > now)
