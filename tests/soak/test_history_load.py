"""Somebody brings in a history of 50,000 rows while others ask for picks, on MovieLens's catalogue.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_history_load.py

The preview has to come within ten seconds, and may delay others' answers by 250 ms at most.
"""

import asyncio
import csv
import io
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from bot.playground.records.interactions import Interaction
from bot.playground.world.channels.uploads import made_attachment
from bot.playground.world.interactions import invocations, lifecycle
from tests.house import until
from tests.loading import recommend
from tests.movielens import needs_movielens
from tests.soak.process import SCALE as SHARE
from tests.soak.process import scaled
from tests.soak.test_load import Evening, evening, fitted

pytestmark = [pytest.mark.soak, pytest.mark.alone, needs_movielens]

ROWS = scaled(50_000, at_least=2_000)
SECONDS = scaled(20, at_least=4)
ASKED_PER_SECOND = 10
MAX_PREVIEW_SECONDS, MAX_DELAY_MS = 10.0, 250.0
SEED, PATIENCE_SECONDS = 7, 120.0


def history(database: Path, rows: int) -> bytes:
    """Returns a history as a CSV: all films of the catalogue, then films that nobody knows."""
    with closing(sqlite3.connect(database)) as conn:
        films = conn.execute("select title, year from films where retired_at is null").fetchall()
    rng, text = Random(SEED), io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["title", "year", "stars", "rated_on"])
    for at in range(rows):
        title, year = films[at] if at < len(films) else (f"Zzyzx {at} {rng.random()}", 1990)
        writer.writerow([title, year, rng.randint(1, 10) / 2, f"2019-0{at % 9 + 1}-11"])
    return text.getvalue().encode()


@dataclass(frozen=True, order=True)
class Answer:
    """How long somebody waited.

    Attributes:
        ms: milliseconds to the first response.
        began: when they asked, in seconds of the monotonic clock.
    """

    ms: float
    began: float


async def asked(found: Evening, seconds: float) -> list[Answer]:
    """Lets people ask for picks; returns how long each waited, the shortest first."""
    end = asyncio.get_running_loop().time() + seconds
    over = lambda _: asyncio.get_running_loop().time() < end  # noqa: E731
    made: list[Interaction] = await recommend(found.world, ASKED_PER_SECOND, Random(SEED), over)
    for one in made:
        assert await lifecycle.wait_for_state(one, PATIENCE_SECONDS)
    assert [one.error for one in made if one.error is not None] == []
    return sorted(Answer(one.first_response_ms or 0.0, one.started) for one in made)


async def test_a_long_history_delays_nobody(tmp_path: Path) -> None:
    await fitted(tmp_path / "fitted")
    content = history(tmp_path / "fitted" / "data" / "matinee.sqlite3", ROWS)
    async with evening(tmp_path / "fitted") as found:
        world = found.world
        await asked(found, 2.0)
        alone = await asked(found, SECONDS)
        guild = next(iter(world.guilds.values()))
        person = next(user for user in guild.members if not world.users[user].bot)
        channel = world.channels[next(iter(guild.channels))]
        file = made_attachment("history.csv", content, world.ids)
        world.uploads[file.id] = file
        option = {"name": "file", "type": 11, "value": str(file.id)}
        loop = asyncio.get_running_loop()
        began = loop.time()
        others = asyncio.create_task(asked(found, SECONDS))
        used = invocations.use_command(world, person, channel, "import", 1, [option])

        def previewed() -> bool:
            shown = found.bot.rows("select state from imports order by id desc limit 1")
            return shown == [("waiting",)]

        await until(previewed, "the preview", PATIENCE_SECONDS)
        seconds = loop.time() - began
        beside = await others
        assert used.error is None
    longest = alone[-1].ms
    print(
        f"\n{ROWS} rows ({len(content) / 1e6:.1f} MB) previewed in {seconds:.1f} s; others: median "
        f"{alone[len(alone) // 2].ms:.0f} -> {beside[len(beside) // 2].ms:.0f} ms, slowest "
        f"{longest:.0f} -> {beside[-1].ms:.0f} ms"
    )
    for one in sorted(beside, key=lambda answer: answer.began):
        if one.ms > longest:
            print(f"{one.ms:.0f} ms for who asked {one.began - began:.2f} s after the upload")
    if SHARE >= 1:
        assert seconds <= MAX_PREVIEW_SECONDS
        assert beside[-1].ms <= longest + MAX_DELAY_MS
