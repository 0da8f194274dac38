"""The bot is killed at random moments while it claims, sends and records scheduled posts.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_post_kills.py

In each run eight slots of a server are due at the same time, each in its own channel. The kill
comes just after a random number of slots was claimed, sent or recorded. Then the bot is started
again and runs until nothing is due. No channel may get two posts. A channel without a post must
belong to a slot that was claimed but not sent at the kill.

The catalogue is small, so that most of the time is spent on what is tested. The servers take turns,
since a server never gets a film twice.
"""

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.playground import World, start
from bot.playground.records.channels import Channel
from bot.services.posts import schedule as services
from storage.database.engine import open_database
from storage.servers import guilds, schedules
from tests.clock import empty_world
from tests.house import stocked, until
from tests.soak.crowd import film_of
from tests.soak.process import PATIENCE_SECONDS, BotProcess, attached, scaled, thinned
from tests.traffic import recorded

pytestmark = pytest.mark.soak

RUNS = scaled(150, at_least=6)
SLOTS = 8
FILMS = 700
SERVERS = 1 + RUNS * SLOTS * 4 // FILMS  # a post shows four films
SEED = 6
KILL_STATES = ("claimed", "sent", "recorded")
"""The kill comes just after a random number of slots was in this state."""


def posts(channel: Channel) -> int:
    return sum(film_of(message) is not None for message in channel.messages.values())


async def due_now(data: Path, now: datetime, guild_id: int, channels: list[Channel]) -> None:
    """Replaces all schedules by one per channel, whose slot was due a minute before `now`."""
    at = now - timedelta(minutes=1)
    async with open_database(data / "matinee.sqlite3", now=now) as db, db.write() as conn:
        await guilds.setup(conn, guild_id, now=now, zone="UTC")
        for one in await schedules.active(conn):
            await schedules.remove(conn, one.id)
        for channel in channels:
            await schedules.create(
                conn,
                guild_id,
                theme="auto",
                post_time=f"{at:%H:%M}",
                now=now - timedelta(hours=2),
                next_at=at.replace(second=0, microsecond=0),
                channel_id=channel.id,
            )


@dataclass(frozen=True)
class State:
    """The slots in the database.

    Attributes:
        due: number of schedules that are due.
        claimed: number of claimed slots.
        recorded: number of slots with a recorded outcome.
        unrecorded: channels of slots that are claimed but have no outcome.
    """

    due: int
    claimed: int
    recorded: int
    unrecorded: frozenset[int]

    @property
    def over(self) -> bool:
        """True if nothing is due and nothing is in progress."""
        return not self.due and not self.unrecorded


def state(bot: BotProcess) -> State:
    now = f"{bot.local.world.clock.now():%Y-%m-%d %H:%M:%S}"
    with closing(sqlite3.connect(bot.data / "matinee.sqlite3", timeout=10)) as conn:
        conn.execute("begin")
        rows = conn.execute(
            "select channel_id, outcome from posts join schedules on schedules.id = schedule_id"
        ).fetchall()
        (due,) = conn.execute(
            "select count(*) from schedules where next_at <= ?", (now,)
        ).fetchone()
    unrecorded = frozenset(channel for channel, outcome in rows if outcome is None)
    return State(due, len(rows), len(rows) - len(unrecorded), unrecorded)


def stage() -> tuple[World, list[tuple[int, list[Channel]]]]:
    """Returns a world and its servers with the bot, as (server id, channels)."""
    world = empty_world()
    owner = world.add_user("owner", bot=True, id=world.application.owner_id)
    places = []
    for at in range(SERVERS):
        guild = world.add_guild(f"Club {at}", owner)
        channels = [world.add_channel(guild, f"shelf-{number}") for number in range(SLOTS)]
        places.append((guild.id, channels))
    return world, places


async def one_run(
    bot: BotProcess, guild_id: int, channels: list[Channel], rng: Random
) -> Counter[str]:
    """Makes slots due, kills the bot, and starts it again until all is done.

    Returns counts of slots, posts and kills.
    """
    before = {channel.id: posts(channel) for channel in channels}
    moment, target = rng.choice(KILL_STATES), rng.randint(1, SLOTS)

    def sent() -> int:
        return sum(posts(channel) - before[channel.id] for channel in channels)

    def reached() -> bool:
        return target <= (sent() if moment == "sent" else getattr(state(bot), moment))

    await due_now(bot.data, bot.local.world.clock.now(), guild_id, channels)
    await until(reached, f"{target} slots are {moment}", PATIENCE_SECONDS, every=0.003)
    await asyncio.sleep(rng.expovariate(1 / 0.03))
    await bot.kill()
    left = state(bot)
    unsent = {
        channel.id
        for channel in channels
        if channel.id in left.unrecorded and posts(channel) == before[channel.id]
    }
    await bot.start()
    await until(lambda: state(bot).over, "all is done", PATIENCE_SECONDS)
    made = {channel.id: posts(channel) - before[channel.id] for channel in channels}
    assert max(made.values()) <= 1, f"posted twice: {made}"
    missed = {channel for channel, count in made.items() if count == 0}
    assert missed <= unsent, f"{missed} were missed, only {unsent} stood unsent"
    left_open = "nothing"
    if left.unrecorded:
        left_open = "a claim that was not sent" if unsent else "a post that was not recorded"
    return Counter(
        {
            "slots": SLOTS,
            "posted": sum(made.values()),
            "missed": len(missed),
            "kills between claim and send": int(bool(unsent)),
            f"kills that left {left_open} open": 1,
            f"kills after slot {min(left.claimed, SLOTS)} was claimed": 1,
        }
    )


async def test_no_kill_doubles_a_post(tmp_path: Path) -> None:
    world, places = stage()
    await stocked(tmp_path / "data" / "matinee.sqlite3", FILMS)
    record = tmp_path / "traffic.jsonl"
    rng, found = Random(SEED), Counter[str]()
    async with (
        start(world, record=record) as local,
        attached(tmp_path, local, tick_seconds=0.2, keep_backups=0, seed_reactions=False) as bot,
    ):
        await bot.start()
        for number in range(1, RUNS + 1):
            found += await one_run(bot, *places[number % SERVERS], rng)
            assert bot.errors() == []
            if number % 10 == 0:
                print(f"  {number} runs: {dict(found)}", flush=True)
    assert world.unsupported == []
    recorded(thinned(record))
    print(f"\n{RUNS} runs, each killed once and started again:")
    for name, count in sorted(found.items()):
        print(f"  {name}: {count}")
    assert found["posted"] + found["missed"] == found["slots"]
    assert found["missed"] <= found["kills between claim and send"], "one post a kill at most"
    assert services.MAX_POSTS_PER_GUILD >= SLOTS
