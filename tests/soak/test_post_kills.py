"""The bot killed at random moments while scheduled posts are claimed, sent and recorded.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_post_kills.py

Before each start eight slots are due, each in a channel of its own. After the kill the bot is
started again and left alone until nothing is due: no channel may hold two posts, and a channel
without one is a slot that stood claimed and unsent when the kill came.
"""

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.app import open_app
from bot.playground import server
from bot.playground.objects import Channel
from bot.playground.stage import default_world
from bot.playground.world import World
from bot.services import schedule as services
from bot.settings import Settings
from storage import guilds, schedules
from tests.house import until
from tests.soak.crowd import film_of
from tests.soak.process import BotProcess, attached, scaled, thinned
from tests.traffic import recorded

pytestmark = pytest.mark.soak

RUNS = scaled(150, at_least=6)
SLOTS = 8
SEED = 6


def posts(channel: Channel) -> int:
    return sum(film_of(message) is not None for message in channel.messages.values())


async def due_now(data: Path, guild_id: int, channels: list[Channel]) -> None:
    """Schedules whose slot came a minute ago, one a channel, and none besides."""
    now = datetime.now(UTC)
    at = now - timedelta(minutes=1)
    async with open_app(Settings(data=data)) as app, app.db.write() as conn:
        await guilds.setup(conn, guild_id, now=now, zone="UTC")
        for one in await schedules.of_guild(conn, guild_id):
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


def state(data: Path) -> tuple[list[int], int]:
    """The channels of slots that stand claimed with nothing known of them, and how many are due."""
    with closing(sqlite3.connect(data / "matinee.sqlite3", timeout=10)) as conn:
        claimed = conn.execute(
            "select channel_id from posts join schedules on schedules.id = schedule_id"
            " where outcome is null"
        ).fetchall()
        now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
        (due,) = conn.execute(
            "select count(*) from schedules where next_at <= ?", (now,)
        ).fetchone()
    return [channel for (channel,) in claimed], due


def stage(world: World) -> tuple[int, list[Channel]]:
    guild = next(iter(world.guilds.values()))
    return guild.id, [world.add_channel(guild, f"shelf-{number}") for number in range(SLOTS)]


async def one_run(
    bot: BotProcess, guild_id: int, channels: list[Channel], rng: Random
) -> Counter[str]:
    """Due, start, kill, start again, let it finish; what came of the slots."""
    before = {channel.id: posts(channel) for channel in channels}
    await due_now(bot.data, guild_id, channels)
    await bot.start()
    await until(lambda: state(bot.data)[1] < SLOTS, "the first slot is claimed", 60)
    await asyncio.sleep(rng.uniform(0.0, 0.5))
    await bot.kill()
    unsure, left = state(bot.data)
    unsent = [
        channel.id
        for channel in channels
        if channel.id in unsure and posts(channel) == before[channel.id]
    ]
    await bot.start()
    await until(lambda: state(bot.data)[1] == 0 and not state(bot.data)[0], "all is done", 60)
    await bot.end()
    made = {channel.id: posts(channel) - before[channel.id] for channel in channels}
    assert max(made.values()) <= 1, f"posted twice: {made}"
    missed = [channel for channel, count in made.items() if count == 0]
    assert set(missed) <= set(unsent), f"{missed} were missed, only {unsent} stood unsent"
    return Counter(
        slots=SLOTS,
        posted=sum(made.values()),
        missed=len(missed),
        unsent_at_the_kill=len(unsent),
        unrecorded_at_the_kill=len(unsure) - len(unsent),
        kills_in_the_middle=int(0 < left < SLOTS or bool(unsure)),
    )


async def test_no_kill_doubles_a_post(tmp_path: Path) -> None:
    world = default_world()
    guild_id, channels = stage(world)
    record = tmp_path / "traffic.jsonl"
    rng, found = Random(SEED), Counter[str]()
    async with (
        server.start(world, record=record) as local,
        attached(tmp_path, local, tick_seconds=0.2, keep_backups=0, seed_reactions=False) as bot,
    ):
        for _ in range(RUNS):
            found += await one_run(bot, guild_id, channels, rng)
        assert bot.errors() == []
    assert world.unsupported == []
    recorded(thinned(record))
    print(f"\n{RUNS} runs, each killed once and started again: {dict(found)}")
    assert found["posted"] + found["missed"] == found["slots"]
    assert found["missed"] <= RUNS, "a kill misses one post at most"
    assert services.MOST >= SLOTS
