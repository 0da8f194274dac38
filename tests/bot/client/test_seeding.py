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
