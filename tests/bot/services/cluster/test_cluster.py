"""Processes share a database: places, the lead with its fence, shares of requests, identifies.

Each process here has its own connections to one file, as separate processes have.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
import pytest_asyncio

from bot.errors import Lapsed, NotLeading
from bot.services.cluster.cluster import ALL, IDENTIFY_PAUSE, Cluster
from bot.services.cluster.standing import BUDGET, LEASE
from storage import keyvalue
from storage.cluster import leases
from storage.cluster.fenced import fenced
from storage.database.address import Address
from storage.database.engine import Database, open_database
from storage.schema import metadata
from storage.shards import Shards
from tests import postgres
from tests.clock import NOW

SECOND = timedelta(seconds=1)
MOST = 3
EMPTIED = ("processes", "leases", "identifies", "settings_kv")
PARTS = (Shards(0, 3, 12), Shards(4, 7, 12), Shards(8, 11, 12))


@dataclass
class Processes:
    """Processes on one database file.

    Attributes:
        opened: connections to the file; processes get one after the other.
        now: what the clock of all processes shows.
    """

    opened: list[Database]
    now: datetime = NOW
    _started: int = 0

    def start(self, shards: Shards, place: str = "") -> "Process":
        """Opens the database for a new process, which has not joined yet."""
        db = self.opened[self._started % len(self.opened)]
        self._started += 1
        cluster = Cluster(shards, place or f"machine:{shards}", lambda: self.now)
        return Process(cluster, fenced(db, cluster.check_place))

    async def joined(self, shards: Shards, place: str = "") -> "Process":
        process = self.start(shards, place)
        assert await process.cluster.join(process.db) is None
        return process


@dataclass(frozen=True)
class Process:
    cluster: Cluster
    db: Database

    async def renew(self) -> None:
        await self.cluster.renew(self.db, "model")

    async def write(self, value: str) -> None:
        async with self.db.write() as conn:
            await keyvalue.set_value(conn, "place", value)

    async def write_as_leader(self, value: str) -> None:
        async with fenced(self.db, self.cluster.check_lead).write() as conn:
            await keyvalue.set_value(conn, "lead", value)

    async def stored(self, key: str) -> str | None:
        async with self.db.read() as conn:
            return await keyvalue.get_value(conn, key)


@pytest_asyncio.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[list[Database]]:
    """Connections of a few processes to one file, for all tests, since opening takes long."""
    file: Address = tmp_path_factory.mktemp("cluster") / "matinee.sqlite3"
    if postgres.chosen():
        file = await postgres.emptied("cluster")
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(open_database(file, now=NOW)) for _ in range(MOST)]


@pytest_asyncio.fixture
async def processes(opened: list[Database]) -> Processes:
    async with opened[0].write() as conn:
        for table in metadata.sorted_tables:
            if table.name in EMPTIED:
                await conn.execute(table.delete())
    return Processes(opened)


async def test_one_process_leads_and_the_next_takes_over_after_its_lease(
    processes: Processes,
) -> None:
    first, second, third = [await processes.joined(part) for part in PARTS]
    assert [one.cluster.leading for one in (first, second, third)] == [True, False, False]
    await first.write_as_leader("first")
    processes.now += LEASE - SECOND
    await second.renew()
    assert not second.cluster.leading, "the lease of the first lasts"
    processes.now += SECOND
    assert not first.cluster.leading, "it knows that it has expired"
    with pytest.raises(NotLeading):
        await first.write_as_leader("first, late")
    await second.renew()
    assert second.cluster.leading
    await second.write_as_leader("second")
    await first.renew()
    assert not first.cluster.leading
    with pytest.raises(NotLeading):
        await first.write_as_leader("first, woken")
    assert await first.stored("lead") == "second"


async def test_a_woken_leader_writes_nothing_even_if_its_clock_says_that_it_may(
    processes: Processes,
) -> None:
    first, second = [await processes.joined(part) for part in PARTS[:2]]
    asleep_at = processes.now
    processes.now += LEASE
    await second.renew()
    assert second.cluster.leading
    processes.now = asleep_at  # as the clock of another machine that is late
    assert first.cluster.leading, "as far as it knows"
    with pytest.raises(NotLeading):
        await first.write_as_leader("first")
    assert await first.stored("lead") is None


async def test_each_new_leader_has_a_greater_fence(processes: Processes) -> None:
    first, second = [await processes.joined(part) for part in PARTS[:2]]
    fences = []
    for _ in range(3):
        for process in (first, second):
            processes.now += LEASE
            await process.renew()
            assert process.cluster.standing is not None
            fences.append(process.cluster.standing.fence)
    assert fences == [1, 2, 3, 4, 5, 6]


async def test_a_leader_that_ends_leaves_the_lead(processes: Processes) -> None:
    first, second = [await processes.joined(part) for part in PARTS[:2]]
    await first.cluster.leave(first.db)
    assert not first.cluster.leading
    await second.renew()
    assert second.cluster.leading
    assert second.cluster.standing is not None
    assert second.cluster.standing.fence == 2
    with pytest.raises(Lapsed):
        await first.write("after its end")
    assert await second.stored("place") is None


async def test_shards_belong_to_one_process(processes: Processes) -> None:
    first = await processes.joined(Shards(0, 3, 12))
    other = processes.start(Shards(3, 5, 12))
    found = await other.cluster.join(other.db)
    assert found is not None
    assert found.shards == Shards(0, 3, 12)
    miscounted = processes.start(Shards(4, 7, 16))
    assert await miscounted.cluster.join(miscounted.db) is not None
    await first.cluster.leave(first.db)
    assert await other.cluster.join(other.db) is None


async def test_a_killed_process_starts_again_at_its_place_at_once(processes: Processes) -> None:
    before = await processes.joined(PARTS[0], "here")
    again = await processes.joined(PARTS[0], "here")
    assert again.cluster.leading
    with pytest.raises(Lapsed):
        await before.write("too late")
    with pytest.raises(Lapsed):
        await before.renew()
    assert before.cluster.is_over
    await again.write("again")
    assert await again.stored("place") == "again"


async def test_a_stopped_process_loses_its_shards_to_one_elsewhere(processes: Processes) -> None:
    stopped = await processes.joined(PARTS[0], "here")
    other = processes.start(PARTS[0], "elsewhere")
    processes.now += LEASE - SECOND
    assert await other.cluster.join(other.db) is not None
    processes.now += SECOND
    assert await other.cluster.join(other.db) is None
    with pytest.raises(Lapsed):
        await stopped.write("woken")
    await other.write("other")
    assert await other.stored("place") == "other"


async def test_a_process_whose_place_nobody_took_goes_on(processes: Processes) -> None:
    first, second = [await processes.joined(part) for part in PARTS[:2]]
    processes.now += 10 * LEASE
    await second.renew()
    await processes.joined(PARTS[2])
    await first.renew()
    await first.write("first")
    assert first.cluster.standing is not None
    assert [one.shards for one in first.cluster.standing.processes] == list(PARTS)


async def test_a_clock_that_was_put_back_keeps_nobody_out(processes: Processes) -> None:
    processes.now += timedelta(days=400)
    await processes.joined(PARTS[0], "here")
    processes.now = NOW
    other = await processes.joined(PARTS[0], "elsewhere")
    assert other.cluster.leading


async def test_the_budget_of_requests_is_shared_and_never_exceeded(processes: Processes) -> None:
    """Whatever comes and goes, what live processes may send never exceeds what Discord takes."""
    rng = Random(5)
    alive: dict[Shards, Process] = {}
    for _ in range(120):
        part = rng.choice(PARTS)
        match rng.choice(("join", "leave", "die", "renew", "renew", "renew", "wait")):
            case "join" if part not in alive:
                process = processes.start(part, str(rng.random()))
                if await process.cluster.join(process.db) is None:
                    alive[part] = process
            case "leave" if part in alive:
                process = alive.pop(part)
                await process.cluster.leave(process.db)
            case "die" if part in alive:
                del alive[part]
            case "renew" if part in alive:
                await alive[part].renew()
            case "wait":
                processes.now += SECOND * rng.randint(1, 6)
                for process in alive.values():
                    await process.renew()
        shares = [one.cluster.share for one in alive.values()]
        assert sum(shares) <= BUDGET + shares.count(1)
    processes.now += LEASE
    for process in alive.values():
        await process.cluster.leave(process.db)
    three = [await processes.joined(part) for part in PARTS]
    for _ in range(2):
        for process in three:
            await process.renew()
    assert [one.cluster.share for one in three] == [BUDGET // 3] * 3
    processes.now += LEASE
    assert three[0].cluster.share == 1, "one that has not renewed its share has none"


async def test_beside_a_process_with_all_shards_no_other_runs(processes: Processes) -> None:
    db = processes.start(ALL).db
    whole = Cluster(None, "here", lambda: processes.now, shared=True)
    assert not whole.alone
    assert whole.holds(5 << 22)
    assert await whole.join(db) is None
    other = processes.start(PARTS[0])
    found = await other.cluster.join(other.db)
    assert found is not None
    assert found.holder == whole.holder
    second = Cluster(None, "elsewhere", lambda: processes.now, shared=True)
    assert await second.join(db) is not None


async def test_a_process_alone_leads_and_stores_nothing(processes: Processes) -> None:
    alone = Cluster()
    assert alone.leading
    assert alone.share == BUDGET
    assert alone.holds(None)
    assert alone.holds(5 << 22)


@pytest.mark.parametrize("at_once", [1, 4, 16])
async def test_identifies_of_a_bucket_are_five_seconds_apart(
    processes: Processes, at_once: int
) -> None:
    three = [await processes.joined(part) for part in PARTS]
    rng = Random(at_once)
    let: dict[int, list[datetime]] = {}
    for _ in range(40):
        process = rng.choice(three)
        assert process.cluster.shards is not None
        shard = rng.choice(process.cluster.shards.ids)
        wait = await process.cluster.reserve_identify(process.db, shard, at_once)
        let.setdefault(shard % at_once, []).append(processes.now + wait)
        processes.now += SECOND * rng.random()
    for times in let.values():
        assert all(later - earlier >= IDENTIFY_PAUSE for earlier, later in pairwise(times))
    assert len(let) == min(at_once, 12)


async def test_fences_are_stored(processes: Processes) -> None:
    first = await processes.joined(PARTS[0])
    async with first.db.read() as conn:
        lease = await leases.get(conn, "leader")
    assert lease is not None
    assert (lease.holder, lease.fence) == (first.cluster.holder, 1)
