"""What a start costs: processor time until READY, and resident memory, with 1,000 servers.

    pytest -m benchmark_run -s tests/benchmarks/test_start.py

Writes its part of docs/performance.md. The bot has a process of its own; the local Discord runs in
the process of the test. The films are the starter catalogue and copies of its films under other
titles, so that they have tags, facts and shelves. A fifth of a million made-up ratings are fitted.
"""

import asyncio
import csv
import os
import platform
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from random import Random

import numpy as np
import pytest

from bot.playground import World, start
from bot.playground.world.interactions import lifecycle
from bot.settings import Settings
from bot.wiring import open_app
from recommender.data import interactions as ratings_of
from recommender.datasets.corpus import write_corpus
from recommender.datasets.synthetic import Shape
from recommender.datasets.synthetic import world as made_up
from tests.benchmarks.page import put
from tests.clock import NOW, empty_world
from tests.house import until
from tests.loading import recommend
from tests.soak.process import BotProcess, attached, run

pytestmark = pytest.mark.benchmark_run

FILMS = (10_000, 60_000)
FILMS_PER_LIST = 20_000  # a list may have 20 MB
SERVERS, MEMBERS, RATINGS = 1_000, 2, 200_000
ANSWERS, ANSWERS_PER_SECOND = 200, 10.0
MAX_SECONDS, MAX_MIB = 4.0, 450.0
"""The most for the smaller catalogue."""
SEED = 5
PATIENCE_SECONDS = 300.0


@dataclass(frozen=True)
class Start:
    """What one start cost.

    Attributes:
        films: the number of films.
        ready: processor seconds of the bot's process when the gateway had sent READY.
        servers: the same when it knew every server.
        shelves: the same when the shelves were made.
        resident: MiB that it had then.
        answered: MiB after further `ANSWERS` answers.
    """

    films: int
    ready: float
    servers: float
    shelves: float
    resident: float
    answered: float


def many_servers() -> World:
    """Returns a world with SERVERS servers of five channels."""
    world = empty_world()
    owner = world.add_user("owner", bot=True, id=world.application.owner_id)
    people = [world.add_user(f"member-{number}") for number in range(MEMBERS)]
    for number in range(SERVERS):
        guild = world.add_guild(f"Club {number}", owner)
        for place in range(5):
            world.add_channel(guild, f"films-{place}")
        for user in people:
            world.add_member(guild, user)
    return world


async def fill(folder: Path, films: int) -> None:
    """Makes the data folder: films, made-up ratings and a fitted model."""
    settings = Settings(data=folder / "data")
    source = resources.files("storage.catalogue") / "films.csv"
    rows = list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))
    more = range(films - len(rows))
    for first in range(0, len(more), FILMS_PER_LIST):
        listed = folder / f"more-{first}.csv"
        with listed.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            for at in more[first : first + FILMS_PER_LIST]:
                row = rows[at % len(rows)]
                again = {"title": f"{row['title']} {at}", "original_title": "", "aliases": ""}
                writer.writerow(row | again | {"imdb": "", "poster": ""})
        await run(folder, "import", "catalogue", str(listed))
    async with open_app(settings, lambda: NOW) as app:
        ids = np.array(sorted(app.live.served.library.films))
    assert len(ids) >= films
    shape = Shape(people=RATINGS // 100, films=len(ids), ratings=RATINGS)
    cells = made_up(shape, np.random.default_rng(SEED)).stars.tocoo()
    when = np.random.default_rng(SEED).random(len(cells.data)) * 3e8 + 1.4e9
    write_corpus(settings.corpus, ratings_of(-1 - cells.row, ids[cells.col], cells.data, when))
    await run(folder, "train")


async def measure(folder: Path, films: int) -> Start:
    """Starts the bot once, asks it, and returns what it cost."""
    await fill(folder, films)
    world = many_servers()
    async with (
        start(world) as local,
        attached(folder, local, keep_backups=0, retrain_after=0) as bot,
    ):
        await bot.start()
        await until(lambda: world.bot_online, "READY was sent", PATIENCE_SECONDS, 0.005)
        ready = bot.processor_seconds()
        await bot.reconciled()
        servers = bot.processor_seconds()
        await until(lambda: _made_shelves(bot), "the shelves are made", PATIENCE_SECONDS)
        shelves, memory = bot.processor_seconds(), bot.resident_mib()
        asked = await recommend(
            world, ANSWERS_PER_SECOND, Random(SEED), lambda count: count < ANSWERS
        )
        for each in asked:
            assert await lifecycle.wait_for_state(each, 60.0)
            assert each.error is None
        await asyncio.sleep(1.0)
        assert bot.errors() == []
        return Start(films, ready, servers, shelves, memory, bot.resident_mib())


def _made_shelves(bot: BotProcess) -> bool:
    return " shelves in " in bot.current_log()


def _row(one: Start) -> str:
    return (
        f"| {one.films:,} | {one.ready:.1f} | {one.servers:.1f} | {one.shelves:.1f} "
        f"| {one.resident:.0f} | {one.answered:.0f} |"
    )


async def test_a_start_is_quick_and_small(tmp_path: Path) -> None:
    found = []
    for films in FILMS:
        folder = tmp_path / str(films)
        folder.mkdir()
        found.append(await measure(folder, films))
        print("\n" + _row(found[-1]))
    table = "\n".join(map(_row, found))
    put(
        "start",
        f"""## The cost of a start

Written by `pytest -m benchmark_run -s tests/benchmarks/test_start.py`.

The bot's process alone, with {SERVERS:,} servers of five channels in the local Discord, which runs
in another process. The films are the starter catalogue and copies of its films; {RATINGS:,} made-up
ratings are fitted. Processor seconds until Discord's READY, until all servers are known and
reactions are compared, and until the shelves are made as well; resident memory then, and after
{ANSWERS} answers.

| films | READY, s | servers, s | shelves, s | MiB | MiB, after answers |
| ---: | ---: | ---: | ---: | ---: | ---: |
{table}

Measured on {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}.
""",
    )
    assert found[0].ready <= MAX_SECONDS
    assert max(found[0].resident, found[0].answered) <= MAX_MIB
