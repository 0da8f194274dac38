"""The queue of cards that get the rating emoji as reactions of the bot.

A card is a message about a film. A scheduled post gets one emoji, and any other card gets all four.
With the emoji in place, people can rate the film with one press.
The emoji are added after the card has been sent. Discord accepts about one reaction in 0.25 s for
each channel. One task at a time works on a channel. The queue is bounded.

Posts come first, the oldest first: each needs one request only, many may be sent at the same time,
and people may look at them hours later, so a post waits for an hour. Then comes the newest card, so
that a new card gets its emoji at once even if many cards wait. If a card has waited for 30 s, it
gets no emoji. People can still add the emoji to it themselves, and its buttons still work.

Which cards got their emoji is stored for many cards at once, because one transaction for each card
takes as long as two of its reactions.
"""

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import discord

log = logging.getLogger(__name__)

UNKNOWN_EMOJI = 10014
"""Discord's code for an emoji that does not exist, such as one that a server has deleted."""

MAX_WAIT_SECONDS = 30.0
MAX_WAITING_CARDS = 1_000
MAX_POST_WAIT_SECONDS = 3600.0
MAX_WAITING_POSTS = 20_000
MAX_CHANNELS_AT_ONCE = 16
STORE_AFTER_SECONDS = 1.0
"""A card that has its emoji is stored as such after this time, with those that followed."""


Waiting: TypeAlias = OrderedDict[int, tuple[int, float, tuple[str, ...]]]
"""Message id -> (channel id, monotonic time at which the card is given up, emoji), oldest first."""


@dataclass(frozen=True)
class QueueCounts:
    """How many cards wait for the bot's rating emoji, and how many got them since the start.

    A card is a message about a film.

    Attributes:
        waiting: the number of cards that wait for their turn.
        seeded: the number of cards that got all their reactions.
        unseeded: the number of cards that will not get every reaction, because the queue was full,
            the card waited too long, or Discord refused a reaction.
    """

    waiting: int
    seeded: int
    unseeded: int


