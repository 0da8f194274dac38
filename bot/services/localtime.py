"""Local time: a person's zone, else the server's, else the default; and when a local slot is.

A local time in a daylight-saving gap means the first valid minute after it; one in a fold means
its first occurrence only.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz, process

from bot.errors import Sorry
from recommender.context.clock import moment


@dataclass(frozen=True)
class LocalHour:
    """Hour 0–23 and weekday 0 = Monday, where the person is."""

    hour: int
    weekday: int


def local_hour(now: datetime, zone: str) -> LocalHour:
    """The local hour and weekday of an aware instant."""
    local = now.astimezone(ZoneInfo(zone))
    return LocalHour(local.hour, local.weekday())


def watching_hour(now: datetime, zone: str, dayparts: Collection[str]) -> LocalHour:
    """The local hour a pick is for: now, or the next hour that lies in a part of the day in which
    the person watches; with none named, now."""
    for hours in range(24 if dayparts else 0):
        then = local_hour(now + timedelta(hours=hours), zone)
        if moment(then.hour, then.weekday).daypart in dayparts:
            return then
    return local_hour(now, zone)


def slot(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant, UTC, at which a local time of a local day happens."""
    naive = datetime.combine(day, at)
    instant = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == naive:
        return instant
    after = instant.astimezone(zone).utcoffset()
    while (instant - timedelta(minutes=1)).astimezone(zone).utcoffset() == after:
        instant -= timedelta(minutes=1)
    return instant


def last_slot(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The newest instant, UTC, not after `now`, at which that local time of day happened."""
    today = now.astimezone(zone).date()
    tonight = slot(today, at, zone)
    return tonight if tonight <= now else slot(today - timedelta(days=1), at, zone)


@cache
def zones() -> frozenset[str]:
    """Every IANA name; read once, since hundreds of files are looked at for it."""
    return frozenset(available_timezones())


def known_zone(typed: str) -> str:
    """The IANA name that was meant; Sorry with the nearest ones where there is none."""
    wanted = typed.strip().replace(" ", "_")
    folded = {zone.casefold(): zone for zone in zones()}
    if wanted.casefold() in folded:
        return folded[wanted.casefold()]
    cities = [zone for zone in zones() if zone.rsplit("/", 1)[-1].casefold() == wanted.casefold()]
    if len(cities) == 1:
        return cities[0]
    near = process.extract(typed, sorted(zones()), scorer=fuzz.WRatio, limit=3, score_cutoff=60)
    hint = f" Did you mean {', '.join(name for name, _, _ in near)}?" if near else ""
    raise Sorry(f"“{typed[:60]}” is no time zone I know; write one such as Europe/Paris.{hint}")


def zones_like(typed: str, limit: int = 25) -> list[str]:
    """IANA zones for what was typed so far, cities first."""
    wanted = typed.strip().replace(" ", "_").casefold()
    places = [zone for zone in sorted(zones()) if "/" in zone or zone == "UTC"]
    places = [zone for zone in places if not zone.startswith(("Etc/", "posix/", "right/"))]
    held = [zone for zone in places if wanted in zone.casefold()]
    held.sort(key=lambda zone: not zone.rsplit("/", 1)[-1].casefold().startswith(wanted))
    return held[:limit]


def clock_time(typed: str) -> time:
    """HH:MM as people type it ("19:00", "7pm", "19.30"); Sorry where it is none."""
    text = typed.strip().lower().replace(".", ":").replace(" ", "")
    for pattern in ("%H:%M", "%I:%M%p", "%I%p", "%H"):
        try:
            return datetime.strptime(text, pattern).time()  # noqa: DTZ007 a local time of day
        except ValueError:
            continue
    raise Sorry(f"“{typed[:20]}” is no time of day; write one such as 19:00.")


def coming_slot(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The first instant, UTC, after `now`, at which that local time of day happens."""
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=number) for number in (-1, 0, 1, 2))
    return next(instant for day in days if (instant := slot(day, at, zone)) > now)
