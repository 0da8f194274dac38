"""Dayparts, kinds of day, and the bounded editorial tilt."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from recommender.context.clock import DAY_KINDS, DAYPARTS, Moment, moment, moments
from recommender.context.editorial import MAX_TILT, TILTS, fit_context
from recommender.errors import DataError
from recommender.numeric.arrays import sparse
from tests.recommender.worlds import catalogue

pytestmark = pytest.mark.clock


@pytest.mark.parametrize(
    ("hour", "weekday", "expected"),
    [
        (8, 1, Moment("morning", "weekday")),
        (12, 6, Moment("afternoon", "weekend")),
        (16, 4, Moment("afternoon", "weekday")),
        (17, 4, Moment("evening", "friday night")),
        (22, 4, Moment("evening", "friday night")),
        (23, 4, Moment("late night", "friday night")),
        (2, 5, Moment("late night", "friday night")),  # Saturday before dawn is Friday's night
        (5, 5, Moment("morning", "weekend")),
        (3, 0, Moment("late night", "weekend")),
        (3, 4, Moment("late night", "weekday")),
    ],
)
def test_moments(hour: int, weekday: int, expected: Moment) -> None:
    assert moment(hour, weekday) == expected


def test_impossible_hours_are_refused() -> None:
    with pytest.raises(DataError):
        moment(24, 0)
    with pytest.raises(DataError):
        moments(np.array([3]), np.array([7]))


def test_many_moments_are_those_of_each() -> None:
    hour, weekday = np.array(list(product(range(24), range(7)))).T
    part, day = moments(hour, weekday)
    each = [Moment(DAYPARTS[p], DAY_KINDS[d]) for p, d in zip(part, day, strict=True)]
    assert each == [moment(int(h), int(w)) for h, w in zip(hour, weekday, strict=True)]
    assert not len(moments(hour[:0], weekday[:0])[0])


def test_the_tilt_is_bounded_and_its_parts_add_up() -> None:
    world = catalogue(200)
    context = fit_context(world)
    for hour, weekday in product(range(24), range(7)):
        total = context.log_odds(hour, weekday)
        parts, active = context.parts(hour, weekday)
        assert np.abs(total).max() <= MAX_TILT + 1e-12
        assert np.allclose(parts.sum(axis=0), total)
        assert len(active) == len(parts)
    assert context.log_odds(22, 4).any()
    assert not context.log_odds(None, 3).any()
    assert not context.log_odds(22, None).any()


def test_short_films_rise_on_a_weeknight_and_unknown_runtimes_do_not() -> None:
    bare = sparse(np.zeros((3, 4), np.float32))
    world = replace(catalogue(3), runtimes=np.array([90.0, 170.0, np.nan]), genres=bare)
    lift = fit_context(world).log_odds(20, 2)
    assert lift[0] > 0 > lift[1]
    assert lift[2] == 0
    names = {TILTS[tilt].key for tilt in fit_context(world).parts(20, 2)[1]}
    assert "short-for-a-weeknight" in names


def test_tuesday_morning_and_friday_night_differ() -> None:
    context = fit_context(catalogue(60))
    assert not np.allclose(context.log_odds(8, 1), context.log_odds(22, 4))
