"""Ten thousand servers want their post at 19:00, while people use `/recommend` 20 times a second.

    MATINEE_SOAK=1.0 pytest -m benchmark_run -s tests/benchmarks/test_ten_thousand.py

With a smaller MATINEE_SOAK there are fewer servers and the spread is shorter, at least a minute, so
that as many posts come in a second. MATINEE_ASKED is another number for the 20.

The bot is a process of its own with the default settings, except for the spread. The local Discord,
with all its rate limits, and the people are another process on the same cores; its clock is the
only one. One server in ten has ratings of its own. The whole run writes its part of
docs/performance.md and a plot.
"""

import asyncio
import contextlib
import os
import platform
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest

from bot.playground import LocalDiscord, World, start
from bot.playground.records.events import Event
from bot.playground.records.interactions import Interaction
from bot.playground.world.interactions import lifecycle
from bot.services.app import App
from bot.services.scale import SCALE
from bot.services.training import retrain
from bot.settings import Settings
from bot.wiring import open_app
from recommender.reports.plots import lines
from storage.feedback import ratings
from storage.people import profiles
from storage.servers import guilds, schedules
from tests.benchmarks.page import put
from tests.clock import NOW
from tests.house import stocked, until
from tests.loading import busy_world, give_tastes, recommend
from tests.soak.clocked import ClockedProcess
from tests.soak.process import SCALE as SHARE

pytestmark = pytest.mark.benchmark_run

ALL_SERVERS, WHOLE_SPREAD = 10_000, 15
SPREAD = max(1, round(WHOLE_SPREAD * SHARE))  # minutes
SERVERS = ALL_SERVERS * SPREAD // WHOLE_SPREAD
LONGEST = SPREAD + 1  # minutes within which all posts must come
SERVERS_WITH_TASTES, RATERS, RATED = 10, 3, 6  # of one server in ten; RATED films by each rater
ASKED_PER_SECOND = float(os.environ.get("MATINEE_ASKED") or 20)
QUIET_SECONDS = 20.0
PATIENCE_SECONDS = 600.0
FIRST_RATER = 1_500_000_000_000_000_000
SEED = 19
STEPS = 15  # of the plot, while posts are due
PLOT = Path(__file__).resolve().parents[2] / "docs" / "ten_thousand.svg"


@dataclass
class Watch:
    """Watches the posts come in the local Discord.

    Attributes:
        channels: ids of the channels with a post at 19:00.
        sent: seconds from 19:00 to each post.
        seeded: seconds from 19:00 to each post's first emoji.
        card_reactions: how many emoji the bot put under other cards meanwhile.
    """

    world: World
    channels: set[int]
    sent: dict[int, float] = field(default_factory=dict)
    seeded: dict[int, float] = field(default_factory=dict)
    twice: int = 0
    card_reactions: int = 0

    def hear(self, event: Event) -> None:
        """Takes an event of the local Discord."""
        at = (self.world.clock.now() - NOW).total_seconds()
        if event.name == "MESSAGE_CREATE" and event.channel_id in self.channels:
            self.twice += event.channel_id in self.sent
            self.sent[event.channel_id] = at
        elif event.name == "MESSAGE_REACTION_ADD" and event.channel_id in self.channels:
            self.seeded.setdefault(event.channel_id, at)
        elif event.name == "MESSAGE_REACTION_ADD":
            self.card_reactions += at > 0


def crowded_world() -> tuple[World, set[int]]:
    """Returns the world, and the ids of the channels with a post. Its clock shows 18:45."""
    world = busy_world()
    world.clock.set(NOW - timedelta(minutes=15))
    owner = world.users[world.application.owner_id]
    found = set()
    for number in range(SERVERS):
        guild = world.add_guild(f"Film club {number}", owner)
        found.add(world.add_channel(guild, "films").id)
    return world, found


