"""A match is shrunk: each common film moves it a little."""

import numpy as np
import pytest

from recommender.data import Query
from recommender.matches.match import MIN_COMMON, MatchConfig, felt_same, match_of, shrunk
from recommender.models.stars import StarModel

CONFIG = MatchConfig()


def person(stars: dict[int, float]) -> Query:
    return Query(films=np.array([*stars], np.int64), stars=np.array([*stars.values()]))


def no_stars() -> StarModel:
    """Returns the rating model of a server in which nobody has rated."""
    blank = np.zeros(0, np.int64)
    return StarModel(0.5, 5.0, blank, np.zeros(30, np.int64), np.zeros((0, 1), np.float32), None)


def test_people_feel_the_same_within_one_star() -> None:
    first, second = person({1: 5, 2: 4, 3: 4, 9: 1}), person({3: 2.5, 2: 5, 1: 3.5, 8: 5})
    rows, near = felt_same(first, second)
    assert rows.tolist() == [1, 2, 3]
    assert near.tolist() == [False, True, False]


def test_three_films_are_no_match_and_hardly_move_the_estimate() -> None:
    three = match_of(person({1: 5, 2: 5, 3: 5}), person({1: 5, 2: 5, 3: 5}), None)
    assert not three.enough
    assert three.share < 0.8
    assert match_of(person({}), person({}), None).share == pytest.approx(CONFIG.usual)
    many = shrunk(100, 100, None)
    assert many.enough
    assert many.sure
    assert many.share > 0.95


def test_more_common_films_leave_less_doubt_and_count_more() -> None:
    shares = [shrunk(n, n, None).share for n in (0, 3, 10, 50)]
    doubts = [shrunk(7 * n, 10 * n, None).doubt for n in (0, 1, 5, 20)]
    assert shares == sorted(shares)
    assert doubts == sorted(doubts, reverse=True)
    assert not shrunk(MIN_COMMON, MIN_COMMON, None).sure


def test_predictions_move_the_prior_and_their_order_does_not_matter() -> None:
    assert shrunk(5, 8, 0.8).share > shrunk(5, 8, 0.5).share
    assert 0.0 < shrunk(0, 0, 0.0).share < shrunk(0, 0, 1.0).share < 1.0
    first, second = person({1: 5, 2: 1}), person({2: 2, 3: 4})
    assert match_of(first, second, no_stars()) == match_of(second, first, no_stars())
    assert match_of(first, second, no_stars()) == match_of(first, second, None)
