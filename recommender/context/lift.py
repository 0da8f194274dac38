"""Lifts: learned effects of time and mood on films.

A lift is a change of log-odds. It belongs to a genre, a tag or a runtime class, and to a daypart, a
kind of day (`context.clock` defines both) or a mood. It says how much more often than on average
such films are accepted then. There are lifts for everyone, for a mood, for a server and for a
person. The narrower ones only say what differs from the broader ones. `context.lift_fit` learns
lifts from accepted and refused picks, and from nothing else. The sum of a film's lifts is bounded
by `MAX_LIFT`. It raises or lowers the score that the film has for the person, and never replaces
it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from recommender.context.clock import DAY_KINDS, DAYPARTS, moment
from recommender.data import Catalogue, Vocabulary
from recommender.numeric.arrays import Array64, Ints64, Sparse, sparse

Scope: TypeAlias = Literal["everyone", "mood", "server", "person"]
TimeUnit: TypeAlias = Literal["always", "daypart", "day", "moment"]
Kind: TypeAlias = Literal["genre", "tag", "runtime", "group"]

MAX_LIFT = 0.8  # largest lift of a film, upwards or downwards, log-odds
SPREADS_PER_LOG_ODDS = 1.5  # default of `LiftModel.worth`
SPREADS_PER_LOG_ODDS_LIMITS = (0.25, 4.0)  # smallest and largest value of `LiftModel.worth`
FEW_FILMS_SHARE = 0.25  # below this share of all films, only the requested rows are multiplied
MAX_SHORT_MINUTES, MIN_LONG_MINUTES = 100.0, 150.0  # runtimes of short and of long films


@dataclass(frozen=True)
class Level:
    """A level: people and times that share coefficients of lifts (effects of time and mood).

    Attributes:
        scope: whether everyone shares coefficients, or each mood, each server or each person has
            its own.
        time: whether each daypart, each kind of day or each pair of both ("moment") has its own
            coefficients; "always" if all times share them."""

    scope: Scope
    time: TimeUnit

    @property
    def name(self) -> str:
        """A name such as "person × daypart"; stored models use it."""
        return f"{self.scope} × {self.time}"


LEVELS = (
    Level("everyone", "daypart"),
    Level("everyone", "day"),
    Level("everyone", "moment"),
    Level("mood", "always"),
    Level("mood", "daypart"),
    Level("server", "daypart"),
    Level("server", "day"),
    Level("person", "daypart"),
    Level("person", "day"),
)


@dataclass(frozen=True, eq=False)
class LiftFeatures:
    """The features of films (genres, tags, runtime classes) that can gain or lose by time and mood.

    Attributes:
        table: (films, features) sparse, how strongly each film has each feature, 0 to 1.
        names: (features,) name of each feature.
        kinds: (features,) kind of each feature."""

    table: Sparse
    names: tuple[str, ...]
    kinds: tuple[Kind, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """(features,) a unique key for each feature, such as "tag/cosy"."""
        return tuple(f"{kind}/{name}" for kind, name in zip(self.kinds, self.names, strict=True))


@dataclass(frozen=True)
class Circumstance:
    """When, for whom, where and in which mood films are picked.

    Attributes:
        daypart: index in DAYPARTS; -1 is unknown.
        day: index in DAY_KINDS; -1 is unknown.
        person: id of the person whose own lifts (learned effects of time and mood) apply; None for
            no person's.
        server: id of the server; -1 outside servers.
        mood: number of the mood that the person chose; -1 for no mood."""

    daypart: int = -1
    day: int = -1
    person: int | None = None
    server: int = -1
    mood: int = -1


def circumstance(
    hour: int | None,
    weekday: int | None,
    person: int | None = None,
    server: int | None = None,
    mood: int = -1,
) -> Circumstance:
    """Returns the circumstance (time, person, server and mood) for a local hour and weekday.

    hour: 0–23. weekday: 0–6 (0 Monday). If either is None, daypart and day are unknown. mood:
    number of the mood, or -1. Raises DataError for an hour or weekday outside its range."""
    server_id = -1 if server is None else server
    if hour is None or weekday is None:
        return Circumstance(person=person, server=server_id, mood=mood)
    now = moment(hour, weekday)
    part, day = DAYPARTS.index(now.daypart), DAY_KINDS.index(now.day)
    return Circumstance(part, day, person, server_id, mood)


@dataclass(frozen=True, eq=False)
class LearnedLevel:
    """The lifts (learned effects of time and mood on films) of one level.

    Attributes:
        units: ids of the people, servers or moods that have their own coefficients; only the id 0
            if everyone shares them.
        times: number of times (such as dayparts) that have their own coefficients.
        keys: (groups,) one number for each pair of a unit and a time, ascending: row of the unit ×
            `times` + number of the time.
        coefficients: (groups, features) log-odds that each feature gains for each key."""

    units: Vocabulary
    times: int
    keys: Ints64
    coefficients: npt.NDArray[np.float32]


@dataclass(frozen=True)
class LevelSupport:
    """How strongly the data support effects of time and mood of one level and kind of feature.

    Attributes:
        level: name of the level, such as "person × daypart", which has effects for each person at
            each daypart.
        kind: kind of the features.
        spread: standard deviation of the coefficients, log-odds; 0 if the data support no effect.
        evidence: gain in log marginal likelihood over having no effect, nats."""

    level: str
    kind: Kind
    spread: float
    evidence: float


@dataclass(frozen=True, eq=False)
class LiftModel:
    """The learned effects of time and mood on films (lifts). They are learned at several levels:
    for everyone, for each mood, for each server and for each person.

    Attributes:
        features: the features of the films.
        learned: by name, the lifts of each level for which the data support an effect.
        supports: how strongly the data support each level and kind of feature; empty for a model
            that was read from a folder.
        strength: factor from 0 to 1 on all lifts. 0 if the lifts do not improve the prediction of
            held-out events.
        slope: change in the log-odds of acceptance if a film's score for the person is one standard
            deviation higher; NaN if the events had no scores.
        events: number of events from which the lifts were learned.
        parts: number of dayparts.
        days: number of kinds of day."""

    features: LiftFeatures
    learned: Mapping[str, LearnedLevel] = field(default_factory=dict)
    supports: tuple[LevelSupport, ...] = ()
    strength: float = 0.0
    slope: float = float("nan")
    events: int = 0
    parts: int = len(DAYPARTS)
    days: int = len(DAY_KINDS)

    @property
    def active(self) -> bool:
        """True if time or mood changes any film's score."""
        return self.strength > 0 and bool(self.learned)

    @property
    def worth(self) -> float:
        """By how much one unit of log-odds of an effect of time or mood changes a score. It is 1 /
        `slope` within limits, or a default if the slope is unknown. The unit is the standard
        deviation of the scores of a person's best films."""
        if not self.slope > 0:
            return SPREADS_PER_LOG_ODDS
        return float(np.clip(1 / self.slope, *SPREADS_PER_LOG_ODDS_LIMITS))

    def coefficients(self, at: Circumstance) -> Array64:
        """Returns (features,) the log-odds that each film feature gains in a circumstance. They are
        the sum over all levels (everyone, mood, server, person), multiplied by `strength`. at: the
        time, person, server and mood."""
        total = np.zeros(len(self.features.names))
        if not self.active:
            return total
        for level in LEVELS:
            learned = self.learned.get(level.name)
            time = _time_number(level.time, at.daypart, at.day, self.days)
            if learned is None or time < 0:
                continue
            unit = 0 if level.scope == "everyone" else learned.units.row(_unit(level.scope, at))
            key = unit * learned.times + time
            place = int(np.searchsorted(learned.keys, key)) if unit >= 0 else len(learned.keys)
            if place < len(learned.keys) and learned.keys[place] == key:
                total += learned.coefficients[place]
        return total * self.strength

    def log_odds(self, at: Circumstance, films: Ints64 | None = None) -> Array64:
        """Returns (films,) the change of each film's log-odds in a circumstance. It is limited to
        the range from -MAX_LIFT to MAX_LIFT. at: the time, person, server and mood. films: (k,)
        rows of the only films to compute, so that the result is (k,); None for all."""
        if not self.active:
            return np.zeros(self.features.table.shape[0] if films is None else len(films))
        return self.applied(self.coefficients(at), films)

    def applied(self, coefficients: Array64, films: Ints64 | None = None) -> Array64:
        """Returns the change of each film's log-odds, limited to the range from -MAX_LIFT to
        MAX_LIFT. coefficients: (features,) the log-odds that each film feature gains, which the
        method `coefficients` returns. films: (k,) rows of the only films to compute, so that the
        result is (k,); None for all."""
        each = coefficients.astype(np.float32)
        table = self.features.table
        if films is None:
            lifted = table @ each
        elif len(films) < FEW_FILMS_SHARE * table.shape[0]:
            lifted = table[films] @ each
        else:  # extracting many rows costs more than multiplying all
            lifted = (table @ each)[films]
        return np.clip(np.asarray(lifted, np.float64), -MAX_LIFT, MAX_LIFT)

    def reasons(self, at: Circumstance, film: int) -> tuple[tuple[int, float], ...]:
        """Returns what each feature of a film adds to its log-odds in a circumstance, strongest
        first. The pairs are (column of the feature, log-odds). They add up to the film's change,
        unless that change is cut off at `MAX_LIFT`. at: the time, person, server and mood. film:
        row of the film."""
        return self.reasons_by(self.coefficients(at), film)

    def reasons_by(self, coefficients: Array64, film: int) -> tuple[tuple[int, float], ...]:
        """Returns what each feature of a film adds to its log-odds, strongest first. The pairs are
        (column of the feature, log-odds). coefficients: (features,) the log-odds that each film
        feature gains, which the method `coefficients` returns. film: row of the film."""
        row = slice(*self.features.table.indptr[film : film + 2].tolist())
        columns = self.features.table.indices[row]
        amounts = coefficients[columns] * self.features.table.data[row]
        order = np.argsort(-np.abs(amounts), kind="stable")
        return tuple((int(columns[i]), float(amounts[i])) for i in order if amounts[i])


