"""`matinee evaluate taste`, as an operator types it."""

import asyncio
import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.services.scale import SCALE
from recommender.evaluation.taste.tastes import tastes
from storage.catalogue import films
from storage.feedback import ratings
from storage.people import profiles
from tests.bot.command import matinee
from tests.bot.fitted import Time, opened
from tests.house import FEW_FILMS, stocked
from tests.recommender.servers import THIRTEEN


async def rate_thirteen(folder: Path) -> None:
    """Writes a database in which three people of three tastes gave thirteen ratings.

    It has few films beside the thirteen.
    """
    clock, database = Time(), folder / "data" / "matinee.sqlite3"
    with THIRTEEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    await stocked(database)
    with closing(sqlite3.connect(database)) as conn, conn:
        conn.execute("update films set retired_at = added_at where id > ?", (FEW_FILMS,))
        conn.executemany(
            "update films set retired_at = null where title = ? and year = ?",
            [(row["title"], int(row["year"])) for row in rows],
        )
    async with opened(folder, clock) as app, app.db.write() as conn:
        known = {(film.title, film.year): film.id for film in await films.all_films(conn)}
        for row in rows:
            person = 1000 + int(row["person"])
            await profiles.ensure(conn, person, now=clock())
            await ratings.state(
                conn,
                person_id=person,
                film_id=known[row["title"], int(row["year"])],
                source="command",
                stars=float(row["stars"]),
                at=clock(),
                scale=SCALE,
            )


def test_without_a_data_folder_the_tags_alone_are_measured(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    ended = matinee(tmp_path, "evaluate", "taste", "--people", "2", "--seed", "3", "--json", path)
    assert ended.code == 0, ended.err
    told = " ".join(ended.out.split())
    assert "no model" in told
    assert "Tastes kept for reporting" in told
    assert "what serves is the tags alone" in told
    assert not (tmp_path / "data").exists(), "measuring makes no data folder"
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["seed"] == 3
    assert set(found["models"]) == {"tags alone"}
    everybody = found["models"]["tags alone"]["all"]
    assert set(everybody) == {"3 loved", "mixed", "two tastes"}
    assert everybody["mixed"]["people"] == len(tastes())
    assert 0.5 < everybody["3 loved"]["taste"] <= 1.0
    assert everybody["two tastes"]["worst"] is None


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    ended = matinee(tmp_path, "evaluate", "taste", "--json", tmp_path / "none" / "figures.json")
    assert "Create it first." in ended.sentence


def test_the_live_model_of_thirteen_ratings_stands_beside_the_tags_alone(tmp_path: Path) -> None:
    asyncio.run(rate_thirteen(tmp_path))
    trained = matinee(tmp_path, "train")
    assert trained.code == 0, trained.err
    told = " ".join(trained.out.split())
    assert "tested some tastes. It passed both." in told
    assert "Tastes: I tried this model on simulated people with narrow tastes. Here's how" in told
    path = tmp_path / "figures.json"
    ended = matinee(tmp_path, "evaluate", "taste", "--people", "2", "--json", path)
    assert ended.code == 0, ended.err
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["ratings"] == 13
    assert set(found["models"]) == {"live", "tags alone"}
    assert found["gain"]["mean"] > -0.02
    assert "fitted to 13 ratings" in " ".join(ended.out.split())
