"""Learning what rises and falls by the clock and by mood from what came of picks.

Every level (for everyone, in a mood, for a server, for a person; by daypart, by kind of day, by
both) is a term of one additive model of log-odds (`recommender.context.empirical_bayes`), the broad ones first,
each with a variance of its own that is exactly zero where the data support nothing: so each is
shrunk toward the broader one. What is liked, shown or answered at all times is fitted beside them,
so that a lift is what the moment adds. How far the whole is followed, its strength, is chosen on
events held out, and is 0 where that gains nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from recommender.context.clock import DAY_KINDS, DAYPARTS
from recommender.context.empirical_bayes import FittedTerm, Term, fit_terms
from recommender.context.lift import (
    LEVELS,
    MAX_LIFT,
    Kind,
    Learned,
    Level,
    LiftFeatures,
    LiftModel,
    Support,
    When,
    Who,
)
from recommender.data import Vocabulary
from recommender.errors import DataError
from recommender.numeric.arrays import Array64, Ints64

EVIDENCE = 4.0  # nats a level needs: under no effect a level passes once in 400 fits
MAIN = 1.0  # spread of what is liked at all times, for everyone
STRENGTHS = (0.25, 0.5, 0.75, 1.0)
HELD_OUT = 0.2  # of the events


@dataclass(frozen=True, eq=False)
class Events:
    """What came of picks. person: (n,) ids; film: (n,) rows of the features; daypart, day: (n,)
    indices in DAYPARTS and DAY_KINDS (or of another division of time), local, -1 unknown; accepted:
    (n,) 0 … 1; and where known server: ids, -1 none; mood: numbers from 0, -1 none asked; position:
    in the card; weight; base: the person's own score of the film, in spreads of their best films'
    scores. Raises DataError where lengths or values do not fit."""

    person: Ints64
    film: Ints64
    daypart: Ints64
    day: Ints64
    accepted: Array64
    server: Ints64 | None = None
    mood: Ints64 | None = None
    position: Ints64 | None = None
    weight: Array64 | None = None
    base: Array64 | None = None
    parts: int = len(DAYPARTS)
    days: int = len(DAY_KINDS)

    def __post_init__(self) -> None:
        n = len(self.accepted)
        for column in (*self._ints().values(), self.weight, self.base):
            if column is not None and len(column) != n:
                raise DataError("The events' columns differ in length; give one value for each.")
        if n and not (self.accepted.min() >= 0 and self.accepted.max() <= 1):
            raise DataError("What came of an event lies from 0, refused, to 1, taken.")
        if n and (self.daypart.max() >= self.parts or self.day.max() >= self.days):
            raise DataError("An event's daypart or kind of day is none of those that there are.")

    def __len__(self) -> int:
        return len(self.accepted)

    def where(self, keep: npt.NDArray[np.bool_]) -> "Events":
        """Only some of them."""
        columns = {**self._ints(), "weight": self.weight, "base": self.base}
        some = {name: None if c is None else c[keep] for name, c in columns.items()}
        return replace(self, accepted=self.accepted[keep], **some)  # type: ignore[arg-type]

    def _ints(self) -> Mapping[str, Ints64 | None]:
        names = ("person", "film", "daypart", "day", "server", "mood", "position")
        return {name: getattr(self, name) for name in names}


def fit_lift(features: LiftFeatures, events: Events, rng: np.random.Generator) -> LiftModel:
    """Learn from what came of picks. Events whose times are no times of choosing (imports, the
    quiz, see `outcomes.bulk`) must be left out by the caller. The same input and generator state
    give the same model. Cost grows with events × levels; what one person's few events say is a
    system as small as they are."""
    whole = _fit(features, events)
    if not whole.learned:
        return replace(whole, strength=0.0)
    out = rng.random(len(events)) < HELD_OUT
    strength = _strength(_fit(features, events.where(~out)), events.where(~out), events.where(out))
    return replace(whole, strength=strength)


def _strength(model: LiftModel, known: Events, held: Events) -> float:
    """The strength with the greatest likelihood of the events held out; 0 unless that gains at
    least a standard error, where a person's events count as one.

    Against the events' own main effects, refitted with the lift as an offset on the held-out ones.
    """
    if not model.learned or not len(held):
        return 0.0
    plain = held_out_log_odds(model, known, held)
    full = replace(model, strength=1.0)
    lifts = lift_of_events(full, held)
    _, person = np.unique(held.person, return_inverse=True)
    weight = np.ones(len(held)) if held.weight is None else held.weight
    best, chosen = 0.0, 0.0
    base = _likelihood(held.accepted, plain)
    for strength in STRENGTHS:
        gain = weight * (_likelihood(held.accepted, plain + strength * lifts) - base)
        each = np.bincount(person, gain)
        error = float(np.sqrt(np.sum((each - each.mean()) ** 2)))
        total = float(each.sum())
        if total > best and total > error:
            best, chosen = total, strength
    return chosen


def lift_of_events(model: LiftModel, events: Events) -> Array64:
    """(n,) the lift of each event's film in its circumstance."""
    total = np.zeros(len(events))
    if not model.active:
        return total
    table = model.features.table[events.film]
    row = np.repeat(np.arange(len(events)), np.diff(table.indptr))
    for level in LEVELS:
        known = model.learned.get(level.name)
        if known is None:
            continue
        key = _keys(level, events, known.units, known.times)
        place = np.minimum(np.searchsorted(known.keys, key), len(known.keys) - 1)
        found = (key >= 0) & (known.keys[place] == key)
        theirs = known.coefficients[place[row], table.indices] * table.data
        total += np.where(found, np.bincount(row, theirs, len(events)), 0.0)
    return np.clip(model.strength * total, -MAX_LIFT, MAX_LIFT)


