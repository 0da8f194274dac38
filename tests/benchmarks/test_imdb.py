"""What `matinee import imdb` needs for ten million made-up rows, and what the films cost the bot.

    pytest -m benchmark_run -s tests/benchmarks/test_imdb.py

Writes its part of docs/performance.md. The import has a process of its own, and so has what loads
the films as the bot does. `MATINEE_IMDB_TABLES` names a folder of tables to read instead of new
ones (`python -m tests.bot.imdb_tables FOLDER 10000000 20 --packed`).
"""

import gc
import os
import platform
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.benchmarks.page import put
from tests.bot.imdb_tables import made_rows, write_tables
from tests.soak.process import command, environment

pytestmark = pytest.mark.benchmark_run

ROWS, SEED = 10_000_000, 20
LEAST_VOTES = (1_000,)
MAX_MIB, MAX_SECONDS = 500.0, 600.0
LOAD = """
import asyncio, gc, os, sys
from pathlib import Path
from bot.clock import system_clock
from bot.services.serving import live_model
from storage.catalogue import films
from storage.database.engine import reading

async def read():
    async with reading(Path(sys.argv[1])) as conn:
        return await films.all_films(conn), await films.all_tags(conn)

found, tags = asyncio.run(read())
kept = [film for film in found if sys.argv[2] == "all" or not film.only_named]
del found
served = live_model.from_disk(Path("."), (), kept, tags, now=system_clock())
gc.collect()
pages = int(Path("/proc/self/statm").read_text().split()[1])
print(len(kept), pages * os.sysconf("SC_PAGE_SIZE") / 2**20)
"""
"""Loads the films and prints their number and the resident memory of the process, MiB."""


@dataclass(frozen=True)
class Cost:
    """What an import cost.

    Attributes:
        seconds: by the clock.
        processor: seconds of all processors.
        mib: the greatest resident memory of the process.
    """

    seconds: float
    processor: float
    mib: float


def run(folder: Path, *arguments: str) -> Cost:
    """Runs `matinee ARGUMENTS` to its end."""
    began = time.monotonic()
    with (folder / "out.log").open("ab") as log:
        process = subprocess.Popen(
            command(*arguments), cwd=folder, env=environment(folder), stdout=log, stderr=log
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)  # so that it is not waited for again
    assert status == 0, (folder / "out.log").read_text()
    spent = used.ru_utime + used.ru_stime
    return Cost(time.monotonic() - began, spent, used.ru_maxrss / 1024)


def loaded(folder: Path, which: str) -> tuple[int, float]:
    """Returns how many films were loaded, and the resident memory of the process, MiB."""
    words = [sys.executable, "-c", LOAD, str(folder / "matinee.sqlite3"), which]
    done = subprocess.run(
        words, cwd=folder, env=environment(folder), capture_output=True, text=True, check=True
    )
    count, mib = done.stdout.split()[-2:]
    return int(count), float(mib)


def counts(folder: Path) -> tuple[int, int]:
    """Returns how many films IMDb's tables added, and how many ids at IMDb are stored."""
    with closing(sqlite3.connect(folder / "matinee.sqlite3")) as conn:
        (films,) = conn.execute("select count(*) from films where source = 'imdb'").fetchone()
        (ids,) = conn.execute("select count(*) from external_ids").fetchone()
    return films, ids


def test_ten_million_rows(tmp_path: Path) -> None:
    given = os.environ.get("MATINEE_IMDB_TABLES")
    tables = Path(given) if given else tmp_path / "tables"
    if not given:
        write_tables(tables, made_rows(ROWS, SEED), packed=True)
    gc.collect()
    rows = []
    for least in LEAST_VOTES:
        folder = tmp_path / str(least)
        folder.mkdir()
        words = ("import", "imdb", str(tables), "--least-votes", str(least))
        first = run(folder, *words)
        before = counts(folder)
        again = run(folder, *words)
        assert counts(folder) == before
        (known, alone), (every, more) = loaded(folder, "known"), loaded(folder, "all")
        each = (more - alone) / max(1, every - known) * 10_000
        rows.append(
            f"| {least:,} | {before[0]:,} | {first.seconds:.0f} | {first.processor:.0f} |"
            f" {first.mib:.0f} | {again.seconds:.0f} | {again.mib:.0f} | {alone:.0f} | {more:.0f} |"
            f" {each:.0f} |"
        )
        print("\n" + rows[-1])
        assert max(first.mib, again.mib) <= MAX_MIB
        assert max(first.seconds, again.seconds) <= MAX_SECONDS
    write_part(rows)


def write_part(rows: list[str]) -> None:
    """Writes the part of the page. rows: the lines of its table."""
    listed = "\n".join(rows)
    put(
        "imdb",
        f"""## The cost of IMDb's tables

Written by `pytest -m benchmark_run -s tests/benchmarks/test_imdb.py`.

`matinee import imdb` in a process of its own, with {ROWS:,} made-up rows of title.basics and the
other three tables, packed. Three of four rows are episodes. Seconds by the clock and of all
processors, and the greatest resident memory, MiB; then the same import again. Other work on the
same cores adds to the clock's seconds only. The last columns are the resident memory of a process
that loads the films as the bot does, without and with the new films, and what 10,000 of them add,
MiB.

| least votes | new films | s | processor s | MiB | again, s | MiB | without | with | 10,000 |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{listed}

Measured on {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}.
""",
    )
