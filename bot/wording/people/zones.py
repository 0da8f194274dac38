"""Texts about time zones."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.services.zones import shown
from bot.wording.speech import _, clock_time


def zone_now(zone: str, now: datetime) -> str:
    """Returns a zone with the time there: "Europe/Paris (it's 8:14 PM there)".

    zone: an IANA name.
    now: the present time, aware.
    """
    there = clock_time(now.astimezone(ZoneInfo(zone)))
    return _("{zone} (it's {time} there)", zone=shown(zone), time=there)
