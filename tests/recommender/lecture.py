"""The modified singular value decomposition, as the lecture teaches it: small, dense, by hand.

A matrix of stars with blanks (NaN) is approximated by films × people of low rank, looking at the
known cells only. One number of either factor is improved at a time, all others held fixed: the
best value is a ratio of two sums. It is here to check the idea against figures worked out on paper
("The Science Behind Netflix Recommendations", Flatiron School, 2020); `stars` is what serves.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.errors import DataError

Matrix: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Factors:
    """rows: (n, rank); columns: (m, rank); the product of the two is the prediction."""

    rows: Matrix
    columns: Matrix

    def predictions(self) -> Matrix:
        """(n, m)."""
        return np.asarray(self.rows @ self.columns.T)


def ones(shape: tuple[int, int], rank: int) -> Factors:
    """Where the lecture starts: every number is one, every prediction the rank."""
    return Factors(np.ones((shape[0], rank)), np.ones((shape[1], rank)))


def rmse(stars: npt.ArrayLike, predictions: npt.ArrayLike) -> float:
    """Root mean squared error over the known cells. Raises DataError where there is none."""
    known = _matrix(stars)
    away = (known - np.asarray(predictions, np.float64))[~np.isnan(known)]
    if not away.size:
        raise DataError("The matrix has no known cell to compare with.")
    return float(np.sqrt(np.mean(away**2)))


def rmse_blanks_as_zero(stars: npt.ArrayLike, predictions: npt.ArrayLike) -> float:
    """The lecture's other reading: a blank is a rating of zero and is counted. It is wrong, for a
    film not seen is not a film hated, and the error then grows as a prediction gets better."""
    return rmse(np.nan_to_num(_matrix(stars), nan=0.0), predictions)


def best_number(
    stars: npt.ArrayLike, factors: Factors, row: int, factor: int, penalty: float = 0.0
) -> float:
    """The value of rows[row, factor] with the least squared error plus penalty × value², all other
    numbers as they are; where no cell speaks, the value it has (with a penalty: zero)."""
    known = _matrix(stars)[row]
    seen = ~np.isnan(known)
    against = factors.columns[seen, factor]
    others = factors.columns[seen] @ factors.rows[row] - against * factors.rows[row, factor]
    weight = float(against @ against) + penalty
    if weight == 0.0:
        return float(factors.rows[row, factor])
    return float(against @ (known[seen] - others)) / weight


def sweep(stars: npt.ArrayLike, factors: Factors, penalty: float = 0.0) -> Factors:
    """Every number once: the rows' from first to last, each row factor by factor, then the
    columns' likewise. The error over the known cells (plus penalty) never grows."""
    known = _matrix(stars)
    rows = _half(known, factors, penalty)
    turned = _half(known.T, Factors(factors.columns, rows), penalty)
    return Factors(rows, turned)


def factorize(
    stars: npt.ArrayLike, rank: int = 2, sweeps: int = 100, penalty: float = 0.0
) -> Factors:
    """So many sweeps from all ones. Raises DataError for a rank below one."""
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
    """The matrix with its blanks filled by the predictions, within the scale; what is known
    stays."""
    known = _matrix(stars)
    guesses = np.clip(np.asarray(predictions, np.float64), lowest, highest)
    return np.where(np.isnan(known), guesses, known)


def _half(known: Matrix, factors: Factors, penalty: float) -> Matrix:
    rows = factors.rows.copy()
    for row in range(rows.shape[0]):
        for factor in range(rows.shape[1]):
            present = Factors(rows, factors.columns)
            rows[row, factor] = best_number(known, present, row, factor, penalty)
    return rows


def _matrix(stars: npt.ArrayLike) -> Matrix:
    """A checked (n, m) matrix. Raises DataError where it is no matrix or holds an endless
    number."""
    known = np.asarray(stars, np.float64)
    if known.ndim != 2:
        raise DataError("Give the stars as a matrix, one row for each film or person.")
    if np.isinf(known).any():
        raise DataError("A rating is endless; mark a blank as NaN.")
    return known
