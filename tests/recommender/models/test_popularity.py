"""Favourites with damping and praise, and films that trend or rise."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.data import Query, Vocabulary, interactions
from recommender.errors import DataError
from recommender.models.popularity import PopularityConfig, fit_popularity
from recommender.models.trending import DAY_SECONDS, TrendConfig, trend
from recommender.numeric.arrays import sparse
from tests.recommender.worlds import catalogue

DAYS = TrendConfig(half_life=7, window=30, min_raters=3)


def test_damped_mean_by_hand() -> None:
    world = replace(catalogue(3, 5), tags=sparse(np.zeros((3, 5), np.float32)))
    stars = sparse(np.array([[5, 4, 0], [0, 4, 0]], np.float32))
    config = PopularityConfig(damping=10, usual_mean=3.5)
    model = fit_popularity(world, stars, config)
    common = (13 + 35) / (3 + 10)
    assert model.damped_mean == pytest.approx(
        [(5 + 10 * common) / 11, (8 + 10 * common) / 12, common]
    )
    assert model.count.tolist() == [1, 2, 0]


def test_one_five_does_not_beat_many_fours() -> None:
    world = replace(catalogue(2, 5), tags=sparse(np.zeros((2, 5), np.float32)))
    stars = np.zeros((30, 2), np.float32)
    stars[0, 0] = 5
    stars[:, 1] = 4
    assert fit_popularity(world, sparse(stars)).favourites(2).tolist() == [1, 0]


def test_without_ratings_praise_ranks() -> None:
    weights = np.zeros((3, 5), np.float32)
    weights[1, 3] = 3
    weights[2, 0] = 3  # a mood is no praise
    facets = ("mood", "theme", "style", "praise", "sensitive")
    world = replace(catalogue(3, 5), tags=sparse(weights), tag_facets=facets)
    model = fit_popularity(world, None)
    assert model.favourites(1).tolist() == [1]
    assert np.isfinite(model.score(Query())).all()


def ratings_at(*rows: tuple[int, int, float, float]):
    people, films, stars, ages = zip(*rows, strict=True)
    return interactions(people, films, stars, [1e9 - age * DAY_SECONDS for age in ages])


def test_heat_halves_with_age() -> None:
    films = Vocabulary([10, 20])
    fresh = [(person, 10, 5.0, 0.0) for person in range(3)]
    week_old = [(person, 20, 5.0, 7.0) for person in range(3)]
    found = trend(ratings_at(*fresh, *week_old), films, 1e9, DAYS)
    assert found.rows.tolist() == [0, 1]
    assert found.heat == pytest.approx([3.0, 1.5])


def test_nobody_is_exposed() -> None:
    films = Vocabulary([10, 20])
    rows = [(1, 10, 5.0, 1.0), (2, 10, 5.0, 1.0), (2, 10, 4.0, 0.5)]  # two people, three ratings
    assert not len(trend(ratings_at(*rows), films, 1e9, DAYS).rows)
    three = trend(ratings_at(*rows, (3, 10, 1.0, 2.0)), films, 1e9, DAYS)
    assert three.raters.tolist() == [3]


def test_rising_compares_a_film_with_its_own_past() -> None:
    films = Vocabulary([10, 20])
    steady = [(person, 10, 4.0, age) for person, age in enumerate(np.linspace(0, 119, 40))]
    sudden = [(person, 20, 4.0, 1.0) for person in range(5)]
    found = trend(ratings_at(*steady, *sudden), films, 1e9, DAYS)
    assert found.rows.tolist() == [0, 1]
    assert abs(found.rise[0]) < 0.2
    assert found.rise[1] > 1.0
    assert found.heat[0] > 0


def test_the_future_the_undated_and_the_unknown_say_nothing() -> None:
    rows = [(person, 10, 5.0, -1.0) for person in range(3)]
    rows += [(person, 99, 5.0, 1.0) for person in range(3)]
    rows += [(person, 20, 5.0, np.nan) for person in range(3)]
    assert not len(trend(ratings_at(*rows), Vocabulary([10, 20]), 1e9, DAYS).rows)
    assert not len(trend(interactions([], [], []), Vocabulary([10]), 1e9, DAYS).rows)


def test_an_impossible_half_life_is_refused() -> None:
    with pytest.raises(DataError, match="trending-window"):
        trend(interactions([], [], []), Vocabulary([1]), 0.0, TrendConfig(half_life=0))
