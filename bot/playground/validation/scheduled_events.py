"""Checks of a scheduled event in a request (Discord's resources/guild-scheduled-event)."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.playground.records.objects import JSON
from bot.playground.records.scheduled_events import ELSEWHERE, GUILD_ONLY, IN_VOICE
from bot.playground.validation import fields
from bot.playground.validation.errors import Problems

IN_STAGE = 1

FURTHEST = timedelta(days=5 * 366)
"""How far ahead an event may be."""

_NOT_NULL = "Cannot be used for this kind of event."


@dataclass(frozen=True, slots=True)
class EventPlan:
    """What a request says about a scheduled event.

    Attributes:
        name: its name.
        start: when it begins, aware, UTC.
        kind: `IN_VOICE`, `ELSEWHERE` or `IN_STAGE`.
        end: when it ends, aware, UTC; None if that is not said.
        description: what it is about, or None.
        channel_id: the channel, or None elsewhere.
        location: the place, or None in a channel.
        image: the hash of its cover picture, or None.
    """

    name: str
    start: datetime
    kind: int
    end: datetime | None
    description: str | None
    channel_id: int | None
    location: str | None
    image: str | None


def read(body: JSON, now: datetime, *, started: bool = False) -> EventPlan:
    """Returns the checked event of a request.

    body: all fields of the event; those of an existing event where a request leaves them out.
    now: what the local Discord's clock shows, aware.
    started: True if its start may be in the past.

    Raises ApiError 50035 for wrong fields.
    """
    problems = Problems()
    trimmed = {k: x.strip() if isinstance(x, str) else x for k, x in body.items()}
    name = fields.string(problems, trimmed, "name", 1, 100, required=True)
    description = fields.string(problems, trimmed, "description", 1, 1000)
    fields.choice(problems, body, "privacy_level", (GUILD_ONLY,), required=True)
    kinds = (IN_STAGE, IN_VOICE, ELSEWHERE)
    kind = fields.choice(problems, body, "entity_type", kinds, required=True)
    start = _time(problems, body, "scheduled_start_time", required=True)
    end = _time(problems, body, "scheduled_end_time", required=kind == ELSEWHERE)
    if start is not None and start <= now and not started:
        with problems.at("scheduled_start_time"):
            problems.say("Cannot schedule event in the past.")
    for key, when in (("scheduled_start_time", start), ("scheduled_end_time", end)):
        if when is not None and when > now + FURTHEST:
            with problems.at(key):
                problems.say("Cannot schedule event so far in the future.")
    if start is not None and end is not None and end <= start:
        with problems.at("scheduled_end_time"):
            problems.say("Cannot end before it starts.")
    channel, location = _place(problems, body, kind)
    image = body.get("image")
    if image is not None and not str(image).startswith("data:image/"):
        with problems.at("image"):
            problems.say("Not an image.")
    problems.raise_any()
    assert start is not None
    return EventPlan(
        name or "",
        start,
        kind,
        end,
        description,
        channel,
        location,
        None if image is None else hashlib.md5(str(image).encode()).hexdigest(),
    )


def _place(problems: Problems, body: JSON, kind: int | None) -> tuple[int | None, str | None]:
    """Returns the channel and the location; one of them is None."""
    channel = fields.snowflake(body.get("channel_id"))
    if kind != ELSEWHERE:
        if channel is None and kind is not None:
            with problems.at("channel_id"):
                problems.say(fields.REQUIRED)
        return channel, None
    if body.get("channel_id") is not None:
        with problems.at("channel_id"):
            problems.say(_NOT_NULL)
    metadata = body.get("entity_metadata")
    with problems.at("entity_metadata"):
        if not isinstance(metadata, dict):
            problems.say(fields.REQUIRED)
            return None, None
        return None, fields.string(problems, metadata, "location", 1, 100, required=True)


def _time(problems: Problems, body: JSON, key: str, *, required: bool) -> datetime | None:
    value = body.get(key)
    with problems.at(key):
        if value is None:
            if required:
                problems.say(fields.REQUIRED)
            return None
        try:
            found = datetime.fromisoformat(str(value))
            return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            problems.say(f"Could not parse {value!r:.40}. Should be ISO8601.")
            return None
