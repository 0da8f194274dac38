"""The signature of the handlers of the page's calls, and functions that these handlers share.

The functions find the channel or message that a call names.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.playground.records.channels import Channel, Message
from bot.playground.records.objects import JSON, User
from bot.playground.validation import fields
from bot.playground.world.interactions.resolution import refuse
from bot.playground.world.world import World

PageHandler = Callable[[World, User, JSON], Awaitable[Any]]
"""Takes the world, the person who acts and the call's data; returns the JSON of the answer."""

PageRoute = tuple[str, str, PageHandler]
"""HTTP method, path and handler."""


def find_channel(world: World, person: User, data: JSON) -> Channel:
    """Returns the channel that the call names.

    Raises ApiError with status 404 if the person cannot see it.
    """
    channel = world.channels.get(fields.snowflake(data.get("channel")) or 0)
    if channel is None or not world.permissions(person.id, channel):
        raise refuse("There is no such channel for this member.", 404)
    return channel


def find_message(world: World, person: User, data: JSON) -> tuple[Channel, Message]:
    """Returns the channel and message that the call names.

    Raises ApiError with status 404 if the person cannot see them.
    """
    channel = find_channel(world, person, data)
    message = channel.messages.get(fields.snowflake(data.get("message")) or 0)
    if message is None or message.visible_to not in (None, person.id):
        raise refuse("That message is gone.", 404)
    return channel, message
