"""Feedback as numbers: what people do about a shown film, as a reward from 0 to 1.

A *showing* is one film that was shown at one time, to one person or in a server. An *act* is
something that a person did about a film: a button, a command, a reaction, a rating.

    outcome   reward  meaning
    watched     1.0   watched at a movie night
    rated      stars  (stars − 1) / 4: 0 for half a star or one, 1 for five
    reacted    stars  the same, with the stars that the emoji reaction means
    later       0.7   wanted, but not now
    seen        0.4   seen before: the film fits the person, but tells little about the hour
    opened      0.2   opened to read more
    another     0.0   passed over for another film
    refused     0.0   "not for me"

Each act is credited to one showing. It is the newest showing of the same film in the message that
the person acted on, at most `CREDIT_WINDOW` seconds before the act. If all showings of the film in
that message are later than the act, a clock was wrong, and the first one gets it. If there is no
such showing (the act was a command, or a button of another card), it is the newest showing of the
film to the same person in that time. If one person's acts give a showing several outcomes, the
outcome with the greatest weight counts, and the newest of equal ones. For example, "not for me"
after opening counts as refused. Acts of bots never count. Opening a film counts once: if the person
opens it again within `CREDIT_WINDOW`, from any showing, the second time is ignored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommender.errors import DataError
from recommender.numeric.arrays import Array64, Bools, Ints64

HOUR, DAY = 3600.0, 86_400.0  # seconds
CREDIT_WINDOW = 14 * DAY  # seconds; an act later than this after a showing gets no credit
BULK_RATINGS, BULK_SPAN_SECONDS = 5, 600.0  # this many ratings in this time are bulk entry


@dataclass(frozen=True)
class PickOutcome:
    """The reward and the weight of one kind of act on a film, such as opening or refusing it.

    Attributes:
        reward: from 0 to 1; NaN if the reward is computed from the stars.
        weight: if a person acted several times on a film that was shown once, the act with the
            greatest weight counts and the others are ignored.
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
    """n showings: each is one film that was shown at one time.

    Attributes:
        film: (n,) ids of the films.
        person: (n,) id of the person who asked for a film; 0 if it was shown to a server, for
            example in a post.
        message: (n,) id of the Discord message with the film; 0 is unknown.
        at: (n,) Unix seconds at which the film was shown.
    """

    film: Ints64
    person: Ints64
    message: Ints64
    at: Array64


@dataclass(frozen=True, eq=False)
class FeedbackActs:
    """m things that people did about films, such as ratings and presses of buttons.

    Attributes:
        film: (m,) ids of the films.
        person: (m,) ids of the people.
        message: (m,) id of the message whose button or reaction was used; 0 if there was none.
        outcome: (m,) indices in `NAMES` of the kinds of act.
        stars: (m,) stars of a rating or reaction; NaN for other acts.
        at: (m,) Unix seconds of the acts.
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
    """What people did about the films that were shown.

    A showing is one film shown at one time. There is one row for each pair of a showing and a
    person who acted on it. A showing to a person who did not act on it has one row too, with the
    outcome `NO_OUTCOME`.

    Attributes:
        shown: (k,) row of the showing in `Shown`.
        person: (k,) ids of the people.
        outcome: (k,) indices in `NAMES`, or `NO_OUTCOME`.
        reward: (k,) from 0 to 1; 0 if no act followed.
        at: (k,) Unix seconds of the act, or of the showing if no act followed.
    """

    shown: Ints64
    person: Ints64
    outcome: Ints64
    reward: Array64
    at: Array64


def rewards(outcome: Ints64, stars: Array64) -> Array64:
    """Returns (m,) the rewards, 0 to 1, of what people did about films.

    The table at the top of this module gives them. outcome: (m,) indices in `NAMES`. stars: (m,)
    stars, NaN for acts without stars. Raises DataError if a rating or reaction has no stars.
    """
    table = np.array([each.reward for each in OUTCOMES.values()])
    fixed = table[outcome]
    graded = np.clip((stars - 1) / 4, 0.0, 1.0)
    found = np.where(np.isnan(fixed), graded, fixed)
    if np.isnan(found).any():
        raise DataError("rating-without-stars")
    return np.asarray(found)


def credit(shown: Shown, acts: FeedbackActs, window: float = CREDIT_WINDOW) -> CreditedOutcomes:
    """Returns what people did about each film shown, by the rules at the top of this module.

    Acts that do not respond to a showing of a film are left out. shown: the showings. acts: the
    acts. window: an act responds to a showing at most this many seconds before it.
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
    """Returns (m,) the row of the showing (film shown once) that each act responds to, or -1.

    It is the newest showing of the film in the act's message (the first one if all are later than
    the act), or else the newest to the act's person. Acts of bots get -1. window: an act responds
    to a showing at most this many seconds away.
    """
    found = np.full(len(acts.film), -1, np.int64)
    on = (acts.message != 0) & ~acts.bot
    found[on] = _newest(shown.message, shown, acts.message[on], acts, on, window)
    early = on & (found < 0)  # nobody acts on a message that is not there yet
    later, before = replace(shown, at=-shown.at), replace(acts, at=-acts.at)
    found[early] = _newest(shown.message, later, acts.message[early], before, early, window)
    left = (found < 0) & ~acts.bot & (acts.person != 0)
    found[left] = _newest(shown.person, shown, acts.person[left], acts, left, window)
    return found


def _newest(
    keys: Ints64, shown: Shown, wanted: Ints64, acts: FeedbackActs, some: Bools, window: float
) -> Ints64:
    """Returns (k,) for each of k acts on films, the row of the newest earlier showing of the same
    film.

    The showing must have the same key as the act. Keys are either ids of messages or ids of people.
    The row is -1 if there is no such showing.

    keys: (n,) keys of the showings; a showing with key 0 is skipped. wanted: (k,) keys of the acts.
    some: (m,) True for the k acts. window: greatest time from a showing to an act, seconds."""
    usable = np.flatnonzero(keys != 0)
    order = usable[np.lexsort((shown.at[usable], shown.film[usable], keys[usable]))]
    if not len(order) or not len(wanted):
        return np.full(len(wanted), -1, np.int64)
    # Showings and acts are sorted together by key, film and time. The last showing before an act
    # in this order is the newest one, if it has the same key and film.
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
    """Returns (k,) False for an act that opens a film again, True for all other acts.

    An act opens a film again if the same person opened it at most `CREDIT_WINDOW` seconds before.
    The two may respond to different showings (a showing is a film shown once). target: (m,) row of
    the showing that each act responds to. rows: (k,) rows of the acts to check."""
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

    Nobody watches five films in ten minutes. Such ratings come from an import, from the quiz, or
    from a list that somebody works through. Their times say nothing about when people watch.
    Ratings of unknown time count as bulk too. person: (n,) ids of the people. when: (n,) Unix
    seconds, NaN is unknown."""
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
    """Returns the share of people whose first and last rating lie at most one day apart.

    Only people with at least `least` ratings of known time are counted. Returns 0 if there are no
    such people. person: (n,) ids of the people. when: (n,) Unix seconds, NaN is unknown."""
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
