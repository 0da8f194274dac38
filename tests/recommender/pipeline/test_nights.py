"""Films for a group that meets again and again: low stars count more, and the worst-off too."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.data import Query
from recommender.errors import DataError
from recommender.pipeline.groups.nights import (
    Fit,
    NightConfig,
    cautious_average,
    rank_for_night,
    recommend_for_night,
    worst_off,
    worst_off_chances,
)
from tests.recommender.worlds import recommender

MODEL = recommender(120, 60)
ONE = Query(films=[3, 9, 12], stars=[5, 4, 5])
OTHER = Query(films=[20, 31], stars=[5, 1], never=[1])
PLAIN = NightConfig(caution=0.0, taste=0.0)


def fit(stars: object, spread: float = 0.7) -> Fit:
    values = np.array(stars, np.float64)
    return Fit(values, np.full(values.shape, spread), np.zeros(values.shape))


def stars_of(seed: int, people: int, films: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(1, 5, (people, films))


def test_what_all_like_well_enough_comes_before_what_one_would_hate() -> None:
    suits = fit([[4.6, 3.8], [4.6, 3.8], [1.9, 3.2]])
    assert rank_for_night(suits, config=PLAIN)[0] == 0
    assert rank_for_night(suits)[0] == 1


def test_whoever_was_worst_off_weighs_more() -> None:
    suits = fit([[4.4, 3.6], [3.5, 4.1]], spread=0.4)
    assert rank_for_night(suits)[0] == 0
    assert rank_for_night(suits, [2, 0])[0] == 0
    assert rank_for_night(suits, [0, 2])[0] == 1


@given(st.integers(0, 500), st.integers(2, 5), st.integers(1, 4))
def test_if_all_were_worst_off_equally_often_nothing_changes(
    seed: int, people: int, times: int
) -> None:
    suits = fit(stars_of(seed, people, 8))
    assert list(rank_for_night(suits, [times] * people)) == list(rank_for_night(suits))


@given(st.integers(0, 500), st.integers(1, 5))
def test_people_are_interchangeable(seed: int, people: int) -> None:
    rng = np.random.default_rng(seed)
    suits, order = fit(stars_of(seed, people, 8)), rng.permutation(people)
    times = rng.integers(0, 4, people)
    moved = Fit(suits.stars[order], suits.spread[order], suits.scores[order])
    there = rank_for_night(suits, times.tolist())
    assert list(there) == list(rank_for_night(moved, times[order].tolist()))


@given(st.integers(0, 500), st.integers(2, 5), st.floats(0.01, 5))
def test_the_average_is_between_the_lowest_and_the_mean(
    seed: int, people: int, caution: float
) -> None:
    values = stars_of(seed, people, 6)
    found = cautious_average(values, caution)
    assert (found >= values.min(axis=0) - 1e-9).all()
    assert (found <= values.mean(axis=0) + 1e-9).all()


def test_chances_to_be_worst_off_against_a_simulation() -> None:
    stars = np.array([[3.1, 4.8, 2.0], [3.6, 4.7, 4.4], [4.0, 4.9, 4.2]])
    spread = np.array([[0.8, 0.5, 0.9]] * 3)
    rng = np.random.default_rng(0)
    drawn = stars + spread * rng.standard_normal((40_000, 3, 3))
    drawn = np.clip(np.round(drawn * 2) / 2, 0.5, 5.0)
    alone = (drawn == drawn.min(axis=1, keepdims=True)).sum(axis=1, keepdims=True) == 1
    seen = ((drawn == drawn.min(axis=1, keepdims=True)) & alone).mean(axis=0)
    assert worst_off_chances(stars, spread) == pytest.approx(seen, abs=0.01)


def test_who_was_worst_off() -> None:
    nan = np.nan
    assert worst_off(np.array([4.0, 3.5, nan])) == 1
    assert worst_off(np.array([3.5, 3.5, 5.0])) is None
    assert worst_off(np.array([3.5, nan])) is None


def test_everybodys_filters_hold_and_no_series_comes_twice() -> None:
    queries = [ONE, replace(OTHER, excluded=[40, 41, 42])]
    found = [pick.film for pick in recommend_for_night(MODEL, queries, 40).picks]
    assert len(found) > 15
    assert not {3, 9, 12, 20, 31, 40, 41, 42} & set(found)
    assert not MODEL.catalogue.genres.toarray()[found, 1].any()
    assert len({int(one) for one in MODEL.series[found]}) == len(found)
    again = [pick.film for pick in recommend_for_night(MODEL, queries, 40).picks]
    assert found == again
    back = [pick.film for pick in recommend_for_night(MODEL, queries[::-1], 40).picks]
    assert found == back


def test_numbers_that_do_not_agree_are_refused() -> None:
    with pytest.raises(DataError, match="group-empty"):
        recommend_for_night(MODEL, [])
    with pytest.raises(DataError, match="group-rows-differ"):
        recommend_for_night(MODEL, [ONE, OTHER], 3, [1])
    with pytest.raises(DataError, match="misery-out-of-range"):
        NightConfig(memory=-1.0)
    with pytest.raises(DataError, match="group-scores-missing"):
        rank_for_night(fit([[np.nan, 1.0], [2.0, 3.0]]))
