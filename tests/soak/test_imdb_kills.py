"""`matinee import imdb` is killed at random moments and started again.

At the end the catalogue is the same as after one import that nobody killed, and a further import
changes nothing.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_imdb_kills.py
"""

import asyncio
import contextlib
import shutil
import signal
import sqlite3
import time
from functools import partial
from pathlib import Path
from random import Random

import pytest

from bot.services.imports.imdb import SCRATCH_NAME
from bot.wording.cli.imdb import stopped
from tests.bot.imdb_tables import made_rows, write_tables
from tests.house import FEW_FILMS, FEWEST_FILMS, stocked, until
from tests.soak.process import command, environment, run, scaled
from tests.starter import starter_catalogue

pytestmark = pytest.mark.soak

KILLS = scaled(40, at_least=3)
ROWS = scaled(400_000, at_least=40_000)
SEED = 8
OPTIONS = ("--least-votes", "50", "--kinds", "movie,tvMovie,short")
TABLES = ("films", "film_tags", "external_ids", "sqlite_sequence")


def contents(data: Path) -> list[tuple[object, ...]]:
    """Returns the catalogue's tables, without the times at which films were added."""
    with contextlib.closing(sqlite3.connect(data / "matinee.sqlite3")) as conn:
        conn.execute("update films set added_at = ''")
        return [row for name in TABLES for row in conn.execute(f"select * from {name}")]


async def killed(folder: Path, tables: Path, after: float) -> bool:
    """Starts an import and kills it after some seconds; returns False if it had ended before."""
    process = await asyncio.create_subprocess_exec(
        *command("import", "imdb", str(tables), *OPTIONS),
        cwd=folder,
        env=environment(folder / "data"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), after)
        return False
    process.kill()
    await process.wait()
    return True


async def test_an_import_that_is_interrupted_says_how_it_goes_on(tmp_path: Path) -> None:
    tables = write_tables(tmp_path / "tables", made_rows(300_000, SEED))
    await stocked(tmp_path / "data" / "matinee.sqlite3", FEWEST_FILMS)
    process = await asyncio.create_subprocess_exec(
        *command("import", "imdb", str(tables), *OPTIONS),
        cwd=tmp_path,
        env=environment(tmp_path / "data"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        # A shell's background job ignores Ctrl-C, and what it starts inherits that.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    scratch = tmp_path / "data" / SCRATCH_NAME
    await until(scratch.exists, "the scratch file")
    process.send_signal(signal.SIGINT)
    output, _ = await process.communicate()
    assert process.returncode == 130, output.decode()
    assert stopped() in " ".join(output.decode().split())
    assert "Traceback" not in output.decode()
    await run(tmp_path, "import", "imdb", str(tables), *OPTIONS)
    assert not scratch.exists()


async def test_killed_imports_end_like_one_that_was_not_killed(tmp_path: Path) -> None:
    rng = Random(SEED)
    known = [(film.title, film.year) for film in starter_catalogue().films[:FEW_FILMS]]
    tables = write_tables(tmp_path / "tables", made_rows(ROWS, SEED, known), packed=True)
    start, whole, often = tmp_path / "start", tmp_path / "whole", tmp_path / "often"
    await stocked(start / "data" / "matinee.sqlite3", FEW_FILMS)
    for copy in (whole, often):
        shutil.copytree(start, copy)
    began = time.monotonic()
    await run(whole, "import", "imdb", str(tables), *OPTIONS)
    usual = time.monotonic() - began
    kills = ended = 0
    while kills < KILLS:
        if await killed(often, tables, rng.uniform(0.1, 0.9) * usual):
            kills += 1
            continue
        ended += 1
        assert contents(often / "data") == contents(whole / "data")
        shutil.rmtree(often)
        shutil.copytree(start, often)
    await run(often, "import", "imdb", str(tables), *OPTIONS)
    assert contents(often / "data") == contents(whole / "data")
    assert not (often / "data" / SCRATCH_NAME).exists()
    await run(often, "import", "imdb", str(tables), *OPTIONS)
    assert contents(often / "data") == contents(whole / "data")
    with contextlib.closing(sqlite3.connect(whole / "data" / "matinee.sqlite3")) as conn:
        (films,) = conn.execute("select count(*) from films where source = 'imdb'").fetchone()
    print(f"\n{ROWS:,} rows, {films:,} films, {kills} kills, {ended} ends between; equal tables")
