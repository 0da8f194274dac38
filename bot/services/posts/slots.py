"""When the posts of a schedule are due.

A slot is one planned post: a schedule on one local date. `bot/services/localtime.py` says what a
local time means on days when the clocks change.

Many servers choose the same time. So that not all posts are due at one moment, each server has a
delay of its own, which never changes as long as the operator does not change the spread (the
greatest delay). A server's posts are always due by its delay after the chosen time.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.services.app import App
from bot.services.localtime import slot
from recommender.experiments.assignment import place
from storage.servers.guilds import GuildSettings
from storage.servers.schedules import Schedule

LONGEST_SPREAD = timedelta(minutes=60)
"""The greatest spread that an operator can choose."""

NO_SPREAD = timedelta(0)
MAX_DAYS = 10
"""A weekly post always comes within this number of days, counted from yesterday."""

USUAL_SPREAD = timedelta(minutes=15)
"""The spread on a database that many servers share, unless the operator chooses another."""


def zone_name(guild: GuildSettings | None, default: str) -> str:
    """Returns the IANA name of the server's time zone; `default` if the server has set none."""
    return (guild.zone if guild else None) or default


def spread_of(app: App) -> timedelta:
    """Returns the time over which posts are spread that servers want at the same time.

    If the operator chose none, it is 0 on a file of SQLite, which few servers share.
    """
    minutes = app.settings.post_spread_minutes
    if minutes is not None:
        return timedelta(minutes=minutes)
    return NO_SPREAD if isinstance(app.settings.database, Path) else USUAL_SPREAD


def delay(guild_id: int, spread: timedelta) -> timedelta:
    """Returns by how much the posts of a server are due after their time: less than `spread`.

    It is always the same for one server, in whole seconds. Those of many servers are evenly spread.
    """
    return timedelta(seconds=int(place("post", guild_id) * spread.total_seconds()))


def slots(
    schedule: Schedule, zone: ZoneInfo, spread: timedelta, since: date, until: date
) -> list[tuple[date, datetime]]:
    """Returns every planned post of a schedule from the local day `since` to `until`.

    Both days are included. Each post is (local date, aware instant), the earliest first. A delay
    may move the instant past midnight; the date is still that of the chosen time. Paused and
    stopped schedules have planned posts too.

    spread: the greatest delay of any server.
    """
    return list(_slots(schedule, zone, spread, since, (until - since).days + 1))


def _slots(
    schedule: Schedule, zone: ZoneInfo, spread: timedelta, since: date, days: int
) -> Iterator[tuple[date, datetime]]:
    """Yields the planned posts of a schedule from the local day `since` on.

    days: the number of days.
    """
    at, later = time.fromisoformat(schedule.post_time), delay(schedule.guild_id, spread)
    for number in range(days):
        day = since + timedelta(days=number)
        if str(day.weekday()) in schedule.days:
            yield day, slot(day, at, zone) + later


def slot_of(schedule: Schedule, zone: ZoneInfo, spread: timedelta, local_date: str) -> datetime:
    """Returns the instant of the schedule's post on a local date, "YYYY-MM-DD"."""
    at = slot(date.fromisoformat(local_date), time.fromisoformat(schedule.post_time), zone)
    return at + delay(schedule.guild_id, spread)


def next_slot(schedule: Schedule, zone: ZoneInfo, spread: timedelta, after: datetime) -> datetime:
    """Returns the instant of the schedule's first post later than `after`."""
    yesterday = after.astimezone(zone).date() - timedelta(days=1)
    found = _slots(schedule, zone, spread, yesterday, MAX_DAYS)
    return next(instant for _, instant in found if instant > after)