# Fitting -----------------------------------------------------------------------------------------


def _fit(features: LiftFeatures, events: Events) -> LiftModel:
    """Every level at full strength."""
    empty = LiftModel(features, events=len(events), parts=events.parts, days=events.days)
    if not len(events):
        return empty
    plain = _nuisances(features, events)
    columns = _by_kind(features, events)
    asked = [(level, kind) for level in LEVELS if _knows(level, events) for kind in columns]
    units = {level: _units(level.who, events) for level, _ in asked}
    times = {level: _times(level.when, events) for level, _ in asked}
    keys = {level: _keys(level, events, units[level], times[level]) for level, _ in asked}
    known = {level: np.unique(key[key >= 0]) for level, key in keys.items()}
    terms = [
        Term(_place(known[level], keys[level]), len(known[level]), columns[kind], None, EVIDENCE)
        for level, kind in asked
    ]
    weight = np.ones(len(events)) if events.weight is None else events.weight
    fitted = fit_terms([*plain, *terms], events.accepted, weight)
    slope = float(fitted[1].coefficients[0, 0]) if events.base is not None else float("nan")
    found = dict(zip(asked, fitted[len(plain) :], strict=True))
    supports = tuple(
        Support(level.name, kind, one.spread, one.evidence) for (level, kind), one in found.items()
    )
    learned = {}
    for level in known:
        mine = {kind: one for (at, kind), one in found.items() if at == level and one.spread}
        if mine:
            table = _joined(features, mine, len(known[level]))
            learned[level.name] = Learned(units[level], times[level], known[level], table)
    return replace(empty, learned=learned, supports=supports, strength=1.0, slope=slope)


def _nuisances(features: LiftFeatures, events: Events) -> list[Term]:
    """What holds at all times: how often anything is taken, at this moment, in this position, by
    this person, of this film; the person's own score; and what everyone, the server and the person
    like anyway."""
    n = len(events)
    one = np.zeros(n, np.int64)
    terms = [Term(one, 1, None, 3.0, anchor=True)]
    if events.base is not None:
        terms.append(Term(one, 1, sp.csr_array(events.base[:, None]), 3.0, anchor=True))
    moments = np.where(
        (events.daypart >= 0) & (events.day >= 0), events.daypart * events.days + events.day, -1
    )
    for ids in (moments, events.position, events.film, events.server, events.mood, events.person):
        if ids is not None:
            here = np.ones(n, bool) if ids is events.person else ids >= 0
            known, place = np.unique(ids[here], return_inverse=True)
            group = np.full(n, -1, np.int64)
            group[here] = place
            terms.append(Term(group, max(len(known), 1)))
    for columns in _by_kind(features, events).values():
        terms.append(Term(one, 1, columns, MAIN, anchor=True))
        for ids in (events.server, events.person):
            if ids is not None:
                _, group = np.unique(ids, return_inverse=True)
                terms.append(Term(group, int(group.max()) + 1, columns))
    return terms


