"""Sends managers direct messages about what happened to their posts, each message once.

A message is stored in the database (`bot/services/posts/claims.py`) and deleted when it was sent,
so a restart loses none. If a message cannot be sent, the bot tries again for a day. If Discord's
answer was lost, or if the bot ended while sending, the message may have arrived. The bot then reads
its own messages before the next try.
"""

import asyncio
import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import discord

from bot.client.client import MatineeBot
from bot.client.refusals import may_be_done, next_step
from bot.errors import NotLeading
from bot.services.posts import messages
from storage.servers.manager_messages import ManagerMessage

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=1)
TRY_SECONDS = 15.0
"""How long one try may take, and after how long the rest waits for the next call. Discord may ask
the bot to wait for hours, and posts that fall due wait meanwhile."""
CLOCKS_DIFFER = timedelta(minutes=10)
MAX_MESSAGES = 50
"""The message is looked for among this number of messages since it was first sent."""


@dataclass
class _Try:
    """When a message is tried next, and whether it may have arrived.

    Attributes:
        next_try: when it is tried next, UTC.
        tries: how often this process tried it.
        may_be_done: True if the message may have arrived: an answer was lost, or an earlier process
            may have sent it.
    """

    next_try: datetime
    tries: int = 0
    may_be_done: bool = False


class Teller:
    """Sends the direct messages that are stored for managers, and tries again what failed."""

    def __init__(self, bot: MatineeBot) -> None:
        self._bot = bot
        self._tries: dict[int, _Try] = {}  # by the message's id
        self._started_at = bot.app.clock()  # an older message may have been sent before
        self._fence = bot.app.cluster.fence

    async def send_due(self) -> None:
        """Tries the messages whose time has come. What fails or takes too long is tried again by
        a later call.

        Among several processes, only the leading one does so. When it begins to lead, the process
        that led before may have sent any of the messages.
        """
        cluster = self._bot.app.cluster
        if not cluster.leading:
            return
        if cluster.fence != self._fence:
            self._fence, self._started_at = cluster.fence, self._bot.app.clock()
            self._tries.clear()
        try:
            await self._send_each()
        except NotLeading:
            log.info("managers are told by the process that leads now")
        except Exception:
            log.exception("managers are told later what happened to their posts")

    async def _send_each(self) -> None:
        app = self._bot.app
        now = app.clock()
        waiting = await messages.waiting(app)
        before = self._tries
        self._tries = {
            message.id: before.get(message.id)
            or _Try(now, may_be_done=message.at <= self._started_at)
            for message in waiting
        }
        began = time.monotonic()
        for message in waiting:
            if time.monotonic() - began >= TRY_SECONDS:
                return
            tried = self._tries[message.id]
            is_due = tried.next_try <= now or now < message.at
            if is_due and await self._is_settled(message, tried, now):
                await messages.settle(app.as_leader(), message)

    async def _is_settled(self, message: ManagerMessage, tried: _Try, now: datetime) -> bool:
        """Tries to send a message; returns True if it arrived or can never arrive."""
        pause = min(FIRST_PAUSE * 2 ** min(tried.tries, 10), LONGEST_PAUSE)
        tried.tries += 1
        tried.next_try = now + pause
        try:
            async with asyncio.timeout(TRY_SECONDS):
                user = await self._bot.fetch_user(message.person_id)
                if not (tried.may_be_done and await self._came(user, message, tried)):
                    await self._send(user, message, tried)
        except Exception as failure:
            given_up = now - message.at > GIVE_UP_AFTER
            try:
                given_up = given_up or next_step(failure) != "again"
            except Exception:
                log.exception("what a manager is to be told is tried again")
            log.info("a manager is not told of a post (for good: %s): %s", given_up, failure)
            return given_up
        tried.may_be_done = True  # until it is stored that it came
        return True

    async def _send(self, user: discord.User, message: ManagerMessage, tried: _Try) -> None:
        channel = await user.create_dm()
        try:
            await channel.send(message.text, allowed_mentions=discord.AllowedMentions.none())
        except BaseException as failure:  # also if it was cancelled
            tried.may_be_done |= not isinstance(failure, Exception) or may_be_done(failure)
            raise

    async def _came(self, user: discord.User, message: ManagerMessage, tried: _Try) -> bool:
        """True if the message is among the bot's own messages to the person."""
        channel = await user.create_dm()
        after = message.at - CLOCKS_DIFFER
        async for found in channel.history(after=after, limit=MAX_MESSAGES, oldest_first=False):
            if found.author == self._bot.user and found.content == message.text:
                return True
        tried.may_be_done = False
        return False