async def prepare(app: App, world: World, channels: set[int]) -> None:
    """Gives each server a post at 19:00 and some servers tastes, and fits the models."""
    now, rng = world.clock.now(), Random(SEED)
    library = app.live.served.library
    famous = sorted(library.films, key=lambda film: -library.fame.get(film, 0.0))[:40]
    async with app.db.write() as conn:
        for number, channel_id in enumerate(sorted(channels)):
            guild_id = world.channels[channel_id].guild_id
            assert guild_id is not None
            await guilds.setup(conn, guild_id, now=now, zone="Europe/Paris")
            await schedules.create(
                conn, guild_id, theme="auto", post_time="19:00", now=now, next_at=None,
                channel_id=channel_id,
            )  # fmt: skip
            for place in range(0 if number % SERVERS_WITH_TASTES else RATERS):
                person = FIRST_RATER + number * RATERS + place
                await profiles.ensure(conn, person, now=now)
                for film in rng.sample(famous, RATED):
                    await ratings.state(
                        conn, person_id=person, film_id=film, source="command",
                        stars=rng.choice([3.0, 4.0, 5.0]), at=now, scale=SCALE, guild_id=guild_id,
                    )  # fmt: skip
    await give_tastes(app, world, rng)
    await retrain.refit(app)


@asynccontextmanager
async def crowded(folder: Path) -> AsyncIterator[tuple[LocalDiscord, ClockedProcess, Watch]]:
    """Yields the local Discord, the bot's process and the watch, when the bot is online."""
    world, channels = crowded_world()
    settings = Settings(data=folder / "data", post_spread_minutes=SPREAD)
    await stocked(settings.database)
    async with open_app(settings, world.clock.now) as app:
        await prepare(app, world, channels)
    watch = Watch(world, channels)
    world.subscribe(watch.hear)
    async with start(world) as local:
        chosen = {"MATINEE_POST_SPREAD_MINUTES": str(SPREAD), "MATINEE_RETRAIN_AFTER": "0"}
        bot = ClockedProcess(folder, local, chosen)
        try:
            await bot.start()
            for line in ("reactions reconciled", "shelves in"):
                await until(lambda line=line: line in bot.whole_log(), line, PATIENCE_SECONDS)  # type: ignore[misc]
            await bot.looked()
            yield local, bot, watch
        finally:
            await bot.end()


@dataclass(frozen=True)
class Answers:
    """The first responses to `/recommend`.

    Attributes:
        ms: milliseconds to each first response, in the order of the requests.
        missed: how many got none in time.
        processor_ms: processor time of the bot's process while they were answered.
    """

    ms: list[float]
    missed: int
    processor_ms: float

    def percentile(self, share: float) -> float:
        """Returns a percentile of the times."""
        return float(np.percentile(self.ms, share))


async def ask(bot: ClockedProcess, world: World, until_done: "asyncio.Event") -> Answers:
    """Uses `/recommend` at a steady rate until the event is set."""
    used = bot.processor_seconds()
    asked: list[Interaction] = await recommend(
        world, ASKED_PER_SECOND, Random(SEED), lambda _: not until_done.is_set()
    )
    for each in asked:
        assert await lifecycle.wait_for_state(each, PATIENCE_SECONDS)
    ms = [each.first_response_ms for each in asked if each.first_response_ms is not None]
    missed = sum(each.error is not None for each in asked)
    return Answers(ms, missed, (bot.processor_seconds() - used) * 1000)


async def quiet(bot: ClockedProcess, world: World) -> Answers:
    """Returns the answers while no post is due."""
    done = asyncio.Event()
    asyncio.get_running_loop().call_later(QUIET_SECONDS, done.set)
    return await ask(bot, world, done)


