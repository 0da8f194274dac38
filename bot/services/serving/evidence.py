"""The evidence that models learn from: what was shown, joined with what people did about it.

A showing is one film shown once (an impression). An act is what a person did about a film: a
rating, or pressing a button such as *Later*. `recommender/feedback.py` decides which act responds
to which showing, and how good an outcome it is (its reward, 0 to 1). The following are left out:
people who opted out (whose feedback may not shape other people's picks), messages for groups,
ratings entered in bulk (five within ten minutes), quiz answers, imported ratings, and showings of
the last day without a response, which may still get one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from bot.services.catalogue import moods
from bot.services.scale import SCALE
from recommender.context.clock import DAY_KINDS, DAYPARTS
from recommender.context.events import Events
from recommender.data import MIN_PEOPLE, Vocabulary
from recommender.feedback import (
    DAY,
    NAMES,
    NO_OUTCOME,
    CreditedOutcomes,
    FeedbackActs,
    Shown,
    bulk,
    credit,
    credited_to,
)
from recommender.numeric.arrays import Array64, Bools, Ints64
from storage.database.engine import Transaction
from storage.feedback import card_events, impressions, rating_events
from storage.feedback.card_events import CardEvent
from storage.feedback.emoji import normalise_emoji
from storage.feedback.impressions import Showing
from storage.feedback.rating_events import StandingEvent

EVIDENCE_WINDOW = timedelta(days=180)  # older showings teach nothing
WILD_WINDOW = timedelta(days=365)  # nor do older wild cards, which are few
MIN_SILENCE_SECONDS = DAY
"""A film shown without a response counts as unanswered only after this time."""

SURFACES = ("recommend", "similar", "trending", "post", "quiz")
POSITIONS_PER_SURFACE = 100
"""Each surface (/recommend, /similar …) numbers its positions from a multiple of this number. The
effect of a position is therefore learned for each surface separately.
"""

WILD_POSITION = 99
"""The position number of a wild card, whatever its place on the card."""

STARS_BY_EMOJI = {normalise_emoji(emoji): stars for emoji, stars in SCALE.items()}


@dataclass(frozen=True)
class Evidence:
    """Which films were shown, and what people did about films, as stored.

    A showing is one film shown once.

    Attributes:
        showings: films that were shown to a person or a server.
        ratings: ratings by reaction, button or command that nobody took back.
        card_events: what else people did about films, such as pressing *Later*.
        now: when the evidence was read.
    """

    showings: tuple[Showing, ...]
    ratings: tuple[StandingEvent, ...]
    card_events: tuple[CardEvent, ...]
    now: datetime


async def read_evidence(
    conn: Transaction, now: datetime, *, since: datetime | None = None, wild: bool = False
) -> Evidence:
    """Returns the films shown at `since` or later, and what people did about films since then.

    since: a time with a time zone; None for the last `EVIDENCE_WINDOW`.
    wild: True for only the films shown as wild cards (picks that give new films a chance), and what
        people did about those films.
    """
    since = now - EVIDENCE_WINDOW if since is None else since
    showings = await impressions.showings(conn, since, wild=True if wild else None)
    films = sorted({one.film_id for one in showings}) if wild else None
    return Evidence(
        showings,
        await rating_events.standing_since(conn, since, films),
        await card_events.holding_since(conn, since, films),
        now,
    )


@dataclass(frozen=True)
class CreditedShowings:
    """Showings (films shown once) with their outcomes: what people did about them.

    Attributes:
        showings: the showings.
        credited: one row for each pair of a showing and a person who acted on it. A showing to a
            person who did not act on it has one row too. `credited.shown` are indices in
            `showings`.
    """

    showings: tuple[Showing, ...]
    credited: CreditedOutcomes


def credit_showings(evidence: Evidence) -> CreditedShowings:
    """Returns each showing (a film shown once) with what people did in response to it.

    Ratings entered in bulk (at least five within ten minutes) are left out. Showings without a
    response that are younger than MIN_SILENCE_SECONDS are left out too.

    evidence: which films were shown, and what people did about films.
    """
    shown = Shown(
        film=_ints(showing.film_id for showing in evidence.showings),
        person=_ints(showing.person_id or 0 for showing in evidence.showings),
        message=_ints(showing.message_id or 0 for showing in evidence.showings),
        at=_floats(showing.shown_at.timestamp() for showing in evidence.showings),
    )
    acts = _acts(evidence.ratings, evidence.card_events)
    credited = credit(shown, acts)
    keep = ~_entered_in_bulk(shown, acts, credited)
    young = shown.at[credited.shown] > evidence.now.timestamp() - MIN_SILENCE_SECONDS
    keep &= ~(young & (credited.outcome == NO_OUTCOME))
    names = CreditedOutcomes.__dataclass_fields__
    kept = CreditedOutcomes(*(getattr(credited, name)[keep] for name in names))
    return CreditedShowings(evidence.showings, kept)


def context_events(evidence: Evidence, films: Vocabulary) -> Events:
    """Returns the events from which the model learns what people choose at which time and mood.

    An event is a film shown once, with what people did about it. Only films in `films` are
    included. An event without a recorded score gets the mean score of the others.

    evidence: which films were shown, and what people did about films.
    """
    answers = credit_showings(evidence)
    credited = answers.credited
    row = films.rows(_ints(showing.film_id for showing in answers.showings))[credited.shown]
    known = row >= 0
    showings = [answers.showings[at] for at in credited.shown[known].tolist()]
    scores = _floats(np.nan if showing.score is None else showing.score for showing in showings)
    scored = ~np.isnan(scores)
    mean = float(scores[scored].mean()) if scored.any() else 0.0
    return Events(
        person=credited.person[known],
        film=row[known],
        daypart=_ints(_index(DAYPARTS, showing.daypart) for showing in showings),
        day=_ints(_index(DAY_KINDS, showing.day_kind) for showing in showings),
        accepted=credited.reward[known],
        server=servers_of_many(
            _ints(-1 if showing.guild_id is None else showing.guild_id for showing in showings),
            credited.person[known],
        ),
        mood=_ints(
            -1 if showing.mood is None else moods.mood_number(showing.mood) for showing in showings
        ),
        position=_ints(_position(showing) for showing in showings),
        base=np.where(scored, scores, mean) if scored.any() else None,
    )


def servers_of_many(servers: Ints64, people: Ints64) -> Ints64:
    """Returns the server of each event; -1 for servers where fewer than MIN_PEOPLE people acted.

    What is learned for a server influences its posts, so it must not come from one or two people.

    servers, people: (events,) ids.
    """
    pairs = np.unique(np.stack([servers, people]), axis=1)
    ids, counts = np.unique(pairs[0], return_counts=True)
    return np.where(np.isin(servers, ids[counts >= MIN_PEOPLE]), servers, -1)


def wild_rewards(evidence: Evidence) -> dict[int, float]:
    """Returns the sum of the rewards for showing each film as a wild card, by film id.

    A wild card is a new or little known film that is shown as a trial. A reward, 0 to 1, says how
    well a person responded. No response counts as 0.

    evidence: which films were shown, and what people did about films.
    """
    answers = credit_showings(evidence)
    credited = answers.credited
    totals: dict[int, float] = {}
    for at, reward in zip(credited.shown.tolist(), credited.reward.tolist(), strict=True):
        film = answers.showings[at].film_id
        totals[film] = totals.get(film, 0.0) + reward
    return totals


def _acts(ratings: Sequence[StandingEvent], card_events: Sequence[CardEvent]) -> FeedbackActs:
    """Returns ratings and other acts of people on films as arrays.

    Reactions with an emoji outside the rating scale, and ratings taken back by command, are left
    out.

    ratings: the ratings.
    card_events: what else people did about films.
    """
    rows: list[tuple[int, int, int, int, float, float]] = []
    for rating in ratings:
        act, reacted = rating.event, rating.event.source == "reaction"
        stars = rating.stars
        if reacted and stars is None:
            stars = STARS_BY_EMOJI.get(normalise_emoji(act.emoji))
        if stars is not None:
            kind = NAMES.index("reacted" if reacted else "rated")
            at = rating.at.timestamp()
            rows.append((act.film_id, act.person_id, act.message_id, kind, stars, at))
    for event in card_events:
        kind, at = NAMES.index(event.kind), event.at.timestamp()
        rows.append((event.film_id, event.person_id, event.message_id or 0, kind, np.nan, at))
    film, person, message, outcome, stars_, at_ = zip(*rows, strict=True) if rows else ((),) * 6
    return FeedbackActs(
        film=np.array(film, np.int64),
        person=np.array(person, np.int64),
        message=np.array(message, np.int64),
        outcome=np.array(outcome, np.int64),
        stars=np.array(stars_, np.float64),
        at=np.array(at_, np.float64),
        bot=np.zeros(len(rows), np.bool_),  # acts of bots are never recorded
    )


def _entered_in_bulk(shown: Shown, acts: FeedbackActs, credited: CreditedOutcomes) -> Bools:
    """Returns (k,) True for rows of `credited` that come from a rating entered in bulk.

    Such a rating is one of at least five by the same person within ten minutes.

    shown, acts: the shown films, and what people did about films.
    """
    graded = ~np.isnan(acts.stars)
    when = np.where(graded, acts.at, np.nan)
    in_bulk = np.zeros(len(graded), np.bool_)
    in_bulk[graded] = bulk(acts.person[graded], when[graded])
    columns = {name: getattr(acts, name)[in_bulk] for name in FeedbackActs.__dataclass_fields__}
    bulk_acts = replace(acts, **columns)
    target = credited_to(shown, bulk_acts)
    pairs = set(zip(target.tolist(), bulk_acts.person.tolist(), strict=True))
    answers = zip(credited.shown.tolist(), credited.person.tolist(), strict=True)
    return np.array([answer in pairs for answer in answers], np.bool_).reshape(-1)


def _position(showing: Showing) -> int:
    position = WILD_POSITION if showing.wild else min(showing.position, WILD_POSITION - 1)
    return SURFACES.index(showing.surface) * POSITIONS_PER_SURFACE + position


def _index(names: Sequence[str], name: str | None) -> int:
    """Returns the index of `name` in `names`; -1 if it is not there."""
    return names.index(name) if name in names else -1


def _ints(values: Iterable[int]) -> Ints64:
    return np.array(list(values), np.int64)


def _floats(values: Iterable[float]) -> Array64:
    return np.array(list(values), np.float64)
