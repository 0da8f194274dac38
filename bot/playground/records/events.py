"""An event: something that happened in the world, as the gateway and the page hear about it."""

from dataclasses import dataclass

from bot.playground.records.channels import Message
from bot.playground.records.objects import JSON


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Attributes:
        name: the gateway's name of the event. Names in lower case are for the page alone.
        data: the whole gateway payload.
        guild_id: the guild it happened in, or None outside of guilds.
        channel_id: the channel it happened in, or None if it concerns no single channel.
        message: the message it concerns, or None.
        reader: the only user whose page shows it, or None if everyone's page may.
    """

    name: str
    data: JSON
    guild_id: int | None = None
    channel_id: int | None = None
    message: Message | None = None
    reader: int | None = None
