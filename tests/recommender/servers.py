"""Invented servers over the starter catalogue: people with narrow tastes and what they rated."""

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from recommender.data import Catalogue, FactBlock, Interactions, Vocabulary, interactions
from recommender.evaluation.taste.people import famous_films
from recommender.evaluation.taste.tastes import taste_films, tastes
from recommender.models.popularity import praise_units
from recommender.numeric.arrays import sparse
from tests.starter import starter

THIRTEEN = Path(__file__).with_name("thirteen.csv")
OWN_SHARE = 2 / 3  # share of a person's ratings that are of films of their taste
LOVED, OTHER = (3.5, 4.0, 4.5, 5.0), (1.0, 2.0, 2.5, 3.0, 3.5, 4.0)
SMALL_TASTES = (
    *("Korean films", "anime", "silent films", "westerns"),
    *("horror", "heists", "musicals", "documentaries"),
)
FILMS_EACH = 60  # films of each small taste in the small catalogue
FAMOUS_FILMS = 100  # famous films of any taste in the small catalogue


def rows_of(names: tuple[str, ...], catalogue: Catalogue) -> list[np.ndarray]:
    """Returns the rows of the films of each taste named, the best known first."""
    chosen = {taste.name: taste for taste in tastes()}
    members = [taste_films(chosen[name], catalogue).members for name in names]
    return [famous_films(catalogue, each, len(catalogue)) for each in members]


def part(catalogue: Catalogue, rows: np.ndarray) -> Catalogue:
    """Returns some films of a catalogue."""
    facts = tuple(
        FactBlock(each.name, each.values, sparse(each.matrix[rows])) for each in catalogue.facts
    )
    return replace(
        catalogue,
        films=Vocabulary(catalogue.films.ids(rows)),
        titles=tuple(catalogue.titles[row] for row in rows),
        years=catalogue.years[rows],
        runtimes=catalogue.runtimes[rows],
        genres=sparse(catalogue.genres[rows]),
        tags=sparse(catalogue.tags[rows]),
        audience=catalogue.audience[rows],
        adult=catalogue.adult[rows],
        facts=facts,
    )


@cache
def small_catalogue() -> Catalogue:
    """Returns some of the starter catalogue: famous films, and films of eight tastes."""
    whole = starter().world
    famous = famous_films(whole, ~whole.adult, FAMOUS_FILMS)
    own = [rows[:FILMS_EACH] for rows in rows_of(SMALL_TASTES, whole)]
    return part(whole, np.unique(np.concatenate([famous, *own])))


def server(
    people: int,
    seed: int = 1,
    catalogue: Catalogue | None = None,
    names: tuple[str, ...] = SMALL_TASTES,
) -> Interactions:
    """Returns the ratings of people who each love one of the tastes named.

    A server of more people has the same first people. Two thirds of a person's ratings are of films
    of their taste, and better-known films are rated more often. catalogue: the films that they
    rate; None for the small catalogue.
    """
    films = small_catalogue() if catalogue is None else catalogue
    fame = np.exp(praise_units(films))
    tastes_of = rows_of(names, films)
    rows = []
    for person in range(people):
        rng = np.random.default_rng((seed, person))
        liked = tastes_of[int(rng.integers(len(tastes_of)))]
        count = int(np.clip(rng.lognormal(np.log(16), 0.4), 6, 40))
        mine = min(round(OWN_SHARE * count), len(liked))
        others = np.setdiff1d(np.arange(len(films)), liked)
        for of, stars, size in ((liked, LOVED, mine), (others, OTHER, count - mine)):
            odds = fame[of] / fame[of].sum()
            rows += [
                (person + 1, film, rng.choice(stars), person + rng.random())
                for film in rng.choice(of, size, replace=False, p=odds)
            ]
    columns = np.array(rows)
    ids = films.films.ids(columns[:, 1].astype(np.int64))
    return interactions(
        columns[:, 0].astype(np.int64), ids, columns[:, 2], columns[:, 3], films=films.films
    )


def thirteen(catalogue: Catalogue) -> Interactions:
    """Returns thirteen ratings by three people of three tastes: horror, well-known American films,
    and Korean films."""
    with THIRTEEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    years = np.nan_to_num(catalogue.years)
    row_of = {
        (title, int(year)): at
        for at, (title, year) in enumerate(zip(catalogue.titles, years, strict=True))
    }
    films = [row_of[row["title"], int(row["year"])] for row in rows]
    return interactions(
        [int(row["person"]) for row in rows],
        catalogue.films.ids(np.array(films)),
        [float(row["stars"]) for row in rows],
        films=catalogue.films,
    )
