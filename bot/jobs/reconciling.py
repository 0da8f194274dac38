"""Compares the stored reactions of cards with those on Discord, whenever some may be missing.

A card is a message about a film. If something happens while the bot has no session, Discord does
not report it later. Therefore, after each new session, outage or failed write, the bot reads from
Discord who reacted to its cards, and corrects the ratings. `reading_reactions.py` reads one card.

A round reads the cards newest first. It needs these requests, at READS_PER_SECOND:

- for each page of 100 messages of a channel one request, so at most one for each card;
- for each emoji whose count differs one request, or more where a hundred people reacted or more;
- at the end the same for each rating emoji whose count is equal, because one person may have taken
  a reaction back and another added one.

So 500 cards with four emoji each take at most 2,500 requests, and at most ten minutes.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import discord

from bot.client.client import MatineeBot
from bot.jobs.background_reading import (
    MESSAGES_PER_PAGE,
    READ_FAILURES,
    UNKNOWN_CHANNEL,
    Throttle,
    follow,
    is_unknown_message,
)
from bot.jobs.lost_cards import LostCards
from bot.jobs.put_off_cards import FIRST_PAUSE_SECONDS, PutOffCards
from bot.jobs.reading_reactions import Counts, compare, read_people
from bot.services.feedback import reconcile
from bot.services.feedback.reconcile import Listing
from storage.feedback.cards import Card

log = logging.getLogger(__name__)


class Reconciler:
    """Compares the stored reactions to cards with those on Discord, and corrects them.

    A card is a message of the bot about films, which people rate by reacting to it. A card that
    cannot be read is tried again with growing pauses. The other cards do not wait for it."""

    def __init__(self, bot: MatineeBot, throttle: Throttle, lost_cards: LostCards) -> None:
        self._bot = bot
        self._throttle = throttle
        self._asked = asyncio.Event()
        self._changed = asyncio.Event()  # something is asked or put off
        self._owed = True  # what was missed before the start is not found yet
        self._is_read = False  # a round has gone through all cards since it was asked for
        self._newest_event_before = 0
        self._put_off = PutOffCards()
        self._missing: dict[int, tuple[datetime, Card]] = {}  # since when Discord knows none
        self._lost_cards = lost_cards

    async def note_newest_event(self) -> None:
        """Remembers the id of the newest rating event. Must be called before the gateway opens.

        Events that Discord reports later have higher ids. The first comparison of all cards
        (messages about films) can therefore recognise these events and leave them unchanged.
        """
        self._newest_event_before = await reconcile.newest_event(self._bot.app)

    def ask(self, newest_event: int) -> None:
        """Asks for a round: a comparison of all cards (messages about films), since reactions may
        be missing.

        newest_event: the id of the newest rating event from before reactions were missed.
        """
        if self._owed:  # what was missed before the round that is owed is not found yet
            newest_event = min(newest_event, self._newest_event_before)
        self._newest_event_before = newest_event
        self._owed = True
        self._is_read = False
        self._asked.set()
        self._changed.set()

    def owes_round(self) -> bool:
        """True as long as reactions may have been missed and have not been found yet."""
        return self._owed

    def look_at(self, message_id: int) -> None:
        """Asks for the comparison of one card, a message about a film that was found on Discord."""
        asyncio.get_running_loop().create_task(self._look_at(message_id), name="look-at-card")

    async def _look_at(self, message_id: int) -> None:
        card = await reconcile.card(self._bot.app, message_id)
        if card is not None:
            self._put_off.add_now(card)
            self._changed.set()

    async def run(self) -> None:
        """Compares all cards (messages about films) each time that `ask` was called.

        Cards that could not be read are tried again."""
        while await self._wait():
            try:
                if self._asked.is_set():
                    self._asked.clear()
                    await self._round()
                await self._one_by_one(self._put_off.due())
                await self._look_again()
                await self._note_complete()
            except Exception:
                log.exception("cards were not compared; it is tried again")
                await asyncio.sleep(FIRST_PAUSE_SECONDS)
                self._changed.set()

    async def _wait(self) -> bool:
        """Waits until there is something to do. Returns False if the bot is stopping."""
        dues = self._put_off.pauses()
        if self._missing or self._lost_cards.look_again_at is not None:
            dues.append(self._bot.app.settings.tick_seconds)
        timeout = max(min(dues), 0.01) if dues else None
        waits = [asyncio.create_task(event.wait()) for event in (self._changed, self._bot.stopping)]
        await asyncio.wait(waits, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        self._changed.clear()
        return not self._bot.stopping.is_set()

    async def _round(self) -> None:
        """Finds cards that were sent but not stored, and then compares all cards with Discord. A
        card is a message about a film. After a failure the round begins again."""
        before = self._throttle.passed
        try:
            await self._lost_cards.find()
            cards = await reconcile.recent_cards(self._bot.app)
            for told in await self._compare(cards):
                if self._bot.stopping.is_set() or self._asked.is_set():
                    return
                await self._correct(told, told.equal, await self._now())
            if self._bot.stopping.is_set() or self._asked.is_set():
                return
            self._is_read = True
        except Exception:
            log.exception("reconciling stopped; it begins again")
            await asyncio.sleep(FIRST_PAUSE_SECONDS)
            self._asked.set()
            self._changed.set()
            return
        log.info(
            "reactions reconciled: %d cards, %d requests, %d cards to try again",
            len(cards),
            self._throttle.passed - before,
            len(self._put_off) + len(self._missing),
        )

    async def _note_complete(self) -> None:
        """Stores that no reaction is missing, once all cards (messages about a film) of the round
        are read.
        """
        left = self._asked.is_set() or self._put_off.owe_reactions() or bool(self._missing)
        if self._owed and self._is_read and not left:
            await reconcile.note_heard(self._bot.app)
            self._owed = self._asked.is_set()

    async def _now(self) -> "_Moment":
        return _Moment(self._bot.app.clock(), await reconcile.newest_event(self._bot.app))

    # --- comparing ----------------------------------------------------------------------------

    async def _compare(self, cards: Sequence[Card]) -> list[Counts]:
        """Compares the numbers of reactions to cards (messages about films) and corrects what
        differs.

        Messages are read page by page. Returns the cards for which a number of reactions is equal.
        Even then, one person may have removed a reaction and another person added one.
        """
        left = {card.message_id: card for card in cards}
        equal: list[Counts] = []
        for card in cards:
            if self._bot.stopping.is_set():
                break
            if left.pop(card.message_id, None) is None:
                continue
            moment = await self._now()
            page = await self._page(card)
            found = {message.id: message for message in page or ()}
            if card.message_id not in found:
                await self._one_by_one([card])
                if page is None and card.message_id in self._put_off:
                    refused = self._put_off.is_refused(card.message_id)
                    for other in [x for x in left.values() if x.channel_id == card.channel_id]:
                        self._put_off.add(left.pop(other.message_id), refused=refused)
                    continue
            there = [left.pop(number) for number in found if number in left]
            if card.message_id in found:
                there.append(card)
            recorded = await reconcile.counts(self._bot.app, there)
            for other in there:
                number = other.message_id
                other = await follow(self._bot, other, found[number])
                scale = self._bot.app.scales.with_id(other.scale_id)
                told = compare(other, found[number], recorded.get(number, {}), scale)
                await self._correct(told, told.differing, moment)
                if told.equal:
                    equal.append(told)
        return equal

    async def _page(self, card: Card) -> list[discord.Message] | None:
        """Returns a card's message and up to 99 before it, newest first; None if unreadable."""
        channel = self._bot.get_partial_messageable(card.channel_id)
        before = discord.Object(card.message_id + 1)
        await self._throttle.take()
        try:
            return [x async for x in channel.history(limit=MESSAGES_PER_PAGE, before=before)]
        except Exception as failure:
            if not isinstance(failure, READ_FAILURES):
                log.exception("the messages from card %s on were not read", card.message_id)
            return None

    async def _one_by_one(self, cards: Sequence[Card]) -> None:
        """Reads and corrects cards (messages about a film) one by one. Cards that fail are tried
        later."""
        refused: set[int] = set()  # channels
        for card in cards:
            if card.channel_id in refused:
                self._put_off.add(card, refused=True)
                continue
            channel = self._bot.get_partial_messageable(card.channel_id)
            moment = await self._now()
            await self._throttle.take()
            try:
                message = await channel.fetch_message(card.message_id)
                recorded = await reconcile.counts(self._bot.app, [card])
                now = await follow(self._bot, card, message)
                scale = self._bot.app.scales.with_id(card.scale_id)
                told = compare(now, message, recorded.get(card.message_id, {}), scale)
                self._put_off.forget(card.message_id)
                self._missing.pop(card.message_id, None)
                await self._correct(told, (*told.differing, *told.equal), moment)
            except Exception as failure:
                if is_unknown_message(failure):
                    await self._note_missing(card)
                    continue
                unknown = isinstance(failure, discord.NotFound) and failure.code == UNKNOWN_CHANNEL
                if unknown or isinstance(failure, discord.Forbidden):
                    refused.add(card.channel_id)
                log.info("card %s cannot be read: %s", card.message_id, failure)
                self._put_off.add(card, refused=card.channel_id in refused)

    async def _correct(self, told: Counts, emoji: Sequence[str], moment: "_Moment") -> None:
        """Reads who has reacted to a card (a message about a film), and corrects the stored
        reactions.

        told: the card, with the numbers of reactions on Discord.
        emoji: the emoji for which to read the people.
        moment: when these numbers were read."""
        if not emoji:
            return
        people = await read_people(told.message, emoji, self._bot.http, self._throttle)
        listing = Listing(
            people.by_emoji, people.complete, told.cleared, moment.at, moment.newest_event
        )
        before, number = self._newest_event_before, told.card.message_id
        await reconcile.reconcile_card(self._bot.app, number, listing, newest_event_before=before)
        if people.failure is not None:
            log.info("card %s was read in part: %s", told.card.message_id, people.failure)
            self._put_off.add(told.card)

    async def _note_missing(self, card: Card) -> None:
        """Stores that Discord does not know a card's message. After the second time, the card
        counts as deleted."""
        number, now = card.message_id, self._bot.app.clock()
        self._put_off.forget(number)
        first, _ = self._missing.get(number, (now, card))
        if first <= now - reconcile.BELIEVED_AFTER:
            del self._missing[number]
            await reconcile.record_deletion(self._bot.app, number)
        else:
            self._missing[number] = (min(first, now), card)

    async def _look_again(self) -> None:
        """Looks again for messages that Discord did not know ten minutes ago, and for cards not yet
        stored."""
        if self._lost_cards.are_due():
            await self._lost_cards.find()
        latest = self._bot.app.clock() - reconcile.BELIEVED_AFTER
        await self._one_by_one([x for first, x in self._missing.values() if first <= latest])


@dataclass(frozen=True)
class _Moment:
    """The time at which something was read from Discord, and the newest rating event then.

    Attributes:
        at: the time, UTC.
        newest_event: the id of the newest rating event at that time."""

    at: datetime
    newest_event: int
