"""When and where the tests take place: at a fixed instant and in a fixed time zone.

No test depends on the date of its run. Tests about time are marked `clock`. `make matrix` runs them
at other instants and in other zones. It sets three environment variables: MATINEE_TEST_NOW
(ISO 8601, with a zone), MATINEE_TEST_ZONE (an IANA name) and the system's own TZ. Only the tests
read the first two.
"""

import os
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.playground import World, default_world
from bot.playground.world.world import open_world

NOW = datetime.fromisoformat(
    os.environ.get("MATINEE_TEST_NOW") or "2026-03-11T18:00:00+00:00"
).astimezone(UTC)
"""The first time that the clock of every world shows. By default a Wednesday evening."""

ZONE = os.environ.get("MATINEE_TEST_ZONE") or "UTC"
"""The time zone of servers and people that chose no zone (the setting MATINEE_ZONE)."""

PATIENCE_SECONDS = 60.0
"""Longest wait of a test for a condition. It is generous, since no test measures the machine."""

IMPORTED_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""When the starter catalogue was imported."""


def at(days: int, local: str = "12:00", zone: str = ZONE) -> datetime:
    """Returns a local time ("19:00", "19:00:05") some days after the local day of NOW, in UTC."""
    place = ZoneInfo(zone)
    day = NOW.astimezone(place).date() + timedelta(days=days)
    return datetime.combine(day, time.fromisoformat(local), place).astimezone(UTC)


def days_until(weekday: int, zone: str = ZONE) -> int:
    """Returns the days from the local day of NOW to the next such weekday, 1 to 7. Monday is 0."""
    return (weekday - NOW.astimezone(ZoneInfo(zone)).weekday() - 1) % 7 + 1


def club_world() -> World:
    """Returns the world of the Matinee Club with its clock at NOW."""
    return default_world(NOW)


def empty_world() -> World:
    """Returns a world with only the bot and with its clock at NOW."""
    return open_world(start=NOW)
