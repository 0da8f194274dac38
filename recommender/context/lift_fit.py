"""Learns lifts, the effects of time and mood on films, from picks that were accepted or refused.

Lifts are learned at several levels: for everyone, a mood, a server or a person, and by daypart, by
kind of day, or by both. Every level is a term of one additive model of log-odds
(`empirical_bayes`). The broad levels are fitted first, so each narrower level is shrunk toward the
broader ones. Each term has its own prior variance, which is exactly zero if the data support no
effect. Further terms describe what does not depend on time and mood, such as how well a film is
liked on the whole. A lift is therefore only what time or mood adds. All lifts are multiplied by one
strength from 0 to 1. It is chosen on held-out events and is 0 if lifts do not predict them better.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from recommender.context.empirical_bayes import FittedTerm, Term, fit_terms
from recommender.context.events import Events, concatenate_events
from recommender.context.lift import (
    LEVELS,
    MAX_LIFT,
    Kind,
    LearnedLevel,
    Level,
    LevelSupport,
    LiftFeatures,
    LiftModel,
    Scope,
    TimeUnit,
)
from recommender.data import Vocabulary
from recommender.numeric.arrays import Array64, Ints64

MIN_EVIDENCE = 4.0  # nats that a level must gain; a level without effect does so in 1 of 400 fits
TASTE_SPREAD = 1.0  # prior standard deviation of everyone's taste at all times, log-odds
STRENGTHS = (0.25, 0.5, 0.75, 1.0)  # strengths that are tried
HELD_OUT_SHARE = 0.2  # share of the events that are held out to choose the strength


def fit_lift(features: LiftFeatures, events: Events, rng: np.random.Generator) -> LiftModel:
    """Learns lifts (effects of time and mood on films) from accepted and refused picks.

    The time of an event must be the time at which a film was chosen. The caller must therefore
    leave out imported ratings and quiz answers (`feedback.bulk` finds them). The same input and
    generator state give the same model. The computing time grows with events × levels."""
    whole = _fit(features, events)
    if not whole.learned:
        return replace(whole, strength=0.0)
    out = rng.random(len(events)) < HELD_OUT_SHARE
    strength = _strength(_fit(features, events.where(~out)), events.where(~out), events.where(out))
    return replace(whole, strength=strength)


def _strength(model: LiftModel, train: Events, held_out: Events) -> float:
    """Returns the factor from `STRENGTHS` on all lifts that best predicts the held-out events.

    Lifts are effects of time and mood on films. The gain of a factor is how much it raises the
    log-likelihood over a prediction without lifts. Returns 0 if no gain is greater than its
    standard error, for which all events of a person are one observation. model: the lifts, learned
    from `train`. held_out: the events to predict."""
    if not model.learned or not len(held_out):
        return 0.0
    plain = held_out_log_odds(model, train, held_out)
    full = replace(model, strength=1.0)
    lifts = lift_of_events(full, held_out)
    _, person = np.unique(held_out.person, return_inverse=True)
    weight = np.ones(len(held_out)) if held_out.weight is None else held_out.weight
    best, chosen = 0.0, 0.0
    base = _likelihood(held_out.accepted, plain)
    for strength in STRENGTHS:
        gain = weight * (_likelihood(held_out.accepted, plain + strength * lifts) - base)
        each = np.bincount(person, gain)
        error = float(np.sqrt(np.sum((each - each.mean()) ** 2)))
        total = float(each.sum())
        if total > best and total > error:
            best, chosen = total, strength
    return chosen


def lift_of_events(model: LiftModel, events: Events) -> Array64:
    """Returns (n,) the log-odds that time and mood add to the film of each of n events."""
    total = np.zeros(len(events))
    if not model.active:
        return total
    table = model.features.table[events.film]
    row = np.repeat(np.arange(len(events)), np.diff(table.indptr))
    for level in LEVELS:
        learned = model.learned.get(level.name)
        if learned is None:
            continue
        key = _keys(level, events, learned.units, learned.times)
        place = np.minimum(np.searchsorted(learned.keys, key), len(learned.keys) - 1)
        found = (key >= 0) & (learned.keys[place] == key)
        amounts = learned.coefficients[place[row], table.indices] * table.data
        total += np.where(found, np.bincount(row, amounts, len(events)), 0.0)
    return np.clip(model.strength * total, -MAX_LIFT, MAX_LIFT)


# Fitting -----------------------------------------------------------------------------------------


def _fit(features: LiftFeatures, events: Events) -> LiftModel:
    """Learns the effects of time and mood (lifts) of every level from all of the given events.

    A level is everyone, a mood, a server or a person. The strength of the model, a factor on all
    effects, is 1. features: the features of films (genres, tags …) that can have effects."""
    empty = LiftModel(features, events=len(events), parts=events.parts, days=events.days)
    if not len(events):
        return empty
    constant = _constant_terms(features, events)
    columns = _by_kind(features, events)
    pairs = [(level, kind) for level in LEVELS if _has_events(level, events) for kind in columns]
    units = {level: _units(level.scope, events) for level, _ in pairs}
    times = {level: _times(level.time, events) for level, _ in pairs}
    keys = {level: _keys(level, events, units[level], times[level]) for level, _ in pairs}
    groups = {level: np.unique(key[key >= 0]) for level, key in keys.items()}
    terms = [
        Term(
            _places(groups[level], keys[level]),
            len(groups[level]),
            columns[kind],
            None,
            MIN_EVIDENCE,
        )
        for level, kind in pairs
    ]
    weight = np.ones(len(events)) if events.weight is None else events.weight
    fitted = fit_terms([*constant, *terms], events.accepted, weight)
    slope = float(fitted[1].coefficients[0, 0]) if events.base is not None else float("nan")
    found = dict(zip(pairs, fitted[len(constant) :], strict=True))
    supports = tuple(
        LevelSupport(level.name, kind, one.spread, one.evidence)
        for (level, kind), one in found.items()
    )
    learned = {}
    for level in groups:
        by_kind = {kind: one for (at, kind), one in found.items() if at == level and one.spread}
        if by_kind:
            table = _coefficients(features, by_kind, len(groups[level]))
            learned[level.name] = LearnedLevel(units[level], times[level], groups[level], table)
    return replace(empty, learned=learned, supports=supports, strength=1.0, slope=slope)


def _constant_terms(features: LiftFeatures, events: Events) -> list[Term]:
    """Returns the terms of the model that do not depend on time and mood together with films'
    features.

    They keep the effects of time and mood (lifts) from explaining anything else. Constants describe
    how often picks are accepted: in all, and at each time, in each position, for each film, in each
    server, in each mood and by each person. One term describes the effect of the film's score for
    the person. Further terms describe which features everyone, each server and each person like at
    all times."""
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
            found, place = np.unique(ids[here], return_inverse=True)
            group = np.full(n, -1, np.int64)
            group[here] = place
            terms.append(Term(group, max(len(found), 1)))
    for columns in _by_kind(features, events).values():
        terms.append(Term(one, 1, columns, TASTE_SPREAD, anchor=True))
        for ids in (events.server, events.person):
            if ids is not None:
                _, group = np.unique(ids, return_inverse=True)
                terms.append(Term(group, int(group.max()) + 1, columns))
    return terms


def held_out_log_odds(model: LiftModel, train: Events, held_out: Events) -> Array64:
    """Returns (n,) the log-odds of n held-out events, predicted without lifts.

    Lifts are effects of time and mood on films. Only the terms of `_constant_terms` are fitted.
    Both sets of events are passed to the fit, so that people and films have the same numbers in
    both, but the held-out events have weight 0. model: only its film features are used. train: the
    events to learn from."""
    both = concatenate_events(train, held_out)
    weight = np.ones(len(train)) if train.weight is None else train.weight
    weight = np.concatenate([weight, np.zeros(len(held_out))])
    terms = _constant_terms(model.features, both)
    fitted = fit_terms(terms, both.accepted, weight)
    total = np.zeros(len(both))
    for term, one in zip(terms, fitted, strict=True):
        total += _log_odds(term, one)
    return total[len(train) :]


def _log_odds(term: Term, fitted: FittedTerm) -> Array64:
    """Returns (n,) what a fitted term adds to the log-odds of each of n events.

    term: the term, with the group and features of each event. fitted: its coefficients."""
    group = np.maximum(term.group, 0)
    if term.columns is None:
        log_odds = fitted.coefficients[group, 0]
    else:
        row = np.repeat(np.arange(len(group)), np.diff(term.columns.indptr))
        amounts = fitted.coefficients[group[row], term.columns.indices] * term.columns.data
        log_odds = np.bincount(row, amounts, len(group))
    return np.where(term.group >= 0, log_odds, 0.0)


def _by_kind(features: LiftFeatures, events: Events) -> dict[Kind, Any]:
    """Returns, for each kind of feature, (n, features of that kind) the features of each event's
    film."""
    kinds = np.array(features.kinds)
    table = features.table[events.film]
    return {kind: table[:, kinds == kind] for kind in dict.fromkeys(features.kinds)}


def _coefficients(features: LiftFeatures, by_kind: Mapping[Kind, FittedTerm], groups: int) -> Any:
    """Returns (groups, features) the coefficients of the features of all kinds.

    They are 0 for kinds that are not in `by_kind`. by_kind: the fitted term of each kind of
    feature. groups: number of groups of events that have coefficients of their own."""
    kinds = np.array(features.kinds)
    table = np.zeros((groups, len(kinds)), np.float32)
    for kind, one in by_kind.items():
        table[:, kinds == kind] = one.coefficients
    return table


def _has_events(level: Level, events: Events) -> bool:
    """Returns True if there is an event from which effects of a level can be learned. A level is a
    pair such as "person × daypart". The time of the event (daypart or kind of day) must be known if
    the level distinguishes times. Its server, mood or person must be known if the level has one."""
    ids = {"server": events.server, "mood": events.mood}.get(level.scope, events.person)
    return ids is not None and bool((_event_times(level, events) >= 0).any())


def _units(scope: Scope, events: Events) -> Vocabulary:
    """Returns the ids of the servers, moods or people that have events; only 0 if everyone is one
    unit. scope: whether effects are learned for everyone, each mood, each server or each person."""
    ids = {"server": events.server, "mood": events.mood, "person": events.person}.get(scope)
    if ids is None:
        return Vocabulary([0])
    return Vocabulary(np.unique(ids if scope == "person" else ids[ids >= 0]))


def _times(time: TimeUnit, events: Events) -> int:
    """Returns how many different times can have coefficients of their own, such as the dayparts.
    time: whether times are distinguished by daypart, kind of day, both or not at all."""
    return {
        "always": 1,
        "daypart": events.parts,
        "day": events.days,
        "moment": events.parts * events.days,
    }[time]


def _event_times(level: Level, events: Events) -> Ints64:
    """Returns (n,) the number of each event's time, such as its daypart, counted from 0. level:
    says which times are distinguished. The number is -1 if the level needs the time, the server or
    the mood, and the event's is unknown."""
    if level.time == "always":
        time = np.zeros(len(events), np.int64)
    elif level.time == "daypart":
        time = events.daypart
    elif level.time == "day":
        time = events.day
    else:
        both = (events.daypart >= 0) & (events.day >= 0)
        time = np.where(both, events.daypart * events.days + events.day, -1)
    ids = {"server": events.server, "mood": events.mood}.get(level.scope)
    return time if ids is None else np.where(ids >= 0, time, -1)


