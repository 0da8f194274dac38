"""An event: something that happened in the local Discord, for the gateway and the web page."""

from dataclasses import dataclass

from bot.playground.records.channels import Message
from bot.playground.records.objects import JSON


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in the local Discord.

    Attributes:
        name: the gateway's name of the event. An event with a name in lower case goes only to the
            page.
        data: the event's data (`d`) for the gateway, including parts that the bot gets only with
            certain intents.
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
