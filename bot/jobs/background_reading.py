"""Limits how fast the bot reads from Discord in the background, and recognises its own messages."""

import asyncio
import time
from dataclasses import replace

import discord

from bot.client.client import MatineeBot
from bot.client.refusals import BROKEN
from bot.services.picks import impressions, in_place
from bot.views.buttons import headline_film, shown_scale
from storage.feedback.cards import Card

READS_PER_SECOND = 8.0
"""Discord accepts 50 requests a second from a bot. Most are left for answers and posts."""

READS_AT_ONCE = 24
"""How many reads may be made without a pause if none was made for a while."""

MESSAGES_PER_PAGE = 100
"""The most messages that Discord sends in one answer."""

UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008

READ_FAILURES = (discord.DiscordException, *BROKEN)
"""What discord.py raises if something cannot be read from Discord."""


class Throttle:
    """Limits requests to READS_PER_SECOND. After a pause, READS_AT_ONCE requests may be made at
    once.

    Attributes:
        passed: how many requests were let through.
    """

    def __init__(self) -> None:
        self.passed = 0
        self._free_at = 0.0  # monotonic time at which the allowance is whole again

    async def take(self, requests: int = 1) -> None:
        """Waits until that number of requests may be made."""
        self.passed += requests
        now = time.monotonic()
        self._free_at = max(self._free_at, now) + requests / READS_PER_SECOND
        wait = self._free_at - now - READS_AT_ONCE / READS_PER_SECOND
        if wait > 0:
            await asyncio.sleep(wait)


def is_unknown_message(failure: BaseException) -> bool:
    """True if Discord's answer says that a message does not exist.

    Discord says so by an error code; the HTTP status 404 alone may have other reasons.
    """
    return isinstance(failure, discord.NotFound) and failure.code == UNKNOWN_MESSAGE


async def adopt(bot: MatineeBot, message: discord.Message, guild_id: int | None) -> bool:
    """Stores a card (a message about a film) that the bot has sent but has not stored.

    The film is read from the custom_ids of the card's buttons. Returns False, and stores nothing,
    if `message` is not a card of this bot, or if the database does not have its film.

    guild_id: the server; None for a direct message.
    """
    if bot.user is None or message.author.id != bot.user.id or message.flags.ephemeral:
        return False
    film_id = headline_film(message)
    if film_id is None:
        return False
    asked_by = message.interaction_metadata
    return await impressions.adopt_card(
        bot.app,
        message_id=message.id,
        channel_id=message.channel.id,
        guild_id=guild_id,
        person_id=asked_by.user.id if asked_by else None,
        film_id=film_id,
        posted_at=message.created_at,
        scale_id=shown_scale(message),
    )


async def follow(bot: MatineeBot, card: Card, message: discord.Message) -> Card:
    """Stores which film a card (a message about a film) shows on Discord, if it is another one than
    is stored.

    That happens if the bot ended, or Discord's answer was lost, while the message was changed. If
    the message was changed again since it was read, what is stored then stays.

    card: the card as it was stored before the message was read.
    Returns the card with the film that it shows.
    """
    film = headline_film(message)
    if film is None or film == card.film_id:
        return card
    await in_place.follow_message(bot.app, card.message_id, film, instead_of=card.film_id)
    return replace(card, film_id=film)
