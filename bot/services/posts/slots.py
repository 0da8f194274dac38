"""When the posts of a schedule are due.

A slot is one planned post: a schedule on one local date. `bot/services/localtime.py` says what a
local time means on days when the clocks change.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.services.localtime import slot
from storage.servers.guilds import GuildSettings
from storage.servers.schedules import Schedule


def zone_name(guild: GuildSettings | None, default: str) -> str:
    """Returns the IANA name of the server's time zone; `default` if the server has set none."""
    return (guild.zone if guild else None) or default


def slots(
    schedule: Schedule, zone: ZoneInfo, since: date, until: date
) -> list[tuple[date, datetime]]:
    """Returns every planned post of a schedule from the local day `since` to `until`.

    Both days are included. Each post is (local date, aware instant), the earliest first. Paused and
    stopped schedules have planned posts too.
    """
    at = time.fromisoformat(schedule.post_time)
    count = (until - since).days + 1
    days = [since + timedelta(days=number) for number in range(count)]
    return [(day, slot(day, at, zone)) for day in days if str(day.weekday()) in schedule.days]


def slot_of(schedule: Schedule, zone: ZoneInfo, local_date: str) -> datetime:
    """Returns the instant of the schedule's post on a local date, "YYYY-MM-DD"."""
    return slot(date.fromisoformat(local_date), time.fromisoformat(schedule.post_time), zone)


def next_slot(schedule: Schedule, zone: ZoneInfo, after: datetime) -> datetime:
    """Returns the instant of the schedule's first post later than `after`."""
    today = after.astimezone(zone).date()
    found = slots(schedule, zone, today - timedelta(days=1), today + timedelta(days=8))
    return next(instant for _, instant in found if instant > after)
