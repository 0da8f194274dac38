"""Three processes with twelve shards on one local Discord: kills, pauses and restarts.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_shards.py

The processes share a PostgreSQL database and a data folder. While they are killed, stopped and
woken, posts fall due in every server, and people ask and react. Afterwards every post was sent
once, and every answer and reaction is stored. The other tests stop the leading process until
another leads and wake it again, let another process take the shards of a stopped one, promote a
model, restart all processes in turn, and ask in every server.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from random import Random

import pytest

from bot.playground import Person, start
from bot.playground.records.channels import Channel
from storage.shards import Shards
from tests import postgres
from tests.clock import empty_world
from tests.house import until
from tests.soak import shard_gates
from tests.soak.process import PATIENCE_SECONDS, SCALE, scaled, thinned
from tests.soak.shard_gates import Gate, closed
from tests.soak.shard_people import People
from tests.soak.shard_processes import fleet
from tests.soak.shard_stage import PARTS, Stage, filled
from tests.soak.shard_strikes import Strikes, each_short_way, plan
from tests.traffic import recorded

MIN_SCALE = 0.1

waits = pytest.mark.skipif(
    SCALE < MIN_SCALE, reason=f"it waits for leases: MATINEE_SOAK={MIN_SCALE} or more runs it"
)

pytestmark = [
    pytest.mark.soak,
    pytest.mark.alone,
    pytest.mark.skipif(postgres.installed() is None, reason="PostgreSQL is not installed"),
]

SERVERS = scaled(300, at_least=24)
STRIKES = scaled(200)
FITS = 2 if SCALE >= MIN_SCALE else 1
OWNERS = 24  # so that nobody has seen every film
ASKED = 8
ASKING = 4  # questions at the same time
SEED = 23


@pytest.fixture(scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    folder = tmp_path_factory.mktemp("shards")
    world = empty_world()
    world.max_concurrency = 16  # as Discord allows a bot of this size
    owners = [world.add_user(f"owner-{number}") for number in range(OWNERS)]
    owner_of: dict[int, str] = {}
    channels: list[Channel] = []
    first = world.ids.next() >> 22
    for number in range(SERVERS):
        owner = owners[number % OWNERS]
        guild = world.add_guild(f"Club {number}", owner, id=(first - number) << 22)
        owner_of[guild.id] = owner.username
        channels.append(world.add_channel(guild, f"films-{number}"))
    with postgres.cluster() as server:
        url = server.create("shards")
        versions = await filled(folder / "data", url, world.clock.now(), FITS)
        shard_gates.build(url)
        record = folder / "traffic.jsonl"
        async with (
            start(world, record=record) as local,
            fleet(
                folder,
                local,
                url,
                tick_seconds=0.5,
                keep_backups=0,
                retrain_after=0,
                seed_reactions=False,
                post_spread_minutes=0,
            ) as processes,
            AsyncExitStack() as visits,
        ):
            for part in PARTS:
                await processes.process(part).start()
            await processes.ready()
            there = {
                one.username: await visits.enter_async_context(Person(local.page_url, one.username))
                for one in owners
            }
            people = People(channels, {guild: there[name] for guild, name in owner_of.items()})
            yield Stage(world, processes, channels, people, versions, record)
            assert processes.unexpected_errors() == []
    assert world.unsupported == []
    recorded(thinned(record))


async def test_kills_and_pauses_double_no_post_and_lose_no_reaction(stage: Stage) -> None:
    rng, found, began = Random(SEED), Counter[str](), time.monotonic()
    ways = plan(STRIKES, rng) if SCALE >= MIN_SCALE else each_short_way()
    strikes = Strikes(stage, ways, rng)
    async with stage.people.living(rng):
        running = asyncio.create_task(strikes.run())
        while not running.done():
            before = stage.posts()
            await stage.make_due()
            await until(stage.posts_are_over, "nothing is due", 10 * PATIENCE_SECONDS, 0.5)
            made = [count - before[channel] for channel, count in stage.posts().items()]
            assert max(made) <= 1, "a post came twice"
            lost = await stage.fleet.read("select 1 from posts where outcome = 'lost'")
            assert made.count(0) == len(lost)
            found["posts"] += sum(made)
            found["lost"] += len(lost)
            stage.world.identifies = 0  # Discord allows a thousand a day
            minutes = (time.monotonic() - began) / 60
            print(f"  {minutes:.1f} min: {dict(found)} {dict(strikes.done)}", flush=True)
        await running
    people = stage.people
    print(f"  answers: {dict(people.outcomes)}; broken off: {len(people.broken)}", flush=True)
    await stage.fleet.ready()
    await stage.answers_are_stored()
    await stage.reactions_are_stored()


@waits
async def test_a_leader_that_slept_while_it_fitted_changes_nothing(stage: Stage) -> None:
    """It finds that another leads when it registers the model."""
    leader = await stage.fleet.leader()
    async with stage.a_fit_changes_nothing(leader):
        await until(lambda: stage.fit_is("running"), "a fit runs", PATIENCE_SECONDS, 0.05)
        leader.pause()


@waits
async def test_a_leader_that_slept_in_a_transaction_changes_nothing(stage: Stage) -> None:
    """It has found that it leads, and is stopped before it commits."""
    leader = await stage.fleet.leader()
    async with (
        stage.a_fit_changes_nothing(leader),
        closed(stage.fleet.url, Gate.REGISTERED) as gate,
    ):
        await until(gate.is_reached, "a model is registered", 2 * PATIENCE_SECONDS, 0.1)
        leader.pause()


@waits
async def test_a_stopped_process_whose_shards_were_taken_ends_when_it_wakes(stage: Stage) -> None:
    sleeper = stage.fleet.processes[1]
    sleeper.pause()
    # On another machine, whose folder has the same models.
    other = stage.fleet.folder / "elsewhere"
    other.mkdir()
    (other / "models").symlink_to(sleeper.data / "models")
    spare = stage.fleet.process(sleeper.shards, other)
    await spare.start()
    taken = "select count(*) from processes where first_shard = $1 and place like '%elsewhere%'"

    async def is_taken() -> bool:
        return await stage.fleet.read(taken, sleeper.shards.first) == [(1,)]

    await until(is_taken, "taken", PATIENCE_SECONDS, 0.2)
    sleeper.wake()
    assert await sleeper.ended() == 1
    assert f"Another process has taken over shards {sleeper.shards}" in sleeper.whole_log()
    await stage.fleet.ready()
    mine = [one for one in stage.channels if sleeper.shards.holds(one.guild_id)]
    await stage.people.get_answers(mine[:ASKED])
    await spare.end()
    stage.fleet.processes.remove(spare)
    await sleeper.end()
    await sleeper.start()
    await stage.fleet.ready()


@waits
async def test_a_promoted_model_serves_in_all_within_a_minute(stage: Stage) -> None:
    for version in stage.versions:
        began = time.monotonic()
        await stage.promote(version)
        await until(partial(stage.serves_in_all, version), "it serves in all", 60.0, 0.2)
        seconds = time.monotonic() - began
        print(f"  {version} serves in all processes after {seconds:.0f} s", flush=True)


async def test_a_rolling_restart_loses_no_answer_and_no_reaction(stage: Stage) -> None:
    people, fleet = stage.people, stage.fleet
    people.outcomes.clear()
    people.broken.clear()
    errors = len(fleet.errors())
    async with people.living(Random(SEED)):
        for process in fleet.processes:
            ending = asyncio.create_task(process.end())
            await until(lambda one=process: not one.is_ready, "it ends", PATIENCE_SECONDS, 0.05)  # type: ignore[misc]
            away_since = time.monotonic()
            await ending
            ended = time.monotonic()
            await process.start()
            await until(lambda one=process: one.is_ready, "it is back", PATIENCE_SECONDS, 0.05)  # type: ignore[misc]
            print(
                f"  {process.shards}: away for {time.monotonic() - away_since:.1f} s,"
                f" of which it ended for {ended - away_since:.1f} s",
                flush=True,
            )
    print(f"  answers: {dict(people.outcomes)}", flush=True)
    assert people.broken == [], "the bot began to answer, and did not"
    assert fleet.errors()[errors:] == []
    await stage.answers_are_stored()
    await stage.reactions_are_stored()
    assert fleet.running() == set(Shards(0, 11, 12).ids)


async def test_each_server_is_answered_by_one_process(stage: Stage) -> None:
    """Discord refuses a second response; each one that a process tried is counted here."""
    await stage.fleet.ready()
    parts = [stage.channels[number::ASKING] for number in range(ASKING)]
    await asyncio.gather(*(stage.people.get_answers(part) for part in parts))
    assert max(stage.responses().values()) == 1
