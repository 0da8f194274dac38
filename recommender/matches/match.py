"""Estimates how often two people feel the same about a film that both have seen.

Two people feel the same about a film if their stars differ by at most one. The match is the share
of films for which this holds. The few films that both have rated would give a wild estimate: after
three films it could be 0% or 100%. So the share is shrunk by an empirical Bayes estimate (Efron and
Morris 1975, "Data analysis using Stein's estimator and its generalizations"). It has a beta prior,
whose mean and strength were fitted to pairs of MovieLens people. The more films both have rated,
the less the prior counts. Herlocker, Konstan, Borchers and Riedl (1999, "An algorithmic framework
for performing collaborative filtering") shrink likeness by the number of common films too.

If the rating model was fitted, the prior of a pair comes from its predictions: the chance that the
two feel the same about each of the films that only one of them has rated. `matinee evaluate
matches` compares the three ways, and fits the settings.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, ndtr

from recommender.data import Query
from recommender.models.stars import StarModel, StarPrediction
from recommender.numeric.arrays import Array64, Bools, Rows

CLOSE_STARS = 1.0  # people feel the same about a film if their stars differ by at most this
RATING_STEP = 0.5  # stars between two ratings that can be given
MAX_FORESEEN = 200  # films only one of the two has rated, whose stars are predicted
MIN_COMMON = 5  # with fewer common films there is no match
SURE_COMMON = 15  # with fewer common films a match is a first guess
LEAST_SHARE = 0.02  # shares are kept this far from 0 and 1 when odds are computed


@dataclass(frozen=True)
class MatchConfig:
    """Settings of the prior of a match, fitted to MovieLens people.

    Attributes:
        usual: mean share of common films about which two people feel the same.
        usual_strength: number of films that `usual` counts as, if nothing is predicted.
        shift, slope: the predicted chances, as log-odds, are multiplied by the slope and then
            raised by the shift. Predictions alone are too low, because people mostly watch what
            they expect to like.
        foreseen_strength: number of films that the predicted share counts as.
    """

    usual: float = 0.73
    usual_strength: float = 15.0
    shift: float = 0.3
    slope: float = 1.2
    foreseen_strength: float = 60.0


@dataclass(frozen=True)
class Match:
    """How often two people feel the same about a film that both have seen.

    Attributes:
        share: the estimated share of films, 0 to 1.
        doubt: standard deviation of the estimate.
        common: number of films that both rated.
        same: number of these about which they feel the same.
    """

    share: float
    doubt: float
    common: int
    same: int

    @property
    def enough(self) -> bool:
        """True if the two have enough films in common to tell them of a match."""
        return self.common >= MIN_COMMON

    @property
    def sure(self) -> bool:
        """True if the match is more than a first guess."""
        return self.common >= SURE_COMMON


def match_of(
    first: Query,
    second: Query,
    stars: StarModel | None,
    config: MatchConfig = MatchConfig(),
) -> Match:
    """Returns the match of two people. It does not depend on their order.

    first, second: what is known of each. stars: the rating model; None if it was not fitted.
    """
    _, near = felt_same(first, second)
    foreseen = None if stars is None else foreseen_share(first, second, stars)
    return shrunk(int(near.sum()), len(near), foreseen, config)


def felt_same(first: Query, second: Query) -> tuple[Rows, Bools]:
    """Returns (n,) rows of the films that both rated, and (n,) True if they feel the same."""
    common, mine, theirs = np.intersect1d(
        first.films, second.films, assume_unique=True, return_indices=True
    )
    near = np.abs(first.stars[mine] - second.stars[theirs]) <= CLOSE_STARS
    return np.asarray(common, np.int64), near


def shrunk(
    same: int, common: int, foreseen: float | None, config: MatchConfig = MatchConfig()
) -> Match:
    """Returns a match from counts.

    same: number of common films about which the two feel the same. common: number of common films.
    foreseen: the share that the rating model predicts, 0 to 1; None without predictions.
    """
    if foreseen is None:
        mean, strength = config.usual, config.usual_strength
    else:
        odds = float(logit(np.clip(foreseen, LEAST_SHARE, 1.0 - LEAST_SHARE)))
        mean = float(expit(config.shift + config.slope * odds))
        strength = config.foreseen_strength
    share = (same + strength * mean) / (common + strength)
    doubt = float(np.sqrt(share * (1.0 - share) / (common + strength + 1.0)))
    return Match(share, doubt, common, same)


def foreseen_share(first: Query, second: Query, stars: StarModel) -> float | None:
    """Returns the predicted share of films about which two people feel the same, 0 to 1.

    It is the mean chance over the films that only one of them rated, at most MAX_FORESEEN. None if
    the model knows nothing about one of the two, or there are no such films.
    """
    films = np.setxor1d(first.films, second.films, assume_unique=True)
    films = films[films < len(stars.film_place)]
    if len(films) > MAX_FORESEEN:  # evenly spaced, so that no kind of film is left out
        films = films[(np.arange(MAX_FORESEEN) * len(films)) // MAX_FORESEEN]
    mine, theirs = stars.fold_in(first), stars.fold_in(second)
    if not (len(films) and mine.rating_count and theirs.rating_count):
        return None
    chances = same_chances(stars.predict_place(mine, films), stars.predict_place(theirs, films))
    return float(chances.mean())


def same_chances(first: StarPrediction, second: StarPrediction) -> Array64:
    """Returns (n,) the chance that two people feel the same about each film.

    first, second: each one's predicted stars of n films.
    """
    apart = first.expected - second.expected
    spread = np.hypot(first.spread, second.spread)
    bound = CLOSE_STARS + RATING_STEP / 2
    return np.asarray(ndtr((bound - apart) / spread) - ndtr((-bound - apart) / spread))
