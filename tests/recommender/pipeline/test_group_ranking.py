"""The ranking for a group: low stars count more, the list as a whole, and who was worst off."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.data import Query, interactions
from recommender.errors import DataError
from recommender.models.star_fit import StarConfig, fit_stars
from recommender.pipeline.groups.ranking import (
    Fit,
    GroupConfig,
    calibrate,
    cautious_average,
    fit_of,
    rank_for_group,
    worst_off,
    worst_off_chances,
)

PLAIN = GroupConfig(caution=0.0, taste=0.0)


def fit(stars: object, spread: float = 0.7) -> Fit:
    values = np.array(stars, np.float64)
    nothing = np.zeros(values.shape)
    return Fit(values, np.full(values.shape, spread), nothing, nothing > 0)


def stars_of(seed: int, people: int, films: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(1, 5, (people, films))


def test_what_all_like_well_enough_comes_before_what_one_would_hate() -> None:
    suits = fit([[4.6, 3.8], [4.6, 3.8], [1.9, 3.2]])
    assert rank_for_group(suits, 1, config=PLAIN) == [0]
    assert rank_for_group(suits, 1) == [1]


def test_whoever_a_film_suits_less_gets_the_next_one() -> None:
    """The first film suits two of three. The film for the third follows, although it comes last
    without the first film.
    """
    suits = fit([[4.8, 4.4, 3.6], [4.8, 4.4, 3.6], [3.5, 3.5, 4.4]])
    without_first = fit(suits.stars[:, 1:])
    assert rank_for_group(without_first, 1) == [0]
    assert list(rank_for_group(suits, 3)) == [0, 2, 1]
    assert list(rank_for_group(suits, 3, config=PLAIN)) == [0, 1, 2]


def test_of_one_kind_only_the_best_is_returned() -> None:
    suits = fit([[4.0, 5.0, 3.0, 4.5]])
    kin = np.array([[7, 8, 9, 8], [1, 2, 1, 3]])
    assert list(rank_for_group(suits, 4, kin=kin)) == [1, 0]
    assert list(rank_for_group(suits, 4)) == [1, 3, 0, 2]
    assert list(rank_for_group(suits, 0)) == []


def test_a_list_serves_the_worst_off_better_than_its_films_one_by_one() -> None:
    """In made-up groups whose stars are as the model says, the worst-off member's mean of three
    films is higher than with the three best averages, and the mean of all is little lower.
    """
    rng = np.random.default_rng(5)
    worst, mean = np.zeros((2, 400)), np.zeros((2, 400))
    for group in range(400):
        suits = fit(3.6 + rng.normal(0, 0.5, (4, 1)) + rng.normal(0, 0.5, (4, 20)), spread=0.8)
        stars = suits.stars + 0.8 * rng.standard_normal(suits.stars.shape)
        for at, config in enumerate((PLAIN, GroupConfig())):
            given = stars[:, rank_for_group(suits, 3, config=config)].mean(axis=1)
            worst[at, group], mean[at, group] = given.min(), given.mean()
    gain = worst[1] - worst[0]
    assert gain.mean() > 3 * gain.std() / np.sqrt(len(gain))
    assert mean[1].mean() > 0.97 * mean[0].mean()


def test_whoever_was_worst_off_weighs_more() -> None:
    suits = fit([[4.4, 3.6], [3.5, 4.1]], spread=0.4)
    assert rank_for_group(suits, 1) == [0]
    assert rank_for_group(suits, 1, [2, 0]) == [0]
    assert rank_for_group(suits, 1, [0, 2]) == [1]


@given(st.integers(0, 500), st.integers(2, 5), st.integers(1, 4))
def test_if_all_were_worst_off_equally_often_nothing_changes(
    seed: int, people: int, times: int
) -> None:
    suits = fit(stars_of(seed, people, 8))
    assert list(rank_for_group(suits, 8, [times] * people)) == list(rank_for_group(suits, 8))


@given(st.integers(0, 500), st.integers(1, 5))
def test_people_are_interchangeable(seed: int, people: int) -> None:
    rng = np.random.default_rng(seed)
    suits, order = fit(stars_of(seed, people, 8)), rng.permutation(people)
    times = rng.integers(0, 4, people)
    moved = fit(suits.stars[order])
    there = rank_for_group(suits, 8, times.tolist())
    assert list(there) == list(rank_for_group(moved, 8, times[order].tolist()))


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


def test_numbers_that_do_not_agree_are_refused() -> None:
    with pytest.raises(DataError, match="group-rows-differ"):
        rank_for_group(fit([[3.0], [4.0]]), 1, [1])
    with pytest.raises(DataError, match="group-settings-negative"):
        GroupConfig(memory=-1.0)
    with pytest.raises(DataError, match="group-scores-missing"):
        rank_for_group(fit([[np.nan, 1.0], [2.0, 3.0]]), 1)


def test_scales_are_made_one_and_silence_is_the_mean() -> None:
    scores = np.array([[1.0, 2.0, 3.0, np.nan], [100.0, 300.0, 200.0, 200.0], [7.0, 7.0, 7.0, 7.0]])
    found = calibrate(scores)
    assert found[0] == pytest.approx([-np.sqrt(1.5), 0, np.sqrt(1.5), 0])
    assert found[1].std() == pytest.approx(1)
    assert not found[2].any()
    assert not calibrate(np.full((1, 3), np.nan)).any()
    assert calibrate(np.zeros((2, 0))).shape == (2, 0)


@given(st.integers(0, 500), st.floats(0.1, 50), st.floats(-50, 50))
def test_the_scale_of_a_persons_scores_changes_nothing(
    seed: int, scale: float, shift: float
) -> None:
    wants = stars_of(seed, 3, 8)
    other = wants.copy()
    other[0] = wants[0] * scale + shift
    assert np.allclose(calibrate(wants), calibrate(other), atol=1e-6)


def test_what_would_spoil_an_evening() -> None:
    """A film spoils it if a person would probably give it few stars, and fewer than a film of which
    nothing is known. Without predicted stars, the films with the person's lowest scores do.
    """
    stars = [5, 5, 5, 5, 5, 4, 4, 4, 4, 1] * 40
    world = interactions(np.repeat(np.arange(40), 10), np.tile(np.arange(10), 40), stars)
    model = fit_stars(world, StarConfig(factors=2, sweeps=30), np.random.default_rng(0))
    kind = Query(films=np.arange(5), stars=[5.0] * 5)
    harsh = Query(films=np.arange(9), stars=[1.0] * 9)
    found = fit_of(model, [kind, harsh], np.array([0, 9, -1]), np.zeros((2, 3)))
    assert found.spoilt.tolist()[0] == [False, True, False]
    assert found.stars[1, 2] < 2.5
    assert not found.spoilt[1, 2]
    scores = calibrate(np.random.default_rng(1).normal(size=(2, 400)))
    unknown = fit_of(None, [kind, harsh], np.arange(400), scores)
    assert unknown.spoilt.mean(axis=1) == pytest.approx([0.25, 0.25], abs=0.05)
    lowest = np.where(unknown.spoilt, scores, -np.inf).max(axis=1)
    assert (np.where(unknown.spoilt, np.inf, scores).min(axis=1) >= lowest).all()


def test_few_ratings_predict_nobodys_stars() -> None:
    few = fit_stars(interactions([1, 1, 2, 3], [0, 1, 1, 2], [5, 4, 4.5, 2]), StarConfig(sweeps=20))
    scores = np.array([[1.0, 0.0, -1.0], [0.0, 1.0, -1.0]])
    queries = [Query(films=[0], stars=[5])] * 2
    found = fit_of(few, queries, np.arange(3), scores)
    assert found.stars.tolist() == fit_of(None, queries, np.arange(3), scores).stars.tolist()


def test_people_are_spared_what_they_would_hate() -> None:
    """Compares the films shown to groups with people's true ratings, in a world of rank two."""
    rng = np.random.default_rng(1)
    truth = 3.2 + rng.normal(0, 0.4, (60, 1)) + rng.normal(0, 0.4, (1, 50))
    truth += rng.normal(0, 1.0, (60, 2)) @ rng.normal(0, 0.8, (2, 50))
    person, film = np.nonzero(rng.random(truth.shape) < 0.4)
    stars = np.clip(truth[person, film] + rng.normal(0, 0.4, len(person)), 0.5, 5)
    config = StarConfig(factors=3, sweeps=40, people_width=4, film_width=4)
    model = fit_stars(interactions(person, film, stars), config, rng)
    hated = [0, 0]
    for _ in range(100):
        group = rng.choice(60, 4, replace=False)
        queries = [Query(films=film[person == one], stars=stars[person == one]) for one in group]
        suits = fit_of(model, queries, np.arange(50), np.zeros((4, 50)))
        for at, config in enumerate((PLAIN, GroupConfig())):
            shown = rank_for_group(suits, 5, config=config)
            hated[at] += int((truth[group][:, shown] <= 2.5).sum())
    assert hated[1] < 0.7 * hated[0]