async def test_ten_thousand_posts_at_seven(tmp_path: Path) -> None:
    async with crowded(tmp_path) as (local, bot, watch):
        world, loop = local.world, asyncio.get_running_loop()
        await quiet(bot, world)  # warms up, not measured
        before = await quiet(bot, world)
        local.limits.hits = 0
        world.clock.set(NOW)
        began, done = loop.time(), asyncio.Event()
        asking = asyncio.create_task(ask(bot, world, done))
        with contextlib.suppress(AssertionError):
            await until(
                lambda: len(watch.seeded) == SERVERS, "all have their emoji", LONGEST * 60, 0.1
            )
        await asyncio.sleep(max(0.0, SPREAD * 60 - (loop.time() - began)))
        done.set()
        during = await asking
        refused, memory = local.limits.hits, bot.resident_mib()
        errors = bot.errors()
        assert watch.twice == 0
    late = {channel: at for channel, at in watch.sent.items() if at > LONGEST * 60}
    per_answer = before.processor_ms / len(before.ms)
    per_post = (during.processor_ms - per_answer * len(during.ms)) / max(1, len(watch.sent))
    text = report(watch, before, during, refused, per_answer, per_post, memory)
    print(text)
    for place in (tmp_path / PLOT.name, *([PLOT] if SHARE >= 1 else [])):
        place.write_text(plot(watch), encoding="utf-8")
    if SHARE >= 1:
        put("ten-thousand", text)
    assert errors == []
    assert len(watch.sent) == SERVERS
    assert late == {}
    assert len(watch.seeded) >= 0.95 * SERVERS
    assert (refused, during.missed) == (0, 0)
    assert SHARE < 1 or during.percentile(99) <= 250.0


def plot(watch: Watch) -> str:
    """Returns how many posts had come at each time, as SVG text."""
    minutes = [step * SPREAD / STEPS for step in range(LONGEST * STEPS // SPREAD + 1)]

    def counted(times: dict[int, float]) -> list[float]:
        found = np.array(list(times.values()))
        return [float((found <= 60 * minute).sum()) for minute in minutes]

    series = {"posts": counted(watch.sent), "with their emoji": counted(watch.seeded)}
    return lines(f"Posts of {SERVERS:,} servers that are due at 19:00", "minutes", minutes, series)


def report(
    watch: Watch,
    before: Answers,
    during: Answers,
    refused: int,
    per_answer: float,
    per_post: float,
    memory: float,
) -> str:
    """Returns the figures as a part of the page.

    refused: requests that were answered with 429.
    per_answer, per_post: milliseconds of the bot's processor time.
    memory: the bot's resident memory, MiB.
    """
    seeded = sorted(at - watch.sent[channel] for channel, at in watch.seeded.items())
    wait = f"{np.median(seeded):.1f} s, at most {max(seeded):.0f} s" if seeded else "-"
    chosen = f"MATINEE_SOAK={SHARE:g} MATINEE_ASKED={ASKED_PER_SECOND:g}"
    return f"""## Ten thousand servers at 19:00

Written by `{chosen} pytest -m benchmark_run -s tests/benchmarks/test_ten_thousand.py`.

{SERVERS:,} servers of one time zone want their post at 19:00, spread over {SPREAD} min, and
people use `/recommend` {ASKED_PER_SECOND:g} times a second in four other servers. Each post takes
two requests of the 50 a second that Discord accepts: one to send it, one for its emoji. That is
{2 * SERVERS / 50:,.0f} s of the whole budget; the bot uses four fifths of it, and posts get at most
20 requests a second. The local Discord counts requests as Discord does.

| | |
| --- | ---: |
| posts sent | {len(watch.sent):,} of {SERVERS:,} |
| the last one after 19:00 | {max(watch.sent.values()) / 60:.1f} minutes |
| posts with their emoji | {len(watch.seeded):,} ({len(watch.seeded) / SERVERS:.1%}) |
| from a post to its emoji, median | {wait} |
| emoji under other cards meanwhile | {watch.card_reactions:,} |
| requests refused with 429 | {refused} |
| `/recommend` meanwhile | {len(during.ms):,} |
| first response, p50 and p99 | {during.percentile(50):.0f} and {during.percentile(99):.0f} ms |
| the same before, without posts | {before.percentile(50):.0f} and {before.percentile(99):.0f} ms |
| deadlines missed | {during.missed} |
| processor time of the bot for a post | {per_post:.1f} ms |
| and for a `/recommend`, without posts | {per_answer:.1f} ms |
| memory of the bot's process | {memory:.0f} MiB |

![Posts by minute](ten_thousand.svg)

Measured on {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, load
{os.getloadavg()[0]:.1f}."""
