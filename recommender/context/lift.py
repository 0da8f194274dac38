"""What rises and falls by the clock and by mood, as learned, and what it does to films.

A lift is a change of log-odds: how much likelier than on average a film with this genre, tag or
runtime class is taken at this daypart, on this kind of day (`recommender.context` defines both), or
in this mood. There are lifts for everyone, for a server and for a person, each only what the
broader ones leave; `recommender.context.lift_fit` learns them from what came of picks, and from nothing
else. A film's lift is bounded and re-weights the person's own score: it never replaces it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from recommender.context.clock import DAY_KINDS, DAYPARTS, moment
from recommender.data import Catalogue, Vocabulary
from recommender.numeric.arrays import Array64, Ints64, Sparse, sparse

Who: TypeAlias = Literal["everyone", "mood", "server", "person"]
When: TypeAlias = Literal["always", "daypart", "day", "moment"]
Kind: TypeAlias = Literal["genre", "tag", "runtime", "group"]

MAX_LIFT = 0.8  # the greatest lift of a film, log-odds either way
SPREADS_PER_LOG_ODDS = (
    1.5  # spreads of the best scores for each unit of log-odds, where it was not learned
)
SPREADS_PER_LOG_ODDS_LIMITS = (0.25, 4.0)  # what a learned one may be
FEW = 0.25  # share of the films up to which only their rows are looked at
SHORT, LONG = 100.0, 150.0  # minutes: at most, at least


@dataclass(frozen=True)
class Level:
    """For whom and for which times a term has coefficients of its own."""

    who: Who
    when: When

    @property
    def name(self) -> str:
        """ "person × daypart"."""
        return f"{self.who} × {self.when}"


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
    """table: (films, features) sparse, 0 … 1; names and kinds of the features."""

    table: Sparse
    names: tuple[str, ...]
    kinds: tuple[Kind, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """A name for each that no other has: "tag/cosy"."""
        return tuple(f"{kind}/{name}" for kind, name in zip(self.kinds, self.names, strict=True))


@dataclass(frozen=True)
class Circumstance:
    """When and for whom a pick is made; -1 unknown. person None: nobody in particular."""

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
    """From a local hour 0–23 and weekday 0–6; None is unknown. Raises DataError."""
    where = -1 if server is None else server
    if hour is None or weekday is None:
        return Circumstance(person=person, server=where, mood=mood)
    now = moment(hour, weekday)
    part, day = DAYPARTS.index(now.daypart), DAY_KINDS.index(now.day)
    return Circumstance(part, day, person, where, mood)


@dataclass(frozen=True, eq=False)
class Learned:
    """One level: units: the ids (people, servers, moods) it knows; keys: (groups,) ascending, unit
    row × times + time; coefficients: (groups, features)."""

    units: Vocabulary
    times: int
    keys: Ints64
    coefficients: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Support:
    """What the data say of one level and kind of feature: spread of its coefficients, log-odds, 0
    for nothing; evidence in nats."""

    level: str
    kind: Kind
    spread: float
    evidence: float


@dataclass(frozen=True, eq=False)
class LiftModel:
    """learned: by the level's name, only those that hold anything; supports: what was found of
    every one; strength: 0 … 1, 0 where nothing was gained on events held out; slope: log-odds for
    each spread of the person's own score, NaN where scores were not given; events: how many it was
    learned from; parts, days: how many dayparts and kinds of day there are."""

    features: LiftFeatures
    learned: Mapping[str, Learned] = field(default_factory=dict)
    supports: tuple[Support, ...] = ()
    strength: float = 0.0
    slope: float = float("nan")
    events: int = 0
    parts: int = len(DAYPARTS)
    days: int = len(DAY_KINDS)

    @property
    def active(self) -> bool:
        """Whether it does anything."""
        return self.strength > 0 and bool(self.learned)

    @property
    def worth(self) -> float:
        """Spreads of the person's best scores that make up for one unit of log-odds."""
        if not self.slope > 0:
            return SPREADS_PER_LOG_ODDS
        return float(np.clip(1 / self.slope, *SPREADS_PER_LOG_ODDS_LIMITS))

    def coefficients(self, at: Circumstance) -> Array64:
        """(features,) log-odds that each feature gains, with the strength in."""
        total = np.zeros(len(self.features.names))
        if not self.active:
            return total
        for level in LEVELS:
            known = self.learned.get(level.name)
            time = time_of(level.when, at.daypart, at.day, self.days)
            if known is None or time < 0:
                continue
            unit = 0 if level.who == "everyone" else known.units.row(_unit(level.who, at))
            key = unit * known.times + time
            place = int(np.searchsorted(known.keys, key)) if unit >= 0 else len(known.keys)
            if place < len(known.keys) and known.keys[place] == key:
                total += known.coefficients[place]
        return total * self.strength

    def log_odds(self, at: Circumstance, films: Ints64 | None = None) -> Array64:
        """(films,) or (k,) of the rows named: what the moment adds, within -MAX_LIFT … MAX_LIFT."""
        if not self.active:
            return np.zeros(self.features.table.shape[0] if films is None else len(films))
        return self.applied(self.coefficients(at), films)

    def applied(self, coefficients: Array64, films: Ints64 | None = None) -> Array64:
        """`log_odds` with coefficients that are known already."""
        each = coefficients.astype(np.float32)
        table = self.features.table
        if films is None:
            lifted = table @ each
        elif len(films) < FEW * table.shape[0]:
            lifted = table[films] @ each
        else:  # to take so many rows out costs more than to look at all
            lifted = (table @ each)[films]
        return np.clip(np.asarray(lifted, np.float64), -MAX_LIFT, MAX_LIFT)

    def reasons(self, at: Circumstance, film: int) -> tuple[tuple[int, float], ...]:
        """(feature, log-odds) of one film, the greatest first; they add up to its lift where that
        is within the bound."""
        return self.reasons_by(self.coefficients(at), film)

    def reasons_by(self, coefficients: Array64, film: int) -> tuple[tuple[int, float], ...]:
        """`reasons` with coefficients that are known already."""
        row = slice(*self.features.table.indptr[film : film + 2].tolist())
        columns = self.features.table.indices[row]
        amounts = coefficients[columns] * self.features.table.data[row]
        order = np.argsort(-np.abs(amounts), kind="stable")
        return tuple((int(columns[i]), float(amounts[i])) for i in order if amounts[i])


