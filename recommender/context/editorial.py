"""A small editorial tilt of films by daypart and kind of day, bounded by `MAX_TILT`."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from recommender.context.clock import DAY_KINDS, DayKind, Daypart, moment
from recommender.data import Catalogue
from recommender.numeric.arrays import frozen

MAX_TILT = 0.35  # the greatest sum of log-odds, either way


@dataclass(frozen=True)
class Tilt:
    """What rises or falls at some moments, by how much, and the words to say so.

    A film is meant if it has one of the genres or tags, or its runtime (minutes) lies within the
    bounds.
    """

    phrase: str
    log_odds: float
    dayparts: tuple[Daypart, ...]
    days: tuple[DayKind, ...] = DAY_KINDS
    genres: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    shortest: float | None = None
    longest: float | None = None


TILTS: tuple[Tilt, ...] = (
    Tilt("a laugh for the morning", 0.28, ("morning",), genres=("Comedy",)),
    Tilt("good with the family around", 0.15, ("morning",), genres=("Family", "Children")),
    Tilt("good with the family around", 0.12, ("afternoon",), genres=("Family", "Children")),
    Tilt("a drama for the afternoon", 0.08, ("afternoon",), genres=("Drama",)),
    Tilt("gripping for the evening", 0.22, ("evening",), genres=("Thriller",),
         tags=("suspenseful", "tense")),
    Tilt("a laugh for late at night", 0.2, ("late night",), genres=("Comedy",)),
    Tilt("made for late at night", 0.15, ("late night",), tags=("late-night",)),
    Tilt("real life for late at night", 0.2, ("late night",), genres=("Documentary",)),
    Tilt("a scare for late at night", 0.12, ("late night",), genres=("Horror",)),
    Tilt("short for a weeknight", 0.15, ("evening",), ("weekday",), longest=100.0),
    Tilt("long for a weeknight", -0.15, ("evening",), ("weekday",), shortest=150.0),
    Tilt("short for late at night", 0.1, ("late night",), ("weekday",), longest=100.0),
    Tilt("long for late at night", -0.1, ("late night",), shortest=150.0),
    Tilt("thrills for a Friday night", 0.12, ("evening", "late night"), ("friday night",),
         genres=("Action", "Thriller", "Horror"), tags=("big-action", "heist")),
    Tilt("a laugh for a Friday night", 0.12, ("evening",), ("friday night",), genres=("Comedy",)),
    Tilt("good with friends around", 0.1, ("evening",), ("friday night",), tags=("with-friends",)),
    Tilt("made for a lazy weekend", 0.15, ("morning", "afternoon"), ("weekend",),
         tags=("rainy-sunday", "cosy")),
    Tilt("time for a long one", 0.1, ("afternoon", "evening"), ("weekend",), shortest=140.0),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class ContextModel:
    """meant: (tilts, films) bool, which films each of TILTS means."""

    meant: npt.NDArray[np.bool_]

    def tilts(self, hour: int | None, weekday: int | None) -> npt.NDArray[np.int64]:
        """Indices of the TILTS at work; none where the time is unknown."""
        return _tilts(hour, weekday)

    def log_odds(self, hour: int | None, weekday: int | None) -> npt.NDArray[np.float64]:
        """(films,) how far the moment lifts each film, within -MAX_TILT..MAX_TILT."""
        amounts, _ = self.parts(hour, weekday)
        return np.asarray(amounts.sum(axis=0))

    def parts(
        self, hour: int | None, weekday: int | None, films: npt.NDArray[np.int64] | None = None
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """(active, films) what each tilt at work does to each film, or to those named, and
        (active,) their indices; the columns add up to `log_odds`."""
        active = self.tilts(hour, weekday)
        strength = np.array([TILTS[index].log_odds for index in active])
        meant = self.meant[active] if films is None else self.meant[active[:, None], films]
        amounts = meant * strength[:, None]
        total = np.abs(amounts.sum(axis=0))
        shrink = np.where(total > MAX_TILT, MAX_TILT / np.maximum(total, MAX_TILT), 1.0)
        return amounts * shrink, active


@lru_cache
def _tilts(hour: int | None, weekday: int | None) -> npt.NDArray[np.int64]:
    if hour is None or weekday is None:
        return frozen((), np.int64)
    now = moment(hour, weekday)
    active = [now.daypart in tilt.dayparts and now.day in tilt.days for tilt in TILTS]
    return frozen(np.flatnonzero(active), np.int64)


def fit_context(catalogue: Catalogue) -> ContextModel:
    """Look up which films each tilt means."""
    rows = [_meant(tilt, catalogue) for tilt in TILTS]
    return ContextModel(np.array(rows, bool).reshape(len(TILTS), len(catalogue)))


def _meant(tilt: Tilt, catalogue: Catalogue) -> npt.NDArray[np.bool_]:
    meant = np.zeros(len(catalogue), bool)
    genres = np.array([float(name in tilt.genres) for name in catalogue.genre_names])
    tags = np.array([float(name in tilt.tags) for name in catalogue.tag_names])
    meant |= np.asarray(catalogue.genres @ genres).reshape(-1) > 0
    meant |= np.asarray(catalogue.tags @ tags).reshape(-1) > 0
    if tilt.shortest is not None:
        meant |= catalogue.runtimes >= tilt.shortest  # NaN, unknown, is never meant
    if tilt.longest is not None:
        meant |= catalogue.runtimes <= tilt.longest
    return meant
