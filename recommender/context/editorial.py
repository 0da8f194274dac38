"""Editorial tilts: small, hand-written effects of daypart and kind of day on films.

A tilt is a rule such as "comedies gain 0.28 log-odds in the morning". Measured on real data, time
is a weak signal. In published viewing figures, comedies are watched a third more than on average
around six in the morning and again around eleven at night. Dramas are watched a little more from
noon to two, thrillers a quarter more around nine in the evening, and documentaries more overnight.
Family films are watched earlier in the day, and shorter films on weeknights. All tilts together
therefore change a film's log-odds by at most `MAX_TILT`, so that the person's taste still decides
the list. Effects of time that are learned from data are in `context.lift`.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from recommender.context.clock import (
    DAY_KINDS,
    FRIDAY_NIGHT,
    LATE_NIGHT,
    DayKind,
    Daypart,
    moment,
)
from recommender.data import Catalogue
from recommender.numeric.arrays import frozen

MAX_TILT = 0.35  # largest sum of a film's tilts, upwards or downwards, log-odds


@dataclass(frozen=True)
class Tilt:
    """A rule that raises or lowers some films at some times.

    Such a rule is written by hand and is called a tilt. It applies to a film that has one of the
    genres, or one of the tags, or a runtime within one of the bounds. It does not apply to a film
    that fits a mood of `against`.

    Attributes:
        key: the name of the reason that people read under a pick, which `bot/wording` has.
        log_odds: what the rule adds to the films' log-odds.
        dayparts: dayparts at which the tilt is active.
        days: kinds of day on which it is active.
        genres: names of genres.
        tags: names of tags.
        against: names of moods that contradict the reason. A film that fits one of these moods is
            left out by the rule.
        shortest: the rule applies to films of at least this runtime, minutes; None for no such
            bound.
        longest: the rule applies to films of at most this runtime, minutes; None for no such bound.
    """

    key: str
    log_odds: float
    dayparts: tuple[Daypart, ...]
    days: tuple[DayKind, ...] = DAY_KINDS
    genres: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    shortest: float | None = None
    longest: float | None = None


_SAD = ("bleak", "heartbreaking", "melancholy")
_DARK = ("angry", "haunting", "raw", "terrifying", "unsettling")
_FUNNY = ("hilarious", "madcap")
_WARM = ("cosy", "feel-good", "heartwarming", "whimsical")
_CALM = ("contemplative", "cosy", "tender")
_NERVOUS = ("frantic", "paranoid", "tense")

TILTS: tuple[Tilt, ...] = (
    Tilt("laugh-for-the-morning", 0.28, ("morning",), genres=("Comedy",), against=_SAD + _DARK),
    Tilt("good-with-the-family", 0.15, ("morning",), genres=("Family", "Children"),
         against=(*_SAD, *_DARK, "eerie", "sensual")),
    Tilt("good-with-the-family", 0.12, ("afternoon",), genres=("Family", "Children"),
         against=(*_SAD, *_DARK, "eerie", "sensual")),
    Tilt("drama-for-the-afternoon", 0.08, ("afternoon",), genres=("Drama",),
         against=(*_FUNNY, *_WARM, "charming", "eerie", "frantic", "terrifying", "unsettling",
                  "witty")),
    Tilt("gripping-for-the-evening", 0.22, ("evening",), genres=("Thriller",),
         tags=("suspenseful", "tense"), against=(*_FUNNY, *_WARM, "contemplative")),
    Tilt("laugh-for-late-at-night", 0.2, (LATE_NIGHT,), genres=("Comedy",),
         against=_SAD + _DARK),
    Tilt("made-for-late-at-night", 0.15, (LATE_NIGHT,), tags=("late-night",),
         against=("cosy", "heartwarming")),
    Tilt("real-life-for-late-at-night", 0.2, (LATE_NIGHT,), genres=("Documentary",)),
    Tilt("scare-for-late-at-night", 0.12, (LATE_NIGHT,), genres=("Horror",),
         against=(*_FUNNY, *_WARM, "charming")),
    Tilt("short-for-a-weeknight", 0.15, ("evening",), ("weekday",), longest=100.0),
    Tilt("long-for-a-weeknight", -0.15, ("evening",), ("weekday",), shortest=150.0),
    Tilt("short-for-late-at-night", 0.1, (LATE_NIGHT,), ("weekday",), longest=100.0),
    Tilt("long-for-late-at-night", -0.1, (LATE_NIGHT,), shortest=150.0),
    Tilt("thrills-for-a-friday-night", 0.12, ("evening", LATE_NIGHT), (FRIDAY_NIGHT,),
         genres=("Action", "Thriller", "Horror"), tags=("big-action", "heist"),
         against=(*_CALM, "heartbreaking", "melancholy")),
    Tilt("laugh-for-a-friday-night", 0.12, ("evening",), (FRIDAY_NIGHT,), genres=("Comedy",),
         against=_SAD + _DARK),
    Tilt("good-with-friends", 0.1, ("evening",), (FRIDAY_NIGHT,), tags=("with-friends",),
         against=(*_SAD, "contemplative", "haunting")),
    Tilt("made-for-a-lazy-weekend", 0.15, ("morning", "afternoon"), ("weekend",),
         tags=("rainy-sunday", "cosy"), against=(*_SAD[:2], *_DARK, *_NERVOUS)),
    Tilt("time-for-a-long-one", 0.1, ("afternoon", "evening"), ("weekend",), shortest=140.0),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class ContextModel:
    """The editorial tilts, and the films of a catalogue to which each applies.

    A tilt is a hand-written rule that raises or lowers some films at some times of day.

    Attributes:
        applies: (tilts, films) True if a tilt of TILTS applies to a film.
    """

    applies: npt.NDArray[np.bool_]

    def tilts(self, hour: int | None, weekday: int | None) -> npt.NDArray[np.int64]:
        """Returns the hand-written rules (tilts) that are active at a local time, as indices in
        TILTS.

        hour: 0–23. weekday: 0–6 (0 Monday). The result is empty if either is None.
        """
        return _tilts(hour, weekday)

    def log_odds(self, hour: int | None, weekday: int | None) -> npt.NDArray[np.float64]:
        """Returns (films,) what the hand-written rules for a local time add to each film's
        log-odds.

        It is the sum over the active rules, limited to the range from -MAX_TILT to MAX_TILT. hour:
        0–23. weekday: 0–6 (0 Monday). The sum is 0 if either is None.
        """
        amounts, _ = self.parts(hour, weekday)
        return np.asarray(amounts.sum(axis=0))

    def parts(
        self, hour: int | None, weekday: int | None, films: npt.NDArray[np.int64] | None = None
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Returns what each hand-written rule (tilt) that is active at a local time adds to films.

        The first array is (active, k) log-odds: one row for each active rule, one column for each
        film. Its sum over the rules is what `log_odds` returns. The second array is (active,) the
        index of each rule in TILTS.

        films: (k,) rows of the films; None for all films. hour: 0–23. weekday: 0–6 (0 Monday). If
        the hour or the weekday is None, no rule is active.
        """
        active = self.tilts(hour, weekday)
        strength = np.array([TILTS[index].log_odds for index in active])
        applies = self.applies[active] if films is None else self.applies[active[:, None], films]
        amounts = applies * strength[:, None]
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
    """Finds out to which films of a catalogue each hand-written rule for times of day (tilt)
    applies.
    """
    rows = [_applies(tilt, catalogue) for tilt in TILTS]
    return ContextModel(np.array(rows, bool).reshape(len(TILTS), len(catalogue)))


def _applies(tilt: Tilt, catalogue: Catalogue) -> npt.NDArray[np.bool_]:
    """Returns (films,) True for each film to which a tilt (a hand-written rule for times of day)
    applies.

    tilt: the rule. catalogue: the films.
    """
    applies = np.zeros(len(catalogue), bool)
    genres = np.array([float(name in tilt.genres) for name in catalogue.genre_names])
    tags = np.array([float(name in tilt.tags) for name in catalogue.tag_names])
    applies |= np.asarray(catalogue.genres @ genres).reshape(-1) > 0
    applies |= np.asarray(catalogue.tags @ tags).reshape(-1) > 0
    if tilt.shortest is not None:
        applies |= catalogue.runtimes >= tilt.shortest  # False for NaN, an unknown runtime
    if tilt.longest is not None:
        applies |= catalogue.runtimes <= tilt.longest
    against = np.array([float(name in tilt.against) for name in catalogue.tag_names])
    return applies & ~(np.asarray(catalogue.tags @ against).reshape(-1) > 0)
