"""Whoever brings in 200 ratings gets the picks of somebody who made the same ratings here.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_history_picks.py

People of MovieLens are left out of the data that the model learns from. 200 ratings of each are
written as Letterboxd or IMDb would write them and brought in by one newcomer, and made one by one
on their days by another. The first ten films of the ranking behind `/recommend` are compared
with each one's held-out ratings. A full run writes its part of docs/imports.md.
"""

import csv
import shutil
import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import numpy as np
import pytest

from bot.services.app import App
from bot.services.catalogue.search import film_value
from bot.services.feedback import rate
from bot.services.imports.person import applying, preview, settling
from bot.services.picks.facts import read_facts
from bot.services.picks.recommend import NO_FILTERS
from bot.services.serving.lines import rank_lines
from bot.services.training import retrain
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from recommender.evaluation.significance import Sample, difference
from recommender.evaluation.splits import RELEVANT_STARS
from recommender.metrics import ndcg
from recommender.numeric.arrays import Ints
from tests.benchmarks.page import put
from tests.bot.cogs.people.exports_elsewhere import table, zipped
from tests.bot.services.imports.elsewhere import title_and_year
from tests.clock import NOW
from tests.movielens import FOLDER, needs_movielens
from tests.soak.process import ROOT, run
from tests.soak.process import SCALE as SHARE

pytestmark = [pytest.mark.soak, needs_movielens]

PEOPLE = 100 if SHARE >= 1 else 4
RATINGS, HELD_OUT = 200, 50  # ratings of each person that they bring; the least that are held out
PICKS = 10
SEED = 20
FIRST_ID = 5_000
BROUGHT, MADE_HERE = "brought in", "made here"

PAGE = ROOT / "docs" / "imports.md"
INTRODUCTION = f"""## Picks after it

Written by `MATINEE_SOAK=1 pytest -m soak -s tests/soak/test_history_picks.py`.

{PEOPLE} people of ml-latest-small with at least {RATINGS + HELD_OUT} ratings each, of whom the
model knows nothing. {RATINGS} ratings of each, half of the people's as Letterboxd's export and half
as IMDb's, were brought in with `/import`; another newcomer made the same ratings here, each at its
time. The first ten films of each are judged by the other ratings of that person, those with at
least {RELEVANT_STARS:g} stars.
"""


@dataclass(frozen=True)
class MovieLensRating:
    """A rating of a MovieLens person.

    Attributes:
        movielens: the film's id at MovieLens.
        stars: half a star to five.
        at: its time.
    """

    movielens: str
    stars: float
    at: datetime


@dataclass(frozen=True)
class Films:
    """MovieLens's films.

    Attributes:
        named: title and year, by id at MovieLens.
        imdb: id at IMDb, by id at MovieLens.
        ours: id in the database, by id at MovieLens.
    """

    named: dict[str, tuple[str, int | None]]
    imdb: dict[str, str]
    ours: dict[str, int]


def read_people() -> dict[str, list[MovieLensRating]]:
    """Returns everybody's ratings, by the person's id at MovieLens."""
    found: dict[str, list[MovieLensRating]] = defaultdict(list)
    with (FOLDER / "ratings.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            at = datetime.fromtimestamp(int(row["timestamp"]), UTC)
            found[row["userId"]].append(MovieLensRating(row["movieId"], float(row["rating"]), at))
    return found


def write_without(people: set[str], folder: Path) -> None:
    """Writes MovieLens's data set without some people."""
    folder.mkdir()
    for name in ("movies.csv", "links.csv"):
        shutil.copyfile(FOLDER / name, folder / name)
    for name in ("ratings.csv", "tags.csv"):
        with (FOLDER / name).open(encoding="utf-8", newline="") as file:
            heading, *rows = csv.reader(file)
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heading, *(row for row in rows if row[0] not in people)])


def read_films(database: Path) -> Films:
    with (FOLDER / "movies.csv").open(encoding="utf-8") as file:
        named = {row["movieId"]: title_and_year(row["title"]) for row in csv.DictReader(file)}
    with (FOLDER / "links.csv").open(encoding="utf-8") as file:
        imdb = {row["movieId"]: f"tt{row['imdbId']}" for row in csv.DictReader(file)}
    with closing(sqlite3.connect(database)) as conn:
        ours = conn.execute(
            "select external_id, film_id from external_ids where source = 'movielens'"
        ).fetchall()
    return Films(named, imdb, dict(ours))


def letterboxd(rated: list[MovieLensRating], films: Films) -> tuple[str, bytes]:
    """Returns ratings as Letterboxd exports them: without any id that the catalogue knows."""
    columns = "Date,Name,Year,Letterboxd URI"
    rows = [
        [one.at.date(), title, year or "", f"https://boxd.it/{one.movielens}"]
        for one in rated
        for title, year in (films.named[one.movielens],)
    ]
    stars = [[*row, f"{one.stars:g}"] for row, one in zip(rows, rated, strict=True)]
    files = {
        "ratings.csv": table(f"{columns},Rating", *stars),
        "watched.csv": table(columns, *rows),
    }
    return "letterboxd-newcomer.zip", zipped(files)


