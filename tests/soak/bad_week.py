"""A server of two hundred people for the bad week: who is there, what they do, what must hold."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bot.playground import LocalDiscord, Person, World, start
from bot.playground.records import permissions
from bot.playground.records.channels import Channel, Message, Reaction
from bot.playground.records.interactions import THINKING, WAITING, Interaction
from bot.playground.records.objects import Guild, User
from bot.playground.testing import Refused, text_of
from bot.playground.validation.errors import ApiError
from bot.playground.world import rendering
from bot.playground.world.channels import reactions
from bot.services.catalogue.search import film_value
from tests.clock import empty_world
from tests.house import FEW_FILMS, stocked, until
from tests.soak import ledger
from tests.soak.clocked import ClockedProcess
from tests.soak.crowd import Witness, film_of, watch
from tests.soak.ledger import STARS, Key, Logged, Ratings
from tests.soak.process import thinned
from tests.traffic import recorded

PEOPLE = 200
START = datetime(2026, 3, 9, 6, 0, tzinfo=UTC)
TIMES = ("07:30", "12:00", "15:15", "19:00", "22:45")
REQUESTS = r"/messages|/callback|/reactions|/webhooks/"
"""The requests that single faults meet. The others belong to a start of the bot."""
QUIET_SECONDS = 240.0
LONGEST_ANSWER_SECONDS = 20.0
GONE = "I don't know anything about you any more"
STOPPED = re.compile(r"not allowed to post in #([\w-]+), so I've stopped")
FAILED = re.compile(r"(?:send the post|My post) for #([\w-]+) on (\w+, \w+ \d+)")


@dataclass
class Week:
    """One run.

    Attributes:
        bot: the bot's process.
        local: its local Discord.
        witness: the record of what people did.
        rng: random numbers of the run.
        manager: the person who set the posts up.
        club: the server of two hundred people.
        places: post time -> the channel of that post.
        lounge: the channel in which people use commands.
        erased: ids of the people who had everything about them deleted; they do nothing afterwards.
        faults: kind -> how many were injected.
        journal: each fault and its time by the local Discord's clock, in order.
        stops: channel name -> how often its post had to stop.
        commands: how the commands of people ended.
    """

    bot: ClockedProcess
    local: LocalDiscord
    witness: Witness
    rng: Random
    manager: User
    club: Guild
    places: dict[str, Channel]
    lounge: Channel
    erased: set[int] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)
    journal: list[str] = field(default_factory=list)
    stops: Counter[str] = field(default_factory=Counter)
    commands: Counter[str] = field(default_factory=Counter)
    _busy: set[int] = field(default_factory=set)
    _tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    @property
    def world(self) -> World:
        """The state of the local Discord."""
        return self.local.world

    def note(self, kind: str) -> None:
        """Counts a fault that comes now."""
        self.faults[kind] += 1
        self.journal.append(f"{self.world.clock.now():%m-%d %H:%M:%S} {kind}")

    # --- people ---------------------------------------------------------------------------------

    def people(self) -> list[User]:
        """Returns the people who may act: all but the manager, those erased or still busy."""
        out = self.erased | self._busy | {self.manager.id}
        return [user for user in self.world.people() if user.id not in out]

    def react(self, count: int) -> None:
        """Lets people react to cards, or take reactions back, without waiting."""
        held = [
            (self.world.channels[number], message)
            for number in self.club.channels
            for message in self.world.channels[number].messages.values()
            if film_of(message) is not None
        ][-30:]
        for _ in range(count if held else 0):
            person = self.rng.choice(self.people()).id
            channel, message = self.rng.choice(held[-8:] if self.rng.random() < 0.7 else held)
            with suppress(ApiError):  # a member who may only read at the moment
                self._react(channel, message, person)

    def _react(self, channel: Channel, message: Message, person: int) -> None:
        own = [one for one in message.reactions if person in one.users]
        for one in own:
            reactions.remove(self.world, channel, message, person, person, one)
        if not own or self.rng.random() < 0.6:
            emoji = Reaction(self.rng.choice(list(STARS)))
            reactions.add(self.world, channel, message, person, emoji)

    def ask(self, count: int) -> None:
        """Lets people use commands, whose answers come when they come."""
        for _ in range(count):
            person = self.rng.choice(self.people())
            films = [*self.witness.cards().values()][-8:]
            way = self.rng.random()
            if not films or (way < 0.35 and len(films) < 60):
                self._begin(person, "recommend")
            elif way < 0.85:
                stars = self.rng.randint(1, 10) / 2
                self._begin(person, "rate", film=film_value(self.rng.choice(films)), stars=stars)
            else:
                self._begin(person, "unrate", film=film_value(self.rng.choice(films)))

    def _begin(self, user: User, name: str, **options: Any) -> None:
        async def work() -> None:
            with suppress(Refused):  # slow mode, or a time-out
                async with Person(self.local.page_url, user.username) as person:
                    outcome = await person.command(self.lounge.id, name, wait=40, **options)
                    self.commands[f"{name}: {'failed' if outcome.error else outcome.state}"] += 1

        self._busy.add(user.id)
        self.spawn(work()).add_done_callback(lambda _: self._busy.discard(user.id))

    def spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Starts something that ends by itself."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        return task

    async def all_answered(self) -> None:
        """Waits until nobody waits for an answer. Raises what went wrong with a person."""
        tasks, self._tasks = self._tasks, set()
        await asyncio.gather(*tasks)

    async def none_on_its_way(self) -> None:
        """Waits until no answer is on its way, before the clock goes on by half an hour.

        Discord takes no answer to an interaction that is 15 minutes old. So no message may seem to
        be that much younger than its command. An answer that never comes is waited for in vain.
        """

        def is_open(one: Interaction) -> bool:
            return one.state in (WAITING, THINKING) and one.age() < LONGEST_ANSWER_SECONDS

        await until(
            lambda: not any(map(is_open, self.world.interactions.values())), "all are answered"
        )

    async def erase(self) -> None:
        """Lets one person, who has rated, have everything about them deleted."""
        rated = {key.person for key in self.witness.reactions()}
        user = self.rng.choice([x for x in self.people() if x.id in rated] or self.people())
        async with Person(self.local.page_url, user.username) as person:
            panel = await person.command(self.lounge.id, "privacy")
            asked = await person.click(panel.message, "Delete everything")
            done = await person.click(asked.message, "Yes, delete everything")

            async def is_said() -> bool:  # a late answer changes the message afterwards
                return GONE in text_of(await person.message(done.message) or {})

            await until(is_said, f"deleted: {done}")
        self.erased.add(user.id)

    # --- the bot's process ------------------------------------------------------------------------

    async def online(self, patience: float = 90.0) -> None:
        """Waits until the bot has a session, without the pause between two sessions."""
        self.local.let_identify()
        await until(lambda: self.world.bot_online, "the bot is online", patience)

    async def start(self) -> None:
        """Starts the process and waits until it is online."""
        await self.bot.start()
        await self.online()

    async def back(self) -> None:
        """Waits until the bot is online again; if its own pause is long, starts it again.

        discord.py doubles its pause with each connection that fails within half an hour. So many
        outages in a few minutes would make it wait longer than they would in a week.
        """
        try:
            await self.online(12.0)
        except AssertionError:
            await self.bot.kill()
            await self.start()

    async def resumed(self) -> None:
        """Waits until every post runs again, before the clock goes on: its time must not pass."""
        await asyncio.sleep(0.5)
        stopped = "select count(*) from schedules where disabled_reason is not null"
        await until(lambda: self.bot.rows(stopped) == [(0,)], "every post runs again")

    # --- what must hold ---------------------------------------------------------------------------

    def stored(self) -> tuple[list[Logged], Ratings]:
        """Returns the stored events and the stored ratings, read in one transaction."""
        return ledger.stored(self.bot.database)

    def differences(self) -> tuple[set[Key], set[Key]]:
        """Returns the reactions that are only on Discord, and those that are only in the log."""
        logged = {key for key in ledger.standing(self.stored()[0]) if key.source == "reaction"}
        there = {key for key in self.witness.reactions() if key.person not in self.erased}
        return there - logged, logged - there

    async def assert_ratings(self, day: int) -> None:
        """Asserts that the ratings are those of Discord's reactions and of confirmed commands."""
        await self.all_answered()
        try:
            await until(lambda: self.differences() == (set(), set()), "alike", QUIET_SECONDS, 0.5)
        except AssertionError:
            lost, ghosts = self.differences()
            raise AssertionError(f"day {day}: only on Discord {lost}; only here {ghosts}") from None
        there = {key for key in self.witness.reactions() if key.person not in self.erased}
        done = [act for act in self.witness.done() if act.key.person not in self.erased]
        log, stored = self.stored()
        assert stored == ledger.ratings(log, there), f"day {day}"
        for errors in (ledger.unsaved(log, done), ledger.overruled(log, done)):
            assert not errors, f"day {day}: " + "\n".join(map(str, errors))
        assert self.bot.rows("pragma integrity_check") == [("ok",)]

    def told(self) -> list[str]:
        """Returns the texts of the direct messages about posts to the manager, oldest first."""
        dm = self.world.open_dm(self.manager)
        sent = [rendering.message(self.world, x, self.manager.id) for x in dm.messages.values()]
        return [text for text in map(text_of, sent) if "That's your first rating" not in text]

    def posts(self, channel: Channel) -> int:
        """Returns how many posts are in a channel."""
        return sum(film_of(message) is not None for message in channel.messages.values())


