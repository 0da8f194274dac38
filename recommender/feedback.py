"""What came of a pick, in numbers: rewards, what is credited to which pick, what is no evidence.

    outcome   reward  what it says
    watched     1.0   watched, as a movie night showed
    rated      stars  (stars − 1) / 4: half a star 0, five stars 1
    reacted    stars  the same, by the reaction's stars
    later       0.7   wanted, not now
    seen        0.4   a fitting suggestion, but no news; says little about the hour
    opened      0.2   looked at more closely
    another     0.0   passed over for another one
    refused     0.0   not for me

An act is credited to the newest showing of that film within `WINDOW` before it: in the message it
was made on; else (a command, a button of another card) to that person. Of several acts of one
person on one showing the weightiest counts (`Outcome.weight`), of equal ones the newest, so that
"not for me" after opening is a refusal. Bots never count. Opening counts once: what somebody opens
again within `WINDOW`, in whatever showing, is no second interest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.errors import DataError
from recommender.numeric.arrays import Array64, Bools, Ints64

HOUR, DAY = 3600.0, 86_400.0
WINDOW = 14 * DAY  # seconds after a showing in which an act is credited to it
BULK, BULK_SPAN = 5, 600.0  # so many ratings of one person within so many seconds are bulk


@dataclass(frozen=True)
class PickOutcome:
    """reward: 0 … 1, NaN where the stars say; weight: which of several decides."""

    reward: float
    weight: int


OUTCOMES: Mapping[str, PickOutcome] = {
    "opened": PickOutcome(0.2, 1),
    "another": PickOutcome(0.0, 2),
    "seen": PickOutcome(0.4, 3),
    "later": PickOutcome(0.7, 4),
    "reacted": PickOutcome(np.nan, 5),
    "rated": PickOutcome(np.nan, 6),
    "watched": PickOutcome(1.0, 7),
    "refused": PickOutcome(0.0, 8),
}
NAMES = tuple(OUTCOMES)
NOTHING = -1  # no act followed


@dataclass(frozen=True, eq=False)
class Shown:
    """Showings. film: (n,) ids; person: (n,) ids of who asked, 0 where a server was shown it;
    message: (n,) ids, 0 unknown; at: (n,) Unix seconds."""

    film: Ints64
    person: Ints64
    message: Ints64
    at: Array64


@dataclass(frozen=True, eq=False)
class FeedbackActs:
    """What people did. film, person: (m,) ids; message: (m,) ids, 0 for an act on none; outcome:
    (m,) indices in NAMES; stars: (m,) NaN where there are none; at: (m,) Unix seconds; bot: (m,)
    whether a bot did it."""

    film: Ints64
    person: Ints64
    message: Ints64
    outcome: Ints64
    stars: Array64
    at: Array64
    bot: Bools


@dataclass(frozen=True, eq=False)
class Credited:
    """One row for each showing and person who answered it, and one for each showing to a person
    that nothing followed. shown: (k,) rows of the showings; person: (k,) ids; outcome: (k,) indices
    in NAMES, NOTHING; reward: (k,) 0 … 1; at: (k,) when, of nothing when it was shown."""

    shown: Ints64
    person: Ints64
    outcome: Ints64
    reward: Array64
    at: Array64


def rewards(outcome: Ints64, stars: Array64) -> Array64:
    """(m,) the table. Raises DataError for a rating or reaction without stars."""
    table = np.array([each.reward for each in OUTCOMES.values()])
    fixed = table[outcome]
    graded = np.clip((stars - 1) / 4, 0.0, 1.0)
    found = np.where(np.isnan(fixed), graded, fixed)
    if np.isnan(found).any():
        raise DataError("A rating or reaction has no stars; leave out what the scale lacks.")
    return np.asarray(found)


def credit(shown: Shown, acts: FeedbackActs, window: float = WINDOW) -> Credited:
    """Join showings with what followed. Acts without a showing before them are left out."""
    target = credited_to(shown, acts, window)
    rows = np.flatnonzero(target >= 0)
    rows = rows[_counts(acts, target, rows)]
    weight = np.array([each.weight for each in OUTCOMES.values()])[acts.outcome[rows]]
    order = rows[np.lexsort((acts.at[rows], weight, acts.person[rows], target[rows]))]
    last = np.ones(len(order), bool)
    last[:-1] = (target[order][1:] != target[order][:-1]) | (
        acts.person[order][1:] != acts.person[order][:-1]
    )
    best = order[last]
    theirs = np.zeros(len(shown.film), bool)
    own = acts.person[best] == shown.person[target[best]]
    theirs[target[best][own]] = True
    silent = np.flatnonzero((shown.person != 0) & ~theirs)
    none = np.full(len(silent), NOTHING, np.int64)
    place = np.concatenate([target[best], silent])
    found = Credited(
        place,
        np.concatenate([acts.person[best], shown.person[silent]]),
        np.concatenate([acts.outcome[best], none]),
        np.concatenate([rewards(acts.outcome[best], acts.stars[best]), np.zeros(len(silent))]),
        np.concatenate([acts.at[best], shown.at[silent]]),
    )
    order = np.lexsort((found.person, found.shown))
    return Credited(*(getattr(found, name)[order] for name in Credited.__dataclass_fields__))


def credited_to(shown: Shown, acts: FeedbackActs, window: float = WINDOW) -> Ints64:
    """(m,) the showing that each act is credited to, -1 for none: by its message, where that is
    known, else by its person. Bots have none."""
    found = np.full(len(acts.film), -1, np.int64)
    on = (acts.message != 0) & ~acts.bot
    found[on] = _newest(shown.message, shown, acts.message[on], acts, on, window)
    left = (found < 0) & ~acts.bot & (acts.person != 0)
    found[left] = _newest(shown.person, shown, acts.person[left], acts, left, window)
    return found


def _newest(
    keys: Ints64, shown: Shown, wanted: Ints64, acts: FeedbackActs, some: Bools, window: float
) -> Ints64:
    """The newest showing of each act's film under its key (message or person) before the act."""
    usable = np.flatnonzero(keys != 0)
    order = usable[np.lexsort((shown.at[usable], shown.film[usable], keys[usable]))]
    if not len(order) or not len(wanted):
        return np.full(len(wanted), -1, np.int64)
    # Showings and acts in one sorted line: the showing last passed is the newest before the act.
    both_key = np.concatenate([keys[order], wanted])
    both_film = np.concatenate([shown.film[order], acts.film[some]])
    both_at = np.concatenate([shown.at[order], acts.at[some]])
    is_act = np.concatenate([np.zeros(len(order)), np.ones(len(wanted))])
    line = np.lexsort((is_act, both_at, both_film, both_key))
    passed = np.maximum.accumulate(np.where(line < len(order), np.arange(len(line)), -1))
    at_act = line >= len(order)
    before = np.where(passed >= 0, line[passed], -1)[at_act]
    act = line[at_act] - len(order)
    showing = np.where(before >= 0, before, 0)
    same = (before >= 0) & (both_key[showing] == wanted[act])
    same &= both_film[showing] == acts.film[some][act]
    same &= both_at[line[at_act]] - both_at[showing] <= window
    found = np.full(len(wanted), -1, np.int64)
    found[act] = np.where(same, order[showing], -1)
    return found


