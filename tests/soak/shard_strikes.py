"""Kills and stops processes with shards, at any moment and at the worst ones."""

import asyncio
import contextlib
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

MAX_MESSAGES, MAX_LIFE_SECONDS = 12, 15.0
"""A process is struck once it has sent at most MAX_MESSAGES, and at most MAX_LIFE_SECONDS after it
is ready. If it is to come to a gate, that may take longer.
"""

SHORT_SECONDS = 2.0
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
    Way("stopped", seconds=SHORT_SECONDS, weight=2),
    Way("stopped past its lease", seconds=PAST_LEASE_SECONDS, weight=2),
    Way("killed in a renewal", Gate.RENEWAL),
    Way("stopped in a renewal", Gate.RENEWAL, SHORT_SECONDS),
    Way("stopped in a renewal for long", Gate.RENEWAL, IDLE_SECONDS + 2.0),
    Way("killed between claim and send", Gate.CLAIMED, weight=2),
    Way("stopped between claim and send", Gate.CLAIMED, SHORT_SECONDS),
    Way("killed between send and record", Gate.SENT, weight=2),
)


def each_short_way() -> list[Way]:
    """Returns one strike of each way that keeps no process stopped for long."""
    return [way for way in WAYS if (way.seconds or 0.0) <= SHORT_SECONDS]


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
                await self._let_live(process)
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

    async def _let_live(self, process: ShardProcess) -> None:
        channels = [one for one in self.stage.channels if process.shards.holds(one.guild_id)]

        def sent() -> int:
            return sum(len(one.messages) for one in channels)

        enough = sent() + self.rng.randint(0, MAX_MESSAGES)
        with contextlib.suppress(AssertionError):  # it need not send anything
            await until(lambda: sent() >= enough, "it sends", MAX_LIFE_SECONDS, 0.05)

    async def _hit(self, process: ShardProcess, way: Way) -> None:
        if way.seconds is None:
            await process.kill()
        else:
            process.pause()
