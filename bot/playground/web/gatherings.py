"""The page's calls about voice channels and scheduled events."""

from bot.playground.records.objects import JSON, Guild, User
from bot.playground.records.scheduled_events import (
    ACTIVE,
    CANCELED,
    COMPLETED,
    SCHEDULED,
    ScheduledEvent,
)
from bot.playground.validation import fields
from bot.playground.validation.errors import ApiError
from bot.playground.web.calls import PageRoute, find_channel
from bot.playground.world import rendering
from bot.playground.world.guilds import scheduled_events, voice
from bot.playground.world.interactions.resolution import refuse
from bot.playground.world.world import World

_STATUSES = {"start": ACTIVE, "end": COMPLETED, "cancel": CANCELED}


def events_of(world: World, guild: Guild, person: User) -> list[JSON]:
    """Returns the events of a guild that are not over, as the page of a member gets them."""
    return [
        _shown(world, x, person)
        for x in scheduled_events.of_guild(world, guild)
        if x.is_open and scheduled_events.is_seen(world, x, person.id)
    ]


def _shown(world: World, event: ScheduledEvent, person: User) -> JSON:
    return rendering.scheduled_event(world, event, counted=True) | {
        "me": person.id in event.interested,
        "people": [str(x) for x in event.interested],
        "can_manage": _can_manage(world, event, person),
        "can_start": event.status == SCHEDULED,
    }


def _can_manage(world: World, event: ScheduledEvent, person: User) -> bool:
    try:
        scheduled_events.require_manager(world, event, person.id)
    except ApiError:
        return False
    return True


async def post_voice(world: World, person: User, data: JSON) -> JSON:
    """Lets the person join the voice channel `channel`, or move there from another."""
    channel = find_channel(world, person, data)
    voice.join(world, channel, person.id)
    return {"people": [str(x) for x in voice.members(world, channel)]}


async def delete_voice(world: World, person: User, data: JSON) -> JSON:
    """Lets the person leave the voice channel that they are in, in the server `guild`.

    Without `guild`, they leave every voice channel.
    """
    wanted = fields.snowflake(data.get("guild"))
    places = [guild for guild, user in world.voice_states if user == person.id]
    left = [x for x in places if wanted in (None, x)]
    for guild_id in left:
        voice.leave(world, world.guilds[guild_id], person.id)
    if not left:
        raise refuse("You are in no voice channel.", 404)
    return {}


async def post_event(world: World, person: User, data: JSON) -> JSON:
    """Does something with the scheduled event `event` for the person.

    `do` is "interested" or "uninterested", or for those who may manage the event "start", "end",
    "cancel" or "delete".
    """
    event = world.scheduled_events.get(fields.snowflake(data.get("event")) or 0)
    if event is None or not scheduled_events.is_seen(world, event, person.id):
        raise refuse("There is no such event.", 404)
    do = str(data.get("do"))
    if do in ("interested", "uninterested"):
        scheduled_events.set_interest(world, event, person.id, do == "interested")
    elif do in _STATUSES:
        scheduled_events.change(world, event, person.id, {"status": _STATUSES[do]})
    elif do == "delete":
        scheduled_events.delete(world, event, person.id)
    else:
        raise refuse(f"Say interested, uninterested, delete or one of {', '.join(_STATUSES)}.")
    return _shown(world, event, person)


async def post_new_event(world: World, person: User, data: JSON) -> JSON:
    """Schedules an event of the person in the server `guild`; `body` is what Discord would take."""
    guild = world.guild(fields.snowflake(data.get("guild")) or 0)
    body = data.get("body")
    if person.id not in guild.members or not isinstance(body, dict):
        raise refuse("There is no such server for this member, or nothing to schedule.")
    event = scheduled_events.create(world, guild, person.id, body)
    return _shown(world, event, person)


ROUTES: tuple[PageRoute, ...] = (
    ("POST", "/api/voice", post_voice),
    ("DELETE", "/api/voice", delete_voice),
    ("POST", "/api/events", post_event),
    ("POST", "/api/events/new", post_new_event),
)
