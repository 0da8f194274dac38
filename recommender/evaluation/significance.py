"""Confidence intervals for a mean and for a difference over people and repeated splits.

The sample consists of people, and each split of the data repeats the measurement. The same people
return in every split, so figures of different splits are not independent. Therefore the deviations
of a person's figures from the splits' means are first added up over the splits. The standard error
is then computed from one sum for each person (a cluster-robust error, for a linearised ratio
estimate). With one split this is the ordinary paired t interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from recommender.numeric.arrays import Array64

CONFIDENCE = 0.95


@dataclass(frozen=True, eq=False)
class Sample:
    """A measure such as nDCG for each person, on one split of the ratings.

    Attributes:
        people: (n,) rows of the people.
        values: (n,) the measure, one value for each person.
    """

    people: npt.NDArray[np.int64]
    values: Array64


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95% interval.

    Attributes:
        mean: the mean over splits of the mean over people.
        standard_error: the mean's standard error, 0 for fewer than two people.
        low: lower end of the interval.
        high: upper end of the interval.
        splits: each split's mean over people; splits without people are left out.
        people: how many people the mean rests on.
    """

    mean: float
    standard_error: float
    low: float
    high: float
    splits: tuple[float, ...]
    people: int


def estimate(samples: Sequence[Sample]) -> Estimate:
    """Returns the mean of the people's figures over all splits, with its 95% interval.

    With fewer than two people the error is unknown: it is given as 0, and both ends of the interval
    are the mean. samples: for each split, the figures of the people.
    """
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


def p_value(found: Estimate) -> float:
    """Returns the probability that a mean is at least as far from 0 as the one found, although the
    true mean is 0 (t test).

    It is 1 for fewer than two people. If all people have the same figure, it is 1 for a mean of 0,
    else 0. found: the mean with its standard error.
    """
    if found.people < 2 or not found.mean:
        return 1.0
    if not found.standard_error:
        return 0.0
    return float(2.0 * stdtr(found.people - 1, -abs(found.mean) / found.standard_error))


def holm(p_values: Sequence[float]) -> Array64:
    """Returns (tests,) p values adjusted for the number of tests (Holm 1979).

    A test is called significant if its adjusted value is below 0.05. Then at most one study in
    twenty finds a difference that does not exist, however many tests each study has.
    """
    values = np.asarray(p_values, np.float64)
    order = np.argsort(values, kind="stable")
    scaled = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    adjusted = np.empty(len(values))
    adjusted[order] = np.minimum(scaled, 1.0)
    return adjusted


def difference(samples: Sequence[Sample], others: Sequence[Sample]) -> Estimate:
    """Returns the mean of `samples` minus `others`, paired by person and split.

    Both have the same splits in the same order. People who are in only one of the two samples of a
    split are left out there.
    """
    gains = []
    for one, other in zip(samples, others, strict=True):
        people, here, there = np.intersect1d(one.people, other.people, return_indices=True)
        gains.append(Sample(people, one.values[here] - other.values[there]))
    return estimate(gains)
