"""Writes to the database the reactions that Discord reports, in the order of their arrival."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence

from bot.client.client import MatineeBot
from bot.client.first_ratings import FirstRatings
from bot.jobs.unknown_messages import UnknownMessages
from bot.scheduler import wait_unless_stopping
from bot.services.feedback import rate, reconcile
from bot.services.feedback.rate import GAP, ReactionEvent
from bot.services.operations import saving
from storage.feedback.ratings import RatingChange

log = logging.getLogger(__name__)

MAX_EVENTS_PER_WRITE = 200
FIRST_PAUSE_SECONDS = 0.5
MAX_PAUSE_SECONDS = 20.0
ATTEMPTS_AT_THE_END = 3
"""How often a write is tried while the bot is stopping. What is then not written, the next start
finds on Discord.
"""


class ReactionWriter:
    """Writes the reactions from the inbox to the database, in one task that keeps their order.

    unknown: keeps reactions to messages that may or may not be about a film.
    on_gap: is called with the id of the newest rating event when the writer reaches a gap, where
        reactions may be missing.
    is_owed: returns True if reactions were missed and have not been found yet.
    """

    def __init__(
        self,
        bot: MatineeBot,
        unknown: UnknownMessages,
        on_gap: Callable[[int], None],
        is_owed: Callable[[], bool],
    ) -> None:
        self._bot = bot
        self._unknown = unknown
        self._on_gap = on_gap
        self._is_owed = is_owed
        self._first = FirstRatings(bot)

    async def run(self) -> None:
        """Writes what is in the inbox until the bot is stopping and the inbox is empty."""
        inbox, stopping = self._bot.reaction_inbox, self._bot.stopping
        looking = asyncio.create_task(self._unknown.run(), name="unknown-messages")
        telling = asyncio.create_task(self._first.run(), name="first-ratings")
        try:
            while len(inbox) or await wait_unless_stopping(inbox.arrived, stopping):
                await self._write(inbox.take(MAX_EVENTS_PER_WRITE))
        finally:
            for task in (looking, telling):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def _write(self, events: list[ReactionEvent]) -> None:
        """Writes events, and tries again as often as needed.

        A database may be locked, or a disk full, for a long time. New events then wait in the
        inbox. If an event cannot be written although the database accepts other writes, it is
        dropped. Afterwards the stored reactions are compared with those on Discord.
        """
        attempt = 0
        while events:
            try:
                app = self._bot.app
                known = await self._unknown.sort_out(events)
                changes = await rate.apply_reactions(app, known, missed=self._is_owed())
                await self._note_first(known, changes)
                if events[-1] is GAP:
                    self._on_gap(await reconcile.newest_event(self._bot.app))
                return
            except Exception:
                attempt += 1
                log.exception("%d reactions not written, try %d", len(events), attempt)
            if self._bot.stopping.is_set() and attempt >= ATTEMPTS_AT_THE_END:
                log.error("%d reactions left to the next start", len(events))
                return
            if attempt > 1 and await self._can_write():
                events = await self._write_each(events)
            await asyncio.sleep(min(FIRST_PAUSE_SECONDS * 2**attempt, MAX_PAUSE_SECONDS))

    async def _note_first(
        self, events: Sequence[ReactionEvent], changes: Sequence[RatingChange]
    ) -> None:
        """Lets people know whose first rating is among the changes.

        changes: the ratings that the events changed.
        """
        try:
            for first in await rate.find_first_ratings(self._bot.app, events, changes):
                self._first.add(first)
        except Exception:
            log.exception("nobody is told of a first rating")

    async def _can_write(self) -> bool:
        """True if the database accepts a write now."""
        try:
            async with asyncio.timeout(MAX_PAUSE_SECONDS):
                await saving.try_to_write(self._bot.app)
        except Exception:
            return False
        return True

    async def _write_each(self, events: Sequence[ReactionEvent]) -> list[ReactionEvent]:
        """Writes each event alone. An event that fails although other writes succeed is dropped.

        Returns what is still to be written. If events were dropped, that is a gap (a mark for
        missed reactions). If the database accepts no writes, it is the rest of the events.
        """
        lost = events[-1] is GAP
        known = await self._unknown.sort_out(events)
        for place, event in enumerate(known):
            try:
                await rate.apply_reactions(self._bot.app, [event], missed=lost or self._is_owed())
            except Exception:
                if not await self._can_write():
                    return [*known[place:], *([GAP] if lost and known[-1] is not GAP else [])]
                log.exception("a reaction on message %s is dropped", event.message_id)
                lost = True
        return [GAP] if lost else []