def _keys(level: Level, events: Events, units: Vocabulary, times: int) -> Ints64:
    """Returns (n,) a number for the group of each event; -1 if the group is unknown. A group is all
    events of one unit (person, server or mood) at one time (such as a daypart). Its number is the
    unit's row × `times` + the number of the time. level: says which units and times are
    distinguished. units: ids of the units. times: number of times."""
    time = _event_times(level, events)
    ids = {"server": events.server, "mood": events.mood, "person": events.person}.get(level.scope)
    if level.scope == "everyone":
        return time
    if ids is None:
        return np.full(len(events), -1, np.int64)
    unit = units.rows(ids)
    return np.where((unit >= 0) & (time >= 0), unit * times + time, -1)


def _places(groups: Ints64, keys: Ints64) -> Ints64:
    """Returns (n,) the index of each key in `groups`; -1 for the key -1. groups: keys in ascending
    order."""
    return np.where(keys >= 0, np.searchsorted(groups, keys), -1)


def _likelihood(accepted: Array64, log_odds: Array64) -> Array64:
    """Returns (n,) the log-likelihood of each event's outcome. accepted: (n,) outcomes, 0 to 1.
    log_odds: (n,) the predicted log-odds of acceptance."""
    return accepted * log_odds - np.logaddexp(0.0, log_odds)
