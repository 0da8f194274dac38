"""Sends managers direct messages about what happened to their posts, each message once.

If a message cannot be sent, the bot tries again for a day. If Discord's answer was lost, the
message may have arrived, so the bot reads its own messages before the next try. Waiting messages
are kept only in memory: a restart forgets them.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import discord

from bot.client.client import MatineeBot
from bot.client.refusals import may_be_done, next_step

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=1)
CLOCKS_DIFFER = timedelta(minutes=10)
MAX_MESSAGES = 50
"""The message is looked for among this number of messages since it was first sent."""


@dataclass
class _Message:
    """A direct message that is still to be sent.

    Attributes:
        person_id: whom it is for.
        text: what it says.
        since: when it should first have been sent, UTC.
        next_try: when to try next, UTC.
        tries: how often it was tried.
        may_be_done: True if Discord's answer was lost, so that the message may have arrived.
    """

    person_id: int
    text: str
    since: datetime
    next_try: datetime
    tries: int = 0
    may_be_done: bool = False


class Teller:
    """Sends direct messages to managers, and later tries those again that could not be sent."""

    def __init__(self, bot: MatineeBot) -> None:
        self._bot = bot
        self._open: list[_Message] = []
        self._sending = asyncio.Lock()  # or a message could be sent twice at the same time

    async def tell(self, person_id: int, text: str) -> None:
        """Sends the text to a person, now or later."""
        now = self._bot.app.clock()
        self._open.append(_Message(person_id, text, now, now))
        await self.send_due()

    async def send_due(self) -> None:
        """Tries each message whose time has come."""
        async with self._sending:
            now = self._bot.app.clock()
            for message in [one for one in self._open if one.next_try <= now or now < one.since]:
                if await self._is_settled(message, now):
                    self._open.remove(message)

    async def _is_settled(self, message: _Message, now: datetime) -> bool:
        """Tries to send a message. Returns True if it arrived or can never be sent."""
        pause = min(FIRST_PAUSE * 2 ** min(message.tries, 10), LONGEST_PAUSE)
        message.tries += 1
        message.next_try = now + pause
        try:
            user = await self._bot.fetch_user(message.person_id)
            if not (message.may_be_done and await self._came(user, message)):
                await self._send(user, message)
        except Exception as failure:
            try:
                given_up = next_step(failure) != "again"
            except Exception:
                log.exception("what a manager is to be told is tried again")
                return False
            given_up = given_up or now - message.since > GIVE_UP_AFTER
            what = "cannot be told" if given_up else "is told later"
            log.info("a manager %s what happened to a post: %s", what, failure)
            return given_up
        return True

    async def _send(self, user: discord.User, message: _Message) -> None:
        channel = await user.create_dm()
        try:
            await channel.send(message.text, allowed_mentions=discord.AllowedMentions.none())
        except BaseException as failure:  # also if it was cancelled
            message.may_be_done |= not isinstance(failure, Exception) or may_be_done(failure)
            raise

    async def _came(self, user: discord.User, message: _Message) -> bool:
        """True if the message is among those that the bot has sent to the person."""
        channel = await user.create_dm()
        after = message.since - CLOCKS_DIFFER
        async for found in channel.history(after=after, limit=MAX_MESSAGES, oldest_first=False):
            if found.author == self._bot.user and found.content == message.text:
                return True
        message.may_be_done = False
        return False
