"""Feedback as numbers: the reward of what people do, and the showing that gets the credit.

    outcome   reward  meaning
    watched     1.0   watched at a movie night
    rated      stars  (stars − 1) / 4: 0 for half a star or one, 1 for five
    reacted    stars  the same, with the stars of the reaction
    later       0.7   wanted, but not now
    seen        0.4   a fitting suggestion, but nothing new; says little about the hour
    opened      0.2   looked at more closely
    another     0.0   passed over for another film
    refused     0.0   "not for me"

An act is credited to the newest showing of its film in the message it was made on, at most
`CREDIT_WINDOW` seconds earlier. Without such a showing (the act was a command, or a button of
another card), it is credited to the newest one to the same person. If a person did several things
about one showing, the outcome with the greatest weight counts, and the newest of equal ones. So
"not for me" after opening is a refusal. Acts of bots never count. Opening a film counts once:
opening it again within `CREDIT_WINDOW`, in any showing, is not a second interest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.errors import DataError
from recommender.numeric.arrays import Array64, Bools, Ints64

HOUR, DAY = 3600.0, 86_400.0  # seconds
CREDIT_WINDOW = 14 * DAY  # seconds after a showing during which acts are credited to it
BULK_RATINGS, BULK_SPAN_SECONDS = 5, 600.0  # one person's ratings this close together are bulk


@dataclass(frozen=True)
class PickOutcome:
    """What one kind of act is worth.

    Attributes:
        reward: from 0 to 1; NaN if it follows from the stars.
        weight: of several acts on one showing, the one with the greatest weight counts.
    """

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
NO_OUTCOME = -1  # the outcome of a showing that no act followed


@dataclass(frozen=True, eq=False)
class Shown:
    """n films as they were shown.

    Attributes:
        film: (n,) ids.
        person: (n,) id of the person who requested the film; 0 if it was shown to a server.
        message: (n,) id of the message; 0 is unknown.
        at: (n,) Unix seconds.
    """

    film: Ints64
    person: Ints64
    message: Ints64
    at: Array64


@dataclass(frozen=True, eq=False)
class FeedbackActs:
    """m acts of people on films.

    Attributes:
        film: (m,) ids.
        person: (m,) ids.
        message: (m,) id of the message that was acted on; 0 if there was no message.
        outcome: (m,) indices in `NAMES`.
        stars: (m,) stars of a rating or reaction; NaN for other acts.
        at: (m,) Unix seconds.
        bot: (m,) True if a bot did it.
    """

    film: Ints64
    person: Ints64
    message: Ints64
    outcome: Ints64
    stars: Array64
    at: Array64
    bot: Bools


@dataclass(frozen=True, eq=False)
class CreditedOutcomes:
    """The outcomes of showings: one row for each showing and person who acted on it, and one for
    each showing to a person who did not act on it.

    Attributes:
        shown: (k,) row of the showing.
        person: (k,) ids.
        outcome: (k,) indices in `NAMES`, or `NO_OUTCOME`.
        reward: (k,) from 0 to 1.
        at: (k,) Unix seconds of the act, or of the showing if no act followed.
    """

    shown: Ints64
    person: Ints64
    outcome: Ints64
    reward: Array64
    at: Array64


def rewards(outcome: Ints64, stars: Array64) -> Array64:
    """Returns (m,) the rewards of acts, from the table above.

    outcome: (m,) indices in `NAMES`. stars: (m,) stars, NaN for acts without stars. Raises
    DataError if a rating or reaction has no stars.
    """
    table = np.array([each.reward for each in OUTCOMES.values()])
    fixed = table[outcome]
    graded = np.clip((stars - 1) / 4, 0.0, 1.0)
    found = np.where(np.isnan(fixed), graded, fixed)
    if np.isnan(found).any():
        raise DataError("A rating or reaction has no stars; leave out what the scale lacks.")
    return np.asarray(found)


def credit(shown: Shown, acts: FeedbackActs, window: float = CREDIT_WINDOW) -> CreditedOutcomes:
    """Returns the outcome of every showing. Acts that no showing precedes are left out.

    window: seconds after a showing during which acts are credited to it.
    """
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
    answered = np.zeros(len(shown.film), bool)
    own = acts.person[best] == shown.person[target[best]]
    answered[target[best][own]] = True
    silent = np.flatnonzero((shown.person != 0) & ~answered)
    none = np.full(len(silent), NO_OUTCOME, np.int64)
    place = np.concatenate([target[best], silent])
    found = CreditedOutcomes(
        place,
        np.concatenate([acts.person[best], shown.person[silent]]),
        np.concatenate([acts.outcome[best], none]),
        np.concatenate([rewards(acts.outcome[best], acts.stars[best]), np.zeros(len(silent))]),
        np.concatenate([acts.at[best], shown.at[silent]]),
    )
    order = np.lexsort((found.person, found.shown))
    return CreditedOutcomes(
        *(getattr(found, name)[order] for name in CreditedOutcomes.__dataclass_fields__)
    )


def credited_to(shown: Shown, acts: FeedbackActs, window: float = CREDIT_WINDOW) -> Ints64:
    """Returns (m,) the row of the showing that each act is credited to, or -1 for no showing.

    The showing is found by the act's message, else by its person. Acts of bots get no showing.
    """
    found = np.full(len(acts.film), -1, np.int64)
    on = (acts.message != 0) & ~acts.bot
    found[on] = _newest(shown.message, shown, acts.message[on], acts, on, window)
    left = (found < 0) & ~acts.bot & (acts.person != 0)
    found[left] = _newest(shown.person, shown, acts.person[left], acts, left, window)
    return found


def _newest(
    keys: Ints64, shown: Shown, wanted: Ints64, acts: FeedbackActs, some: Bools, window: float
) -> Ints64:
    """Returns, for each of k acts, the row of the newest showing of its film before it, or -1.

    A showing counts only if its key (its message or person) is the act's. keys: (n,) keys of the
    showings. wanted: (k,) keys of the acts. some: (m,) True for the k acts. window: seconds.
    """
    usable = np.flatnonzero(keys != 0)
    order = usable[np.lexsort((shown.at[usable], shown.film[usable], keys[usable]))]
    if not len(order) or not len(wanted):
        return np.full(len(wanted), -1, np.int64)
    # Sort showings and acts together: the last showing before an act in that order is its newest.
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
    """Returns (k,) False for an act that opens a film again within the credit window.

    The person may have opened it in any showing. rows: (k,) rows of acts.
    """
    opened = NAMES.index("opened")
    is_open = acts.outcome[rows] == opened
    keep = np.ones(len(rows), bool)
    places = np.flatnonzero(is_open)
    opens = rows[places]
    order = np.lexsort((acts.at[opens], acts.film[opens], acts.person[opens]))
    person, film, at = acts.person[opens][order], acts.film[opens][order], acts.at[opens][order]
    again = np.zeros(len(order), bool)
    again[1:] = (
        (person[1:] == person[:-1]) & (film[1:] == film[:-1]) & (np.diff(at) <= CREDIT_WINDOW)
    )
    keep[places[order]] = ~again
    return keep


def bulk(
    person: npt.NDArray[np.integer],
    when: Array64,
    count: int = BULK_RATINGS,
    span: float = BULK_SPAN_SECONDS,
) -> Bools:
    """Returns (n,) True for a rating that was entered in bulk: one of at least `count` ratings by
    the same person within `span` seconds.

    Nobody watches five films in ten minutes. Such times come from imports, the quiz or a list that
    somebody works through, and say nothing about when people watch. Ratings of unknown time count
    as bulk too.

    person: (n,) ids of the people. when: (n,) Unix seconds, NaN is unknown.
    """
    found = np.isnan(when)
    known = np.flatnonzero(~found)
    order = known[np.lexsort((when[known], person[known]))]
    rater, at = person[order], when[order]
    reach = count - 1
    if len(order) > reach:
        close = (rater[reach:] == rater[:-reach]) & (at[reach:] - at[:-reach] <= span)
        starts = np.concatenate([close, np.zeros(reach, bool)]).astype(np.int64)
        covered = np.cumsum(starts)
        covered[count:] -= covered[:-count].copy()
        found[order] = covered > 0
    return found


def one_day_share(
    person: npt.NDArray[np.integer], when: Array64, least: int = BULK_RATINGS
) -> float:
    """Returns the share of people whose whole history lies within a day, among those with at least
    `least` ratings of known time. Returns 0 if there are no such people."""
    known = ~np.isnan(when)
    _, rater = np.unique(person[known], return_inverse=True)
    if not len(rater):
        return 0.0
    first = np.full(int(rater.max()) + 1, np.inf)
    last = np.full(len(first), -np.inf)
    np.minimum.at(first, rater, when[known])
    np.maximum.at(last, rater, when[known])
    enough = np.bincount(rater) >= least
    return float((last - first <= DAY)[enough].mean()) if enough.any() else 0.0
