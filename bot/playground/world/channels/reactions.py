"""Reactions and Discord's rules about them: who may, how many, on what."""

from bot.playground.records import message_payloads, permissions
from bot.playground.records.channels import EPHEMERAL, Channel, Message, Reaction
from bot.playground.records.events import Event
from bot.playground.records.objects import JSON
from bot.playground.validation.errors import refusal
from bot.playground.world import rendering
from bot.playground.world.channels.messages import require
from bot.playground.world.emoji import same
from bot.playground.world.world import World

MOST = 20
"""Different emoji on one message."""


def add(world: World, channel: Channel, message: Message, user_id: int, wanted: Reaction) -> None:
    """A user reacts; doing so twice changes nothing. Raises 50001, 50013, 10008 or 30010."""
    require(world, user_id, channel, permissions.READ_MESSAGE_HISTORY)
    if message.flags & EPHEMERAL:
        raise refusal(10008)
    standing = _find(message, wanted)
    if standing is None:
        require(world, user_id, channel, permissions.ADD_REACTIONS)
        if len(message.reactions) >= MOST:
            raise refusal(30010)
        standing = wanted
        message.reactions.append(standing)
    if user_id in standing.users:
        return
    standing.users[user_id] = None
    data = _data(channel, message) | {
        "user_id": str(user_id),
        "emoji": message_payloads.emoji(standing),
        "burst": False,
        "type": 0,
        "message_author_id": str(message.author_id),
    }
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
) -> None:
    """`actor_id` takes `user_id`'s reaction away. Raises 50001, 50013 or 10014."""
    require(world, actor_id, channel, permissions.READ_MESSAGE_HISTORY)
    if actor_id != user_id:
        require(world, actor_id, channel, permissions.MANAGE_MESSAGES)
    standing = _find(message, wanted)
    if standing is None:
        raise refusal(10014)
    if user_id not in standing.users:
        return
    del standing.users[user_id]
    if not standing.users:
        message.reactions.remove(standing)
    data = _data(channel, message) | {
        "user_id": str(user_id),
        "emoji": message_payloads.emoji(standing),
        "burst": False,
        "type": 0,
    }
    world.emit(Event("MESSAGE_REACTION_REMOVE", data, channel.guild_id, channel.id, message))


def clear(
    world: World,
    channel: Channel,
    message: Message,
    actor_id: int,
    wanted: Reaction | None = None,
) -> None:
    """A moderator takes away all reactions, or all of one emoji. Raises 50001, 50013 or 10014."""
    require(world, actor_id, channel, permissions.MANAGE_MESSAGES)
    if wanted is None:
        message.reactions.clear()
        name, data = "MESSAGE_REACTION_REMOVE_ALL", _data(channel, message)
    else:
        standing = _find(message, wanted)
        if standing is None:
            raise refusal(10014)
        message.reactions.remove(standing)
        name = "MESSAGE_REACTION_REMOVE_EMOJI"
        data = _data(channel, message) | {"emoji": message_payloads.emoji(standing)}
    world.emit(Event(name, data, channel.guild_id, channel.id, message))


def users(message: Message, wanted: Reaction, *, after: int = 0, limit: int = 25) -> list[int]:
    """Who put this emoji there, by id, after one id; empty when nobody did."""
    standing = _find(message, wanted)
    if standing is None:
        return []
    return sorted(x for x in standing.users if x > after)[:limit]


def _find(message: Message, wanted: Reaction) -> Reaction | None:
    return next((x for x in message.reactions if same(x, wanted)), None)


def _data(channel: Channel, message: Message) -> JSON:
    data: JSON = {"channel_id": str(channel.id), "message_id": str(message.id)}
    if channel.guild_id is not None:
        data["guild_id"] = str(channel.guild_id)
    return data
