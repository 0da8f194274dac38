"""Measures whether the match of two people says how often they will feel the same about a film.

Half of each person's ratings are hidden, and the rating model is fitted on the others. Pairs of
people are drawn who rated at least one of the same films in the shown half and enough of the same
films in the hidden half. The match in the shown half is compared with the share of the hidden
common films about which the two feel the same. Three matches are compared: the plain share of the
shown films, this share shrunk to the mean of all pairs, and the share shrunk to what the rating
model predicts for the pair, as the bot tells it.

The settings of the match are fitted to pairs of other people than those who are measured, for
comparison with the settings that the bot uses. Pairs may share a member, so the intervals are a
little too narrow.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.stats import rankdata

from recommender.data import Query
from recommender.datasets.folder import Folder
from recommender.errors import DataError
from recommender.evaluation.matches.pairs import MeasuredPairs, draw_pairs, fit_config, measure
from recommender.evaluation.splits import matrix, part
from recommender.matches.match import Match, MatchConfig
from recommender.numeric.arrays import Array64
from recommender.numeric.progress import StudyProgress
from recommender.training.served_stars import fit_served_stars

PLAIN, SHRUNK, SERVING = "plain share", "shrunk to the mean", "shrunk to predictions"
QUARTERS = 4
INTERVAL = 0.95


@dataclass(frozen=True)
class MatchStudyConfig:
    """Settings of the study of matches.

    Attributes:
        pairs: number of pairs of people that are measured. As many other pairs serve to fit the
            settings of the match.
        films: least number of films that both people of a pair must have rated in the hidden half.
        seed: seed of all random choices.
        resamples: number of bootstrap samples of the pairs.
    """

    pairs: int = 500
    films: int = 5
    seed: int = 42
    resamples: int = 2000

    def __post_init__(self) -> None:
        if self.pairs < 2 * QUARTERS or self.films < 1 or self.resamples < 2:
            raise DataError("study-of-few-pairs", least=2 * QUARTERS)


@dataclass(frozen=True)
class Correlation:
    """A rank correlation, and how much better it is than that of the plain share.

    Attributes:
        value, low, high: the correlation and its 95% interval.
        gain, gain_low, gain_high: the difference and its 95% interval.
    """

    value: float
    low: float
    high: float
    gain: float
    gain_low: float
    gain_high: float


@dataclass(frozen=True, eq=False)
class MatchStudy:
    """Matches measured on a data set.

    Attributes:
        data: name of the data set.
        config: what was measured.
        pairs: the measured pairs.
        used: settings of the match that the bot uses.
        fitted: settings fitted to pairs of other people.
        correlations: the rank correlation of each way to tell a match.
    """

    data: str
    config: MatchStudyConfig
    pairs: MeasuredPairs
    used: MatchConfig
    fitted: MatchConfig
    correlations: dict[str, Correlation]


def study_matches(
    folder: Folder,
    study: MatchStudyConfig = MatchStudyConfig(),
    config: MatchConfig = MatchConfig(),
    progress: StudyProgress | None = None,
) -> MatchStudy:
    """Returns how well matches predict, measured on a data set.

    study: the settings. config: settings of the match that is measured. Raises DataError if too few
    people rated the same films.
    """
    rng = np.random.default_rng(study.seed)
    ratings = folder.ratings
    shown = rng.random(len(ratings.person)) < 0.5
    train = part(ratings, shown)
    given, hidden = (_queries(matrix(each)) for each in (train, part(ratings, ~shown)))
    halves = np.array_split(rng.permutation(len(ratings.people)), 2)
    drawn = [draw_pairs(given, hidden, half, study.pairs, study.films, rng) for half in halves]
    if progress is not None:
        progress(0, 2, "fit")
    stars = fit_served_stars(folder.catalogue, train, study.seed)
    if progress is not None:
        progress(1, 2, "pairs")
    measured, others = (measure(pairs, given, hidden, stars) for pairs in drawn)
    told = {
        PLAIN: np.asarray(measured.same / measured.common),
        SHRUNK: shares(measured.matches(config, foreseen=False)),
        SERVING: shares(measured.matches(config)),
    }
    correlations = _correlations(told, measured.hidden_share, study.resamples, rng)
    return MatchStudy(folder.name, study, measured, config, fit_config(others), correlations)


def _queries(rated: Any) -> list[Query]:
    """Returns a query for each person. rated: (people, films) stars."""
    ends = rated.indptr
    return [
        Query(films=rated.indices[start:end], stars=rated.data[start:end])
        for start, end in pairwise(ends)
    ]


def shares(matches: list[Match]) -> Array64:
    """Returns (n,) the estimated share of each match."""
    return np.array([one.share for one in matches])


def rank_correlation(first: Array64, second: Array64) -> float:
    """Returns Spearman's rank correlation; 0 if one of the two does not vary."""
    left, right = rankdata(first), rankdata(second)
    if left.std() == 0 or right.std() == 0:
        return 0.0
    return float(np.corrcoef(left, right)[0, 1])


def _correlations(
    told: dict[str, Array64], happened: Array64, resamples: int, rng: np.random.Generator
) -> dict[str, Correlation]:
    """Returns the rank correlation of each way to tell a match, with bootstrap intervals.

    told: (n,) the matches, by the name of the way. happened: (n,) the hidden shares.
    """
    count = len(happened)
    draws: dict[str, list[float]] = {name: [] for name in told}
    for _ in range(resamples):
        at = rng.integers(count, size=count)
        for name, values in told.items():
            draws[name].append(rank_correlation(values[at], happened[at]))
    plain, plain_draws = rank_correlation(told[PLAIN], happened), np.array(draws[PLAIN])
    found = {}
    for name, values in told.items():
        value, drawn = rank_correlation(values, happened), np.array(draws[name])
        found[name] = Correlation(value, *_ends(drawn), value - plain, *_ends(drawn - plain_draws))
    return found


def _ends(drawn: Array64) -> tuple[float, float]:
    low, high = np.quantile(drawn, ((1 - INTERVAL) / 2, (1 + INTERVAL) / 2))
    return float(low), float(high)
