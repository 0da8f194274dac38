"""Adds and removes reactions by Discord's rules."""

from bot.playground.records import message_payloads, permissions
from bot.playground.records.channels import EPHEMERAL, Channel, Message, Reaction
from bot.playground.records.events import Event
from bot.playground.records.objects import JSON
from bot.playground.validation.errors import refusal
from bot.playground.world import rendering
from bot.playground.world.channels import threads
from bot.playground.world.channels.access import require
from bot.playground.world.emoji import is_same
from bot.playground.world.world import World

MAX_EMOJI_PER_MESSAGE = 20


def add(
    world: World,
    channel: Channel,
    message: Message,
    user_id: int,
    wanted: Reaction,
    *,
    burst: bool = False,
) -> None:
    """Adds a user's reaction. If the user has already reacted with this emoji, nothing changes.

    wanted: the emoji.
    burst: True for a super reaction, which a user may add to a normal one with the same emoji.

    Raises ApiError 50001 or 50013 for missing permissions, 10008 for an ephemeral message and 30010
    if the message has too many different emoji.
    """
    require(world, user_id, channel, permissions.READ_MESSAGE_HISTORY)
    threads.require_active(channel)
    if world.is_timed_out(world.guild_of(channel), user_id):
        raise refusal(50013)
    if message.flags & EPHEMERAL:
        raise refusal(10008)
    reaction = _find(message, wanted)
    if reaction is None:
        require(world, user_id, channel, permissions.ADD_REACTIONS)
        if len(message.reactions) >= MAX_EMOJI_PER_MESSAGE:
            raise refusal(30010)
        reaction = wanted
        message.reactions.append(reaction)
    if user_id in reaction.of(burst=burst):
        return
    reaction.of(burst=burst)[user_id] = None
    data = _data(channel, message) | {
        "user_id": str(user_id),
        "emoji": message_payloads.emoji(reaction),
        "burst": burst,
        "type": int(burst),
        "message_author_id": str(message.author_id),
    }
    if burst:
        data["burst_colors"] = message_payloads.BURST_COLORS
    guild = world.guild_of(channel)
    if guild is not None and user_id in guild.members:
        data["member"] = rendering.member(world, guild.members[user_id])
    world.emit(Event("MESSAGE_REACTION_ADD", data, channel.guild_id, channel.id, message))


def remove(
    world: World,
    channel: Channel,
    message: Message,
    actor_id: int,
    user_id: int,
    wanted: Reaction,
    *,
    burst: bool = False,
) -> None:
    """Removes the reaction of the user `user_id`, on behalf of the user `actor_id`.

    burst: True removes the super reaction, False the normal one.

    Raises ApiError 50001 or 50013 for missing permissions, 10014 if nobody reacted with this emoji.
    """
    require(world, actor_id, channel, permissions.READ_MESSAGE_HISTORY)
    if actor_id != user_id:
        require(world, actor_id, channel, permissions.MANAGE_MESSAGES)
    reaction = _find(message, wanted)
    if reaction is None:
        raise refusal(10014)
    if user_id not in reaction.of(burst=burst):
        return
    del reaction.of(burst=burst)[user_id]
    if not reaction.users and not reaction.bursts:
        message.reactions.remove(reaction)
    data = _data(channel, message) | {
        "user_id": str(user_id),
        "emoji": message_payloads.emoji(reaction),
        "burst": burst,
        "type": int(burst),
    }
    world.emit(Event("MESSAGE_REACTION_REMOVE", data, channel.guild_id, channel.id, message))


def clear(
    world: World,
    channel: Channel,
    message: Message,
    actor_id: int,
    wanted: Reaction | None = None,
) -> None:
    """Removes everybody's reactions to a message, on behalf of the moderator `actor_id`.

    wanted: removes only the reactions with this emoji; None removes all.

    Raises ApiError 50001 or 50013 for missing permissions, 10014 if nobody reacted with this emoji.
    """
    require(world, actor_id, channel, permissions.MANAGE_MESSAGES)
    if wanted is None:
        message.reactions.clear()
        name, data = "MESSAGE_REACTION_REMOVE_ALL", _data(channel, message)
    else:
        reaction = _find(message, wanted)
        if reaction is None:
            raise refusal(10014)
        message.reactions.remove(reaction)
        name = "MESSAGE_REACTION_REMOVE_EMOJI"
        data = _data(channel, message) | {"emoji": message_payloads.emoji(reaction)}
    world.emit(Event(name, data, channel.guild_id, channel.id, message))


def users(
    message: Message, wanted: Reaction, *, burst: bool = False, after: int = 0, limit: int = 25
) -> list[int]:
    """Returns the ids of users who reacted with this emoji, in ascending order.

    burst: True for those with a super reaction, False for those with a normal one.
    after: only ids above this one are returned.
    limit: at most this many.
    """
    reaction = _find(message, wanted)
    if reaction is None:
        return []
    return sorted(x for x in reaction.of(burst=burst) if x > after)[:limit]


def _find(message: Message, wanted: Reaction) -> Reaction | None:
    return next((x for x in message.reactions if is_same(x, wanted)), None)


def _data(channel: Channel, message: Message) -> JSON:
    data: JSON = {"channel_id": str(channel.id), "message_id": str(message.id)}
    if channel.guild_id is not None:
        data["guild_id"] = str(channel.guild_id)
    return data
