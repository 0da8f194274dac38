"""A guild's scheduled events, and their JSON (Discord's resources/guild-scheduled-event)."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.playground.records.objects import JSON, User
from bot.playground.records.payloads import user
from bot.playground.records.snowflakes import iso

IN_VOICE, ELSEWHERE = 2, 3
"""Discord's entity types VOICE and EXTERNAL: where a scheduled event takes place."""

SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4
"""The statuses of a scheduled event. The last two are final."""

GUILD_ONLY = 2
"""The only privacy level."""


@dataclass(slots=True)
class ScheduledEvent:
    """An event that people of a guild have scheduled.

    Attributes:
        id: the event's snowflake.
        guild_id: the guild.
        creator_id: the user who scheduled it.
        name: its name.
        start: when it begins, aware, UTC.
        kind: `IN_VOICE` or `ELSEWHERE`.
        end: when it ends, aware, UTC; None if that is not said.
        description: what it is about, or None.
        channel_id: the voice channel, or None elsewhere.
        location: the place, or None in a voice channel.
        image: the hash of its cover picture, or None.
        status: `SCHEDULED`, `ACTIVE`, `COMPLETED` or `CANCELED`.
        interested: ids of the users who are interested.
        empty_since: since when nobody is in the voice channel of the active event, aware, UTC; None
            if somebody is there.
    """

    id: int
    guild_id: int
    creator_id: int
    name: str
    start: datetime
    kind: int
    end: datetime | None = None
    description: str | None = None
    channel_id: int | None = None
    location: str | None = None
    image: str | None = None
    status: int = SCHEDULED
    interested: dict[int, None] = field(default_factory=dict)
    empty_since: datetime | None = None

    @property
    def is_open(self) -> bool:
        """True if it has not ended and was not cancelled."""
        return self.status in (SCHEDULED, ACTIVE)


def scheduled_event(event: ScheduledEvent, creator: User, *, counted: bool = False) -> JSON:
    """Returns the JSON of a scheduled event.

    counted: True to say how many users are interested.
    """
    payload: JSON = {
        "id": str(event.id),
        "guild_id": str(event.guild_id),
        "channel_id": None if event.channel_id is None else str(event.channel_id),
        "creator_id": str(event.creator_id),
        "creator": user(creator),
        "name": event.name,
        "description": event.description,
        "image": event.image,
        "scheduled_start_time": iso(event.start),
        "scheduled_end_time": None if event.end is None else iso(event.end),
        "privacy_level": GUILD_ONLY,
        "status": event.status,
        "entity_type": event.kind,
        "entity_id": None if event.channel_id is None else str(event.channel_id),
        "entity_metadata": None if event.location is None else {"location": event.location},
        "recurrence_rule": None,
        "guild_scheduled_event_exceptions": [],
    }
    if counted:
        payload["user_count"] = len(event.interested)
    return payload
