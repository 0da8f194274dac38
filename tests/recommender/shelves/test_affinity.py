"""Shelf affinity: by hand, by construction, and on real ratings."""

import numpy as np
import pytest

from recommender.data import Interactions, interactions
from recommender.datasets.movielens import read_movielens
from recommender.errors import DataError
from recommender.evaluation.ranking.shelf_order import (
    GROUPINGS,
    LIKES,
    SIZE,
    TAGS,
    measure_orders,
)
from recommender.numeric.arrays import sparse
from recommender.shelves.affinity import fit_affinity, likes, membership_over
from tests.movielens import FOLDER, needs_movielens
from tests.starter import starter

FILMS, SHELVES = 40, 4  # films 0 to 9 are on shelf 0, films 10 to 19 on shelf 1, and so on
MEMBERSHIP = np.zeros((FILMS, SHELVES), np.float32)
MEMBERSHIP[np.arange(FILMS), np.arange(FILMS) // 10 % 4] = 1.0


def camps(people: int = 60, seed: int = 0) -> Interactions:
    """Ratings in which half the people like shelves 0 and 1, the others 2 and 3. Each person rates
    twelve films of any shelf."""
    rng = np.random.default_rng(seed)
    person, film, stars = [], [], []
    for number in range(people):
        for rated in rng.choice(FILMS, 12, replace=False).tolist():
            liked = (rated < 20) == (number % 2 == 0)
            person.append(number)
            film.append(rated)
            stars.append(5.0 if liked else 2.0)
    films = interactions([0] * FILMS, list(range(FILMS)), [3.0] * FILMS).films
    return interactions(person, film, stars, films=films)


def test_likes() -> None:
    assert likes(np.array([5.0, 4.0, 3.5, 0.5])).tolist() == [1.0, 1.0, 0.0, 0.0]


def test_shelves_liked_together_move_together() -> None:
    model = fit_affinity(camps(), sparse(MEMBERSHIP))
    drawn = model.affinity(np.array([3]), np.array([5.0])) - model.mean
    assert drawn[0] > 0 < drawn[1], "a person who likes shelf 0 will like shelf 1"
    assert drawn[2] < 0 > drawn[3]
    assert model.affinity(np.array([], int), np.array([])).tolist() == model.mean.tolist()


def test_more_ratings_move_the_affinity_more() -> None:
    model = fit_affinity(camps(), sparse(MEMBERSHIP))
    sizes = [
        float(np.abs(model.affinity(np.arange(n), np.full(n, 5.0)) - model.mean).sum())
        for n in (1, 3, 9)
    ]
    assert sizes == sorted(sizes)
    films = np.tile(np.arange(FILMS), 50)  # a member of the first camp who rated everything often
    row = model.affinity(films, np.where(films < 20, 5.0, 2.0))
    assert row == pytest.approx([0.25, 0.25, 0.0, 0.0], abs=0.02)


def test_one_shelf_and_known_variances_give_the_textbook_credibility() -> None:
    """With one shelf the model is Bühlmann's: mean + n / (n + W/B) (y - mean)."""
    model = fit_affinity(camps(400), sparse(np.ones((FILMS, 1), np.float32)))
    ratio = 1 / float(model.spread[0]) if len(model.spread) else np.inf
    for n in (1, 4, 16):
        expected = model.mean[0] + n / (n + ratio) * (1.0 - model.mean[0])
        got = model.affinity(np.arange(n), np.full(n, 5.0))[0]
        assert got == pytest.approx(expected if np.isfinite(ratio) else model.mean[0], rel=1e-6)


def test_without_people_everybody_is_the_mean() -> None:
    none = interactions([], [], [], films=camps().films)
    model = fit_affinity(none, sparse(MEMBERSHIP))
    assert model.mean == pytest.approx(MEMBERSHIP.mean(axis=0))
    assert model.affinity(np.array([1]), np.array([5.0])) == pytest.approx(model.mean)


def test_shelves_of_other_films_are_refused() -> None:
    with pytest.raises(DataError, match="groups-of-other-films"):
        fit_affinity(camps(), sparse(MEMBERSHIP[:5]))


def test_membership_over_other_rows() -> None:
    moved = membership_over(sparse(MEMBERSHIP), np.array([39, -1, 0])).toarray()
    assert moved.tolist() == [[0, 0, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0]]


@needs_movielens
@pytest.mark.soak  # measures; `matinee evaluate shelves` prints more
def test_ordering_by_groupings_beats_size_and_counting_on_real_ratings() -> None:
    home = starter()
    ratings = home.ratings(read_movielens(FOLDER))
    found = measure_orders(ratings, home.shelves(), home.words(), shown=(4, 10))
    for shown in (4, 10):
        for against in (SIZE, TAGS, LIKES):
            gain = found.gain(shown, against)
            figures = f"{gain.mean:.3f} ({gain.low:.3f} to {gain.high:.3f})"
            print(f"{shown} ratings shown, {GROUPINGS} above {against}: {figures}")
            assert gain.low > 0, (shown, against)
