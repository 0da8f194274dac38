"""Trends: which films people rate and like at present.

The heat of a film is a sum over its recent ratings, to which newer and higher ratings add more. The
rise of a film compares the present number of ratings per day with the number per day before.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.data import Interactions, Vocabulary
from recommender.errors import DataError

DAY_SECONDS = 86400.0  # seconds


@dataclass(frozen=True)
class TrendConfig:
    """Settings of trends, which say what people rate and like at present.

    Attributes:
        half_life: days in which the weight of a rating halves.
        window: a rating is recent if it is at most this many days old.
        min_raters: a film is only in a trend if at least this many people rated it recently, so
            that nobody's ratings can be inferred from the trend.
        damping: for the rise of a film, this number of imaginary ratings is added to its recent
            ratings and also to the number that was expected.
    """

    half_life: float = 7.0
    window: float = 30.0
    min_raters: int = 3
    damping: float = 2.0


@dataclass(frozen=True, eq=False)
class Trend:
    """How much each of k films is rated and liked at present. Each was rated recently by at least
    `TrendConfig.min_raters` people. Recent ratings are at most `TrendConfig.window` days old.

    Attributes:
        rows: (k,) film rows.
        heat: (k,) sum over recent ratings of (stars - 1) / 4 (at least 0.1) × a factor that halves
            every `half_life` days.
        rise: (k,) logarithm of: number of ratings within the window, divided by the number expected
            from the film's rate before the window. Both numbers are damped.
        raters: (k,) number of different people who rated the film within the window.
    """

    rows: npt.NDArray[np.int64]
    heat: npt.NDArray[np.float64]
    rise: npt.NDArray[np.float64]
    raters: npt.NDArray[np.int64]


def trend(ratings: Interactions, films: Vocabulary, now: float, config: TrendConfig) -> Trend:
    """Returns how much films are rated and liked at `now` (Unix seconds).

    Only the newest rating of each pair of person and film counts. Ratings from the future, without
    a time, or of films that are not in `films` are ignored. films: the vocabulary of the film rows
    in the result. Raises DataError if half-life or window is not above 0.
    """
    if config.half_life <= 0 or config.window <= 0:
        raise DataError("trending-window")
    one = ratings.newest()
    row = films.rows(one.films.ids(one.film)) if len(one) else np.zeros(0, np.int64)
    age = (now - one.when) / DAY_SECONDS
    past_and_known = (row >= 0) & (age >= 0)  # False for a NaN age
    recent = past_and_known & (age <= config.window)
    n = len(films)
    raters = np.bincount(row[recent], minlength=n)
    liking = np.maximum((one.stars[recent] - 1.0) / 4.0, 0.1)
    heat = np.bincount(
        row[recent], weights=liking * 0.5 ** (age[recent] / config.half_life), minlength=n
    )
    before = past_and_known & ~recent
    earlier = np.bincount(row[before], minlength=n).astype(np.float64)
    span = max(float(age[before].max()) - config.window, config.window) if before.any() else 1.0
    expected = earlier / span * config.window  # ratings in the window at the earlier rate
    rise = np.log((raters + config.damping) / (expected + config.damping))
    rows = np.flatnonzero(raters >= max(1, config.min_raters))
    return Trend(rows, np.asarray(heat[rows], np.float64), rise[rows], raters[rows])
