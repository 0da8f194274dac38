"""What the tests of several processes do: servers, posts, questions, reactions and models."""

import contextlib
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg

from bot.playground import Person, World
from bot.playground.records.channels import Channel
from bot.services.training import retrain, versions
from bot.settings import Settings
from bot.wiring import open_app
from storage.database.address import DatabaseUrl
from storage.database.engine import open_database
from storage.database.postgres.server import WRITE_LOCK
from storage.servers import guilds, schedules
from storage.shards import Shards
from tests import postgres
from tests.bot.fitted import write_background
from tests.house import until
from tests.soak.crowd import film_of
from tests.soak.process import PATIENCE_SECONDS
from tests.soak.shard_processes import Fleet

PARTS = (Shards(0, 3, 12), Shards(4, 7, 12), Shards(8, 11, 12))
FILMS = 900
ASK_SECONDS = 20.0
EPHEMERAL = 64
TRIES = 4
EXPECTED = ("reactions not written", "cards were not compared", "reconciling stopped",
            "this process' place", "not answered", "Interaction has expired",
            "Unknown interaction", "Attempting a reconnect")  # fmt: skip
"""Parts of lines that a process may log when it was stopped for longer than Discord waits."""


async def filled(data: Path, url: DatabaseUrl, now: datetime) -> tuple[str, str]:
    """Fills a database with a small catalogue and two versions of the model; returns these."""
    settings = Settings(data=data, database_url=url.text)
    async with open_app(settings, lambda: now):
        pass
    first = f"(select id from films order by id limit {FILMS})"
    postgres.execute(
        url,
        *(
            f"delete from {name} where film_id not in {first}"
            for name in ("film_tags", "external_ids")
        ),
        f"delete from films where id not in {first}",
    )
    made = []
    for day in (2, 1):
        at = now - timedelta(minutes=day)
        async with open_app(settings, lambda at=at: at) as app:  # type: ignore[misc]
            await write_background(app)
            outcome = await retrain.refit(app)
            assert outcome.promoted, outcome.why
            made.append(outcome.version)
    return made[0], made[1]


@dataclass(frozen=True)
class PostState:
    """The slots in the database.

    Attributes:
        due: number of schedules that are due.
        unsent: number of slots that are claimed and have no outcome.
    """

    due: int
    unsent: int

    @property
    def over(self) -> bool:
        """True if nothing is due and nothing is being sent."""
        return not self.due and not self.unsent


