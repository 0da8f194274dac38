"""Who is in which voice channel: joining, moving and leaving (Discord's resources/voice)."""

import secrets

from bot.playground.records import permissions
from bot.playground.records.channels import VOICE, Channel
from bot.playground.records.events import Event
from bot.playground.records.objects import Guild
from bot.playground.records.voice import VoiceState
from bot.playground.validation.errors import ApiError, refusal
from bot.playground.world import rendering
from bot.playground.world.channels.access import require
from bot.playground.world.guilds import scheduled_events
from bot.playground.world.state import WorldState


def join(world: WorldState, channel: Channel, user_id: int) -> None:
    """Lets a member join a voice channel; a member who is in another one moves.

    Raises ApiError 50024 for a channel without voice, 50001 or 50013 if the member may not connect,
    and 400 without a code if the channel is full.
    """
    guild = world.guild_of(channel)
    if guild is None or channel.kind != VOICE:
        raise refusal(50024)
    require(world, user_id, channel, permissions.CONNECT)
    former = world.voice_states.get((guild.id, user_id))
    if former is not None and former.channel_id == channel.id:
        return
    inside = members(world, channel)
    mover = world.permissions(user_id, channel) & permissions.MOVE_MEMBERS
    if 0 < channel.user_limit <= len(inside) and not mover:
        raise ApiError(400, 0, "This voice channel is full.")
    session = secrets.token_hex(16) if former is None else former.session_id
    left = None if former is None else former.channel_id
    state = VoiceState(user_id, channel.id, session)
    world.voice_states[guild.id, user_id] = state
    _tell(world, guild, state, left)


def leave(world: WorldState, guild: Guild, user_id: int) -> None:
    """Lets a member leave the voice channel. Raises ApiError 10065 if the member is in none."""
    state = world.voice_states.pop((guild.id, user_id), None)
    if state is None:
        raise refusal(10065)
    _tell(world, guild, VoiceState(user_id, None, state.session_id), state.channel_id)


def members(world: WorldState, channel: Channel) -> list[int]:
    """Returns the ids of the users in a voice channel, in the order of their coming."""
    return [x.user_id for x in world.voice_states.values() if x.channel_id == channel.id]


def clear(world: WorldState, channel: Channel) -> None:
    """Lets everybody leave a channel that is removed, and deletes the events in it."""
    guild = world.guild_of(channel)
    if guild is None:
        return
    for user_id in members(world, channel):
        leave(world, guild, user_id)
    for event in scheduled_events.of_guild(world, guild):
        if event.channel_id == channel.id:
            scheduled_events.forget(world, event)


def drop(world: WorldState, guild: Guild, user_id: int) -> None:
    """Lets a member who leaves the guild leave its voice channel, and its events."""
    if (guild.id, user_id) in world.voice_states:
        leave(world, guild, user_id)
    for event in scheduled_events.of_guild(world, guild):
        if user_id in event.interested and event.is_open:
            scheduled_events.set_interest(world, event, user_id, False)


def _tell(world: WorldState, guild: Guild, state: VoiceState, left: int | None) -> None:
    """Emits what a member has done. `left`: the channel that the member was in before, or None."""
    data = rendering.voice_state(world, guild, state)
    world.emit(Event("VOICE_STATE_UPDATE", data, guild.id, state.channel_id or left))
    world.emit(Event("channels", {}))
    for channel_id in (left, state.channel_id):
        if channel_id is not None:
            scheduled_events.note_rooms(world, channel_id)
