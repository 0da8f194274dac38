"""The factor model, compared with dense algebra that is written out in full."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.data import Query
from recommender.data.preferences import preferences
from recommender.models.als import AlsConfig, FactorModel, _solve, fit_als
from recommender.numeric.arrays import sparse
from recommender.numeric.padded import row_groups
from recommender.numeric.parallel import shared

CONFIG = AlsConfig(factors=6, rounds=5)


def stars(people: int, films: int, seed: int, share: float = 0.4) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.integers(1, 11, (people, films)) / 2) * (rng.random((people, films)) < share)


def dense_rows(known: np.ndarray, others: np.ndarray, config: AlsConfig, count: int) -> np.ndarray:
    """Returns the factors (rows, factors) from the normal equations of each row, in float64."""
    solved = np.zeros((len(known), others.shape[1]))
    for row, row_stars in enumerate(known):
        seen = np.flatnonzero(row_stars)
        if not len(seen):
            continue
        y = others[seen]
        penalty = config.penalty * (len(seen) + config.unseen * count) ** config.frequency
        left = config.unseen * others.T @ others + y.T @ y + penalty * np.eye(others.shape[1])
        right = y.T @ np.maximum((row_stars[seen] - 1) / 4, config.floor)
        solved[row] = np.linalg.solve(left, right)
    return solved


@pytest.mark.parametrize("share", [0.05, 0.4, 1.0])  # only short rows, both kinds, only long rows
@pytest.mark.parametrize("frequency", [1.0, 0.0])  # strong penalties, and hardly any
def test_a_half_round_solves_the_normal_equations(share: float, frequency: float) -> None:
    config = replace(CONFIG, frequency=frequency)
    known = stars(30, 25, 1, share)
    others = np.random.default_rng(2).normal(size=(25, 6)).astype(np.float32)
    wants = sparse(known)
    wants.data = preferences(wants.data, CONFIG.floor).astype(np.float32)
    expected = dense_rows(known, others.astype(np.float64), config, 25)
    with shared() as threads:
        solved = _solve(row_groups(wants, 6, 500), 30, others, config, 25, threads)
    assert np.allclose(solved, expected, rtol=1e-3, atol=1e-5)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 15))
def test_folding_in_solves_the_same_equations(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    model = fit_als(sparse(stars(20, 15, seed)), CONFIG, rng)
    films = rng.permutation(15)[:count]
    given_stars = rng.integers(1, 11, count) / 2
    row = np.zeros(15)
    row[films] = given_stars
    row[~model.rated] = 0
    expected = dense_rows(
        row[None, :], model.films.astype(np.float64), CONFIG, int(model.rated.sum())
    )[0]
    place = model.fold_in(Query(films=films, stars=given_stars))
    assert np.allclose(place.mean, expected, rtol=1e-6, atol=1e-12)
    assert np.allclose(place.influence.sum(axis=0), place.mean, rtol=1e-9, atol=1e-12)
    assert (np.linalg.eigvalsh(place.covariance) > 0).all()


def test_a_score_is_the_sum_of_what_each_rating_gave() -> None:
    model = fit_als(sparse(stars(40, 30, 3)), CONFIG, np.random.default_rng(0))
    query = Query(films=[1, 5, 9], stars=[5, 3, 0.5])
    place = model.fold_in(query)
    scores = model.score(query)
    parts = model.rating_parts(place, np.arange(30), 3)
    centred = scores - scores[model.rated].mean()
    assert np.allclose(parts.sum(axis=1), centred, rtol=1e-4, atol=1e-6)


def test_the_same_seed_gives_the_same_model_and_progress_is_told() -> None:
    reports: list[tuple[int, int]] = []
    matrix = sparse(stars(40, 30, 3))
    first = fit_als(matrix, CONFIG, np.random.default_rng(5), lambda *at: reports.append(at))
    again = fit_als(matrix, CONFIG, np.random.default_rng(5))
    other = fit_als(matrix, CONFIG, np.random.default_rng(6))
    assert np.array_equal(first.films, again.films)
    assert not np.array_equal(first.films, other.films)
    assert reports == [(done, 5) for done in range(1, 6)]
    assert matrix.data.max() == 5.0  # the caller's matrix is not changed


def test_rounds_lower_the_loss() -> None:
    known = stars(30, 25, 8)

    def loss(rounds: int) -> float:
        config = AlsConfig(factors=6, rounds=rounds)
        model = fit_als(sparse(known), config, np.random.default_rng(1))
        y = model.films.astype(np.float64)
        x = dense_rows(known, y, config, int(model.rated.sum()))
        seen = known > 0
        wants = preferences(known, config.floor)
        counts, guess = seen.sum(axis=0), x @ y.T
        penalties = config.penalty * (counts + config.unseen * len(x)) @ (y**2).sum(axis=1)
        penalties += (
            config.penalty
            * (seen.sum(axis=1) + config.unseen * model.rated.sum())
            @ (x**2).sum(axis=1)
        )
        return float(
            ((wants - guess)[seen] ** 2).sum() + config.unseen * (guess**2).sum() + penalties
        )

    losses = [loss(rounds) for rounds in (1, 2, 4, 8, 16)]
    assert all(later <= earlier + 1e-6 for earlier, later in pairwise(losses))
    assert losses[-1] < losses[0]


def test_films_nobody_rated_are_silent() -> None:
    known = stars(20, 12, 2)
    known[:, 4] = 0
    model = fit_als(sparse(known), CONFIG, np.random.default_rng(0))
    scores = model.score(Query(films=[1], stars=[4]))
    assert np.isnan(scores[4])
    assert not np.isnan(np.delete(scores, 4)).any()
    assert np.isnan(model.score(Query(films=[4], stars=[5]))).all()
    assert np.isnan(model.similar(4)).all()
    assert model.similar(1)[1] == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("shape", [(0, 5), (1, 1), (1, 5), (5, 1), (3, 50)])
def test_tiny_shapes(shape: tuple[int, int]) -> None:
    matrix = sparse(sp.csr_array(np.full(shape, 4.0)))
    model: FactorModel = fit_als(matrix, CONFIG, np.random.default_rng(0))
    assert np.isfinite(model.films).all()


def test_preferences_are_graded() -> None:
    assert preferences(np.array([0.5, 1, 3, 5]), 0.1).tolist() == [0.1, 0.1, 0.5, 1.0]