@dataclass
class Stage:
    """A local Discord with many servers, and the processes of the bot.

    Attributes:
        world: the state of the local Discord.
        fleet: the processes.
        channels: a channel of each server.
        people: the people who send requests, by the id of their server. Each has a few servers.
        versions: the two versions of the model.
        record: the file with the bot's requests.
        reacted: messages to which people have reacted.
        answered: messages that people got as an answer.
        unanswered: what people read instead of an answer.
    """

    world: World
    fleet: Fleet
    channels: list[Channel]
    people: dict[int, int]
    versions: tuple[str, str]
    record: Path
    reacted: set[int] = field(default_factory=set)
    answered: set[int] = field(default_factory=set)
    unanswered: list[str] = field(default_factory=list)

    # --- posts ----------------------------------------------------------------------------------

    def posts(self) -> Counter[int]:
        """Returns how many posts each channel has got; channels without one count as 0."""
        found = Counter({channel.id: 0 for channel in self.channels})
        for channel in self.channels:
            found[channel.id] += sum(
                film_of(message) is not None and message.id not in self.answered
                for message in channel.messages.values()
            )
        return found

    async def make_due(self) -> None:
        """Gives each server one schedule, whose slot was due a minute ago."""
        now = self.world.clock.now()
        at = (now - timedelta(minutes=1)).replace(second=0, microsecond=0)
        async with open_database(self.fleet.url, now=now) as db, db.write() as conn:
            for one in await schedules.active(conn):
                await schedules.remove(conn, one.id)
            for channel in self.channels:
                await guilds.setup(conn, channel.guild_id, now=now, zone="UTC")
                await schedules.create(
                    conn,
                    channel.guild_id,
                    theme="auto",
                    post_time=f"{at:%H:%M}",
                    now=now - timedelta(hours=2),
                    next_at=at,
                    channel_id=channel.id,
                )

    @contextlib.asynccontextmanager
    async def writers_wait(self) -> AsyncIterator[None]:
        """Keeps the write lock in the block, which begins when every process waits for it."""
        conn = await asyncpg.connect(self.fleet.url.dsn)
        try:
            await conn.execute(f"select pg_advisory_lock({WRITE_LOCK})")
            waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
            running = sum(one.is_ready for one in self.fleet.processes)
            await until(
                lambda: self.fleet.rows(waiting)[0][0] >= running,
                "they wait",
                PATIENCE_SECONDS,
                0.1,
            )
            yield
        finally:
            await conn.close()

    # --- people -----------------------------------------------------------------------------------

    async def try_one(self, channel: Channel) -> bool:
        """Lets somebody ask for a film and react to it; returns True if they were answered."""
        who = str(self.people[channel.guild_id])
        async with Person(self.fleet.local.page_url, who) as person:
            outcome = await person.command(channel.id, "recommend", wait=ASK_SECONDS)
            card = outcome.message
            if outcome.state != "done" or card is None or card["flags"] & EPHEMERAL:
                self.unanswered.append(f"{channel.name}: {outcome.error or outcome.text}")
                return False
            number = int(card["id"])
            self.answered.add(number)
            await person.react(card, "👍")
            self.reacted.add(number)
        return True

    async def ask(self, channels: Sequence[Channel]) -> None:
        """Lets somebody ask in each of these servers; every one has to be answered.

        On a slow machine an answer may come too late for Discord, so they ask again.
        """
        for channel in channels:
            for _ in range(TRIES):
                if await self.try_one(channel):
                    break
            else:
                raise AssertionError(self.unanswered[-TRIES:])

    async def all_answer(self) -> None:
        """Lets somebody ask in every server."""
        await self.ask(self.channels)

    async def reactions_are_stored(self) -> None:
        """Waits until each reaction is in the database."""
        stored = "select message_id from standing_acts where source = 'reaction'"

        def complete() -> bool:
            return {row[0] for row in self.fleet.rows(stored)} >= self.reacted

        await until(complete, "every reaction is stored", 5 * PATIENCE_SECONDS, 0.5)

    async def answers_are_stored(self) -> None:
        """Waits until each answer that somebody got is in the database."""

        def complete() -> bool:
            known = {row[0] for row in self.fleet.rows("select message_id from cards")}
            return known >= self.answered

        await until(complete, "every answer is stored", 5 * PATIENCE_SECONDS, 0.5)

    def answered_twice(self) -> list[str]:
        """Returns the interactions that more than one request answered."""
        first = Counter[str]()
        for line in self.record.read_text(encoding="utf-8").splitlines():
            exchange = json.loads(line)
            found = re.search(r"/interactions/(\d+)/[^/]+/callback", exchange["path"])
            if found is not None and exchange["status"] != 404:  # that one came too late
                first[found[1]] += 1
        return [number for number, count in first.items() if count > 1]

    # --- models -----------------------------------------------------------------------------------

    async def promote(self, version: str) -> None:
        """Promotes a version from a process of its own kind, as `matinee models promote` does."""
        settings = Settings(data=self.fleet.folder / "data", database_url=self.fleet.url.text)
        async with open_app(settings, self.world.clock.now) as app:
            await versions.promote(app, version)

    def serves_in_all(self, version: str) -> bool:
        """True if every process answers with this version."""
        return self.fleet.rows("select distinct serving from processes") == [(version,)]

    def let_a_fit_be_due(self) -> None:
        """Makes the versions so old that the nightly fit is due."""
        move = "update model_versions set trained_at = trained_at - interval '3 days'"
        postgres.execute(self.fleet.url, move)

    def let_no_fit_be_due(self) -> None:
        """Undoes `let_a_fit_be_due`."""
        move = "update model_versions set trained_at = trained_at + interval '3 days'"
        postgres.execute(self.fleet.url, move)

    def last_fit(self) -> str | None:
        """Returns how the last fit ended, or "running"."""
        rows = self.fleet.rows("select value from settings_kv where key = 'last-fit'")
        return str(json.loads(rows[0][0])["end"]) if rows else None

    def is_expected(self, line: str) -> bool:
        """True for a line that a process may log because it was stopped or killed."""
        return any(part in line for part in EXPECTED)


def post_state(stage: Stage) -> PostState:
    """Returns how far the posts are."""
    now = stage.world.clock.now()
    due = f"select count(*) from schedules where next_at <= '{now.isoformat()}'"
    unsent = "select count(*) from posts where outcome is null"
    return PostState(int(stage.fleet.rows(due)[0][0]), int(stage.fleet.rows(unsent)[0][0]))
