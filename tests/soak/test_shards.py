"""Three processes with twelve shards on one local Discord: kills, pauses and restarts.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_shards.py

The processes share a PostgreSQL database and a data folder. While they are killed, stopped and
woken, posts fall due in every server and people react. Afterwards every server is answered by
exactly one process, every post was sent once, and every reaction is stored. The other tests stop
the leading process until another leads and wake it again, let another process take the shards of a
stopped one, promote a model, and restart all processes in turn.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from random import Random

import pytest

from bot.playground import start
from bot.playground.records.channels import Channel
from bot.services.cluster.standing import LEASE
from storage.shards import Shards
from tests import postgres
from tests.clock import empty_world
from tests.house import until
from tests.soak.process import PATIENCE_SECONDS, SCALE, scaled, thinned
from tests.soak.shard_processes import ShardProcess, fleet
from tests.soak.shard_stage import PARTS, Stage, filled, post_state
from tests.traffic import recorded

MIN_SCALE = 0.1  # three processes start, stop and start again: minutes at any count

pytestmark = [
    pytest.mark.soak,
    pytest.mark.alone,
    pytest.mark.skipif(postgres.installed() is None, reason="PostgreSQL is not installed"),
    pytest.mark.skipif(SCALE < MIN_SCALE, reason=f"MATINEE_SOAK={MIN_SCALE} or more runs it"),
]

SERVERS = scaled(300, at_least=24)
EVENTS = scaled(200, at_least=6)
EVENTS_PER_ROUND = 6
OWNERS = 24  # so that nobody has seen every film
PAUSE_SECONDS = 0.3  # between two questions
ASKED_PER_ROUND = 8
SEED = 23


@pytest.fixture(scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    folder = tmp_path_factory.mktemp("shards")
    world = empty_world()
    world.max_concurrency = 16  # as Discord allows a bot of this size
    owners = [world.add_user(f"owner-{number}") for number in range(OWNERS)]
    people: dict[int, int] = {}
    channels: list[Channel] = []
    first = world.ids.next() >> 22
    for number in range(SERVERS):
        owner = owners[number % OWNERS]
        guild = world.add_guild(f"Club {number}", owner, id=(first - number) << 22)
        people[guild.id] = owner.id
        channels.append(world.add_channel(guild, f"films-{number}"))
    with postgres.cluster() as server:
        url = server.create("shards")
        versions = await filled(folder / "data", url, world.clock.now())
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
        ):
            for part in PARTS:
                await processes.process(part).start()
            made = Stage(world, processes, channels, people, versions, record)
            await processes.ready()
            yield made
            await made.all_answer()
            assert made.answered_twice() == []
            assert [line for line in processes.errors() if not made.is_expected(line)] == []
    assert world.unsupported == []
    recorded(thinned(record))


async def strike(stage: Stage, process: ShardProcess, rng: Random) -> str:
    """Kills or stops a process in one of several ways; it runs again afterwards. Returns how."""
    way = rng.choice(("kill", "kill", "renewal", "claim", "pause", "pause", "expiry"))
    if way == "kill":
        await asyncio.sleep(rng.uniform(0, 2))
        await process.kill()
    elif way == "renewal":
        async with stage.writers_wait():  # the process waits to renew its place, and is killed
            await process.kill()
    elif way == "claim":
        await until(lambda: post_state(stage).unsent > 0 or post_state(stage).over, "a claim")
        await process.kill()
    else:
        process.pause()
        seconds = LEASE.total_seconds() + 3 if way == "expiry" else rng.uniform(0.5, 4)
        await asyncio.sleep(seconds)
        process.wake()
        return way
    await process.start()
    return way


async def test_kills_and_pauses_double_no_post_and_lose_no_reaction(stage: Stage) -> None:
    rng, struck, found = Random(SEED), Counter[str](), Counter[str]()
    while struck.total() < EVENTS:
        before = stage.posts()
        await stage.make_due()
        for _ in range(min(EVENTS_PER_ROUND, EVENTS - struck.total())):
            ready = [one for one in stage.fleet.processes if one.is_ready]
            if not ready:
                await asyncio.sleep(1)
                continue
            struck[await strike(stage, rng.choice(ready), rng)] += 1
        await stage.fleet.ready()
        await until(lambda: post_state(stage).over, "nothing is due", 3 * PATIENCE_SECONDS, 0.5)
        after = stage.posts()
        made = [after[channel] - before[channel] for channel in after]
        assert max(made) <= 1, "a post came twice"
        found["posts"] += sum(made)
        found["missed"] += made.count(0)
        await stage.ask(rng.sample(stage.channels, ASKED_PER_ROUND))
        stage.world.identifies = 0  # Discord allows a thousand a day
        print(f"  {dict(struck)} {dict(found)}", flush=True)
    assert found["missed"] == len(stage.fleet.rows("select 1 from posts where outcome = 'lost'"))
    await stage.reactions_are_stored()


async def test_a_leader_that_slept_through_its_lease_changes_nothing(stage: Stage) -> None:
    """It is stopped while it fits, and finds when it registers the model that another leads."""
    leader, fence = await stage.fleet.leader(), stage.fleet.fence()
    known = stage.fleet.rows("select version from model_versions")
    before = len(leader.whole_log())
    stage.let_a_fit_be_due()
    await until(lambda: stage.last_fit() == "running", "a fit runs", PATIENCE_SECONDS, 0.05)
    leader.pause()
    stage.let_no_fit_be_due()
    await until(lambda: stage.fleet.fence() > fence, "another leads", PATIENCE_SECONDS, 0.2)
    leader.wake()
    told = f"another process leads now (fence {stage.fleet.fence()})"
    await until(lambda: told in leader.whole_log()[before:], told, 2 * PATIENCE_SECONDS)
    assert stage.fleet.rows("select version from model_versions") == known
    assert stage.last_fit() == "running", "not even how its fit ended"
    await stage.ask(stage.channels[:ASKED_PER_ROUND])


async def test_a_stopped_process_whose_shards_were_taken_ends_when_it_wakes(stage: Stage) -> None:
    sleeper = stage.fleet.processes[1]
    sleeper.pause()
    # On another machine, whose folder has the same models.
    other = stage.fleet.folder / "elsewhere"
    other.mkdir()
    (other / "models").symlink_to(sleeper.data / "models")
    spare = stage.fleet.process(sleeper.shards, other)
    await spare.start()
    taken = "select count(*) from processes where first_shard = ? and place like '%elsewhere%'"
    await until(
        lambda: stage.fleet.rows(taken, sleeper.shards.first) == [(1,)], "taken", PATIENCE_SECONDS
    )
    sleeper.wake()
    assert await sleeper.ended() == 1
    assert f"Another process has taken over shards {sleeper.shards}" in sleeper.whole_log()
    await stage.fleet.ready()
    mine = [one for one in stage.channels if sleeper.shards.holds(one.guild_id)]
    await stage.ask(mine[:ASKED_PER_ROUND])
    await spare.end()
    stage.fleet.processes.remove(spare)
    await sleeper.end()
    await sleeper.start()
    await stage.fleet.ready()


async def test_a_promoted_model_serves_in_all_within_a_minute(stage: Stage) -> None:
    one, two = stage.versions
    for version in (one, two):
        began = time.monotonic()
        await stage.promote(version)
        await until(partial(stage.serves_in_all, version), "it serves", PATIENCE_SECONDS, 0.2)
        seconds = time.monotonic() - began
        print(f"  {version} serves in all processes after {seconds:.0f} s", flush=True)
        assert seconds <= 60


async def test_a_rolling_restart_loses_no_answer_and_no_reaction(stage: Stage) -> None:
    rng, stop = Random(SEED), asyncio.Event()

    async def live() -> int:
        answered = 0
        while not stop.is_set():
            answered += await stage.try_one(rng.choice(stage.channels))
            await asyncio.sleep(PAUSE_SECONDS)
        return answered

    people = [asyncio.create_task(live()) for _ in range(2)]
    for process in stage.fleet.processes:
        await process.end()
        await process.start()
        await until(lambda one=process: one.is_ready, "it runs again", PATIENCE_SECONDS)  # type: ignore[misc]
    stop.set()
    answers = sum(await asyncio.gather(*people))
    print(
        f"  {answers} answers during the restart; without: {Counter(stage.unanswered)}", flush=True
    )
    await stage.answers_are_stored()
    await stage.reactions_are_stored()
    assert {str(one.shards) for one in stage.fleet.processes} == {str(part) for part in PARTS}
    assert stage.fleet.running() == set(Shards(0, 11, 12).ids)