def held_out_log_odds(model: LiftModel, known: Events, held: Events) -> Array64:
    """(n,) log-odds of the held-out events by what holds at all times, fitted to the known ones
    without any lift: people and films are matched by fitting both together, the held-out ones with
    no weight."""
    both = _both(known, held)
    weight = np.ones(len(known)) if known.weight is None else known.weight
    weight = np.concatenate([weight, np.zeros(len(held))])
    terms = _nuisances(model.features, both)
    fitted = fit_terms(terms, both.accepted, weight)
    total = np.zeros(len(both))
    for term, one in zip(terms, fitted, strict=True):
        total += _said(term, one)
    return total[len(known) :]


def _said(term: Term, fitted: FittedTerm) -> Array64:
    group = np.maximum(term.group, 0)
    if term.columns is None:
        said = fitted.coefficients[group, 0]
    else:
        row = np.repeat(np.arange(len(group)), np.diff(term.columns.indptr))
        theirs = fitted.coefficients[group[row], term.columns.indices] * term.columns.data
        said = np.bincount(row, theirs, len(group))
    return np.where(term.group >= 0, said, 0.0)


def _both(one: Events, other: Events) -> Events:
    def joined(name: str) -> Any:
        first, second = getattr(one, name), getattr(other, name)
        return None if first is None else np.concatenate([first, second])

    names = ("person", "film", "daypart", "day", "accepted", "server", "mood", "position")
    columns = {name: joined(name) for name in (*names, "weight", "base")}
    return replace(one, **columns)


def _by_kind(features: LiftFeatures, events: Events) -> dict[Kind, Any]:
    """The events' films' features, (n, features of that kind), by kind."""
    kinds = np.array(features.kinds)
    table = features.table[events.film]
    return {kind: table[:, kinds == kind] for kind in dict.fromkeys(features.kinds)}


def _joined(features: LiftFeatures, mine: Mapping[Kind, FittedTerm], groups: int) -> Any:
    """(groups, features) coefficients of all kinds, 0 where a kind holds nothing."""
    kinds = np.array(features.kinds)
    table = np.zeros((groups, len(kinds)), np.float32)
    for kind, one in mine.items():
        table[:, kinds == kind] = one.coefficients
    return table


def _knows(level: Level, events: Events) -> bool:
    ids = {"server": events.server, "mood": events.mood}.get(level.who, events.person)
    return ids is not None and bool((_keys_of(level, events) >= 0).any())


def _units(who: Who, events: Events) -> Vocabulary:
    ids = {"server": events.server, "mood": events.mood, "person": events.person}.get(who)
    if ids is None:
        return Vocabulary([0])
    return Vocabulary(np.unique(ids if who == "person" else ids[ids >= 0]))


def _times(when: When, events: Events) -> int:
    return {
        "always": 1,
        "daypart": events.parts,
        "day": events.days,
        "moment": events.parts * events.days,
    }[when]


def _keys_of(level: Level, events: Events) -> Ints64:
    """(n,) the time of each event, -1 where it or the unit is unknown."""
    if level.when == "always":
        time = np.zeros(len(events), np.int64)
    elif level.when == "daypart":
        time = events.daypart
    elif level.when == "day":
        time = events.day
    else:
        both = (events.daypart >= 0) & (events.day >= 0)
        time = np.where(both, events.daypart * events.days + events.day, -1)
    ids = {"server": events.server, "mood": events.mood}.get(level.who)
    return time if ids is None else np.where(ids >= 0, time, -1)


def _keys(level: Level, events: Events, units: Vocabulary, times: int) -> Ints64:
    """(n,) unit row × times + time, -1 where either is unknown."""
    time = _keys_of(level, events)
    ids = {"server": events.server, "mood": events.mood, "person": events.person}.get(level.who)
    if level.who == "everyone":
        return time
    if ids is None:
        return np.full(len(events), -1, np.int64)
    unit = units.rows(ids)
    return np.where((unit >= 0) & (time >= 0), unit * times + time, -1)


def _place(known: Ints64, keys: Ints64) -> Ints64:
    return np.where(keys >= 0, np.searchsorted(known, keys), -1)


def _likelihood(came: Array64, log_odds: Array64) -> Array64:
    """(n,) log-likelihood of what came."""
    return came * log_odds - np.logaddexp(0.0, log_odds)
