"""Scheduled events of guilds, by Discord's rules (resources/guild-scheduled-event).

Events elsewhere begin and end by the clock. Events in a voice channel are begun by somebody, and
end some minutes after the last person has left the channel. An event that has not begun some hours
after its time is cancelled. Discord says neither how many minutes nor how many hours.
"""

from datetime import timedelta

from bot.playground.records import permissions
from bot.playground.records.channels import VOICE
from bot.playground.records.events import Event
from bot.playground.records.objects import JSON, Guild
from bot.playground.records.scheduled_events import (
    ACTIVE,
    CANCELED,
    COMPLETED,
    ELSEWHERE,
    GUILD_ONLY,
    SCHEDULED,
    ScheduledEvent,
)
from bot.playground.records.snowflakes import iso
from bot.playground.validation import fields
from bot.playground.validation.errors import ApiError, Problems, refusal
from bot.playground.validation.scheduled_events import EventPlan, read
from bot.playground.world import rendering
from bot.playground.world.channels.access import require
from bot.playground.world.state import WorldState

MAX_OPEN = 100
"""How many events of a guild may be scheduled or active at once."""

EMPTY = timedelta(minutes=3)
"""After this time in which nobody was in its voice channel, an active event ends."""

ABANDONED = timedelta(hours=3)
"""This long after its start, an event that has not begun is cancelled."""

_NEXT = {SCHEDULED: (ACTIVE, CANCELED), ACTIVE: (COMPLETED,)}


def create(world: WorldState, guild: Guild, user_id: int, body: JSON) -> ScheduledEvent:
    """Schedules an event for a user.

    Raises ApiError 50001 or 50013 if the user may not do so, 30038 if there are too many events,
    10003 or 50024 for a wrong channel, 50035 for wrong fields.
    """
    _require_single(world, body)
    plan = read(body, world.clock.now())
    _require_place(world, guild, user_id, plan.channel_id, permissions.CREATE_EVENTS)
    if sum(x.is_open for x in of_guild(world, guild)) >= MAX_OPEN:
        raise refusal(30038)
    event = ScheduledEvent(world.ids.next(), guild.id, user_id, plan.name, plan.start, plan.kind)
    _apply(event, plan)
    world.scheduled_events[event.id] = event
    _emit(world, "GUILD_SCHEDULED_EVENT_CREATE", event)
    _watch(world, event)
    return event


def change(world: WorldState, event: ScheduledEvent, user_id: int, body: JSON) -> None:
    """Changes an event for a user. What `body` leaves out stays.

    Raises ApiError 50001 or 50013 if the user may not do so, 180000 if the event is over, 50091 if
    an active event should take place elsewhere, and the errors of `create`.
    """
    guild = world.guilds[event.guild_id]
    require_manager(world, event, user_id)
    if not event.is_open:
        raise refusal(180000)
    _require_single(world, body)
    problems = Problems()
    status = fields.choice(problems, body, "status", (SCHEDULED, ACTIVE, COMPLETED, CANCELED))
    if status not in (None, event.status, *_NEXT[event.status]):
        with problems.at("status"):
            problems.say("An event cannot go from its status to this one.")
    problems.raise_any()
    image = event.image
    whole = _request(event) | body
    plan = read(whole, world.clock.now(), started="scheduled_start_time" not in body)
    if event.status == ACTIVE and plan.kind != event.kind:
        raise refusal(50091)
    if plan.channel_id is not None:
        _require_place(world, guild, user_id, plan.channel_id)
    _apply(event, plan)
    if "image" not in body:
        event.image = image
    event.status = event.status if status is None else status
    _note_room(world, event)
    _emit(world, "GUILD_SCHEDULED_EVENT_UPDATE", event)
    _watch(world, event)


def delete(world: WorldState, event: ScheduledEvent, user_id: int) -> None:
    """Deletes an event for a user. Raises ApiError 50001 or 50013 if the user may not do so."""
    require_manager(world, event, user_id)
    forget(world, event)


def forget(world: WorldState, event: ScheduledEvent) -> None:
    """Deletes an event, whoever asked for it."""
    del world.scheduled_events[event.id]
    _emit(world, "GUILD_SCHEDULED_EVENT_DELETE", event)


def set_interest(world: WorldState, event: ScheduledEvent, user_id: int, interested: bool) -> None:
    """Notes that a member is interested in an event, or no longer is.

    Raises ApiError 10070 if the member cannot see it, 180000 if it is over.
    """
    if not is_seen(world, event, user_id):
        raise refusal(10070)
    if not event.is_open:
        raise refusal(180000)
    if interested == (user_id in event.interested):
        return
    if interested:
        event.interested[user_id] = None
    else:
        del event.interested[user_id]
    data: JSON = {
        "guild_scheduled_event_id": str(event.id),
        "user_id": str(user_id),
        "guild_id": str(event.guild_id),
    }
    name = f"GUILD_SCHEDULED_EVENT_USER_{'ADD' if interested else 'REMOVE'}"
    world.emit(Event(name, data, event.guild_id, event.channel_id))
    world.emit(Event("channels", {}))


