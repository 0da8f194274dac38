"""A bot with shards, over the wire: every server is answered, and no shard runs twice."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import CannotConnect
from bot.health import ask
from bot.jobs.cluster import keeper
from bot.services.app import App
from bot.services.cluster import cluster
from bot.services.cluster.cluster import Cluster
from bot.services.cluster.standing import LEASE
from storage import keyvalue
from storage.cluster import leases, processes
from storage.cluster.leases import Lease
from storage.shards import Shards
from tests.clock import club_world
from tests.house import FEWEST_FILMS, House, running, until


@pytest.fixture(scope="module")
async def sharded(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("sharded")
    world = club_world()
    world.max_concurrency = 3  # so that the shards need not wait for each other
    async with running(
        folder, world=world, max_films=FEWEST_FILMS, shards=Shards(0, 2, 3)
    ) as house:
        yield house


async def test_each_shard_gets_the_servers_that_are_its_own(sharded: House) -> None:
    app = sharded.app
    clubs = [sharded.club() for _ in range(4)]
    sessions = sharded.local.gateway.sessions.values()
    await until(lambda: len(sessions) == 3, "every shard has identified")
    assert {session.shard for session in sessions} == {(0, 3), (1, 3), (2, 3)}
    for visit in clubs:
        assert app.cluster.holds(visit.guild.id)
        async with visit.member("mira") as mira:
            outcome = await mira.command("films", "recommend")
            assert outcome.message is not None
    assert app.cluster.leading
    assert sharded.rows("select first_shard, last_shard, shard_count from processes") == [(0, 2, 3)]


async def test_shards_that_run_are_not_run_twice(
    sharded: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "JOIN_SECONDS", 0.0)
    app = sharded.app
    second = Cluster(Shards(2, 2, 3), "elsewhere", app.clock)
    with pytest.raises(CannotConnect) as raised:
        await keeper.join(replace(app, cluster=second))
    assert raised.value.key == "shards-taken"
    async with app.db.read() as conn:
        assert len(await processes.every(conn)) == 1


async def test_a_bot_that_ends_leaves_its_place_and_the_lead(
    sharded: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "IDENTIFY_PAUSE", timedelta(0))  # the suite has no time to wait
    await sharded.restart()
    assert sharded.rows("select holder from processes") == [(sharded.app.cluster.holder,)]
    assert sharded.rows("select holder, fence from leases") == [(sharded.app.cluster.holder, 2)]


async def test_the_owner_sees_which_shards_run(sharded: House) -> None:
    visit, world = sharded.club(), sharded.world
    async with visit.member("mira") as mira:
        world.application = replace(world.application, owner_id=int(mira.id))
        asked = await mira.command("dm", "status")
    assert (
        "I'm running shards 0–2 of 3, and I also do the jobs that only one process can do."
        in asked.text
    )
    name = sharded.settings.health_socket.name

    async def says_so() -> bool:
        answer = await asyncio.to_thread(ask, sharded.settings.data, name=name)
        return answer.well and "I'm running shards 0-2/3." in answer.sentence

    await until(says_so, "every shard is ready after the restart")


async def test_work_of_a_leader_is_not_stored_once_another_leads(
    sharded: House, caplog: pytest.LogCaptureFixture
) -> None:
    app = sharded.app
    begun: list[App] = []

    async def work(leading: App) -> None:
        begun.append(leading)
        async with app.db.write() as conn:  # as another process does after this one's lease
            await leases.put(conn, Lease("leader", "other", 99, app.clock() + LEASE))
        async with leading.db.write() as conn:
            await keyvalue.set_value(conn, "work", "done")

    assert app.cluster.leading
    await keeper.led(app, work, "work")()
    assert len(begun) == 1
    assert sharded.rows("select value from settings_kv where key = 'work'") == []
    assert "work: another process leads now (fence 99)" in caplog.text
    await app.cluster.renew(app.db, "model")
    assert not app.cluster.leading
    await keeper.led(app, work, "work")()
    assert len(begun) == 1, "it is not even begun"
