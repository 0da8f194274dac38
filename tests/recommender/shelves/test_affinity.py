"""What people are drawn to, learned over groups: by hand, by construction, and on real ratings."""

import numpy as np
import pytest

from recommender.data import interactions
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
from recommender.shelves.affinity import fit_groups, gains, standing_over
from tests.movielens import FOLDER, needs_movielens
from tests.starter import starter

FILMS, GROUPS = 40, 4  # films 0-9 are of group 0, and so on; the odd ones of group 3 too
STANDING = np.zeros((FILMS, GROUPS), np.float32)
STANDING[np.arange(FILMS), np.arange(FILMS) // 10 % 4] = 1.0


def camps(people: int = 60, seed: int = 0):
    """Half like groups 0 and 1, half like 2 and 3; each rates twelve films of any group."""
    rng = np.random.default_rng(seed)
    person, film, stars = [], [], []
    for number in range(people):
        for rated in rng.choice(FILMS, 12, replace=False).tolist():
            mine = (rated < 20) == (number % 2 == 0)
            person.append(number)
            film.append(rated)
            stars.append(5.0 if mine else 2.0)
    films = interactions([0] * FILMS, list(range(FILMS)), [3.0] * FILMS).films
    return interactions(person, film, stars, films=films)


def test_gains_are_likes() -> None:
    assert gains(np.array([5.0, 4.0, 3.5, 0.5])).tolist() == [1.0, 1.0, 0.0, 0.0]


def test_groups_that_go_together_move_together() -> None:
    model = fit_groups(camps(), sparse(STANDING))
    drawn = model.affinity(np.array([3]), np.array([5.0])) - model.mean
    assert drawn[0] > 0 < drawn[1], "whoever likes group 0 will like group 1"
    assert drawn[2] < 0 > drawn[3]
    assert model.affinity(np.array([], int), np.array([])).tolist() == model.mean.tolist()


def test_the_more_is_rated_the_more_it_says() -> None:
    model = fit_groups(camps(), sparse(STANDING))
    sizes = [
        float(np.abs(model.affinity(np.arange(n), np.full(n, 5.0)) - model.mean).sum())
        for n in (1, 3, 9)
    ]
    assert sizes == sorted(sizes)
    films = np.tile(np.arange(FILMS), 50)  # a member of the first camp who rated everything often
    row = model.affinity(films, np.where(films < 20, 5.0, 2.0))
    assert row == pytest.approx([0.25, 0.25, 0.0, 0.0], abs=0.02)


def test_one_group_and_known_variances_give_the_textbook_credibility() -> None:
    """With one group the model is Bühlmann's: mean + n / (n + W/B) (y - mean)."""
    standing = sparse(np.ones((FILMS, 1), np.float32))
    model = fit_groups(camps(400), standing)
    ratio = 1 / float(model.spread[0]) if len(model.spread) else np.inf
    for n in (1, 4, 16):
        expected = model.mean[0] + n / (n + ratio) * (1.0 - model.mean[0])
        got = model.affinity(np.arange(n), np.full(n, 5.0))[0]
        assert got == pytest.approx(expected if np.isfinite(ratio) else model.mean[0], rel=1e-6)


def test_without_people_everybody_is_the_mean() -> None:
    none = interactions([], [], [], films=camps().films)
    model = fit_groups(none, sparse(STANDING))
    assert model.mean == pytest.approx(STANDING.mean(axis=0))
    assert model.affinity(np.array([1]), np.array([5.0])) == pytest.approx(model.mean)


def test_groups_of_other_films_are_refused() -> None:
    with pytest.raises(DataError, match="one vocabulary"):
        fit_groups(camps(), sparse(STANDING[:5]))


def test_standing_over_other_rows() -> None:
    moved = standing_over(sparse(STANDING), np.array([39, -1, 0])).toarray()
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
            told = f"{gain.mean:.3f} ({gain.low:.3f} to {gain.high:.3f})"
            print(f"{shown} ratings shown, {GROUPINGS} above {against}: {told}")
            assert gain.low > 0, (shown, against)
