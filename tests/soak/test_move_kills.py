"""`matinee move-database` and the PostgreSQL server are killed at many moments of a move.

After each kill the move is started again, and in the end every row is in both databases.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_move_kills.py
"""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import asyncpg
import numpy as np
import pytest

from recommender.datasets.synthetic import Shape, world
from storage.database.address import DatabaseUrl
from storage.database.moving.columns import Sum, add_up, names, quoted, sum_statement
from storage.database.postgres.preparation import HALF_MOVED, prepare
from storage.schema import metadata
from tests.postgres import MIGRATED, Cluster, cluster
from tests.soak.process import command, environment, run, scaled
from tests.storage.made_rows import fill_every_table, make_database, store_ratings

pytestmark = pytest.mark.soak

KILLS = scaled(20, at_least=2)
SERVER_KILLS = scaled(4)
RATINGS = scaled(200_000, at_least=20_000)
STAGES = scaled(20, at_least=3)  # of the move that is killed again and again
SEED = 9


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """A server. What it has written survives its own death: only a power cut would take it."""
    with cluster() as made:
        prepare(made.create(MIGRATED))
        yield made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that has rows in every table, and many ratings."""
    folder = tmp_path_factory.mktemp("moved")
    path = folder / "data" / "matinee.sqlite3"
    path.parent.mkdir()
    make_database(path)
    fill_every_table(path, Random(SEED))
    shape = Shape(people=max(300, RATINGS // 150), films=max(400, RATINGS // 200), ratings=RATINGS)
    store_ratings(path, world(shape, np.random.default_rng(SEED)))
    return folder


def here(folder: Path) -> dict[str, Sum]:
    """Returns the sum of each table of the file."""
    with contextlib.closing(sqlite3.connect(folder / "data" / "matinee.sqlite3")) as conn:
        return {
            table.name: add_up(
                table, conn.execute(f"SELECT {names(table)} FROM {quoted(table.name)}")
            )
            for table in metadata.sorted_tables
        }


async def there(url: DatabaseUrl) -> dict[str, Sum]:
    """Returns the sum of each table in PostgreSQL. No other tables are left."""
    conn = await asyncpg.connect(url.dsn)
    try:
        found = await conn.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert {name for (name,) in found} == {*metadata.tables, "alembic_version"}
        return {
            table.name: Sum(*map(int, await conn.fetchrow(sum_statement(table))))
            for table in metadata.sorted_tables
        }
    finally:
        await conn.close()


async def begun(folder: Path, url: DatabaseUrl) -> asyncio.subprocess.Process:
    """Starts a move."""
    return await asyncio.create_subprocess_exec(
        *command("move-database", url.text),
        cwd=folder,
        env=environment(folder / "data"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def ended(process: asyncio.subprocess.Process, within: float) -> bool:
    """Waits some seconds for the end of a process; returns False if it has not come."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), within)
        return True
    return False


async def how_far(url: DatabaseUrl) -> int:
    """Returns a number that grows with each row that a move has copied; 0 before it began."""
    conn = await asyncpg.connect(url.dsn)
    try:
        if await conn.fetchval("SELECT to_regclass($1)", HALF_MOVED) is None:
            return 0
        with contextlib.suppress(asyncpg.UndefinedTableError):  # the move has just ended
            return int(await conn.fetchval(f"SELECT coalesce(sum(last), 0) FROM {HALF_MOVED}"))
        return 0
    finally:
        await conn.close()


async def came(process: asyncio.subprocess.Process, url: DatabaseUrl, far: int) -> bool:
    """Waits until a move has come so far; returns False if it ended before."""
    while not await ended(process, 0.01):
        if await how_far(url) >= far:
            return True
    return False


async def test_a_killed_move_goes_on(folder: Path, server: Cluster) -> None:
    whole = here(folder)
    url = server.create("usual", MIGRATED)
    began = time.monotonic()
    await run(folder, "move-database", url.text)
    usual = time.monotonic() - began
    assert await there(url) == whole
    kills = 0
    for number in range(KILLS):
        url = server.create(f"killed_{number}", MIGRATED)
        process = await begun(folder, url)
        if not await ended(process, (number + 0.5) / KILLS * usual):
            process.kill()
            await process.wait()
            kills += 1
        await run(folder, "move-database", url.text)
        assert await there(url) == whole, number
        server.drop(url.name)
    assert here(folder) == whole
    print(f"\n{sum(each.rows for each in whole.values()):,} rows, {kills} kills; equal tables")


async def test_a_move_that_is_killed_again_and_again_ends(folder: Path, server: Cluster) -> None:
    """It is killed each time it has come some way further."""
    whole, url = here(folder), server.create("often", MIGRATED)
    way, kills = sum(each.rows for each in whole.values()) // STAGES, 0
    reached = await how_far(url)
    while True:
        process = await begun(folder, url)
        if not await came(process, url, reached + way):
            break
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        if await process.wait() == 0:
            break
        kills += 1
        before, reached = reached, await how_far(url)
        assert reached >= before + way, "what was copied stays"
    assert await process.wait() == 0
    assert await there(url) == whole
    assert kills > 1
    print(f"\n{kills} kills of one move")


async def test_a_killed_server_loses_no_row(folder: Path, server: Cluster) -> None:
    whole = here(folder)
    for number in range(SERVER_KILLS):
        url = server.create(f"server_{number}", MIGRATED)
        process = await begun(folder, url)
        rows = sum(each.rows for each in whole.values())
        await came(process, url, rows * (2 * number + 1) // (2 * SERVER_KILLS))
        server.stop()
        output, _ = await process.communicate()
        server.start()
        text = " ".join(output.decode().split())
        assert process.returncode == 0 or str(url) in text, text
        assert "Traceback" not in text
        await run(folder, "move-database", url.text)
        assert await there(url) == whole
        server.drop(url.name)
