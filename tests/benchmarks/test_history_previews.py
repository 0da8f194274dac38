"""The time in which a history of 50,000 rows is previewed, applied and undone.

`pytest -m benchmark_run -s tests/benchmarks/test_history_previews.py` prints it: processor time of
the bot's process and of the process that reads, and the longest that the event loop is kept busy at
a time, which is what others wait.
"""

import asyncio
import csv
import io
import resource
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.garbage import rare_collections
from bot.services.app import App
from bot.services.imports.person import applying, preview, settling
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from tests.clock import NOW
from tests.house import stocked
from tests.soak.test_history_load import history

pytestmark = pytest.mark.benchmark_run
ROWS = 50_000


@dataclass
class Busy:
    """How busy the event loop was.

    Attributes:
        longest: the most seconds of processor time between two moments at which others could run.
    """

    longest: float = 0.0


@asynccontextmanager
async def measured(what: str) -> AsyncIterator[None]:
    """Prints the figures of what happens inside."""
    busy = Busy()
    watching = asyncio.create_task(_watch(busy))
    before, own = resource.getrusage(resource.RUSAGE_CHILDREN), time.process_time()
    try:
        yield
    finally:
        watching.cancel()
    after, own = resource.getrusage(resource.RUSAGE_CHILDREN), time.process_time() - own
    reading = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"{what}: {own:.1f} s in the bot, {reading:.1f} s in the process that reads; "
        f"the loop was busy for {busy.longest * 1000:.0f} ms at a time"
    )


async def _watch(busy: Busy) -> None:
    last = time.thread_time()
    while True:
        await asyncio.sleep(0.001)
        now = time.thread_time()
        busy.longest, last = max(busy.longest, now - last), now


async def test_a_long_history(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database)
    content = history(settings.database, ROWS)
    with rare_collections():  # like the running bot
        async with open_app(settings, lambda: NOW) as app:
            who = Requester(1, None, 0, NOW)
            print(f"\n{ROWS} rows, {len(content) / 1e6:.1f} MB")
            async with measured("preview"):
                found = await preview.read_file(app, who, "a.csv", content, applying.nobody)
            print(f"{found.films} films recognised, {found.waiting} not")
            async with measured("the others as a file"):
                await settling.unrecognised(app, who, found.import_id)
            await applied_and_undone(app, who, found.import_id)
            async with measured("preview without years"):
                found = await preview.read_file(
                    app, who, "a.csv", without_years(content), applying.nobody
                )
            print(f"{found.likely} films guessed")
            async with measured("take the guesses"):
                await settling.settle_likely(app, who, found.import_id)
            async with measured("preview with the guesses"):
                await preview.preview(app, who, found.import_id)
            await applied_and_undone(app, who, found.import_id)


async def applied_and_undone(app: App, who: Requester, number: int) -> None:
    async with measured("apply"):
        await applying.apply(app, who, number, applying.nobody)
    async with measured("undo"):
        await applying.undo(app, who, number, applying.nobody)


def without_years(content: bytes) -> bytes:
    """Returns a history without years, so that its films are only guessed."""
    out = io.StringIO()
    rows = csv.reader(io.StringIO(content.decode()))
    csv.writer(out).writerows([title, *more] for title, _, *more in rows)
    return out.getvalue().encode()
