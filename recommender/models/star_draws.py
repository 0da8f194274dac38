"""The inputs and outputs of the sampler in `gibbs`: length of the chain, features, and draws.

A sweep draws every value of the model once. A draw is the values of the model after one sweep.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.numeric.arrays import Array64, Rows


@dataclass(frozen=True)
class Chain:
    """The size of a Bayesian factor model and the length of the Markov chain that samples it.

    A sweep draws every value of the model once. A draw is the values after one sweep.

    Attributes:
        factors: number of factors.
        sweeps: number of sweeps, including the warm-up.
        warmup: number of sweeps at the start that are thrown away.
        draws: number of the later sweeps that are kept as draws, evenly spaced.
    """

    factors: int
    sweeps: int
    warmup: int
    draws: int

    def kept(self) -> frozenset[int]:
        """Returns the numbers, from 0, of the sweeps (passes of the sampler) whose values are
        kept.
        """
        after = self.sweeps - self.warmup
        count = min(self.draws, after)
        steps = np.floor((np.arange(count) + 1) * after / max(1, count)).astype(int)
        return frozenset(int(step) for step in self.warmup - 1 + steps)


@dataclass(frozen=True, eq=False)
class SamplerFeatures:
    """Features of all people, or of all films.

    Attributes:
        rows: (n, width) features of the people or films with ratings.
        unrated: (m, width) features of those without ratings.
        widths: number of columns in each block of features; they add up to `width`. The weights of
            each block share one prior precision.
    """

    rows: Array64
    unrated: Array64
    widths: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class HalfDraws:
    """s draws of the factors and biases of all people, or of all films.

    A draw is the values after one pass of the sampler. The columns are the factors, followed by the
    bias.

    Attributes:
        values: (s, n + m + 1, columns) float32 or float16. First the n people or films with
            ratings, then the m without, then one row for an unknown person or film. The rows
            without ratings hold the means that their features suggest.
        mean: (s, columns) common mean of the rows.
        weights: (s, width, columns) weights of the features.
        precision: (s, columns) precision of the rows around mean + features × weights.
        scatter: (s, columns) variance of the rows with ratings around `mean`.
        rated: n, the number of rows with ratings.
    """

    values: npt.NDArray[np.floating[Any]]
    mean: Array64
    weights: Array64
    precision: Array64
    scatter: Array64
    rated: int

    def of(self, draws: Rows) -> "HalfDraws":
        """Returns only some of the draws (values after one pass of the sampler).

        draws: (k,) indices of the draws to return.
        """
        return HalfDraws(
            self.values[draws],
            self.mean[draws],
            self.weights[draws],
            self.precision[draws],
            self.scatter[draws],
            self.rated,
        )

    def slack(self, draw: int, rows: Rows) -> Array64:
        """Returns (k, columns) the variances of k rows' factors and biases in one draw.

        For people or films with ratings they are 0, since the values themselves are drawn. For
        those without ratings, they are the variances that remain when the features are known. For
        the last row, which is an unknown person or film, they are the variances over all rows.
        """
        kinds = np.array(
            [np.zeros(len(self.mean[draw])), 1.0 / self.precision[draw], self.scatter[draw]]
        )
        unknown = rows == self.values.shape[1] - 1
        return np.asarray(kinds[(rows >= self.rated).astype(np.int64) + unknown])


@dataclass(frozen=True, eq=False)
class Draws:
    """s draws of a Bayesian factor model from its posterior.

    Attributes:
        centre: (s,) the constant that is part of every predicted rating, stars.
        people: factors and biases of the people.
        films: factors and biases of the films.
        typical_precision: (s,) mean of the gamma distribution of people's noise precisions.
        shape: (s,) shape of this gamma distribution.
        noise: (n,) noise variance of each person with ratings, averaged over the draws.
    """

    centre: Array64
    people: HalfDraws
    films: HalfDraws
    typical_precision: Array64
    shape: Array64
    noise: Array64
