"""Pairs of people whose ratings are half hidden, and how often the two feel the same."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, expit, logit

from recommender.data import Query
from recommender.errors import DataError
from recommender.matches.match import (
    LEAST_SHARE,
    Match,
    MatchConfig,
    felt_same,
    foreseen_share,
    shrunk,
)
from recommender.models.stars import StarModel
from recommender.numeric.arrays import Array64, Rows


@dataclass(frozen=True, eq=False)
class MeasuredPairs:
    """n pairs of people, and how often they feel the same.

    Attributes:
        same, common: (n,) shown films about which they feel the same, and shown common films.
        foreseen: (n,) the share that the rating model predicts; NaN where it predicts nothing.
        hidden_same, hidden_common: (n,) the same counts of the hidden films.
    """

    same: Rows
    common: Rows
    foreseen: Array64
    hidden_same: Rows
    hidden_common: Rows

    @property
    def hidden_share(self) -> Array64:
        """(n,) the share of hidden common films about which they feel the same."""
        return np.asarray(self.hidden_same / self.hidden_common)

    def matches(self, config: MatchConfig, *, foreseen: bool = True) -> list[Match]:
        """Returns the match of each pair. foreseen: False to use no predictions."""
        each = zip(self.same.tolist(), self.common.tolist(), self.foreseen.tolist(), strict=True)
        return [
            shrunk(same, common, share if foreseen and share == share else None, config)
            for same, common, share in each
        ]


def draw_pairs(
    given: list[Query],
    hidden: list[Query],
    people: Rows,
    count: int,
    least: int,
    rng: np.random.Generator,
) -> list[tuple[int, int]]:
    """Returns different random pairs of people who rated enough of the same films.

    given, hidden: what is shown and hidden of each person. people: rows to draw from.
    count: number of pairs. least: hidden films that both must have rated. Raises DataError if there
    are too few pairs.
    """
    size = len(people)
    films = max((int(query.films.max(initial=0)) for query in (*given, *hidden)), default=0) + 1
    rated = [np.zeros((size, films), np.float32) for _ in range(2)]
    for at, person in enumerate(people.tolist()):
        for each, side in zip(rated, (given, hidden), strict=True):
            each[at, side[person].films] = 1.0
    shown, later = (each @ each.T for each in rated)
    able = np.flatnonzero(np.triu((shown >= 1) & (later >= least), 1))
    if len(able) < count:
        raise DataError("too-few-pairs", count=least)
    first, second = np.divmod(rng.choice(able, count, replace=False), size)
    return list(zip(people[first].tolist(), people[second].tolist(), strict=True))


def measure(
    pairs: list[tuple[int, int]], given: list[Query], hidden: list[Query], stars: StarModel | None
) -> MeasuredPairs:
    """Returns the counts of pairs of people, and what the rating model predicts for them."""
    counts, foreseen = [], []
    for first, second in pairs:
        row = []
        for side in (given, hidden):
            _, near = felt_same(side[first], side[second])
            row += [int(near.sum()), len(near)]
        counts.append(row)
        share = None if stars is None else foreseen_share(given[first], given[second], stars)
        foreseen.append(np.nan if share is None else share)
    same, common, hidden_same, hidden_common = np.array(counts, np.int64).T
    return MeasuredPairs(same, common, np.array(foreseen), hidden_same, hidden_common)


def fit_config(pairs: MeasuredPairs) -> MatchConfig:
    """Returns settings under which the hidden films of these pairs are most probable.

    The hidden counts of a pair have a beta-binomial distribution, given its shown counts. The
    settings without predictions and those with predictions are fitted one after the other.
    """

    def surprise(mean: Array64, strength: float) -> float:
        alpha = pairs.same + strength * mean
        beta = pairs.common - pairs.same + strength * (1.0 - mean)
        missed = pairs.hidden_common - pairs.hidden_same
        return float((betaln(alpha, beta) - betaln(alpha + pairs.hidden_same, beta + missed)).sum())

    start = float(pairs.same.sum() / pairs.common.sum())
    known = np.where(np.isnan(pairs.foreseen), start, pairs.foreseen)
    odds = logit(np.clip(known, LEAST_SHARE, 1.0 - LEAST_SHARE))
    usual = _least(
        lambda at: surprise(np.full(len(known), expit(at[0])), math.exp(at[1])),
        [float(logit(start)), math.log(15.0)],
    )
    found = _least(
        lambda at: surprise(expit(at[0] + at[1] * odds), math.exp(at[2])),
        [0.0, 1.0, math.log(30.0)],
    )
    return MatchConfig(
        usual=float(expit(usual[0])),
        usual_strength=math.exp(usual[1]),
        shift=found[0],
        slope=found[1],
        foreseen_strength=math.exp(found[2]),
    )


def _least(function: Callable[[Array64], float], start: list[float]) -> list[float]:
    """Returns the point near `start` at which a function is smallest."""
    found: Any = minimize(function, np.array(start), method="Nelder-Mead")
    return [float(value) for value in found.x]
