"""Real ratings: ranking beats popularity clearly, and loving a genre brings more of that genre."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

from recommender.data import Catalogue, Interactions, Query, Vocabulary, interactions
from recommender.datasets.movielens import MovieLens, read_movielens
from recommender.numeric.arrays import sparse
from recommender.pipeline.recommend import recommend
from recommender.pipeline.recommender import Config, Recommender
from recommender.training.fit import fit
from tests.movielens import FOLDER, needs_movielens
from tests.recommender.worlds import NOW

pytestmark = [needs_movielens, pytest.mark.soak]  # a fit of all its ratings

GENRES = ("Horror", "Children", "Animation", "Musical", "Romance", "Sci-Fi", "War", "Comedy")
MEMBERS, LOVED, KNOWN_BY = 20, 5, 30


class Real(NamedTuple):
    """The data set, and a model of all its ratings."""

    world: Catalogue
    ratings: Interactions
    model: Recommender


def as_catalogue(data: MovieLens) -> Catalogue:
    """Returns a catalogue of titles, years and genres, without tags and runtimes, so that ranking
    depends on the ratings."""
    names = tuple(sorted({genre for film in data.films for genre in film.genres}))
    cells = [(row, names.index(g)) for row, film in enumerate(data.films) for g in film.genres]
    rows, columns = zip(*cells, strict=True)
    n = len(data.films)
    return Catalogue(
        films=Vocabulary([film.id for film in data.films]),
        titles=tuple(film.title for film in data.films),
        years=np.array([film.year or np.nan for film in data.films], np.float64),
        runtimes=np.full(n, np.nan),
        genres=sparse((np.ones(len(rows)), (rows, columns)), (n, len(names))),
        genre_names=names,
        tags=sparse((n, 0)),
        tag_names=(),
        tag_facets=(),
        audience=np.full(n, -1, np.int8),
        adult=np.zeros(n, np.bool_),
    )


@pytest.fixture(scope="module")
def real() -> Real:
    data = read_movielens(FOLDER)
    world = as_catalogue(data)
    given = interactions(data.person, data.film, data.stars, data.when, films=world.films)
    return Real(world, given, fit(world, given, Config(), 1, NOW))


def test_everything_is_read(real: Real) -> None:
    assert (len(real.world), len(real.ratings)) == (9742, 100836)
    matrix = real.ratings.utility_matrix()
    assert matrix.shape == (610, 9742)
    by_title = dict(zip(real.world.titles, real.world.years, strict=True))
    assert by_title["The Matrix"] == 1999


def test_a_genres_lovers_get_it_twice_as_often_as_everybody(real: Real) -> None:
    genres = real.world.genres.toarray() > 0
    favourites = [pick.film for pick in recommend(real.model, Query(), 10).picks]
    with_genre, everybody = [], []
    for name in GENRES:
        column = real.world.genre_names.index(name)
        candidates = np.flatnonzero(genres[:, column] & (real.model.popularity.count >= KNOWN_BY))
        rng = np.random.default_rng(5)
        for _ in range(MEMBERS):
            loved = rng.choice(candidates, LOVED, replace=False)
            picks = recommend(real.model, Query(films=loved, stars=np.full(LOVED, 5.0)), 10).picks
            shown = [pick.film for pick in picks]
            assert len(shown) == 10
            assert not set(shown) & set(loved.tolist())
            with_genre.append(genres[shown, column].mean())
        everybody.append(genres[favourites, column].mean())
    assert np.mean(with_genre) >= 2 * np.mean(everybody)
    assert np.mean(with_genre) >= 0.3


def test_ranking_is_well_above_popularity(real: Real) -> None:
    """Compares nDCG@10 on a random 80/20 hold-out for each person; every film is a candidate."""
    given, rng = real.ratings, np.random.default_rng(42)
    held = np.zeros(len(given), bool)
    for person in range(len(given.people)):
        rows = np.flatnonzero(given.person == person)
        held[rng.permutation(rows)[: round(len(rows) * 0.2)]] = True
    columns = (given.person, given.film, given.stars, given.when)
    train = Interactions(given.people, given.films, *(column[~held] for column in columns))
    model = fit(real.world, train, Config(), 1, NOW)
    discount = 1 / np.log2(np.arange(2, 12))

    def ndcg(shown: np.ndarray, liked: set[int]) -> float:
        hits = np.array([film in liked for film in shown], float)
        return float(hits @ discount[: len(shown)] / discount[: min(len(liked), 10)].sum())

    crowd = model.popularity.score(Query())
    served, popular = [], []
    for person in range(len(given.people)):
        own = (train.person == person).nonzero()[0]
        tested = held & (given.person == person)
        liked = set(given.film[tested & (given.stars >= 4)].tolist())
        if not liked:
            continue
        query = Query(films=train.film[own], stars=train.stars[own])
        served.append(ndcg([pick.film for pick in recommend(model, query, 10).picks], liked))
        rest = np.where(np.isin(np.arange(len(crowd)), query.films), -np.inf, crowd)
        popular.append(ndcg(np.argsort(-rest, kind="stable")[:10], liked))
    assert len(served) > 590
    assert np.mean(served) > 0.29
    assert np.mean(served) > np.mean(popular) + 0.1


def test_parts_add_up_for_real_people(real: Real) -> None:
    for person in range(0, 610, 20):
        own = real.ratings.person == person
        query = Query(
            films=real.ratings.film[own], stars=real.ratings.stars[own], hour=21, weekday=4
        )
        for pick in recommend(replace(real.model), query, 5).picks:
            total = sum(part.amount for part in pick.parts)
            assert total == pytest.approx(pick.score, rel=1e-5)
