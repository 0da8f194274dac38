"""Tests of the difference between variants (arms) that stay valid however often the data are
evaluated.

Such tests are called anytime-valid. A look is one evaluation of the data so far. The evidence of a
test is an e-value. If there is no difference, the probability that it ever reaches 1 / a is at most
a.

An uplift is the difference between an arm and the control. Uplifts are tested by the mixture
sequential probability ratio test of Robbins 1970, as Johari, Pekelis and Walsh 2017 ("Peeking at
A/B tests") use it. Each unit (a person or a server) counts as one observation: the mean over the
films shown to it. The sizes of the arms are tested by the sequential multinomial test of Lindon and
Malek 2022 ("Anytime-valid inference for multinomial count data").
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from recommender.numeric.arrays import Array64

CONFIDENCE = 0.95
MISMATCH_ALPHA = 1e-3  # chance of a false alarm about the arms' sizes, over all looks
MIN_UNITS = 20  # an arm with fewer units is not judged: its variance is hardly known
EXPECTED_UPLIFT = 0.1  # the relative uplift that the test detects soonest
PRIOR_UNITS = 100.0  # number of imagined units in the prior of the multinomial test


@dataclass(frozen=True)
class Outcomes:
    """The figures of one metric for one arm (variant) of an experiment.

    Attributes:
        units: how many people or servers (units) have observations.
        mean: the mean over units of each unit's mean.
        variance: the variance of the units' means, 0 for fewer than two units.
        observations: how many observations all units have together.
    """

    units: int
    mean: float
    variance: float
    observations: int


@dataclass(frozen=True)
class Uplift:
    """The difference between an arm (variant) and the control.

    A look is one evaluation of the data so far.

    Attributes:
        difference: the arm's mean minus the control's mean.
        low: lower end of the interval, valid at all looks together; -inf if there are too few data.
        high: upper end of the interval, valid at all looks together; inf if there are too few data.
        relative: difference, low and high divided by the control's mean; NaN if that mean is 0 or
            if there are too few data.
        evidence: the e-value against "no difference"; NaN if there are too few data.
    """

    difference: float
    low: float
    high: float
    relative: tuple[float, float, float]
    evidence: float

    @property
    def sure(self) -> bool:
        """True if the interval of the difference excludes 0."""
        return self.low > 0 or self.high < 0


def outcomes(units: npt.NDArray[np.int64], values: Array64) -> Outcomes:
    """Returns the figures of one arm (variant) from n observations.

    Each unit (person or server) counts once, by the mean of its observations. A person with a
    hundred answers therefore counts no more than a person with one. units: (n,) id of the unit of
    each observation. values: (n,) the metric of each observation.
    """
    if not len(units):
        return Outcomes(0, 0.0, 0.0, 0)
    distinct, at = np.unique(units, return_inverse=True)
    own = np.bincount(at, weights=values) / np.bincount(at)
    variance = float(own.var(ddof=1)) if len(distinct) > 1 else 0.0
    return Outcomes(len(distinct), float(own.mean()), variance, len(units))


def uplift(
    control: Outcomes,
    other: Outcomes,
    confidence: float = CONFIDENCE,
    expected: float = EXPECTED_UPLIFT,
) -> Uplift:
    """Returns the difference between an arm (variant) and the control, valid at every look.

    A look is one evaluation of the data so far. confidence: the confidence of the interval, 0 to 1.
    expected: the relative difference that the test detects soonest.

    Let d be the difference and V the inverse of its variance. Let t² be the prior variance of the
    true difference; t is `expected` times the mean of both arms (since the control's mean may be
    0). The e-value is the normal mixture (1 + V t²)^(-1/2) exp(V² t² d² / (2 (1 + V t²))). The
    interval holds every difference whose e-value has not reached 1 / (1 - confidence).

    There are too few data if either arm has fewer than `MIN_UNITS` people or servers (units), or if
    all units of each arm have equal means.
    """
    difference = other.mean - control.mean
    not_judged = Uplift(difference, -np.inf, np.inf, (np.nan,) * 3, np.nan)
    if min(control.units, other.units) < MIN_UNITS:
        return not_judged
    spread = control.variance / control.units + other.variance / other.units
    scale = expected * max((abs(control.mean) + abs(other.mean)) / 2, 1e-12)
    if spread <= 0:
        return not_judged
    information = scale**2 / spread
    exponent = information**2 / (1 + information) * (difference / scale) ** 2 / 2
    evidence = float(np.exp(min(exponent - np.log1p(information) / 2, 700.0)))
    alpha = 1 - confidence
    bound = (1 + information) / information * (np.log1p(information) - 2 * np.log(alpha))
    reach = float(np.sqrt(spread * bound))
    low, high = difference - reach, difference + reach
    base = control.mean if control.mean else np.nan
    return Uplift(difference, low, high, (difference / base, low / base, high / base), evidence)


def mismatch(counts: Sequence[int], shares: Array64) -> float:
    """Returns the e-value against the hypothesis that the arms' sizes fit their planned shares.

    An arm is a variant that some units (people or servers) get. counts: (arms,) number of units in
    each arm. shares: (arms,) the planned shares, which add up to 1. If the value exceeds 1 /
    MISMATCH_ALPHA, the hypothesis is rejected. The reason may be that units of some arm get lost,
    for instance.
    """
    seen = np.asarray(counts, np.float64)
    prior = PRIOR_UNITS * np.asarray(shares, np.float64)
    total = seen.sum()
    log = gammaln(PRIOR_UNITS) - gammaln(PRIOR_UNITS + total)
    log += float((gammaln(prior + seen) - gammaln(prior)).sum())
    log -= float((seen * np.log(shares)).sum())
    return float(np.exp(min(log, 700.0)))


@dataclass(frozen=True)
class Duel:
    """The comparison of two interleaved rankings by the cards that each has won.

    A card is a message with films. A ranking wins a card if its films earn more reward. A look is
    one evaluation of the data so far.

    Attributes:
        won: cards won by the first and by the second ranking; undecided cards are left out.
        evidence: the e-value against the hypothesis that both win equally often.
        share: the second ranking's share of the decided cards, 0.5 without decided cards.
        low: lower end of the share's interval, valid at all looks together.
        high: upper end of the share's interval, valid at all looks together.
    """

    won: tuple[int, int]
    evidence: float
    share: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """True if the interval excludes one half, so that one ranking is better."""
        return self.low > 0.5 or self.high < 0.5


def duel(first: int, second: int, confidence: float = CONFIDENCE) -> Duel:
    """Returns the comparison of two rankings by the cards (messages with films) that each has won.

    first, second: number of cards won. The e-value is a mixture of bets on every share (a uniform
    Beta prior), so it stays valid if it is computed after every card.
    """
    total = first + second
    grid = np.linspace(0.0, 1.0, 2001)[1:-1]
    marginal = gammaln(1 + first) + gammaln(1 + second) - gammaln(2 + total)

    def log_evidence(share: Array64) -> Array64:
        return np.asarray(marginal - first * np.log(1 - share) - second * np.log(share))

    against = float(np.exp(min(float(log_evidence(np.array([0.5]))[0]), 700.0)))
    kept = grid[log_evidence(grid) < -np.log(1 - confidence)]
    share = second / total if total else 0.5
    low, high = min(float(kept[0]), share), max(float(kept[-1]), share)
    return Duel((first, second), against, share, low, high)
