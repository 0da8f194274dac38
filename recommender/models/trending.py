"""What people rate and like now: liking with a half-life, and rises against a film's own past."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.data import Interactions, Vocabulary
from recommender.errors import DataError

DAY_SECONDS = 86400.0  # seconds


@dataclass(frozen=True)
class TrendConfig:
    """Settings of trends.

    Attributes:
        half_life: days in which the weight of a rating halves.
        window: days that count as recent.
        min_raters: number of different people who must have rated a film recently, so that no
            person's ratings show.
        damping: number of imagined ratings added to both rates of a rise.
    """

    half_life: float = 7.0
    window: float = 30.0
    min_raters: int = 3
    damping: float = 2.0


@dataclass(frozen=True, eq=False)
class Trend:
    """Trends of the k films that enough people rated within the window.

    Attributes:
        rows: (k,) film rows.
        heat: (k,) sum of liking, which decays with age.
        rise: (k,) logarithm of the rate of ratings within the window over the film's rate before.
        raters: (k,) number of different people within the window.
    """

    rows: npt.NDArray[np.int64]
    heat: npt.NDArray[np.float64]
    rise: npt.NDArray[np.float64]
    raters: npt.NDArray[np.int64]


def trend(ratings: Interactions, films: Vocabulary, now: float, config: TrendConfig) -> Trend:
    """Returns the trends at `now` (Unix seconds) over the rows of `films`.

    Only the newest rating of each person and film counts. Ratings from the future, without a time,
    or of unknown films are ignored. Raises DataError if half-life or window is not above 0.
    """
    if config.half_life <= 0 or config.window <= 0:
        raise DataError("Half-life and window are days and must be greater than 0.")
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
    expected = earlier / span * config.window  # ratings within the window at the rate before
    rise = np.log((raters + config.damping) / (expected + config.damping))
    rows = np.flatnonzero(raters >= max(1, config.min_raters))
    return Trend(rows, np.asarray(heat[rows], np.float64), rise[rows], raters[rows])
