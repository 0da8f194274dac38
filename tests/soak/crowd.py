"""Four members act on films at random, all at the same time. A witness records their acts."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from bot.playground import Person, World
from bot.playground.records.channels import Message
from bot.playground.records.events import Event
from bot.playground.records.interactions import Interaction
from bot.playground.records.snowflakes import time_of
from bot.playground.testing import JSON, Outcome, Refused, buttons_of, text_of, walk
from bot.playground.world import rendering
from bot.services.catalogue.search import film_value
from tests.soak.ledger import STARS, Done, Key, bare

EMOJI_CHOICES = (*STARS, *STARS, "👍🏽", "🍿")
CHANNEL_CHOICES = ("films", "films", "lounge", "late-show", "dm")
MAX_HELD_MESSAGES = 12


def film_of(message: Message) -> int | None:
    """Returns the headline film of a public card, from its buttons. None for other messages."""
    if message.visible_to is not None:
        return None
    for part in walk(message.components):
        words = str(part.get("custom_id", "")).split(":")
        if words[:2] == ["mt1", "why"]:
            return int(words[2])
    return None


@dataclass
class Witness:
    """Records everything that people do in a world. `watch` creates one.

    Attributes:
        world: the state of the local Discord.
        max_cards: people ask for no more cards, since each start compares every card with Discord.
    """

    world: World
    max_cards: int = 12
    _seen: list[tuple[datetime, Event, int | None]] = field(default_factory=list)
    _given: dict[tuple[int, int, str], int | None] = field(default_factory=dict)

    def hear(self, event: Event) -> None:
        """Records an event if it is an act of a person, with the film of a reaction.

        A reaction rates the film that the card showed when it was added.
        """
        if event.name == "INTERACTION_CREATE":
            self._seen.append((self.world.clock.now(), event, None))
        elif event.name in ("MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE"):
            data = event.data
            there = int(data["message_id"]), int(data["user_id"]), bare(data["emoji"]["name"])
            if event.name == "MESSAGE_REACTION_ADD" and there not in self._given:
                message = self.world.message(int(data["channel_id"]), there[0])
                self._given[there] = film_of(message)
            film = self._given.get(there)
            if event.name == "MESSAGE_REACTION_REMOVE":
                self._given.pop(there, None)
            self._seen.append((self.world.clock.now(), event, film))

    def cards(self) -> dict[int, int]:
        """Returns message -> film for every public card that still exists, oldest first."""
        found = {
            message.id: film
            for channel in self.world.channels.values()
            for message in channel.messages.values()
            if message.author_id == self.world.bot.id and (film := film_of(message)) is not None
        }
        return dict(sorted(found.items()))

    def reactions(self) -> set[Key]:
        """Returns the members' current reactions on cards."""
        people = {user.id for user in self.world.people()}
        films = self.cards()
        return {
            Key(
                user,
                self._given.get((message.id, user, bare(reaction.name))) or films[message.id],
                "reaction",
                message.id,
                bare(reaction.name),
            )
            for channel in self.world.channels.values()
            for message in channel.messages.values()
            if message.id in films
            for reaction in message.reactions
            for user in reaction.users
            if user in people
        }

    def done(self) -> list[Done]:
        """Returns all acts that change ratings, in order."""
        cards = {str(message_id) for message_id in self.cards()}
        acts = [
            self._done(order, at, event, film if event.data.get("message_id") in cards else None)
            for order, (at, event, film) in enumerate(self._seen)
        ]
        return [act for act in acts if act is not None]

    def _done(self, order: int, at: datetime, event: Event, film: int | None) -> Done | None:
        data = event.data
        if event.name != "INTERACTION_CREATE":
            message, person = int(data["message_id"]), int(data["user_id"])
            if film is None or person == self.world.bot.id:
                return None
            key = Key(person, film, "reaction", message, bare(data["emoji"]["name"]))
            action = "set" if event.name.endswith("ADD") else "withdraw"
            return Done(order, key, action, None, at, False)
        interaction = self.world.interactions[int(data["id"])]
        return _statement(order, interaction, self.answer(interaction))

    def answer(self, interaction: Interaction) -> str:
        """Returns the text of the answer that the person read. Empty without an answer."""
        if interaction.original is None or interaction.state != "done":
            return ""
        return text_of(rendering.message(self.world, interaction.original, interaction.user_id))


def _statement(order: int, interaction: Interaction, answer: str) -> Done | None:
    """Returns the rating that a button or command stated. None for other interactions."""
    words = str(interaction.data.get("custom_id", "")).split(":")
    given = {x["name"]: x.get("value") for x in interaction.data.get("options", ())}
    at: datetime = time_of(interaction.id)
    stars: float | None = None
    if words[:2] == ["mt1", "rate"]:
        film, source, stars = int(words[2]), "button", list(STARS.values())[int(words[3])]
    elif interaction.name in ("rate", "unrate"):
        film, source = int(given["film"].removeprefix("film#")), "command"
        stars = float(given["stars"]) if interaction.name == "rate" else None
    else:
        return None
    confirmations = ("Got it:",) if stars is not None else ("Done. I've taken", "You haven't rated")
    key = Key(interaction.user_id, film, source)
    return Done(order, key, "set", stars, at, answer.startswith(confirmations))


