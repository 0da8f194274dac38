"""How sure a mean is, and how sure a difference: people are the sample, splits are repeats.

The same people return in every split, so what the splits say of one person is added up before
people are compared (standard errors clustered by person, of a ratio estimate linearised). With one
split this is the ordinary paired t interval over people.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from recommender.numeric.arrays import Array64

CONFIDENCE = 0.95


@dataclass(frozen=True, eq=False)
class Sample:
    """One split's figure for each person. people: (n,) rows; values: (n,)."""

    people: npt.NDArray[np.int64]
    values: Array64


@dataclass(frozen=True)
class Estimate:
    """mean over splits of the mean over people; its standard error; a 95% interval; the splits'
    own means; how many people it rests on."""

    mean: float
    standard_error: float
    low: float
    high: float
    splits: tuple[float, ...]
    people: int


def estimate(samples: Sequence[Sample]) -> Estimate:
    """The mean over splits. With fewer than two people nothing is known of the error: it is given
    as 0, and the interval is the mean alone."""
    filled = [sample for sample in samples if len(sample.values)]
    if not filled:
        return Estimate(0.0, 0.0, 0.0, 0.0, (), 0)
    means = tuple(float(sample.values.mean()) for sample in filled)
    mean = float(np.mean(means))
    everyone = np.unique(np.concatenate([sample.people for sample in filled]))
    share = np.zeros(len(everyone))
    for sample, own in zip(filled, means, strict=True):
        at = np.searchsorted(everyone, sample.people)
        np.add.at(share, at, (sample.values - own) / (len(sample.values) * len(filled)))
    n = len(everyone)
    if n < 2:
        return Estimate(mean, 0.0, mean, mean, means, n)
    error = float(np.sqrt(n / (n - 1) * np.sum((share - share.mean()) ** 2)))
    reach = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * error
    return Estimate(mean, error, mean - reach, mean + reach, means, n)


def difference(ours: Sequence[Sample], theirs: Sequence[Sample]) -> Estimate:
    """What one model gains on another, person by person, split by split; the splits in the same
    order. People whom only one of them answered are left out."""
    gains = []
    for one, other in zip(ours, theirs, strict=True):
        people, here, there = np.intersect1d(one.people, other.people, return_indices=True)
        gains.append(Sample(people, one.values[here] - other.values[there]))
    return estimate(gains)
