"""A million ratings are moved to PostgreSQL, and there a nightly retrain runs on them.

    pytest -m benchmark_run -s tests/benchmarks/test_moving.py

Both are commands in processes of their own, as an operator runs them. The server runs on the same
machine, and its commits reach the disk. `MATINEE_SOAK=0.1` scales the ratings.
"""

import asyncio
import contextlib
import json
import os
import platform
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from recommender.datasets.synthetic import Shape, world
from recommender.numeric.system import cores
from storage.database.address import DatabaseUrl
from tests import postgres
from tests.benchmarks.page import put
from tests.clock import NOW
from tests.soak.process import command, environment, scaled
from tests.storage.made_rows import make_database, store_ratings

pytestmark = pytest.mark.benchmark_run

RATINGS = scaled(1_000_000, at_least=20_000)
SHAPE = Shape(people=max(300, RATINGS // 150), films=max(400, RATINGS // 200), ratings=RATINGS)
SEED = 7
MAX_MOVE_SECONDS = 300.0
MAX_NIGHT_SECONDS = 360.0
MAX_MIB = 2560.0
LOOK_SECONDS = 0.2  # between two looks at the memory


@dataclass(frozen=True)
class Cost:
    """What a command cost.

    Attributes:
        seconds: by the clock.
        cpu: seconds of the processor, of the command and the processes that it started.
        mib: the greatest memory of all of them at one time.
        output: what it printed.
    """

    seconds: float
    cpu: float
    mib: float
    output: str


@pytest.fixture(scope="module")
def url() -> Iterator[DatabaseUrl]:
    """An empty database of a server whose commits reach the disk."""
    with postgres.cluster(safe=True) as server:
        yield server.create("matinee")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a million ratings in SQLite."""
    folder = tmp_path_factory.mktemp("million")
    file = folder / "data" / "matinee.sqlite3"
    file.parent.mkdir()
    make_database(file)
    store_ratings(file, world(SHAPE, np.random.default_rng(SEED)))
    return folder


async def measured(folder: Path, *words: str, **variables: str) -> Cost:
    """Runs `matinee WORDS` to its end."""
    began, used = time.monotonic(), os.times()
    process = await asyncio.create_subprocess_exec(
        *command(*words),
        cwd=folder,
        env=environment(folder / "data") | variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    reading = asyncio.create_task(process.communicate())
    most = 0.0
    while not (await asyncio.wait([reading], timeout=LOOK_SECONDS))[0]:
        most = max(most, sum(map(resident, family(process.pid))))
    output, _ = await reading
    text = output.decode(errors="replace")
    assert process.returncode == 0, text
    after = os.times()
    cpu = after.children_user + after.children_system - used.children_user - used.children_system
    return Cost(time.monotonic() - began, cpu, most, text)


def family(pid: int) -> list[int]:
    """Returns a process and all processes that it started, which run now."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [one for child in task.read_text().split() for one in family(int(child))]
    return found


def resident(pid: int) -> float:
    """Returns the memory of a process in MiB; 0 if it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def make_usual(url: DatabaseUrl) -> None:
    """Lets the last search for settings be of today, since a search is due once a week only."""
    searched = json.dumps({"at": NOW.isoformat().replace("2026", "2099"), "ratings": RATINGS})
    postgres.execute(
        url,
        "UPDATE model_versions SET metrics = jsonb_set(metrics::jsonb, '{searched}', "
        f"'{searched}'::jsonb)::json",
    )


def newest(url: DatabaseUrl) -> str:
    """Returns the version that was fitted last."""
    ((version,),) = postgres.rows(
        url, "SELECT version FROM model_versions ORDER BY trained_at DESC LIMIT 1"
    )
    return str(version)


async def test_a_million_ratings_are_moved_and_learned_from(folder: Path, url: DatabaseUrl) -> None:
    setting = {"MATINEE_DATABASE_URL": url.text}
    moved = await measured(folder, "move-database", url.text)
    (rows,) = re.findall(r"([\d,]+) rows", moved.output)
    shutil.move(folder / "data" / "matinee.sqlite3", folder / "moved.sqlite3")
    await measured(folder, "train", **setting)  # the first fit, which the next is compared with
    await measured(folder, "models", "promote", newest(url), **setting)
    make_usual(url)
    night = await measured(folder, "train", **setting)
    stages = re.search(r"Time: .*?saving", " ".join(night.output.split()))
    assert stages is not None, night.output
    assert "better settings" not in stages[0]
    swap = await measured(folder, "models", "promote", newest(url), **setting)
    ((counted,),) = postgres.rows(url, "SELECT count(*) FROM ratings")
    assert counted == RATINGS
    text = "\n".join(
        [
            "## PostgreSQL: a move and a night",
            "",
            "Written by `pytest -m benchmark_run -s tests/benchmarks/test_moving.py`.",
            "",
            f"{RATINGS:,} made-up ratings of {SHAPE.people:,} people and {SHAPE.films:,} films, "
            f"with their events {rows} rows, are moved from SQLite by `matinee move-database`, "
            "which compares all rows at the end. Then `matinee train` does what the bot does each "
            "night: it reads the ratings from PostgreSQL, fits, judges the new model beside the "
            "one that serves, and writes it. `matinee models promote` reads it back and lets it "
            "serve. Seconds by the clock; processor seconds of the command, without the server's; "
            "the greatest memory of all its processes together.",
            "",
            "| what | seconds | processor seconds | peak MiB |",
            "| --- | ---: | ---: | ---: |",
            *(
                f"| {name} | {cost.seconds:.0f} | {cost.cpu:.0f} | {cost.mib:.0f} |"
                for name, cost in (
                    ("the move", moved),
                    ("read, fit, judge, write", night),
                    ("swap", swap),
                )
            ),
            "",
            f"{stages[0].removeprefix('Time: ')}.",
            "",
            f"Measured on {cores()} cores ({platform.machine()}), Python "
            f"{platform.python_version()}, load {os.getloadavg()[0]:.1f}.",
            "",
        ]
    )
    print(f"\n{text}")
    if RATINGS >= 1_000_000:
        put("moving", text)
    assert moved.seconds <= MAX_MOVE_SECONDS
    assert night.seconds + swap.seconds <= MAX_NIGHT_SECONDS
    assert max(moved.mib, night.mib, swap.mib) <= MAX_MIB
