"""What the sampler of `gibbs` takes and gives: a chain's length, features, and draws."""

from dataclasses import dataclass

import numpy as np

from recommender.numeric.arrays import Array32, Array64


@dataclass(frozen=True)
class Chain:
    """The length of a Markov chain.

    Attributes:
        factors: number of factors.
        sweeps: number of sweeps, warm-up included.
        warmup: number of sweeps at the start that are thrown away.
        draws: number of later sweeps that are kept, evenly spaced.
    """

    factors: int
    sweeps: int
    warmup: int
    draws: int

    def kept(self) -> frozenset[int]:
        """Returns the sweeps that are kept, counted from 0."""
        after = self.sweeps - self.warmup
        count = min(self.draws, after)
        steps = np.floor((np.arange(count) + 1) * after / max(1, count)).astype(int)
        return frozenset(int(step) for step in self.warmup - 1 + steps)


@dataclass(frozen=True, eq=False)
class SamplerFeatures:
    """Features of the people or of the films.

    Attributes:
        rows: (n, width) features of the rows with ratings.
        unrated: (m, width) features of the rows without ratings.
        widths: widths of the blocks of columns that have a shrinkage each; they add up to `width`.
    """

    rows: Array64
    unrated: Array64
    widths: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class HalfDraws:
    """s draws of the people's or the films' values. Columns are the factors, then the bias.

    Attributes:
        values: (s, n + m + 1, columns) float32 values of the rated rows, then the unrated rows,
            then one row about which nothing is known.
        mean: (s, columns) mean of the rows.
        weights: (s, width, columns) weights of the features.
        precision: (s, columns) precision of the rows around mean + features × weights.
    """

    values: Array32
    mean: Array64
    weights: Array64
    precision: Array64


@dataclass(frozen=True, eq=False)
class Draws:
    """s draws of the whole model.

    Attributes:
        centre: (s,) stars.
        people: the values of the people.
        films: the values of the films.
        typical_precision: (s,) noise precision of a typical person.
        shape: (s,) shape of the gamma distribution of noise precisions over people.
        noise: (n,) noise variance of each person with ratings, averaged over the draws.
    """

    centre: Array64
    people: HalfDraws
    films: HalfDraws
    typical_precision: Array64
    shape: Array64
    noise: Array64
