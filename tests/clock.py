"""When and where the tests take place: at a fixed instant, and in a fixed zone.

No test begins at the date on which it happens to be run. Tests that have to do with time are marked
`clock`; `make matrix` runs those at other instants and in other zones, which it sets through the
environment: MATINEE_TEST_NOW (ISO 8601, with a zone) and MATINEE_TEST_ZONE (an IANA name), beside
the system's own TZ. Nothing but the tests reads these two.
"""

import os
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.playground import World, default_world
from bot.playground.world.world import open_world

NOW = datetime.fromisoformat(
    os.environ.get("MATINEE_TEST_NOW") or "2026-03-11T18:00:00+00:00"
).astimezone(UTC)
"""What the clock of every world says first. Usually a Wednesday evening."""

ZONE = os.environ.get("MATINEE_TEST_ZONE") or "UTC"
"""The time zone of servers and people that chose none (the setting MATINEE_ZONE)."""

PATIENCE = 60.0
"""Seconds that anything may take which is waited for. No test says how quick this machine is."""

STOCKED = datetime(2026, 1, 1, tzinfo=UTC)
"""When the starter catalogue was taken in."""


def at(days: int, local: str = "12:00", zone: str = ZONE) -> datetime:
    """That local time ("19:00", "19:00:05"), so many days after the local day of NOW; in UTC."""
    place = ZoneInfo(zone)
    day = NOW.astimezone(place).date() + timedelta(days=days)
    return datetime.combine(day, time.fromisoformat(local), place).astimezone(UTC)


def days_until(weekday: int, zone: str = ZONE) -> int:
    """How many days after the local day of NOW the next such weekday is, 1 to 7; 0 is Monday."""
    return (weekday - NOW.astimezone(ZoneInfo(zone)).weekday() - 1) % 7 + 1


def club_world() -> World:
    """The Matinee Club, its clock at NOW."""
    return default_world(NOW)


def empty_world() -> World:
    """A world with the bot and nobody else, its clock at NOW."""
    return open_world(start=NOW)
