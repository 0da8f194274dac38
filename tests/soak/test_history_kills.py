"""`matinee import history` is killed at random moments while it applies or undoes a long history.

After every next start, the whole history is stored once, or no part of it is stored.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_history_kills.py
"""

import asyncio
import csv
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.services.imports.person import applying
from bot.settings import Settings
from bot.wiring import open_app
from tests.clock import NOW
from tests.house import stocked
from tests.soak.process import command, environment, run, scaled

pytestmark = pytest.mark.soak

KILLS = scaled(50, at_least=3)
SEED, PERSON = 20, 4242
PATIENCE_SECONDS = 120.0
MOMENTS = ("anywhere", "at work", "at work", "at work")
"""When the kill comes: at any moment of a run, or while films are applied or undone."""

Rows = dict[str, list[tuple[Any, ...]]]


def rows(database: Path) -> Rows:
    """Returns what is stored about people, without the numbers of events."""
    columns = {
        "rating_events": "person_id, film_id, source, action, stars, at",
        "standing_acts": "person_id, film_id, source, stars, at",
        "ratings": "person_id, film_id, source, stars, at",
        "film_marks": "person_id, film_id, kind, at, imported",
        "people": "id",
    }
    with closing(sqlite3.connect(database)) as conn:
        return {
            table: conn.execute(f"select {names} from {table} order by 1, 2, 3").fetchall()
            if table != "people"
            else conn.execute("select id from people").fetchall()
            for table, names in columns.items()
        }


def state(database: Path) -> tuple[int, str] | None:
    """Returns the id and the state of the newest import; None without imports."""
    with closing(sqlite3.connect(database)) as conn:
        found: tuple[int, str] | None = conn.execute(
            "select id, state from imports order by id desc limit 1"
        ).fetchone()
    return found


def write_history(database: Path, file: Path) -> None:
    """Writes a history with every film of the catalogue: rated, seen or wanted."""
    with closing(sqlite3.connect(database)) as conn:
        films = conn.execute(
            "select title, year from films where retired_at is null order by id"
        ).fetchall()
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        names = ("stars", "rated_on", "watched", "watched_on", "watchlist", "added_on")
        writer.writerow(["title", "year", *names])
        for at, (title, year) in enumerate(films):
            day = f"20{at % 20:02}-0{at % 9 + 1}-11"
            kinds = (
                [at % 10 / 2 + 0.5, day, "", "", "", ""],
                ["", "", "yes", day, "", ""],
                ["", "", "", "", "yes", day],
            )
            writer.writerow([title, year, *kinds[at % 3]])


async def killed(folder: Path, rng: Random, arguments: list[str]) -> str:
    """Runs a command and kills it; returns when the kill came."""
    database = folder / "data" / "matinee.sqlite3"
    moment = rng.choice(MOMENTS)
    with (folder / "runs.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *command(*arguments),
            cwd=folder,
            env=environment(folder / "data"),
            stdout=log,
            stderr=log,
        )
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE_SECONDS
    if moment == "anywhere":
        await asyncio.sleep(rng.uniform(0, 4.0))
    while moment == "at work" and process.returncode is None:
        found = state(database)
        if found is not None and found[1] in ("applying", "undoing"):
            await asyncio.sleep(rng.uniform(0, 0.4))
            break
        assert loop.time() < end
        await asyncio.sleep(0.002)
    if process.returncode is not None:
        return "too late"
    process.kill()
    await process.wait()
    return moment


async def test_a_kill_at_any_moment_leaves_all_or_nothing(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database)
    write_history(settings.database, tmp_path / "history.csv")
    bring = ["import", "history", "history.csv", "--person", str(PERSON), "--apply"]
    nothing = rows(settings.database)
    await run(tmp_path, *bring)
    everything = rows(settings.database)
    found = state(settings.database)
    assert found is not None
    await run(tmp_path, "import", "history", "--person", str(PERSON), "--undo", str(found[0]))
    assert rows(settings.database) == nothing
    rng, kills = Random(SEED), Counter[str]()
    for _ in range(KILLS):
        found = state(settings.database)
        undoing = found is not None and found[1] == "applied"
        undo = ["import", "history", "--person", str(PERSON), "--undo", str(found and found[0])]
        moment = await killed(tmp_path, rng, undo if undoing else bring)
        left = state(settings.database)
        kills[f"{moment}, {left[1] if left else 'nothing'}"] += 1
        async with open_app(settings, lambda: NOW) as app:
            await applying.finish(app)
        now = rows(settings.database)
        assert now in (nothing, everything), "part of it"
        after = state(settings.database)
        assert (now == everything) == (after is not None and after[1] == "applied")
    print(f"\n{KILLS} kills: {dict(kills)}")
    assert "Traceback" not in (tmp_path / "runs.log").read_text(encoding="utf-8")
