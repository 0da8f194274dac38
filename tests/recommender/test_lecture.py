"""The lecture's worked examples, compared with the figures worked out by hand."""

import numpy as np
import pytest

from recommender.data import interactions
from recommender.errors import DataError
from recommender.models.star_fit import StarConfig, fit_stars
from tests.recommender.lecture import (
    Factors,
    best_number,
    factorize,
    fill,
    ones,
    rmse,
    rmse_blanks_as_zero,
    sweep,
)

_ = np.nan
FILMS_BY_PEOPLE = np.array([[4, 2, 3, 5], [3, 2, 4, 2], [_, 4, 5, 4], [3, 2, 4, 4]], float)
BLANK = (2, 0)

PEOPLE_BY_FILMS = np.array(
    [
        [2, 2, _, 3, _, _, 4, _, 1],
        [_, 3, 3, _, 4, 5, _, 5, 2],
        [_, _, 4, _, 3, _, 4, _, _],
        [2, _, _, 1, 3, 2, _, _, 3],
        [_, 2, _, 2, _, 3, _, 1, _],
    ]
)
SHOWN_FILLED = np.array(
    [
        [2, 2, 4, 3, 1, 2, 4, 1, 1],
        [3, 3, 3, 4, 4, 5, 4, 5, 2],
        [2, 4, 4, 5, 3, 4, 4, 5, 2],
        [2, 1, 2, 1, 3, 2, 3, 1, 3],
        [5, 2, 3, 2, 5, 3, 5, 1, 4],
    ],
    float,
)


def test_with_all_ones_every_prediction_is_two() -> None:
    predictions = ones((4, 4), 2).predictions()
    assert (predictions == 2).all()
    assert rmse(FILMS_BY_PEOPLE, predictions) == pytest.approx(np.sqrt(45 / 15))  # 1.732


def test_the_lectures_error_counts_the_blank_as_a_rating_of_zero() -> None:
    """15 cells are known. If the blank counts as 0, the error over 16 cells is 1.75. That reading
    is wrong, because it asks the model to predict 0 for a film that was not seen. The closer a
    prediction for the blank is to the stars that people give the film, the larger that error."""
    predictions = ones((4, 4), 2).predictions()
    assert rmse_blanks_as_zero(FILMS_BY_PEOPLE, predictions) == pytest.approx(np.sqrt(49 / 16))
    sensible = predictions.copy()
    sensible[BLANK] = np.nanmean(FILMS_BY_PEOPLE[2])
    assert rmse(FILMS_BY_PEOPLE, sensible) == rmse(FILMS_BY_PEOPLE, predictions)
    assert rmse_blanks_as_zero(FILMS_BY_PEOPLE, sensible) > np.sqrt(49 / 16) + 0.2


def test_the_best_first_number_is_two_and_a_half() -> None:
    start = ones((4, 4), 2)
    best = best_number(FILMS_BY_PEOPLE, start, 0, 0)
    assert best == 2.5  # minimises (3-x)² + (1-x)² + (2-x)² + (4-x)²
    rows = start.rows.copy()
    rows[0, 0] = best
    predictions = Factors(rows, start.columns).predictions()
    assert rmse(FILMS_BY_PEOPLE, predictions) == pytest.approx(1.549, abs=5e-4)
    assert rmse_blanks_as_zero(FILMS_BY_PEOPLE, predictions) == pytest.approx(1.58, abs=5e-3)


def test_one_sweep_beats_the_lectures_last_matrix() -> None:
    after = sweep(FILMS_BY_PEOPLE, ones((4, 4), 2))
    error = rmse(FILMS_BY_PEOPLE, after.predictions())
    assert error == pytest.approx(0.662, abs=5e-4)
    assert error < 0.707  # the lecture's error over the known cells


def test_sweeps_never_get_worse_and_settle() -> None:
    factors, errors = ones((4, 4), 2), []
    for _round in range(60):
        factors = sweep(FILMS_BY_PEOPLE, factors)
        errors.append(rmse(FILMS_BY_PEOPLE, factors.predictions()))
    assert (np.diff(errors) <= 1e-12).all()
    assert errors[-1] == pytest.approx(0.294, abs=5e-4)
    assert errors[-1] == pytest.approx(
        rmse(FILMS_BY_PEOPLE, factorize(FILMS_BY_PEOPLE, 2, 60).predictions()), abs=1e-12
    )


def test_the_blank_is_filled_within_the_scale() -> None:
    factors = factorize(FILMS_BY_PEOPLE, 2, 100, penalty=0.1)
    filled = fill(FILMS_BY_PEOPLE, factors.predictions())
    known = ~np.isnan(FILMS_BY_PEOPLE)
    assert (filled[known] == FILMS_BY_PEOPLE[known]).all()
    assert 3.5 <= filled[BLANK] <= 5  # liked like the rest of its row; the lecture says 3.7


def test_the_shown_filled_matrix_agrees_with_what_is_known() -> None:
    known = ~np.isnan(PEOPLE_BY_FILMS)
    assert (SHOWN_FILLED[known] == PEOPLE_BY_FILMS[known]).all()
    assert ((SHOWN_FILLED >= 1) & (SHOWN_FILLED <= 5)).all()


@pytest.mark.parametrize("rank", [2, 3])
def test_a_fitted_model_keeps_what_is_known_and_fills_the_rest(rank: int) -> None:
    predictions = factorize(PEOPLE_BY_FILMS, rank, 300, penalty=0.05).predictions()
    known = ~np.isnan(PEOPLE_BY_FILMS)
    assert np.abs(predictions - PEOPLE_BY_FILMS)[known].max() < 0.2
    filled = fill(PEOPLE_BY_FILMS, predictions)
    assert (filled[known] == PEOPLE_BY_FILMS[known]).all()
    assert ((filled >= 1) & (filled <= 5)).all()
    apart = np.abs(filled - SHOWN_FILLED)[~known].mean()
    assert apart < 2.0  # stars between two plausible fillings, since many factors fit 23 numbers


def test_the_rating_model_says_something_sensible_too() -> None:
    person, film = np.nonzero(~np.isnan(PEOPLE_BY_FILMS))
    stars = PEOPLE_BY_FILMS[person, film]
    ratings = interactions(person, film, stars)
    model = fit_stars(ratings, StarConfig(factors=2), np.random.default_rng(0))
    rows, columns = (places.ravel() for places in np.indices(PEOPLE_BY_FILMS.shape))
    predicted = model.predict(rows, columns).reshape(PEOPLE_BY_FILMS.shape)
    assert ((predicted >= 1) & (predicted <= 5)).all()
    film_means = np.nanmean(PEOPLE_BY_FILMS, axis=0)
    flat = np.broadcast_to(film_means, predicted.shape)
    assert rmse(PEOPLE_BY_FILMS, predicted) < rmse(PEOPLE_BY_FILMS, flat)


def test_a_blank_row_and_a_penalty() -> None:
    blank = np.full((2, 3), np.nan)
    start = ones((2, 3), 2)
    assert best_number(blank, start, 0, 1) == 1.0
    assert best_number(blank, start, 0, 1, penalty=0.5) == 0.0
    with pytest.raises(DataError, match="no known cell"):
        rmse(blank, start.predictions())


def test_what_is_no_matrix_is_refused() -> None:
    with pytest.raises(DataError, match="matrix"):
        factorize([1.0, 2.0])
    with pytest.raises(DataError, match="endless"):
        factorize([[1.0, np.inf]])
    with pytest.raises(DataError, match="rank"):
        factorize([[1.0]], rank=0)