def features_of(catalogue: Catalogue) -> LiftFeatures:
    """Returns the film features that time and mood may affect: genres, tags, two runtime classes. A
    tag of weight 3 has the value 1, a tag of weight 1 the value 1/3. The classes are short (up to
    100 minutes) and long (from 150 minutes)."""
    runtimes = catalogue.runtimes
    long_or_short = [runtimes <= MAX_SHORT_MINUTES, runtimes >= MIN_LONG_MINUTES]
    classes = np.column_stack(long_or_short).astype(np.float32)
    tags = catalogue.tags.copy()
    tags.data = np.minimum(tags.data / 3, 1.0)
    table = sp.hstack([catalogue.genres, tags, sp.csr_array(classes)], format="csr")
    genres, names = catalogue.genre_names, catalogue.tag_names
    kinds: list[Kind] = ["genre"] * len(genres)
    kinds += ["tag"] * len(names)
    kinds += ["runtime", "runtime"]
    return LiftFeatures(sparse(table), (*genres, *names, "short", "long"), tuple(kinds))


def _time_number(time: TimeUnit, daypart: int, day: int, days: int) -> int:
    """Returns the number, from 0, of the coefficients that apply at a daypart and kind of day.
    Returns -1 if the daypart or the day is needed and unknown. time: whether each daypart, each
    kind of day or each pair of both has its own coefficients. days: number of kinds of day."""
    if time == "always":
        return 0
    if time == "daypart":
        return daypart
    if time == "day":
        return day
    return daypart * days + day if daypart >= 0 and day >= 0 else -1


def _unit(scope: Scope, at: Circumstance) -> int:
    """Returns the id of the person, server or mood whose learned effects apply; 0 for everyone's.
    If that person, server or mood is unknown, returns an id that nothing has. scope: which of them
    has effects of its own. at: the time, person, server and mood."""
    nobody = int(np.iinfo(np.int64).min)
    if scope == "everyone":
        return 0
    if scope == "person":
        return nobody if at.person is None else at.person
    found = at.server if scope == "server" else at.mood
    return found if found >= 0 else nobody
