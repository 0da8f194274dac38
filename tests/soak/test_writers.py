"""Writers in several processes lose no acknowledged rating, whatever is killed: on both databases.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_writers.py

A writer rates as one new person after another, and writes the number of each rating to its output
once it is stored. What is in its output is acknowledged, and must be there in the end. On
PostgreSQL, the server is killed too: all its processes, or only a process that serves a
connection. The writer then tries the same rating again until the server is back.
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from storage.database import address
from storage.database.address import Address
from storage.database.engine import open_database, reading
from storage.feedback import ratings
from tests import postgres
from tests.house import until
from tests.postgres import Cluster
from tests.soak.process import ROOT, scaled
from tests.storage.samples import NOW, set_stage

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(postgres.installed() is None, reason="needs PostgreSQL"),
]

KILLS = scaled(60, at_least=2)
SERVER_KILLS = scaled(40, at_least=4)
PROCESSES, TASKS = 4, 50
RATINGS = scaled(40, at_least=3)  # of each of the tasks
PERSONS = 1_000_000  # the persons of one writer have numbers of their own

WRITER = f"""
import asyncio, itertools, sys

from storage.database import address
from storage.database.engine import open_database
from storage.errors import StorageError
from storage.feedback import reactions
from tests.storage.samples import CARD, NOW, SCALE

async def rate(db, person):
    async with db.write() as conn:
        await reactions.add(
            conn, message_id=CARD, person_id=person, emoji="👍", at=NOW, scale=SCALE
        )
    print(person, flush=True)  # from now on this rating must not be lost

async def task(db, first, count):
    for person in itertools.islice(itertools.count(first), count or None):
        while True:
            try:
                await rate(db, person)
                break
            except StorageError as error:
                print(error.key, file=sys.stderr, flush=True)
                await asyncio.sleep(0.05)

async def main(where, first, tasks, count):
    async with open_database(address.from_text(where), now=NOW) as db:
        await asyncio.gather(*(task(db, first + {PERSONS} * n, count) for n in range(tasks)))

asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:])))
"""


class Writer:
    """A process that rates.

    Attributes:
        acknowledged: the numbers of the ratings that it stored.
        refused: the keys of the errors that it met.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.acknowledged: list[int] = []
        self.refused: list[str] = []
        self._reading = asyncio.gather(self._read(), self._read_errors())

    @classmethod
    async def started(
        cls, where: Address, first: int, *, tasks: int = 1, count: int = 0
    ) -> "Writer":
        """Starts a writer. count: the number of ratings of each task; 0 for no end."""
        given = (address.to_text(where), *map(str, (first, tasks, count)))
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable, "-c", WRITER, *given, cwd=ROOT,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )
        )  # fmt: skip

    async def has_stored(self, count: int) -> None:
        """Waits until the writer has stored a number of ratings since it was started."""
        await until(lambda: len(self.acknowledged) >= count, f"{count} ratings", 120)

    async def end(self, by: signal.Signals | None = None) -> None:
        """Waits for the end of the process. by: the signal that ends it; None to only wait."""
        if by is not None:
            self.process.send_signal(by)
        await self.process.wait()
        await self._reading
        assert self.process.returncode == (-by if by else 0), self.refused[-20:]

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            if line.endswith(b"\n"):
                self.acknowledged.append(int(line))

    async def _read_errors(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.refused.append(line.decode().strip())


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """A server whose commits reach the disk."""
    with postgres.cluster(safe=True) as made:
        yield made


@asynccontextmanager
async def stage(where: Address) -> AsyncIterator[Address]:
    """Yields a database with a card to rate."""
    async with open_database(where, now=NOW) as db:
        await set_stage(db)
    yield where


@pytest.fixture(params=["sqlite", "postgresql"])
async def where(
    request: pytest.FixtureRequest, tmp_path: Path, server: Cluster
) -> AsyncIterator[Address]:
    """Each kind of database."""
    file = tmp_path / "matinee.sqlite3"
    async with stage(file if request.param == "sqlite" else server.create("writers")) as found:
        yield found


async def stored(where: Address) -> set[int]:
    """Returns the persons whose ratings are there. Each has an event, and is there once."""
    async with reading(where) as conn:
        persons = [row.person_id for row in await ratings.snapshot(conn)]
    assert len(persons) == len(set(persons))
    return set(persons)


async def test_a_killed_writer_loses_nothing_that_it_acknowledged(where: Address) -> None:
    rng, told, begun = Random(3), set[int](), 0
    for kill in range(KILLS):
        writer = await Writer.started(where, kill * 1000)
        await writer.has_stored(rng.randint(1, 12))
        await writer.end(signal.SIGKILL)
        told |= set(writer.acknowledged)
        begun += len(writer.acknowledged) + 1  # at most one more was being written
        found = await stored(where)
        assert told <= found
        assert len(found) <= begun
    print(f"\n{type(where).__name__}: {KILLS} kills, {len(told)} acknowledged, all there")


async def test_two_hundred_writers_in_four_processes_lose_nothing(where: Address) -> None:
    writers = [
        await Writer.started(where, number * PERSONS * TASKS, tasks=TASKS, count=RATINGS)
        for number in range(PROCESSES)
    ]
    for writer in writers:
        await writer.end()
    told = {person for writer in writers for person in writer.acknowledged}
    assert len(told) == PROCESSES * TASKS * RATINGS
    assert await stored(where) == told
    refused = sum(len(writer.refused) for writer in writers)
    print(f"\n{type(where).__name__}: {len(told)} ratings of 200 writers; {refused} waited again")


async def test_a_killed_server_loses_nothing_that_was_acknowledged(server: Cluster) -> None:
    rng = Random(4)
    async with stage(server.create("writers")) as where:
        writer = await Writer.started(where, 0)
        for number in range(SERVER_KILLS):
            await writer.has_stored(len(writer.acknowledged) + rng.randint(1, 30))
            if number % 2:
                await asyncio.to_thread(server.kill_connection, "writers")
            else:
                await asyncio.to_thread(server.kill)
                await asyncio.to_thread(server.start)
        await writer.has_stored(len(writer.acknowledged) + 1)
        await writer.end(signal.SIGKILL)
        told, found = set(writer.acknowledged), await stored(where)
        assert told <= found
        assert len(found) <= len(told) + 1
        assert writer.refused
    kinds = sorted(set(writer.refused))
    print(f"\n{SERVER_KILLS} kills of the server, {len(told)} acknowledged, all there; met {kinds}")
