"""The modified singular value decomposition as the lecture teaches it: small and dense.

A matrix of stars with blanks (NaN) is approximated by a product of low rank. Only the known cells
count. One number of the two factors is improved at a time while all others stay fixed; its best
value is a ratio of two sums. This code checks the idea against figures worked out on paper ("The
Science Behind Netflix Recommendations", Flatiron School, 2020). Predictions of stars are served by
`recommender.models.stars`.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.errors import DataError

Matrix: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Factors:
    """The two factors whose product is the prediction.

    Attributes:
        rows: (n, rank).
        columns: (m, rank).
    """

    rows: Matrix
    columns: Matrix

    def predictions(self) -> Matrix:
        """Returns (n, m) predicted stars."""
        return np.asarray(self.rows @ self.columns.T)


def ones(shape: tuple[int, int], rank: int) -> Factors:
    """Returns the factors that the lecture starts from: every number is 1, every prediction the
    rank."""
    return Factors(np.ones((shape[0], rank)), np.ones((shape[1], rank)))


def rmse(stars: npt.ArrayLike, predictions: npt.ArrayLike) -> float:
    """Returns the root mean squared error over the known cells. Raises DataError if no cell is
    known."""
    known = _matrix(stars)
    away = (known - np.asarray(predictions, np.float64))[~np.isnan(known)]
    if not away.size:
        raise DataError("The matrix has no known cell to compare with.")
    return float(np.sqrt(np.mean(away**2)))


def rmse_blanks_as_zero(stars: npt.ArrayLike, predictions: npt.ArrayLike) -> float:
    """Returns the error of the lecture's other reading, which counts a blank as a rating of 0.

    That reading is wrong: a film that was not seen is not a film that is hated, and the error grows
    as a prediction gets better.
    """
    return rmse(np.nan_to_num(_matrix(stars), nan=0.0), predictions)


def best_number(
    stars: npt.ArrayLike, factors: Factors, row: int, factor: int, penalty: float = 0.0
) -> float:
    """Returns the value of rows[row, factor] with the least squared error plus penalty × value²,
    while all other numbers stay fixed.

    If no cell of the row is known, that is the present value, or 0 with a penalty.
    """
    known = _matrix(stars)[row]
    seen = ~np.isnan(known)
    against = factors.columns[seen, factor]
    others = factors.columns[seen] @ factors.rows[row] - against * factors.rows[row, factor]
    weight = float(against @ against) + penalty
    if weight == 0.0:
        return float(factors.rows[row, factor])
    return float(against @ (known[seen] - others)) / weight


def sweep(stars: npt.ArrayLike, factors: Factors, penalty: float = 0.0) -> Factors:
    """Returns the factors after every number was improved once: first the rows in order, factor by
    factor, then the columns. The error over the known cells, with the penalty, never grows."""
    known = _matrix(stars)
    rows = _half(known, factors, penalty)
    turned = _half(known.T, Factors(factors.columns, rows), penalty)
    return Factors(rows, turned)


def factorize(
    stars: npt.ArrayLike, rank: int = 2, sweeps: int = 100, penalty: float = 0.0
) -> Factors:
    """Returns the factors after a number of sweeps from all ones. Raises DataError if rank < 1."""
    known = _matrix(stars)
    if rank < 1:
        raise DataError("The rank must be at least 1.")
    factors = ones((known.shape[0], known.shape[1]), rank)
    for _ in range(sweeps):
        factors = sweep(known, factors, penalty)
    return factors


def fill(
    stars: npt.ArrayLike, predictions: npt.ArrayLike, lowest: float = 1.0, highest: float = 5.0
) -> Matrix:
    """Returns the matrix with its blanks filled by the predictions, clipped to the scale."""
    known = _matrix(stars)
    guesses = np.clip(np.asarray(predictions, np.float64), lowest, highest)
    return np.where(np.isnan(known), guesses, known)


def _half(known: Matrix, factors: Factors, penalty: float) -> Matrix:
    """Returns the rows after every number in them was improved once."""
    rows = factors.rows.copy()
    for row in range(rows.shape[0]):
        for factor in range(rows.shape[1]):
            present = Factors(rows, factors.columns)
            rows[row, factor] = best_number(known, present, row, factor, penalty)
    return rows


def _matrix(stars: npt.ArrayLike) -> Matrix:
    """Returns an (n, m) matrix. Raises DataError if `stars` is no matrix or has an infinite
    value."""
    known = np.asarray(stars, np.float64)
    if known.ndim != 2:
        raise DataError("Give the stars as a matrix, one row for each film or person.")
    if np.isinf(known).any():
        raise DataError("A rating is endless; mark a blank as NaN.")
    return known
