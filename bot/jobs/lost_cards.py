"""Finds cards (messages about a film) that were sent but not stored. The reason may be that the bot
ended too early, or that Discord's answer was lost.
"""

import logging
from datetime import datetime

import discord

from bot.client.client import MatineeBot
from bot.jobs.background_reading import MESSAGES_PER_PAGE, READ_FAILURES, Throttle, adopt
from bot.services.feedback import reconcile
from bot.services.picks.impressions import CLOCK_DIFFERENCE, WRONG_CLOCK, max_delay
from storage.feedback.impressions import Impression

log = logging.getLogger(__name__)

MAX_CARDS_PER_ROUND = 100
MAX_PAGES_PER_CARD = 10


class LostCards:
    """Looks on Discord for messages about films of which it is not known whether they were sent.

    Attributes:
        look_again_at: when to look again for messages that may still appear, UTC; None if all have
            appeared or failed.
        missing: number of answers and posts that may or may not have been sent; the last search did
            not find out.
    """

    def __init__(self, bot: MatineeBot, throttle: Throttle) -> None:
        self._bot = bot
        self._throttle = throttle
        self.look_again_at: datetime | None = None
        self.missing = 0

    def are_due(self) -> bool:
        """True if it is time to look again."""
        return self.look_again_at is not None and self._bot.app.clock() > self.look_again_at

    async def find(self) -> None:
        """Finds messages about films that were sent but not stored, and stores them.

        The newest come first. If a message was never sent, that is stored too, so that the bot
        looks for it only once. If a message may still appear, the bot looks for it again later.
        """
        app = self._bot.app
        self.look_again_at = None
        refused: set[int | None] = set()  # channels
        for headline in (await reconcile.lost_headlines(app))[:MAX_CARDS_PER_ROUND]:
            if self._bot.stopping.is_set():
                return
            if headline.channel_id in refused:
                continue
            last = headline.shown_at + max_delay(headline.surface) + 2 * CLOCK_DIFFERENCE
            try:
                is_missing = await self._is_missing(headline)
            except READ_FAILURES as failure:
                log.info("channel %s cannot be read: %s", headline.channel_id, failure)
                refused.add(headline.channel_id)
                is_missing = False
            if is_missing and app.clock() > last:
                await reconcile.record_never_sent(app, headline)
            elif app.clock() <= last:
                self.look_again_at = max(self.look_again_at or last, last)
        self.missing = len(await reconcile.lost_headlines(app))

    async def _is_missing(self, headline: Impression) -> bool:
        """Reads the messages that a channel got since a film was to be shown, and stores cards
        among them.

        Returns True if all messages were read and none of them shows the film.

        headline: the stored impression (film shown once) of that film.
        """
        if headline.channel_id is None:
            return False
        channel = self._bot.get_partial_messageable(headline.channel_id)
        last = headline.shown_at + max_delay(headline.surface)
        first, now = headline.shown_at - CLOCK_DIFFERENCE, self._bot.app.clock()
        if first > now:  # the clock was wrong when the film was chosen, or is wrong now
            first = now - WRONG_CLOCK
        after = discord.utils.time_snowflake(first)
        for _ in range(MAX_PAGES_PER_CARD):
            await self._throttle.take()
            page = [
                message
                async for message in channel.history(
                    limit=MESSAGES_PER_PAGE, after=discord.Object(after), oldest_first=True
                )
            ]
            for message in page:
                if message.created_at <= last:
                    await adopt(self._bot, message, headline.guild_id)
            if await reconcile.is_found(self._bot.app, headline):
                return False
            over = bool(page) and page[-1].created_at > last
            if over or len(page) < MESSAGES_PER_PAGE:
                return headline.guild_id is None or self._sees_history(headline.channel_id)
            after = page[-1].id
        return False

    def _sees_history(self, channel_id: int) -> bool:
        """True if the bot can surely read all messages of a server's channel.

        Without the permission to read the history, Discord returns no messages and no error.
        """
        channel = self._bot.get_channel(channel_id)
        if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            return False
        granted = channel.permissions_for(channel.guild.me)
        return granted.view_channel and granted.read_message_history