def stage() -> tuple[World, User, Guild, dict[str, Channel], Channel]:
    """Returns a world with the club, its manager, the channels of its posts, and the lounge."""
    world = empty_world()
    world.clock.set(START)
    owner = world.add_user("owner", bot=True, id=world.application.owner_id)
    club = world.add_guild("Club", owner, bot=False)
    manager = world.add_user("manager")
    role = world.add_role(club, "Projectionist", permissions.MANAGE_GUILD)
    world.add_member(club, manager, [role])
    world.open_dm(manager)
    for number in range(PEOPLE - 1):
        user = world.add_user(f"member-{number}")
        world.add_member(club, user)
        world.open_dm(user)
    places = {time: world.add_channel(club, f"at-{time.replace(':', '')}") for time in TIMES}
    lounge = world.add_channel(club, "lounge")
    world.invite_bot(club)
    return world, manager, club, places, lounge


@asynccontextmanager
async def bad_week(folder: Path, seed: int) -> AsyncIterator[Week]:
    """Yields the club with the bot online and five daily posts set up."""
    world, manager, club, places, lounge = stage()
    record = folder / "traffic.jsonl"
    settings = {"TICK_SECONDS": 0.2, "COOLDOWN_DAYS": 0, "KEEP_BACKUPS": 0, "SEED_REACTIONS": 0}
    async with AsyncExitStack() as stack:
        local = await stack.enter_async_context(start(world, record=record, rate_limits=False))
        witness = await stack.enter_async_context(watch(world))
        named = {f"MATINEE_{name}": str(value) for name, value in settings.items()}
        bot = ClockedProcess(folder, local, named)
        stack.push_async_callback(bot.end)
        await stocked(bot.data / "matinee.sqlite3", FEW_FILMS)
        week = Week(bot, local, witness, Random(seed), manager, club, places, lounge)
        await week.start()
        for time in places:
            await set_up(week, time)
        yield week
    assert world.unsupported == []
    recorded(thinned(record))


async def set_up(week: Week, time: str) -> None:
    """Lets the manager set up the post of a time of day, or start it again."""
    channel = week.places[time].id
    async with Person(week.local.page_url, week.manager.username) as manager:
        done = await manager.command(
            week.lounge.id, "setup post", channel=channel, time=time, theme="auto", zone="UTC"
        )
    assert done.error is None, done


def advance(week: Week, to: datetime) -> None:
    """Moves the clock forward to a time, never back."""
    week.world.clock.set(max(to, week.world.clock.now() + timedelta(milliseconds=1)))
