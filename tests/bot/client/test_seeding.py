"""The queue of cards that get the rating emoji."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bot.client import seeding
from bot.client.seeding import QueueCounts, ReactionQueue

EMOJI = ("❤️", "👍")
CARDS = {11: 1, 12: 2, 13: 3}  # the channel of each message


@dataclass
class Channels:
    """Takes reactions, and ends the queue after the last one of `CARDS`.

    Attributes:
        stopping: is set after the last reaction.
        stored: the messages that the queue told, once for each call.
        failure: what each call raises; None for nothing.
    """

    failure: Exception | None = None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    stored: list[list[int]] = field(default_factory=list)
    _left: set[int] = field(default_factory=lambda: set(CARDS))

    async def react(self, channel_id: int, message_id: int, emoji: str) -> None:
        assert CARDS[message_id] == channel_id
        if emoji == EMOJI[-1]:
            self._left.remove(message_id)
        if not self._left:
            self.stopping.set()

    async def done(self, message_ids: Sequence[int]) -> None:
        self.stored.append(sorted(message_ids))
        if self.failure is not None:
            raise self.failure

    async def run(self) -> QueueCounts:
        queue = ReactionQueue(self.react, self.done)
        for message_id, channel_id in CARDS.items():
            queue.add(channel_id, message_id, EMOJI)
        await queue.run(self.stopping)
        return queue.counts()


async def test_cards_that_got_their_emoji_are_stored_together_and_before_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seeding, "STORE_AFTER_SECONDS", 3600.0)
    channels = Channels()
    assert await channels.run() == QueueCounts(waiting=0, seeded=3, unseeded=0)
    assert channels.stored == [[11, 12, 13]]


async def test_the_queue_goes_on_if_nothing_can_be_stored(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(seeding, "STORE_AFTER_SECONDS", 0.0)
    channels = Channels(OSError("the disk is full"))
    assert (await channels.run()).seeded == 3
    assert sorted(one for each in channels.stored for one in each) == [11, 12, 13]
    assert "it is not stored that" in caplog.text


async def test_posts_come_first_and_wait_longer_than_cards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At 19:00 more posts may need their emoji than Discord accepts reactions in half a minute."""
    monkeypatch.setattr(seeding, "MAX_WAIT_SECONDS", -1.0)  # each card has waited too long
    monkeypatch.setattr(seeding, "MAX_CHANNELS_AT_ONCE", 1)
    order: list[int] = []
    stopping = asyncio.Event()

    async def react(channel_id: int, message_id: int, emoji: str) -> None:
        order.append(message_id)
        if len(order) == 3:
            stopping.set()

    queue = ReactionQueue(react, Channels().done)
    for number in range(1, 4):
        queue.add(number, 10 + number, EMOJI)
        queue.add(10 + number, 20 + number, EMOJI[:1], post=True)
    assert queue.counts().waiting == 6
    await queue.run(stopping)
    assert order == [21, 22, 23], "the oldest post first"
    assert queue.counts().seeded == 3


async def test_a_new_card_comes_before_old_ones_and_after_posts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seeding, "MAX_CHANNELS_AT_ONCE", 1)
    order: list[int] = []
    stopping = asyncio.Event()

    async def react(channel_id: int, message_id: int, emoji: str) -> None:
        order.append(message_id)
        if len(order) == 4:
            stopping.set()

    queue = ReactionQueue(react, Channels().done)
    for message_id, post in ((11, False), (12, False), (21, True), (22, True)):
        queue.add(message_id, message_id, EMOJI[:1], post=post)
    await queue.run(stopping)
    assert order == [21, 22, 12, 11]
    assert queue.counts() == QueueCounts(waiting=0, seeded=4, unseeded=0)


async def test_the_queue_of_posts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeding, "MAX_WAITING_POSTS", 2)
    channels = Channels()
    queue = ReactionQueue(channels.react, channels.done)
    for message_id in (1, 2, 3):
        queue.add(message_id, message_id, EMOJI, post=True)
    assert queue.counts() == QueueCounts(waiting=2, seeded=0, unseeded=1)
