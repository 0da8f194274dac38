"""The contract that every scorer keeps, and a checkerboard whose right answer is obvious."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from recommender.data import Catalogue, Interactions, Query, Scorer
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.fit import fit_factors
from recommender.models.als import AlsConfig
from recommender.models.popularity import fit_popularity
from recommender.models.tags import fit_tags
from recommender.pipeline.recommend import recommend
from recommender.training.fit import fit
from tests.recommender.worlds import NOW, SMALL, catalogue, checkerboard, permuted, ratings

Maker = Callable[[Catalogue, Interactions], Scorer]


def popularity(world: Catalogue, given: Interactions) -> Scorer:
    return fit_popularity(world, given.utility_matrix())


def tags(world: Catalogue, given: Interactions) -> Scorer:
    return fit_tags(world)


def factors(world: Catalogue, given: Interactions) -> Scorer:
    config = RankingConfig(als=AlsConfig(rounds=30), sizes=(8,))
    (model,) = fit_factors(world, given.utility_matrix(), config, np.random.default_rng(0))
    return model


def whole(world: Catalogue, given: Interactions) -> Scorer:
    deaf = replace(SMALL, ranking=replace(SMALL.ranking, content=0.0))  # random tags say nothing
    return fit(world, given, deaf, 0, NOW)


SCORERS = pytest.mark.parametrize("make", [popularity, tags, factors, whole])
QUERIES = (
    Query(),
    Query(films=[3], stars=[5]),
    Query(films=[1, 2, 3, 39], stars=[1, 2.5, 5, 5]),
    Query(liked_tags=[1, 2], disliked_tags=[5]),
    Query(films=np.arange(40), stars=np.full(40, 3.0), adventurousness=1),
)


@SCORERS
@pytest.mark.parametrize("query", QUERIES)
def test_one_finite_number_or_silence_for_each_film(make: Maker, query: Query) -> None:
    world = catalogue()
    scorer = make(world, ratings(world))
    scores = scorer.score(query)
    assert scores.shape == (len(world),)
    assert scores.dtype == np.float64
    assert not np.isinf(scores).any()
    assert np.array_equal(scores, scorer.score(query), equal_nan=True)


@SCORERS
def test_nothing_rated_at_all(make: Maker) -> None:
    world = catalogue()
    nothing = ratings(world, people=0)
    assert make(world, nothing).score(QUERIES[2]).shape == (len(world),)


@SCORERS
def test_another_order_of_films_gives_the_same_scores(make: Maker) -> None:
    world = catalogue()
    order = np.random.default_rng(9).permutation(len(world))
    other = permuted(world, order)
    given = ratings(world)
    moved = replace(given, films=other.films, film=np.argsort(order)[given.film].astype(np.int32))
    query = QUERIES[2]
    asked = replace(query, films=np.argsort(order)[query.films])
    mine, theirs = make(world, given).score(query), make(other, moved).score(asked)
    assert np.allclose(mine, theirs[np.argsort(order)], rtol=1e-4, atol=1e-4, equal_nan=True)


@pytest.mark.parametrize("make", [factors, whole])
def test_checkerboard(make: Maker) -> None:
    world, given = checkerboard()
    scorer = make(world, given)
    for person in range(20):
        theirs = given.film[given.person == person]
        scores = scorer.score(Query(films=theirs, stars=np.full(len(theirs), 5.0)))
        others = np.setdiff1d(np.arange(20), theirs)
        assert others[np.argmax(scores[others])] == person


def test_checkerboard_recommended() -> None:
    world, given = checkerboard()
    model = fit(world, given, SMALL, 0, NOW)
    theirs = given.film[given.person == 4]
    answer = recommend(model, Query(films=theirs, stars=np.full(len(theirs), 5.0)), 3)
    assert answer.picks[0].film == 4
