"""Writes to the database the reactions that Discord reports, in the order of their arrival."""

import asyncio
import logging

import discord

from bot.client.client import MatineeBot
from bot.scheduler import wait_unless_stopping
from bot.services.feedback import rate
from bot.services.feedback.rate import ReactionEvent
from bot.services.picks import impressions
from bot.views.custom_ids import parse

log = logging.getLogger(__name__)

MAX_EVENTS_PER_WRITE = 200
MAX_ATTEMPTS = 5


class ReactionWriter:
    """Writes the reactions from the inbox to the database, in one task that keeps their order."""

    def __init__(self, bot: MatineeBot) -> None:
        self._bot = bot

    async def run(self) -> None:
        """Writes what is in the inbox until the bot is stopping and the inbox is empty.

        A write is tried up to MAX_ATTEMPTS times, with a pause after each failure: one second, then
        two, and so on. If it still fails, the reactions are found again at the next start, when
        recorded reactions are compared with those on Discord.
        """
        inbox, stopping = self._bot.reaction_inbox, self._bot.stopping
        while len(inbox) or await wait_unless_stopping(inbox.arrived, stopping):
            events = inbox.take(MAX_EVENTS_PER_WRITE)
            for attempt in range(1, MAX_ATTEMPTS + 1):
                try:
                    await self._adopt_unknown(events)
                    await rate.apply_reactions(self._bot.app, events)
                    break
                except Exception:
                    log.exception("%d reactions not written, try %d", len(events), attempt)
                    await asyncio.sleep(attempt)
            else:
                log.error("%d reactions left to the next reconciling", len(events))

    async def _adopt_unknown(self, events: list[ReactionEvent]) -> None:
        """Records the cards that got these reactions and are not in the database.

        A card may be missing because its record is still to be written, or because a crash
        prevented that.
        """
        ours = {event.message_id: event for event in events if event.on_our_message}
        for message_id in await impressions.unknown_messages(self._bot.app, ours):
            event = ours[message_id]
            channel = self._bot.get_partial_messageable(event.channel_id)
            try:
                message = await channel.fetch_message(message_id)
            except discord.HTTPException as refusal:
                log.info("message %s cannot be read: %s", message_id, refusal.text)
                continue
            await adopt(self._bot, message, event.guild_id)


async def adopt(bot: MatineeBot, message: discord.Message, guild_id: int | None) -> None:
    """Records a card that the bot has sent and that is not in the database.

    The film is read from the custom_ids of the card's buttons. If `message` is not a card of this
    bot, nothing is done. guild_id: the server; None for a direct message.
    """
    if bot.user is None or message.author.id != bot.user.id or message.flags.ephemeral:
        return
    view = discord.ui.LayoutView.from_message(message, timeout=None)
    for item in view.walk_children():
        pressed = parse(str(getattr(item, "custom_id", "") or ""))
        if pressed is not None and pressed.action == "why":
            asked_by = message.interaction_metadata
            await impressions.adopt_card(
                bot.app,
                message_id=message.id,
                channel_id=message.channel.id,
                guild_id=guild_id,
                person_id=asked_by.user.id if asked_by else None,
                film_id=pressed.number(0),
                posted_at=message.created_at,
            )
            return
