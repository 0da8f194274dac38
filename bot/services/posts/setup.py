"""What `/setup` shows: a server's scheduled posts and settings."""

from dataclasses import dataclass
from datetime import timedelta

from storage.servers.schedules import Schedule


@dataclass(frozen=True)
class LocalSchedule:
    """A scheduled post, and where its times are local.

    Attributes:
        schedule: the schedule.
        zone: the IANA name of the server's time zone.
        delay: by how much the server's posts come after their time.
        replaced: what the schedule was before a manager changed it by setting up a post; None for a
            new one, and if nothing changed.
    """

    schedule: Schedule
    zone: str
    delay: timedelta = timedelta(0)
    replaced: Schedule | None = None


@dataclass(frozen=True)
class ServerSetup:
    """A server's settings and its scheduled posts.

    Attributes:
        schedules: the scheduled posts, the oldest first.
        zone: the IANA name of the server's time zone.
        family_safe: True if films for adults, and films of unknown audience, are left out.
        language: the code of the language of public messages; None for the server's language on
            Discord.
        delay: by how much the server's posts come after their time.
    """

    schedules: tuple[Schedule, ...]
    zone: str
    family_safe: bool
    language: str | None = None
    delay: timedelta = timedelta(0)