def features_of(catalogue: Catalogue) -> LiftFeatures:
    """Genres, tags (a tag that defines a film counts 1, one that touches it a third) and two
    classes of runtime: short, up to 100 minutes, and long, from 150."""
    runtimes = catalogue.runtimes
    classes = np.column_stack([runtimes <= SHORT, runtimes >= LONG]).astype(np.float32)
    tags = catalogue.tags.copy()
    tags.data = np.minimum(tags.data / 3, 1.0)
    table = sp.hstack([catalogue.genres, tags, sp.csr_array(classes)], format="csr")
    genres, names = catalogue.genre_names, catalogue.tag_names
    kinds: list[Kind] = ["genre"] * len(genres)
    kinds += ["tag"] * len(names)
    kinds += ["runtime", "runtime"]
    return LiftFeatures(sparse(table), (*genres, *names, "short", "long"), tuple(kinds))


def arrays(model: LiftModel) -> dict[str, npt.NDArray[Any]]:
    """What has to be stored of a model besides its features, by name."""
    held: dict[str, npt.NDArray[Any]] = {
        "lift": np.array([model.strength, model.slope, model.events, model.parts, model.days]),
        "lift_levels": np.array(list(model.learned), np.str_),
        "lift_features": np.array(model.features.keys, np.str_),
    }
    for at, one in enumerate(model.learned.values()):
        held[f"lift_units_{at}"] = one.units.ids_array
        held[f"lift_times_{at}"] = np.array([one.times], np.int64)
        held[f"lift_keys_{at}"] = one.keys
        held[f"lift_coefficients_{at}"] = one.coefficients
    return held


def from_arrays(stored: Mapping[str, npt.NDArray[Any]], features: LiftFeatures) -> LiftModel:
    """The model again, over these features, found by name: what is known of others is dropped, and
    of new ones nothing is known. `supports` are not stored."""
    strength, slope, events, parts, days = stored["lift"].tolist()
    old = {str(name): at for at, name in enumerate(stored["lift_features"].tolist())}
    here = np.array([old.get(name, -1) for name in features.keys], np.int64)
    learned = {}
    for at, name in enumerate(stored["lift_levels"].tolist()):
        before = stored[f"lift_coefficients_{at}"]
        table = np.where(here >= 0, before[:, np.maximum(here, 0)], 0).astype(np.float32)
        units = Vocabulary(stored[f"lift_units_{at}"])
        times = int(stored[f"lift_times_{at}"][0])
        learned[str(name)] = Learned(units, times, stored[f"lift_keys_{at}"], table)
    return LiftModel(features, learned, (), strength, slope, int(events), int(parts), int(days))


def time_of(when: When, daypart: int, day: int, days: int) -> int:
    if when == "always":
        return 0
    if when == "daypart":
        return daypart
    if when == "day":
        return day
    return daypart * days + day if daypart >= 0 and day >= 0 else -1


def _unit(who: Who, at: Circumstance) -> int:
    """The id to look up: 0 for everyone, one that is nobody's where it is unknown."""
    nobody = int(np.iinfo(np.int64).min)
    if who == "everyone":
        return 0
    if who == "person":
        return nobody if at.person is None else at.person
    found = at.server if who == "server" else at.mood
    return found if found >= 0 else nobody
