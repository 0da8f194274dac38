"""What people rate and like just now: decay by half-life, and rising against a film's own past."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.data import Interactions, Vocabulary
from recommender.errors import DataError

DAY_SECONDS = 86400.0  # seconds


@dataclass(frozen=True)
class TrendConfig:
    """half_life and window in days; min_raters: distinct people behind any row, so that nobody is
    exposed; damping: imagined ratings on either side of a rise."""

    half_life: float = 7.0
    window: float = 30.0
    min_raters: int = 3
    damping: float = 2.0


@dataclass(frozen=True, eq=False)
class Trend:
    """rows: (k,) film rows that enough people rated within the window; heat: (k,) liking decayed
    by age; rise: (k,) log of the rate within the window over the film's own rate before; raters:
    (k,) distinct people within the window."""

    rows: npt.NDArray[np.int64]
    heat: npt.NDArray[np.float64]
    rise: npt.NDArray[np.float64]
    raters: npt.NDArray[np.int64]


def trend(ratings: Interactions, films: Vocabulary, now: float, config: TrendConfig) -> Trend:
    """Trends at `now` (Unix seconds) over the rows of `films`. A person counts once a film, by
    their newest rating; ratings from the future, without a time, or of unknown films say nothing.
    Raises DataError where half-life or window is not positive."""
    if config.half_life <= 0 or config.window <= 0:
        raise DataError("Half-life and window are days and must be greater than 0.")
    one = ratings.newest()
    row = films.rows(one.films.ids(one.film)) if len(one) else np.zeros(0, np.int64)
    age = (now - one.when) / DAY_SECONDS
    past_and_known = (row >= 0) & (age >= 0)  # NaN ages fail
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
    expected = earlier / span * config.window  # ratings the window would hold at the old rate
    rise = np.log((raters + config.damping) / (expected + config.damping))
    rows = np.flatnonzero(raters >= max(1, config.min_raters))
    return Trend(rows, np.asarray(heat[rows], np.float64), rise[rows], raters[rows])
