"""Puts finished messages into channels, and tells the bot and the pages about them."""

from bot.playground.records import payloads
from bot.playground.records.channels import EPHEMERAL, Channel, Message
from bot.playground.records.events import Event
from bot.playground.world import rendering
from bot.playground.world.world import World


def post(world: World, channel: Channel, message: Message) -> Message:
    """Puts a finished message into its channel and emits the event MESSAGE_CREATE."""
    channel.messages[message.id] = message
    world.emit(_event(world, "MESSAGE_CREATE", channel, message))
    return message


def announce_change(world: World, channel: Channel, message: Message) -> None:
    """Emits the event MESSAGE_UPDATE for a message that has changed."""
    world.emit(_event(world, "MESSAGE_UPDATE", channel, message))


def _event(world: World, name: str, channel: Channel, message: Message) -> Event:
    data = rendering.message(world, message)
    guild = world.guild_of(channel)
    if guild is not None and not message.flags & EPHEMERAL:
        data["guild_id"] = str(guild.id)
        author = guild.members.get(message.author_id)
        if author is not None:
            data["member"] = payloads.partial_member(author)
        for node in data["mentions"]:
            mentioned = guild.members.get(int(node["id"]))
            if mentioned is not None:
                node["member"] = payloads.partial_member(mentioned)
    return Event(name, data, channel.guild_id, channel.id, message)
