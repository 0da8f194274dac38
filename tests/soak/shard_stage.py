"""What the tests of several processes do: servers, posts, questions, reactions and models."""

import contextlib
import json
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.playground import World
from bot.playground.records.channels import Channel
from bot.services.training import retrain, versions
from bot.settings import Settings
from bot.wiring import open_app
from storage.database.address import DatabaseUrl
from storage.database.engine import open_database
from storage.servers import guilds, schedules
from storage.shards import Shards
from tests import postgres
from tests.bot.fitted import write_background
from tests.house import until
from tests.soak.crowd import film_of
from tests.soak.ledger import bare
from tests.soak.process import PATIENCE_SECONDS
from tests.soak.shard_people import People
from tests.soak.shard_processes import Fleet, ShardProcess

PARTS = (Shards(0, 3, 12), Shards(4, 7, 12), Shards(8, 11, 12))
FILMS = 900
TOO_LATE = (404,)
"""Statuses of responses to interactions that Discord no longer knows."""

VERSIONS = "select version, path, is_live, promoted_at from model_versions order by version"


async def filled(data: Path, url: DatabaseUrl, now: datetime, fits: int) -> list[str]:
    """Fills a database with a small catalogue, and fits versions of the model.

    fits: the number of versions. Returns their names, the oldest first.
    """
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
    for minutes in range(fits, 0, -1):
        at = now - timedelta(minutes=minutes)
        async with open_app(settings, lambda at=at: at) as app:  # type: ignore[misc]
            await write_background(app)
            outcome = await retrain.refit(app)
            assert outcome.promoted, outcome.why
            made.append(outcome.version)
    return made


@dataclass
class Stage:
    """A local Discord with many servers, and the processes of the bot.

    Attributes:
        world: the state of the local Discord.
        fleet: the processes.
        channels: a channel of each server.
        people: the people of these servers.
        versions: names of the versions of the model.
        record: the file with the bot's requests.
    """

    world: World
    fleet: Fleet
    channels: list[Channel]
    people: People
    versions: list[str]
    record: Path

    # --- posts ----------------------------------------------------------------------------------

    def posts(self) -> Counter[int]:
        """Returns how many posts each channel has got; channels without one count as 0."""
        return Counter(
            {
                channel.id: sum(
                    film_of(message) is not None and message.metadata is None
                    for message in channel.messages.values()
                )
                for channel in self.channels
            }
        )

    async def posts_are_over(self) -> bool:
        """True if no post is due, and none is being sent."""
        now = self.world.clock.now()
        ((due,),) = await self.fleet.read("select count(*) from schedules where next_at <= $1", now)
        ((unsent,),) = await self.fleet.read("select count(*) from posts where outcome is null")
        return not due and not unsent

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

    # --- answers and reactions --------------------------------------------------------------------

    async def reactions_are_stored(self) -> None:
        """Waits until each reaction is in the database."""
        stored = "select message_id, emoji from standing_acts where source = 'reaction'"

        async def complete() -> bool:
            found = {(number, bare(emoji)) for number, emoji in await self.fleet.read(stored)}
            return found >= {(number, bare(emoji)) for number, emoji in self.people.reactions}

        await until(complete, "every reaction is stored", 5 * PATIENCE_SECONDS, 0.5)

    async def answers_are_stored(self) -> None:
        """Waits until each answer that somebody got is in the database."""

        async def complete() -> bool:
            known = {row[0] for row in await self.fleet.read("select message_id from cards")}
            return known >= self.people.answers.keys()

        await until(complete, "every answer is stored", 5 * PATIENCE_SECONDS, 0.5)

    def responses(self) -> Counter[str]:
        """Returns how many first responses Discord has accepted for each interaction."""
        found = Counter[str]()
        for line in self.record.read_text(encoding="utf-8").splitlines():
            exchange = json.loads(line)
            callback = re.search(r"/interactions/(\d+)/[^/]+/callback", exchange["path"])
            if callback is not None and exchange["status"] not in TOO_LATE:
                found[callback[1]] += 1
        return found

    # --- models -----------------------------------------------------------------------------------

    async def promote(self, version: str) -> None:
        """Promotes a version from a process of its own kind, as `matinee models promote` does."""
        settings = Settings(data=self.fleet.folder / "data", database_url=self.fleet.url.text)
        async with open_app(settings, self.world.clock.now) as app:
            await versions.promote(app, version)

    async def serves_in_all(self, version: str) -> bool:
        """True if every process answers with this version."""
        serving = await self.fleet.read("select distinct serving from processes")
        return serving == [(version,)]

    @contextlib.asynccontextmanager
    async def a_fit_changes_nothing(self, leader: ShardProcess) -> AsyncIterator[None]:
        """Lets a fit be due in the block, which has to stop the leader while it fits.

        Afterwards, the leader goes on once another process leads. Nothing of its fit may be stored.
        """
        fence, known = await self.fleet.fence(), await self.fleet.read(VERSIONS)
        begun = len(leader.whole_log())
        move = "update model_versions set trained_at = trained_at {} interval '3 days'"
        postgres.execute(self.fleet.url, move.format("-"))  # the nightly fit is due
        yield
        postgres.execute(self.fleet.url, move.format("+"))

        async def another_leads() -> bool:
            return await self.fleet.fence() > fence

        await until(another_leads, "another process leads", PATIENCE_SECONDS, 0.2)
        leader.wake()
        told = f"fit: another process leads now (fence {await self.fleet.fence()})"
        await until(lambda: told in leader.whole_log()[begun:], told, 2 * PATIENCE_SECONDS)
        assert await self.fleet.read(VERSIONS) == known
        assert await self.fit_is("running"), "not even how its fit ended is stored"

    async def fit_is(self, end: str) -> bool:
        """True if the last fit ended so, or is "running"."""
        rows = await self.fleet.read("select value from settings_kv where key = 'last-fit'")
        return bool(rows) and json.loads(rows[0][0])["end"] == end