@dataclass
class ReactionQueue:
    """The queue of cards that wait for the rating emoji that the bot puts under a card.

    `add` puts a card in and never waits. `run` takes cards out and adds the reactions.

    Attributes:
        react: a coroutine function (channel_id, message_id, emoji) that adds one reaction.
        done: a coroutine function that is called with the ids of messages that got their last
            reaction.
    """

    react: Callable[[int, int, str], Awaitable[None]]
    done: Callable[[Sequence[int]], Awaitable[None]]
    _waiting: Waiting = field(default_factory=OrderedDict)
    _posts: Waiting = field(default_factory=OrderedDict)
    _busy_channels: set[int] = field(default_factory=set)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _finished: list[int] = field(default_factory=list)  # ids of messages for `done`
    _any_finished: asyncio.Event = field(default_factory=asyncio.Event)
    _seeded: int = 0
    _unseeded: int = 0

    def counts(self) -> QueueCounts:
        """Returns how many messages wait for the rating emoji, got them, and will not get them."""
        waiting = len(self._waiting) + len(self._posts)
        return QueueCounts(waiting, self._seeded, self._unseeded)

    def add(
        self, channel_id: int, message_id: int, emoji: Sequence[str], *, post: bool = False
    ) -> None:
        """Adds a card (a message about a film). If the queue is full, the card that has waited
        longest is dropped.

        emoji: the rating emoji to put under it, in this order.
        post: True if the card is a scheduled post, which may wait longer.
        """
        waiting = self._posts if post else self._waiting
        until = time.monotonic() + (MAX_POST_WAIT_SECONDS if post else MAX_WAIT_SECONDS)
        waiting[message_id] = (channel_id, until, tuple(emoji))
        if len(waiting) > (MAX_WAITING_POSTS if post else MAX_WAITING_CARDS):
            waiting.popitem(last=False)
            self._unseeded += 1
        self._changed.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Adds the rating emoji to queued messages until `stopping` is set.

        A reaction that is being added at that time is finished first.
        """
        places = asyncio.Semaphore(MAX_CHANNELS_AT_ONCE)
        async with asyncio.TaskGroup() as group:
            waker = group.create_task(self._wake_at(stopping))
            group.create_task(self._store_finished(stopping))
            while not stopping.is_set():
                await places.acquire()
                while (job := self._next()) is None and not stopping.is_set():
                    self._changed.clear()
                    await self._changed.wait()
                if job is not None:
                    group.create_task(self._seed(*job, places, stopping), name=f"seed-{job[1]}")
            waker.cancel()
            self._any_finished.set()
        await self._store()

    async def _wake_at(self, stopping: asyncio.Event) -> None:
        """Waits until `stopping` is set, and then wakes `run`."""
        await stopping.wait()
        self._changed.set()

    async def _store_finished(self, stopping: asyncio.Event) -> None:
        """Tells `done` about the cards that got their reactions, until `stopping` is set."""
        while not stopping.is_set():
            await self._any_finished.wait()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), STORE_AFTER_SECONDS)
            await self._store()

    async def _store(self) -> None:
        """Tells `done` about the cards that got their reactions since the last call."""
        self._any_finished.clear()
        finished, self._finished = self._finished, []
        if not finished:
            return
        try:
            await self.done(finished)
        except Exception:
            log.exception("it is not stored that %d cards have their emoji", len(finished))

    def _next(self) -> tuple[int, int, tuple[str, ...]] | None:
        """Takes out the oldest post, else the newest card, whose channel is not being worked on.
        Reserves the channel.

        Returns (channel id, message id, emoji), or None if there is no such card. Drops cards that
        have waited too long.
        """
        now = time.monotonic()
        post = self._first(self._posts, iter(self._posts), now)
        return post or self._first(self._waiting, reversed(self._waiting), now)

    def _first(
        self, waiting: Waiting, order: Iterator[int], now: float
    ) -> tuple[int, int, tuple[str, ...]] | None:
        """Takes out the first card, in an order, whose channel is not being worked on.

        order: the cards' message ids.
        now: monotonic time. Cards that were to be given up before it are dropped.
        """
        late, found = [], None
        for message_id in order:
            channel_id, until, emoji = waiting[message_id]
            if until < now:
                late.append(message_id)
            elif channel_id not in self._busy_channels:
                self._busy_channels.add(channel_id)
                found = channel_id, message_id, emoji
                break
        for message_id in (*late, *([found[1]] if found else [])):
            del waiting[message_id]
        self._unseeded += len(late)
        return found

    async def _seed(
        self,
        channel_id: int,
        message_id: int,
        emoji: Sequence[str],
        places: asyncio.Semaphore,
        stopping: asyncio.Event,
    ) -> None:
        """Adds the rating emoji to one message, and then frees its channel for the next message.

        An emoji that no longer exists is left out. The card then does not count as seeded.

        emoji: the emoji to add, in this order.
        places: limits how many channels are worked on at once; one place is released at the end.
        stopping: is set when the bot is asked to stop.
        """
        gone: list[str] = []
        try:
            for one in emoji:
                if stopping.is_set():
                    return
                try:
                    await self.react(channel_id, message_id, one)
                except discord.HTTPException as refusal:
                    if refusal.code != UNKNOWN_EMOJI:
                        raise
                    gone.append(one)
            if gone:
                self._unseeded += 1
                log.info("card %s lacks emoji that no longer exist: %s", message_id, gone)
                return
            self._seeded += 1
            self._finished.append(message_id)
            self._any_finished.set()
        except discord.HTTPException as refusal:
            self._unseeded += 1
            log.info("card %s stays unseeded: %s", message_id, refusal.text)
        except Exception:
            self._unseeded += 1
            log.exception("card %s stays unseeded", message_id)
        finally:
            self._busy_channels.discard(channel_id)
            places.release()
            self._changed.set()
