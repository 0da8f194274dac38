"""Turns members, channels, guilds and messages of a local Discord into Discord's JSON.

Each function looks up related records, such as a member's user, and passes them to the functions of
`records/payloads.py` or `records/message_payloads.py`.
"""

from bot.playground.records import message_payloads, payloads, scheduled_events, voice
from bot.playground.records.channels import DM, Channel, Message
from bot.playground.records.message_payloads import CDN, MessageContext
from bot.playground.records.objects import JSON, Guild, Member
from bot.playground.records.permissions import VIEW_CHANNEL
from bot.playground.records.scheduled_events import ScheduledEvent
from bot.playground.records.voice import VoiceState
from bot.playground.world.state import WorldState


def member(world: WorldState, found: Member) -> JSON:
    """Returns a member's JSON with the field `user`."""
    return payloads.member(found, world.users[found.user_id])


def channel(world: WorldState, found: Channel) -> JSON:
    """Returns the JSON of a guild's channel, or of a direct message as the bot sees it."""
    recipient = world.users[found.recipient_id or 0] if found.kind == DM else None
    return payloads.channel(found, recipient)


def guild(world: WorldState, found: Guild) -> JSON:
    """Returns a guild's JSON without its channels and members."""
    return payloads.guild(found, world.bot)


def guild_create(world: WorldState, found: Guild) -> JSON:
    """Returns the data of GUILD_CREATE for the bot, which is a member of the guild."""
    threads = (
        x
        for x in world.threads(found)
        if x.thread and not x.thread.archived and world.permissions(world.bot.id, x)
    )
    channels = (world.channels[x] for x in found.channels)
    created = payloads.guild_create(found, world.bot, channels, threads)
    states = [x for (guild_id, _), x in world.voice_states.items() if guild_id == found.id]
    created["voice_states"] = [
        {k: v for k, v in voice_state(world, found, x).items() if k not in ("guild_id", "member")}
        for x in states
    ]
    created["members"] += [
        member(world, found.members[x.user_id]) for x in states if x.user_id != world.bot.id
    ]
    created["guild_scheduled_events"] = [
        scheduled_event(world, x)
        for x in world.scheduled_events.values()
        if x.guild_id == found.id and x.is_open and _is_place_seen(world, x)
    ]
    return created


def _is_place_seen(world: WorldState, event: ScheduledEvent) -> bool:
    """True if a scheduled event takes place in a channel that the bot sees, or in no channel."""
    place = world.channels.get(event.channel_id or 0)
    return place is None or bool(world.permissions(world.bot.id, place) & VIEW_CHANNEL)


def voice_state(world: WorldState, guild: Guild, found: VoiceState) -> JSON:
    """Returns the JSON of a member's voice state."""
    return voice.voice_state(found, guild.id, member(world, guild.members[found.user_id]))


def scheduled_event(world: WorldState, found: ScheduledEvent, *, counted: bool = False) -> JSON:
    """Returns the JSON of a scheduled event. counted: True to say how many are interested."""
    creator = world.users[found.creator_id]
    return scheduled_events.scheduled_event(found, creator, counted=counted)


def message(
    world: WorldState, found: Message, reader: int | None = None, *, files: str = CDN
) -> JSON:
    """Returns a message's JSON as the user `reader` sees it; None means the bot.

    files: the address below which attachments are found, without a slash at the end.
    """
    reader = world.application.bot_id if reader is None else reader
    context = MessageContext(world.application, world.users, world.channels, reader, files)
    return message_payloads.message(context, found)
