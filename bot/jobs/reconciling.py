"""Compares the recorded reactions of recent cards with those on Discord, once after a start.

Discord does not send events later that happened while the bot was away. So the bot reads from
Discord who reacted to these cards, and corrects the recorded ratings.
"""

import logging

import discord

from bot.client.client import MatineeBot
from bot.jobs.reactions import adopt
from bot.scheduler import wait_unless_stopping
from bot.services.feedback import reconcile

log = logging.getLogger(__name__)


class Reconciler:
    """Compares the recorded reactions to recent cards with those on Discord, and corrects them.

    A card is a message of the bot about films, which people rate by reacting to it.
    """

    def __init__(self, bot: MatineeBot) -> None:
        self._bot = bot
        self._newest_event_before = 0

    async def note_newest_event(self) -> None:
        """Remembers the id of the newest rating event. Must be called before the gateway opens.

        Rating events that come through the gateway have higher ids. So `run` can tell them from
        the older ones, and leaves them alone.
        """
        self._newest_event_before = await reconcile.newest_event(self._bot.app)

    async def run(self) -> None:
        """Compares and corrects the reactions once, when the gateway is ready.

        An error is logged. The bot then tries again at its next start.
        """
        if not await wait_unless_stopping(self._bot.first_ready, self._bot.stopping):
            return
        try:
            await self._adopt_unrecorded()
            if await self._reconcile_cards():
                log.info("reactions reconciled")
        except Exception:
            log.exception("reconciling stopped; it starts again at the next start")

    async def _adopt_unrecorded(self) -> None:
        """Finds cards that were sent but not recorded, because of a crash, and records them.

        Reads the recent messages of each channel in which there may be such a card.
        """
        for scan in await reconcile.channels_to_scan(self._bot.app):
            channel = self._bot.get_partial_messageable(scan.channel_id)
            after = discord.Object(discord.utils.time_snowflake(scan.since))
            try:
                async for message in channel.history(
                    after=after, limit=reconcile.MAX_MESSAGES_PER_CHANNEL
                ):
                    await adopt(self._bot, message, scan.guild_id)
            except discord.HTTPException as refusal:
                log.info("channel %s cannot be read: %s", scan.channel_id, refusal.text)

    async def _reconcile_cards(self) -> bool:
        """Corrects the reactions to every recent card. Returns False if the bot stopped earlier."""
        app = self._bot.app
        for card in await reconcile.recent_cards(app):
            if self._bot.stopping.is_set():
                return False
            channel = self._bot.get_partial_messageable(card.channel_id)
            listed_at = app.clock()
            try:
                message = await channel.fetch_message(card.message_id)
            except discord.NotFound:
                await reconcile.record_deletion(app, card.message_id)
                continue
            except discord.HTTPException as refusal:
                log.info("card %s cannot be read: %s", card.message_id, refusal.text)
                continue
            await reconcile.reconcile_card(
                app,
                card.message_id,
                await _people_by_emoji(message),
                listed_at=listed_at,
                newest_event_before=self._newest_event_before,
            )
        return True


async def _people_by_emoji(message: discord.Message) -> dict[str, list[int]]:
    """Returns emoji -> the ids of the people who reacted with it. Bots are left out.

    An emoji with which only the bot itself reacted is left out too.
    """
    found: dict[str, list[int]] = {}
    for reaction in message.reactions:
        if reaction.count > int(reaction.me):
            users = reaction.users(limit=reconcile.MAX_PEOPLE_PER_REACTION)
            found[str(reaction.emoji)] = [user.id async for user in users if not user.bot]
    return found