@contextlib.asynccontextmanager
async def watch(world: World) -> AsyncIterator[Witness]:
    """Yields a witness that records until the block ends."""
    witness = Witness(world)
    leave = world.subscribe(witness.hear)
    try:
        yield witness
    finally:
        leave()


@dataclass
class Member:
    """A member of the crowd.

    Attributes:
        person: the member at the page.
        witness: the record of all acts, which also knows the cards.
        rng: random numbers of this member.
        held: private answers with rating buttons, newest last.
    """

    person: Person
    witness: Witness
    rng: Random
    held: list[JSON] = field(default_factory=list)

    async def live(self, pause: tuple[float, float], *, quietly: bool) -> None:
        """Acts until cancelled.

        pause: shortest and longest seconds between two acts. quietly: only react, since reactions
        need no answer of the bot.
        """
        acts: Sequence[tuple[float, Callable[[], Awaitable[Any]]]] = [(10, self._react)]
        if not quietly:
            acts = [
                (12, self._react),
                (4, self._recommend),
                (2, self._another),
                (2, self._mark),
                (3, self._press_rating),
                (1, self._take_back),
                (3, self._rate),
                (1.5, self._unrate),
            ]
        weights, choices = zip(*acts, strict=True)
        while True:
            act = self.rng.choices(choices, weights)[0]
            with contextlib.suppress(Refused):  # the card or reaction was removed meanwhile
                await act()
            await asyncio.sleep(self.rng.uniform(*pause))

    def _card(self) -> JSON | None:
        """Returns a random card, more often a new one. None without cards."""
        cards = [*self.witness.cards()]
        if self.rng.random() < 0.6:
            cards = cards[-6:]
        return self._as_json(self.rng.choice(cards)) if cards else None

    def _as_json(self, message_id: int) -> JSON | None:
        world = self.witness.world
        for channel in world.channels.values():
            if message_id in channel.messages and world.permissions(int(self.person.id), channel):
                return rendering.message(world, channel.messages[message_id], int(self.person.id))
        return None

    async def _react(self) -> None:
        card = self._card()
        if card is None:
            return
        standing = [x["emoji"]["name"] for x in card.get("reactions", ()) if x["me"]]
        way = self.rng.random()
        if standing and way < 0.6:
            await self.person.unreact(card, self.rng.choice(standing))
        if not standing or way > 0.3:
            await self.person.react(card, self.rng.choice(EMOJI_CHOICES))

    async def _recommend(self) -> None:
        if len(self.witness.cards()) < self.witness.max_cards:
            private = self.rng.random() < 0.2
            await self.person.command(
                self.rng.choice(CHANNEL_CHOICES), "recommend", private=private
            )

    async def _another(self) -> None:
        card = self._card()
        if card is not None and len(self.witness.cards()) < self.witness.max_cards:
            await self.person.click(card, "Another")

    async def _mark(self) -> None:
        card = self._card()
        if card is not None:
            self._hold(await self.person.click(card, self.rng.choice(["Seen it", "Not for me"])))

    async def _press_rating(self) -> None:
        ways = [
            (message, button)
            for message in self.held
            for button in buttons_of(message).values()
            if button["custom_id"].startswith("mt1:rate:")
        ]
        if ways:
            message, button = self.rng.choice(ways)
            self._hold(await self.person.press(message, button["custom_id"]))

    async def _take_back(self) -> None:
        ways = [x for x in self.held if "Take it back" in buttons_of(x)]
        if ways:
            message = self.rng.choice(ways)
            self.held.remove(message)
            await self.person.click(message, "Take it back")

    async def _rate(self) -> None:
        film = self._film()
        if film is not None:
            stars = self.rng.randint(1, 10) / 2
            self._hold(await self.person.command("films", "rate", film=film, stars=stars))

    async def _unrate(self) -> None:
        film = self._film()
        if film is not None:
            await self.person.command("films", "unrate", film=film)

    def _film(self) -> str | None:
        films = [*self.witness.cards().values()]
        return film_value(self.rng.choice(films[-8:])) if films else None

    def _hold(self, outcome: Outcome) -> None:
        if outcome.message is not None and buttons_of(outcome.message):
            self.held = [*self.held, outcome.message][-MAX_HELD_MESSAGES:]


@dataclass
class Crowd:
    """All members. They do one thing at a time: `begin` ends what they did before."""

    members: list[Member]
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    async def begin(
        self, *, quietly: bool = False, pause: tuple[float, float] = (0.0, 0.1)
    ) -> None:
        """Makes all members act."""
        await self.stop()
        self._tasks = [
            asyncio.create_task(member.live(pause, quietly=quietly)) for member in self.members
        ]

    async def stop(self) -> None:
        """Stops all members. Raises the first error of a member."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, BaseException) and not isinstance(ended, asyncio.CancelledError):
                raise ended


@contextlib.asynccontextmanager
async def gathered(witness: Witness, url: str, seed: int) -> AsyncIterator[Crowd]:
    """Yields the world's members at the page of `url`. They do not act yet."""
    async with contextlib.AsyncExitStack() as stack:
        members = [
            Member(
                await stack.enter_async_context(Person(url, user.username)),
                witness,
                Random(f"{seed} {user.username}"),
            )
            for user in witness.world.people()
        ]
        crowd = Crowd(members)
        try:
            yield crowd
        finally:
            await crowd.stop()
