"""What may be said of the difference between arms, however often one looks.

Every statement holds at every look at once (anytime-valid): the mixture sequential probability
ratio test of Robbins 1970, as Johari, Pekelis and Walsh 2017 ("Peeking at A/B tests") use it, on
the information that the units give, with each unit counted as one observation (its own mean).
Whether the arms have the sizes they should is tested by the sequential multinomial test of Lindon
and Malek 2022 ("Anytime-valid inference for multinomial count data").
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from recommender.numeric.arrays import Array64

CONFIDENCE = 0.95
MISMATCH = 1e-3  # the chance of a false alarm about the arms' sizes, over all looks
LEAST_UNITS = 20  # an arm with fewer units is not judged: its variance is hardly known
EXPECTED = 0.1  # the relative uplift for which the test is the quickest
PRIOR_SIZE = 100.0  # imagined units of the multinomial test


@dataclass(frozen=True)
class Outcomes:
    """What came of one arm so far, of one metric: n units; the mean over units of each unit's own
    mean; the variance between units; all observations."""

    units: int
    mean: float
    variance: float
    observations: int


@dataclass(frozen=True)
class Uplift:
    """An arm above the control. low, high: hold at every look at once; relative: the three divided
    by the control's mean, NaN where that is 0; evidence: e-value against "no difference", NaN
    where too few units are in; sure: whether 0 lies outside."""

    difference: float
    low: float
    high: float
    relative: tuple[float, float, float]
    evidence: float

    @property
    def sure(self) -> bool:
        """Whether there is a difference, at this confidence, however often one looked."""
        return self.low > 0 or self.high < 0


def outcomes(units: npt.NDArray[np.int64], values: Array64) -> Outcomes:
    """From single observations: units (n,) ids, values (n,) rewards. A unit counts once, by its
    mean, so that one person's hundred answers are not a hundred people's."""
    if not len(units):
        return Outcomes(0, 0.0, 0.0, 0)
    known, at = np.unique(units, return_inverse=True)
    own = np.bincount(at, weights=values) / np.bincount(at)
    variance = float(own.var(ddof=1)) if len(known) > 1 else 0.0
    return Outcomes(len(known), float(own.mean()), variance, len(units))


def uplift(
    control: Outcomes, other: Outcomes, confidence: float = CONFIDENCE, expected: float = EXPECTED
) -> Uplift:
    """The difference of two arms, valid at every look.

    With V the inverse of the difference's variance and t² a prior variance of the true difference
    (t is `expected` times the mean of both, since the control's may be 0), the e-value is the
    normal mixture (1 + V t²)^(-1/2) exp(V² t² d² / (2 (1 + V t²))), and the interval holds every
    difference against which it has not reached 1 / (1 - confidence).
    """
    difference = other.mean - control.mean
    nothing = Uplift(difference, -np.inf, np.inf, (np.nan,) * 3, np.nan)
    if min(control.units, other.units) < LEAST_UNITS:
        return nothing
    spread = control.variance / control.units + other.variance / other.units
    scale = expected * max((abs(control.mean) + abs(other.mean)) / 2, 1e-12)
    if spread <= 0:
        return nothing
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
    """The e-value against "these are the sizes that the shares make": counts (arms,) units seen;
    beyond 1 / MISMATCH something loses units of one arm."""
    seen = np.asarray(counts, np.float64)
    prior = PRIOR_SIZE * np.asarray(shares, np.float64)
    total = seen.sum()
    log = gammaln(PRIOR_SIZE) - gammaln(PRIOR_SIZE + total)
    log += float((gammaln(prior + seen) - gammaln(prior)).sum())
    log -= float((seen * np.log(shares)).sum())
    return float(np.exp(min(log, 700.0)))


@dataclass(frozen=True)
class Duel:
    """Cards won by either ranking; evidence: e-value against "each wins as often"; share: of the
    decided cards that the second won, with an interval valid at every look."""

    won: tuple[int, int]
    evidence: float
    share: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Whether one of them is better, however often one looked."""
        return self.low > 0.5 or self.high < 0.5


def duel(first: int, second: int, confidence: float = CONFIDENCE) -> Duel:
    """What the cards won so far say. The e-value is a mixture of bets on every share (a Beta prior,
    even), so it may be looked at after every card."""
    total = first + second
    grid = np.linspace(0.0, 1.0, 2001)[1:-1]
    marginal = gammaln(1 + first) + gammaln(1 + second) - gammaln(2 + total)

    def evidence(share: Array64) -> Array64:
        return np.asarray(marginal - first * np.log(1 - share) - second * np.log(share))

    against = float(np.exp(min(float(evidence(np.array([0.5]))[0]), 700.0)))
    held = grid[evidence(grid) < -np.log(1 - confidence)]
    share = second / total if total else 0.5
    low, high = min(float(held[0]), share), max(float(held[-1]), share)
    return Duel((first, second), against, share, low, high)
