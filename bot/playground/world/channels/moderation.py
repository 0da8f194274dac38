"""Slow mode, and the words for which a guild's automatic moderation refuses a message.

The rules are from Discord's resources/channel and resources/auto-moderation. Slow mode also stops
commands and buttons; this is not documented, but users of the API report it.
"""

from datetime import timedelta
from typing import Any

from bot.playground.records import permissions
from bot.playground.records.channels import Channel
from bot.playground.validation.errors import refusal
from bot.playground.world.channels.drafts import Draft
from bot.playground.world.world import World

_TEXTS = ("content", "title", "description", "label", "name", "value", "text", "placeholder")


def check(world: World, channel: Channel, draft: Draft) -> None:
    """Raises ApiError 200000 if a message has a word that the guild's moderation blocks."""
    guild = world.guild_of(channel)
    if guild is None or not guild.blocked_words:
        return
    found = " ".join(_texts([draft.content, draft.embeds, draft.components])).casefold()
    if any(word in found for word in guild.blocked_words):
        raise refusal(200000)


def require_turn(world: World, channel: Channel, user_id: int) -> None:
    """Raises ApiError 20016 if a person must still wait before acting in a channel in slow mode.

    Slow mode does not stop bots, nor people with the permission to bypass it.
    """
    last = channel.spoke.get(user_id)
    if last is None or _is_free(world, channel, user_id):
        return
    if world.clock.now() < last + timedelta(seconds=channel.slow_seconds):
        raise refusal(20016)


def note_turn(world: World, channel: Channel, user_id: int) -> None:
    """Stores when a person sent a message to a channel, for slow mode."""
    if channel.slow_seconds:
        channel.spoke[user_id] = world.clock.now()


def _is_free(world: World, channel: Channel, user_id: int) -> bool:
    if world.users[user_id].bot or not channel.slow_seconds:
        return True
    return bool(world.permissions(user_id, channel) & permissions.BYPASS_SLOWMODE)


def _texts(node: Any) -> list[str]:
    """Returns the texts in a message's content, embeds and components."""
    if isinstance(node, str):
        return [node]
    if isinstance(node, list):
        return [text for item in node for text in _texts(item)]
    if not isinstance(node, dict):
        return []
    inner = [node[key] for key in _TEXTS if key in node]
    nested = [value for value in node.values() if isinstance(value, (list, dict))]
    return _texts([x for x in inner if isinstance(x, str)]) + _texts(nested)