def _counts(acts: FeedbackActs, target: Ints64, rows: Ints64) -> Bools:
    """(len(rows),) False for opening again what the same person opened before, in whatever
    showing of that film within the window."""
    opened = NAMES.index("opened")
    is_open = acts.outcome[rows] == opened
    keep = np.ones(len(rows), bool)
    some = np.flatnonzero(is_open)
    mine = rows[some]
    order = np.lexsort((acts.at[mine], acts.film[mine], acts.person[mine]))
    person, film, at = acts.person[mine][order], acts.film[mine][order], acts.at[mine][order]
    again = np.zeros(len(order), bool)
    again[1:] = (person[1:] == person[:-1]) & (film[1:] == film[:-1]) & (np.diff(at) <= WINDOW)
    keep[some[order]] = ~again
    return keep


def bulk(
    person: npt.NDArray[np.integer],
    when: Array64,
    count: int = BULK,
    span: float = BULK_SPAN,
) -> Bools:
    """(n,) whether a rating was entered in bulk: one of at least `count` ratings of its person
    within `span` seconds. Nobody watches five films in ten minutes, so such times (imports, the
    quiz, working through a list) say nothing about when somebody watches. Unknown times are no
    evidence either, and count as bulk. person: (n,); when: (n,) Unix seconds, NaN unknown."""
    found = np.isnan(when)
    known = np.flatnonzero(~found)
    order = known[np.lexsort((when[known], person[known]))]
    who, at = person[order], when[order]
    reach = count - 1
    if len(order) > reach:
        close = (who[reach:] == who[:-reach]) & (at[reach:] - at[:-reach] <= span)
        starts = np.concatenate([close, np.zeros(reach, bool)]).astype(np.int64)
        covered = np.cumsum(starts)
        covered[count:] -= covered[:-count].copy()
        found[order] = covered > 0
    return found


def in_one_go(person: npt.NDArray[np.integer], when: Array64, least: int = BULK) -> float:
    """The share of people, of those with at least so many ratings of known time, whose whole
    history lies within a day; 0 of none."""
    known = ~np.isnan(when)
    _, who = np.unique(person[known], return_inverse=True)
    if not len(who):
        return 0.0
    first = np.full(int(who.max()) + 1, np.inf)
    last = np.full(len(first), -np.inf)
    np.minimum.at(first, who, when[known])
    np.maximum.at(last, who, when[known])
    enough = np.bincount(who) >= least
    return float((last - first <= DAY)[enough].mean()) if enough.any() else 0.0
