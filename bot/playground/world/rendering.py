"""Turns members, channels, guilds and messages of a local Discord into Discord's JSON.

Each function looks up related records, such as a member's user, and passes them to the functions of
`records/payloads.py` or `records/message_payloads.py`.
"""

from bot.playground.records import message_payloads, payloads
from bot.playground.records.channels import DM, Channel, Message
from bot.playground.records.message_payloads import CDN, MessageContext
from bot.playground.records.objects import JSON, Guild, Member
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
    return payloads.guild_create(found, world.bot, channels, threads)


def message(
    world: WorldState, found: Message, reader: int | None = None, *, files: str = CDN
) -> JSON:
    """Returns a message's JSON as the user `reader` sees it; None means the bot.

    files: the address below which attachments are found, without a slash at the end.
    """
    reader = world.application.bot_id if reader is None else reader
    context = MessageContext(world.application, world.users, world.channels, reader, files)
    return message_payloads.message(context, found)
