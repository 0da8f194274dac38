"""Kills and stops processes with shards, at any moment and at the worst ones."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from bot.services.cluster.standing import LEASE
from storage.database.postgres.server import IDLE_SECONDS
from tests.house import until
from tests.soak.process import PATIENCE_SECONDS
from tests.soak.shard_gates import Gate, closed
from tests.soak.shard_processes import ShardProcess
from tests.soak.shard_stage import Stage

LONGEST_LIFE_SECONDS = 6.0
"""A process is struck at most this long after it is ready, or later if it is to come to a gate."""

PAST_LEASE_SECONDS = LEASE.total_seconds() + 3.0


@dataclass(frozen=True)
class Way:
    """How a process is struck.

    Attributes:
        name: what is done, for the report.
        gate: where the process is held meanwhile; None for any moment.
        seconds: how long it is stopped; None if it is killed and started again.
        weight: how often this is done in one pass through all ways.
    """

    name: str
    gate: Gate | None = None
    seconds: float | None = None
    weight: int = 1


WAYS = (
    Way("killed", weight=2),
    Way("stopped", seconds=2.0, weight=2),
    Way("stopped past its lease", seconds=PAST_LEASE_SECONDS, weight=2),
    Way("killed in a renewal", Gate.RENEWAL),
    Way("stopped in a renewal", Gate.RENEWAL, 2.0),
    Way("stopped in a renewal for long", Gate.RENEWAL, IDLE_SECONDS + 2.0),
    Way("killed between claim and send", Gate.CLAIMED, weight=2),
    Way("stopped between claim and send", Gate.CLAIMED, 2.0),
    Way("killed between send and record", Gate.SENT, weight=2),
)


def plan(count: int, rng: Random) -> list[Way]:
    """Returns a number of strikes: all ways as often as their weights say, in random order, and
    again.
    """
    found: list[Way] = []
    while len(found) < count:
        every = [way for way in WAYS for _ in range(way.weight)]
        rng.shuffle(every)
        found += every
    return found[:count]


@dataclass
class Strikes:
    """Strikes each process again and again, independently of the others, until the plan is done.

    Attributes:
        stage: the processes and their servers.
        left: strikes that are still to be done; the last one is next.
        rng: chooses the moments.
        done: number of strikes by the name of the way, and of those that hit the leader.
    """

    stage: Stage
    left: list[Way]
    rng: Random
    done: Counter[str] = field(default_factory=Counter)

    async def run(self) -> None:
        """Does all strikes."""
        async with asyncio.TaskGroup() as group:
            for process in self.stage.fleet.processes:
                group.create_task(self._strike(process))

    async def _strike(self, process: ShardProcess) -> None:
        while self.left:
            way = self.left.pop()
            await until(lambda: process.is_ready, "it is ready", 3 * PATIENCE_SECONDS, 0.1)
            led = await self.stage.fleet.leads(process)
            if way.gate is None:
                await asyncio.sleep(self.rng.uniform(0, LONGEST_LIFE_SECONDS))
                await self._hit(process, way)
            else:
                async with closed(self.stage.fleet.url, way.gate, process.shards.first) as gate:
                    await until(gate.is_reached, way.name, 3 * PATIENCE_SECONDS, 0.1)
                    await self._hit(process, way)
            if way.seconds is None:
                await process.start()
            else:
                await asyncio.sleep(way.seconds)
                process.wake()
            self.done[way.name] += 1
            self.done["of the leader"] += led

    async def _hit(self, process: ShardProcess, way: Way) -> None:
        if way.seconds is None:
            await process.kill()
        else:
            process.pause()
