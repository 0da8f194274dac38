"""The world's records as Discord's JSON: looks up in the world what `records/payloads.py` needs."""

from bot.playground.records import message_payloads, payloads
from bot.playground.records.channels import DM, Channel, Message
from bot.playground.records.message_payloads import CDN, MessageContext
from bot.playground.records.objects import JSON, Guild, Member
from bot.playground.world.state import WorldState


def member(world: WorldState, found: Member) -> JSON:
    """Returns a member with the user."""
    return payloads.member(found, world.users[found.user_id])


def channel(world: WorldState, found: Channel) -> JSON:
    """Returns a guild's channel, or a direct message as the bot sees it."""
    recipient = world.users[found.recipient_id or 0] if found.kind == DM else None
    return payloads.channel(found, recipient)


def guild(world: WorldState, found: Guild) -> JSON:
    """Returns a guild without its channels and members."""
    return payloads.guild(found, world.bot)


def guild_create(world: WorldState, found: Guild) -> JSON:
    """Returns a guild as the gateway introduces it to the bot, which is a member."""
    return payloads.guild_create(found, world.bot, (world.channels[x] for x in found.channels))


def message(
    world: WorldState, found: Message, reader: int | None = None, *, files: str = CDN
) -> JSON:
    """Returns a message as the user `reader` sees it; None means the bot.

    `files` is the address that attachments are found under.
    """
    reader = world.application.bot_id if reader is None else reader
    context = MessageContext(world.application, world.users, world.channels, reader, files)
    return message_payloads.message(context, found)