def imdb(rated: list[MovieLensRating], films: Films) -> tuple[str, bytes]:
    """Returns ratings as IMDb exports them."""
    columns = (
        "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,"
        "Runtime (mins),Year,Genres,Num Votes,Release Date,Directors"
    )
    rows = [
        [films.imdb[one.movielens], round(one.stars * 2), one.at.date(), title, title,
         "", "Movie", "", "", year or "", "", "", "", ""]
        for one in rated
        for title, year in (films.named[one.movielens],)
    ]  # fmt: skip
    return "ratings.csv", table(columns, *rows).encode()


async def bring_in(app: App, person: int, name: str, content: bytes) -> int:
    """Brings in a file as a person who takes the likely films; returns how many it rated."""
    who = Requester(person, None, 0, NOW)
    found = await preview.read_file(app, who, name, content, applying.nobody)
    await settling.settle_likely(app, who, found.import_id)
    return (await applying.apply(app, who, found.import_id, applying.nobody)).rated


async def make_here(app: App, person: int, rated: list[MovieLensRating], films: Films) -> None:
    for one in rated:
        who = Requester(person, None, 0, one.at, adult_ok=True)
        await rate.rate_by_command(app, who, film_value(films.ours[one.movielens]), one.stars)


async def first_picks(app: App, person: int) -> list[int]:
    """Returns the ids of the films that a person would be shown first."""
    facts = await read_facts(app, Requester(person, None, 0, NOW, private=True))
    ranked = rank_lines(app.live.served, facts.query_facts(NO_FILTERS), PICKS)
    return [line.film_id for line in ranked.lines]


async def test_brought_in_ratings_lead_to_as_good_picks(tmp_path: Path) -> None:
    everyone, rng = read_people(), Random(SEED)
    many = sorted(name for name, rated in everyone.items() if len(rated) >= RATINGS + HELD_OUT)
    left_out = rng.sample(many, PEOPLE)
    write_without(set(left_out), tmp_path / "movielens")
    await run(tmp_path, "import", "movielens", str(tmp_path / "movielens"))
    settings = Settings(data=tmp_path / "data")
    films = read_films(settings.database)
    hits: dict[str, list[list[bool]]] = {BROUGHT: [], MADE_HERE: []}
    relevant, recognised, same = [], 0, 0
    async with open_app(settings, lambda: NOW) as app:
        outcome = await retrain.refit(app)
        assert outcome.promoted, outcome.why
        for number, name in enumerate(left_out):
            rated = rng.sample(everyone[name], len(everyone[name]))
            rated, held_out = sorted(rated[:RATINGS], key=lambda one: one.at), rated[RATINGS:]
            good = {films.ours[x.movielens] for x in held_out if x.stars >= RELEVANT_STARS}
            newcomer, member = FIRST_ID + 2 * number, FIRST_ID + 2 * number + 1
            written = (letterboxd, imdb)[number % 2](rated, films)
            recognised += await bring_in(app, newcomer, *written)
            await make_here(app, member, rated, films)
            lists = [await first_picks(app, one) for one in (newcomer, member)]
            relevant.append(len(good))
            same += lists[0] == lists[1]
            for kind, picks in zip(hits, lists, strict=True):
                hits[kind].append([film in good for film in picks])
    report(hits, np.array(relevant), recognised, same)


def report(hits: dict[str, list[list[bool]]], relevant: Ints, recognised: int, same: int) -> None:
    """Prints the figures. A full run writes them to the document.

    hits: for each person, which of their picks are among the good films that were held out.
    relevant: (people,) how many good films were held out.
    recognised: number of ratings that were brought in, of all people.
    same: how many people got the same list both ways.
    """
    brought, made = (np.array(hits[kind]) for kind in (BROUGHT, MADE_HERE))
    measured = {
        "nDCG@10": (ndcg(brought, relevant, PICKS), ndcg(made, relevant, PICKS)),
        "hit rate": (brought.any(axis=1) * 1.0, made.any(axis=1) * 1.0),
        "hits among ten": (brought.sum(axis=1) * 1.0, made.sum(axis=1) * 1.0),
    }
    rows, gains = np.arange(PEOPLE), []
    table_rows = ["| | brought in | made here | difference (95%) |", "| --- | ---: | ---: | ---: |"]
    for name, (one, other) in measured.items():
        gain = difference([Sample(rows, one)], [Sample(rows, other)])
        gains.append(gain)
        table_rows.append(
            f"| {name} | {one.mean():.4f} | {other.mean():.4f} "
            f"| {gain.mean:+.4f} ({gain.low:+.4f} to {gain.high:+.4f}) |"
        )
    shares = (
        f"{recognised / (PEOPLE * RATINGS):.1%} of the ratings in the files were recognised. "
        f"{same} of the {PEOPLE} people got the same ten films both ways."
    )
    print("", *table_rows, shares, sep="\n")
    assert recognised >= 0.95 * PEOPLE * RATINGS
    if SHARE >= 1:
        put("history-picks", "\n".join([INTRODUCTION, *table_rows, "", shares]), PAGE)
        assert min(gain.high for gain in gains) >= 0.0, "picks after bringing in are worse"