def of_guild(world: WorldState, guild: Guild) -> list[ScheduledEvent]:
    """Returns the events of a guild in the order of their starts, including those that are over."""
    found = [x for x in world.scheduled_events.values() if x.guild_id == guild.id]
    return sorted(found, key=lambda event: (event.start, event.id))


def is_seen(world: WorldState, event: ScheduledEvent, user_id: int) -> bool:
    """True if a user is a member of the event's guild and sees the event's channel."""
    if user_id not in world.guilds[event.guild_id].members:
        return False
    channel = world.channels.get(event.channel_id or 0)
    return channel is None or bool(world.permissions(user_id, channel) & permissions.VIEW_CHANNEL)


def require_manager(world: WorldState, event: ScheduledEvent, user_id: int) -> None:
    """Raises ApiError 50001 or 50013 if a user may not change an event.

    Who has scheduled it needs CREATE_EVENTS or MANAGE_EVENTS, others need MANAGE_EVENTS.
    """
    guild = world.guilds[event.guild_id]
    channel = world.channels.get(event.channel_id or 0)
    granted = permissions.in_guild(guild, user_id)
    if channel is not None:
        require(world, user_id, channel, permissions.CONNECT)
        granted = world.permissions(user_id, channel)
    own = permissions.CREATE_EVENTS if event.creator_id == user_id else 0
    if not granted & (permissions.MANAGE_EVENTS | own):
        raise refusal(50013)


def note_rooms(world: WorldState, channel_id: int) -> None:
    """Looks at the events in a voice channel after somebody has come or gone."""
    for event in list(world.scheduled_events.values()):
        if event.channel_id == channel_id and event.status == ACTIVE:
            _note_room(world, event)
            _watch(world, event)


def _require_single(world: WorldState, body: JSON) -> None:
    if body.get("recurrence_rule") is not None:
        world.miss("scheduled events that recur")
        raise ApiError(404, 0, "The local Discord has no events that recur.")


def _require_place(
    world: WorldState, guild: Guild, user_id: int, channel_id: int | None, *needed: int
) -> None:
    """Checks that an event can take place in a channel, and that a user may let it."""
    if channel_id is None:
        granted = permissions.in_guild(guild, user_id)
        if any(not granted & permission for permission in needed):
            raise refusal(50013)
        return
    channel = world.channel(channel_id)
    if channel.guild_id != guild.id:
        raise refusal(10003)
    require(world, user_id, channel, permissions.CONNECT, *needed)
    if channel.kind != VOICE:
        raise refusal(50024)


def _request(event: ScheduledEvent) -> JSON:
    """Returns an event as a request would describe it, but without its picture."""
    metadata = None if event.location is None else {"location": event.location}
    return {
        "name": event.name,
        "description": event.description,
        "privacy_level": GUILD_ONLY,
        "entity_type": event.kind,
        "scheduled_start_time": iso(event.start),
        "scheduled_end_time": None if event.end is None else iso(event.end),
        "channel_id": event.channel_id,
        "entity_metadata": metadata,
    }


def _apply(event: ScheduledEvent, plan: EventPlan) -> None:
    event.name, event.description, event.image = plan.name, plan.description, plan.image
    event.start, event.end = plan.start, plan.end
    event.kind, event.channel_id, event.location = plan.kind, plan.channel_id, plan.location


def _note_room(world: WorldState, event: ScheduledEvent) -> None:
    """Stores since when nobody is in the voice channel of an active event."""
    occupied = any(x.channel_id == event.channel_id for x in world.voice_states.values())
    if event.status != ACTIVE or event.kind == ELSEWHERE or occupied:
        event.empty_since = None
    elif event.empty_since is None:
        event.empty_since = world.clock.now()


def _watch(world: WorldState, event: ScheduledEvent) -> None:
    """Sets alarms for the times at which an event changes by itself."""
    times = [event.start, event.start + ABANDONED, event.end]
    if event.empty_since is not None:
        times.append(event.empty_since + EMPTY)
    for when in times:
        if when is not None and event.is_open:
            world.alarms.set(when, lambda: _advance(world, event))


def _advance(world: WorldState, event: ScheduledEvent) -> None:
    """Gives an event the status that it has by now."""
    now = world.clock.now()
    if world.scheduled_events.get(event.id) is not event:
        return
    if event.status == SCHEDULED and event.kind == ELSEWHERE and event.start <= now:
        _move(world, event, ACTIVE)
    if event.status == SCHEDULED and event.start + ABANDONED <= now:
        _move(world, event, CANCELED)
    over = event.end is not None and event.kind == ELSEWHERE and event.end <= now
    left = event.empty_since is not None and event.empty_since + EMPTY <= now
    if event.status == ACTIVE and (over or left):
        _move(world, event, COMPLETED)


def _move(world: WorldState, event: ScheduledEvent, status: int) -> None:
    event.status = status
    _emit(world, "GUILD_SCHEDULED_EVENT_UPDATE", event)


def _emit(world: WorldState, name: str, event: ScheduledEvent) -> None:
    data = rendering.scheduled_event(world, event)
    world.emit(Event(name, data, event.guild_id, event.channel_id))
    world.emit(Event("channels", {}))
