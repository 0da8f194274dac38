"""Finds out whether a message with reactions is a card (a message about a film) that is not stored.

For a moment after a card was sent, it is not stored yet. If the bot was killed in that moment, it
is never stored. Reactions to such messages are kept here, so that other reactions can be written
without waiting for them.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence

from bot.client.client import MatineeBot
from bot.jobs.background_reading import READ_FAILURES, Throttle, adopt, is_unknown_message
from bot.services.feedback.rate import ReactionEvent
from bot.services.picks import impressions

log = logging.getLogger(__name__)

MAX_WAITING_MESSAGES = 2_000
MAX_EVENTS_PER_MESSAGE = 500
MAX_REMEMBERED = 20_000
MAX_ATTEMPTS = 5
PAUSE_SECONDS = 1.0


class UnknownMessages:
    """Keeps reactions to messages of the bot that are not stored as cards.

    A card is a message about a film. Its reactions rate the film.

    found: is called with the id of a message that turned out to be a card.
    """

    def __init__(self, bot: MatineeBot, throttle: Throttle, found: Callable[[int], None]) -> None:
        self._bot = bot
        self._throttle = throttle
        self._found = found
        self._waiting: OrderedDict[int, list[ReactionEvent]] = OrderedDict()  # oldest first
        self._attempts: dict[int, int] = {}
        self._no_cards: OrderedDict[int, None] = OrderedDict()  # oldest first
        self._changed = asyncio.Event()

    async def sort_out(self, events: Sequence[ReactionEvent]) -> list[ReactionEvent]:
        """Keeps events on messages that may be cards that are not stored; returns all other events
        in order.

        A card is a message about a film. Events on messages that cannot be cards are dropped.
        """
        ours = {
            event.message_id
            for event in events
            if event.on_our_message and event.message_id not in self._no_cards
        }
        unknown = set(await impressions.unknown_messages(self._bot.app, ours - set(self._waiting)))
        rest: list[ReactionEvent] = []
        for event in events:
            number = event.message_id
            if number in self._waiting or number in unknown:
                self._keep(event)
            elif number not in self._no_cards:
                rest.append(event)
        return rest

    def _keep(self, event: ReactionEvent) -> None:
        """Keeps an event until it is known whether its message is a card (about a film)."""
        kept = self._waiting.setdefault(event.message_id, [])
        if len(kept) < MAX_EVENTS_PER_MESSAGE:
            kept.append(event)
        if len(self._waiting) > MAX_WAITING_MESSAGES:
            self._give_up(next(iter(self._waiting)))
        self._changed.set()

    async def run(self) -> None:
        """Looks at one unknown message after the other, the newest first, until it is cancelled."""
        while True:
            self._changed.clear()
            while self._waiting:
                await self._look(max(self._waiting, key=self._order))
            await self._changed.wait()

    def _order(self, message_id: int) -> tuple[int, int]:
        """Returns a sort key: messages that failed less often come first, then the newest."""
        return -self._attempts.get(message_id, 0), message_id

    async def _look(self, message_id: int) -> None:
        """Finds out whether a message is a card (about a film), and keeps or drops its events."""
        try:
            if await impressions.unknown_messages(self._bot.app, [message_id]):
                is_card = await self._read(message_id)
            else:
                is_card = True
        except Exception as failure:
            if is_unknown_message(failure):
                self._forget(message_id)
                return
            if not isinstance(failure, READ_FAILURES):
                log.exception("message %s was not looked at", message_id)
            self._attempts[message_id] = self._attempts.get(message_id, 0) + 1
            if self._attempts[message_id] >= MAX_ATTEMPTS:
                log.info("message %s cannot be read: %s", message_id, failure)
                self._give_up(message_id)
            await asyncio.sleep(PAUSE_SECONDS)
            return
        if is_card:
            self._attempts.pop(message_id, None)
            self._bot.reaction_inbox.put_back(self._waiting.pop(message_id, []))
        else:
            self._forget(message_id)

    async def _read(self, message_id: int) -> bool:
        """Reads a message from Discord. If it is a card (a message about a film), stores it as one.

        Returns True if it is a card.
        """
        event = self._waiting[message_id][0]
        await self._throttle.take()
        channel = self._bot.get_partial_messageable(event.channel_id)
        message = await channel.fetch_message(message_id)
        if not await adopt(self._bot, message, event.guild_id):
            return False
        self._found(message_id)
        return True

    def _forget(self, message_id: int) -> None:
        """Remembers that a message is no card (not about a film), and drops the events on it."""
        self._waiting.pop(message_id, None)
        self._attempts.pop(message_id, None)
        self._no_cards[message_id] = None
        if len(self._no_cards) > MAX_REMEMBERED:
            self._no_cards.popitem(last=False)

    def _give_up(self, message_id: int) -> None:
        """Drops the events of a message that cannot be read.

        If it is a card, the next comparison with Discord finds these reactions again.
        """
        self._waiting.pop(message_id, None)
        self._attempts.pop(message_id, None)
        self._bot.reaction_inbox.put_gap()
