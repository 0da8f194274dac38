"""People in many servers: they ask for films and react to the answers."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from random import Random

from bot.playground import Person
from bot.playground.records.channels import Channel
from bot.playground.testing import JSON, Outcome

ASK_SECONDS = 20.0
TRIES = 6
PAUSE_SECONDS = 0.2  # between what one person does and the next
FIRST, LATER = "👍", "❤️"
"""The reaction to a new answer, and the one that somebody adds to an earlier answer."""

EPHEMERAL = 64


@dataclass
class People:
    """The owners of the servers. Each owns several servers, and asks there.

    Attributes:
        channels: a channel of each server.
        owners: a server's id -> the person that asks there.
        answers: the answers that people got, by the ids of their messages.
        reactions: (message, emoji) of each reaction.
        outcomes: how often people got what.
        broken: answers that the bot acknowledged, so that people saw it think, and then never gave.
    """

    channels: list[Channel]
    owners: dict[int, Person]
    answers: dict[int, JSON] = field(default_factory=dict)
    reactions: set[tuple[int, str]] = field(default_factory=set)
    outcomes: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    async def ask(self, channel: Channel) -> bool:
        """Asks for a film and reacts to it; returns True if an answer came."""
        person = self.owners[channel.guild_id or 0]
        outcome = await person.command(channel.id, "recommend", wait=ASK_SECONDS)
        card = outcome.message
        if outcome.state != "done" or card is None or card["flags"] & EPHEMERAL:
            self.outcomes[_said(outcome)] += 1
            if outcome.state != "done" and outcome.first_response_ms is not None:
                self.broken.append(f"{channel.name}: {outcome}")
            return False
        self.outcomes["answered"] += 1
        self.answers[int(card["id"])] = card
        await self._react(person, card, FIRST)
        return True

    async def react_later(self, rng: Random) -> None:
        """Adds a reaction to an earlier answer."""
        if self.answers:
            card = self.answers[rng.choice(list(self.answers))]
            (guild,) = (x.guild_id for x in self.channels if str(x.id) == card["channel_id"])
            await self._react(self.owners[guild or 0], card, LATER)

    async def _react(self, person: Person, card: JSON, emoji: str) -> None:
        if (int(card["id"]), emoji) not in self.reactions:
            await person.react(card, emoji)
            self.reactions.add((int(card["id"]), emoji))

    async def get_answers(self, channels: Sequence[Channel]) -> None:
        """Asks in each of these servers until an answer comes.

        On a slow machine an answer may come too late for Discord, so they ask again.
        """
        for channel in channels:
            for _ in range(TRIES):
                if await self.ask(channel):
                    break
            else:
                raise AssertionError(f"{channel.name}: {self.outcomes}")

    @contextlib.asynccontextmanager
    async def living(self, rng: Random) -> AsyncIterator[None]:
        """Lets people ask and react in the block, two at a time."""
        stop = asyncio.Event()

        async def live() -> None:
            while not stop.is_set():
                await self.ask(rng.choice(self.channels))
                await self.react_later(rng)
                await asyncio.sleep(PAUSE_SECONDS)

        async with asyncio.TaskGroup() as group:
            for _ in range(2):
                group.create_task(live())
            try:
                yield
            finally:
                stop.set()


def _said(outcome: Outcome) -> str:
    """Returns what people read in place of an answer."""
    return (outcome.error or outcome.text or outcome.state)[:80]
