"""Tells people once, in a direct message, that their first reaction to a card was saved.

Nothing on Discord shows whether a reaction was saved. A card is a message about a film. At most one
such message is sent in PAUSE_SECONDS, because Discord restricts bots that write to many people at
once. If too many people react at the same time, some are not told.
"""

import asyncio
import logging
from collections import deque

import discord

from bot.client.client import MatineeBot
from bot.client.languages import direct_language
from bot.client.refusals import BROKEN
from bot.services.feedback.rate import FirstRating
from bot.views.cards import text_view
from bot.wording.feedback import first_reaction
from bot.wording.speech import speaking

log = logging.getLogger(__name__)

PAUSE_SECONDS = 2.0
MAX_WAITING = 30


class FirstRatings:
    """The people to whom the bot has yet to write that their first reaction was saved."""

    def __init__(self, bot: MatineeBot) -> None:
        self._bot = bot
        self._waiting: deque[FirstRating] = deque()
        self._arrived = asyncio.Event()

    def add(self, first: FirstRating) -> None:
        """Notes that somebody has rated for the first time; drops it if too many others wait."""
        if len(self._waiting) < MAX_WAITING:
            self._waiting.append(first)
            self._arrived.set()

    async def run(self) -> None:
        """Tells one person after the other until it is cancelled."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                await self._tell(self._waiting.popleft())
                await asyncio.sleep(PAUSE_SECONDS)

    async def _tell(self, first: FirstRating) -> None:
        app = self._bot.app
        if app.erasures.covers(first.person_id, first.at):
            return
        try:
            guild = self._bot.get_guild(first.guild_id or 0)
            user = await self._bot.fetch_user(first.person_id)
            channel = user.dm_channel or await user.create_dm()
            person, server = first.person_id, first.guild_id or 0
            with speaking(direct_language(app, person, server, guild)):
                view = text_view(first_reaction(first.rated))
            await channel.send(view=view, allowed_mentions=discord.AllowedMentions.none())
        except (discord.HTTPException, *BROKEN) as refusal:
            log.info("somebody is not told of their first rating: %s", refusal)
        except Exception:
            log.exception("somebody is not told of their first rating")
