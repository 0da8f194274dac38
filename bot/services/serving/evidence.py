"""What came of what was shown, for learning from it: showings joined with acts.

`recommender/feedback.py` says which act belongs to which showing and what it is worth. Left out
are people who keep what they do out of others' picks, what groups were shown, ratings entered in
bulk, and showings so young that their answer may still come. The quiz and imports never count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from bot.services.catalogue import moods
from bot.services.scale import SCALE
from recommender.context.clock import DAY_KINDS, DAYPARTS
from recommender.context.events import Events
from recommender.data import Vocabulary
from recommender.feedback import (
    DAY,
    NAMES,
    NOTHING,
    Credited,
    FeedbackActs,
    Shown,
    bulk,
    credit,
    credited_to,
)
from recommender.numeric.arrays import Array64, Bools, Ints64
from storage.feedback import card_events, impressions, rating_events
from storage.feedback.card_events import CardEvent
from storage.feedback.impressions import Showing
from storage.feedback.rating_events import Standing, normalise_emoji

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

LOOKED_BACK = timedelta(days=180)  # older showings teach nothing any more
TOO_YOUNG = DAY  # seconds: nobody has answered, but may still
SURFACES = ("recommend", "similar", "trending", "post", "quiz")
PLACES = 100  # positions of one surface, apart from those of the others
WILD_PLACE = 99  # the position of a wild card, wherever it stood
STARS = {normalise_emoji(emoji): stars for emoji, stars in SCALE.items()}


@dataclass(frozen=True)
class Evidence:
    """showings, ratings and other acts since a moment, and when they were read."""

    showings: tuple[Showing, ...]
    rated: tuple[Standing, ...]
    others: tuple[CardEvent, ...]
    now: datetime


async def read(
    conn: "AsyncConnection", now: datetime, *, since: datetime | None = None, wild: bool = False
) -> Evidence:
    """Everything since then, by default of the time looked back on; of wild cards alone where
    `wild`."""
    since = now - LOOKED_BACK if since is None else since
    showings = await impressions.showings(conn, since, wild=True if wild else None)
    films = sorted({one.film_id for one in showings}) if wild else None
    return Evidence(
        showings,
        await rating_events.made_since(conn, since, films),
        await card_events.since(conn, since, films),
        now,
    )


@dataclass(frozen=True)
class Joined:
    """What came of showings: those that were joined, and one row for each person who answered one
    or was silent about it."""

    showings: tuple[Showing, ...]
    came: Credited


def joined(found: Evidence) -> Joined:
    """Credit acts to showings; answers given in bulk, and silences too young, are dropped."""
    shown = Shown(
        film=_ints(one.film_id for one in found.showings),
        person=_ints(one.person_id or 0 for one in found.showings),
        message=_ints(one.message_id or 0 for one in found.showings),
        at=_floats(one.shown_at.timestamp() for one in found.showings),
    )
    did = _acts(found.rated, found.others)
    came = credit(shown, did)
    keep = ~_entered_in_bulk(shown, did, came)
    young = shown.at[came.shown] > found.now.timestamp() - TOO_YOUNG
    keep &= ~(young & (came.outcome == NOTHING))
    names = Credited.__dataclass_fields__
    return Joined(found.showings, Credited(*(getattr(came, name)[keep] for name in names)))


def events(found: Evidence, films: Vocabulary) -> Events:
    """What the context is learned from, over the films of a catalogue."""
    both = joined(found)
    row = films.rows(_ints(one.film_id for one in both.showings))[both.came.shown]
    known = row >= 0
    of = [both.showings[at] for at in both.came.shown[known].tolist()]
    scores = _floats(np.nan if one.score is None else one.score for one in of)
    scored = ~np.isnan(scores)
    usual = float(scores[scored].mean()) if scored.any() else 0.0
    return Events(
        person=both.came.person[known],
        film=row[known],
        daypart=_ints(_at(DAYPARTS, one.daypart) for one in of),
        day=_ints(_at(DAY_KINDS, one.day_kind) for one in of),
        accepted=both.came.reward[known],
        server=_ints(-1 if one.guild_id is None else one.guild_id for one in of),
        mood=_ints(-1 if one.mood is None else moods.number(one.mood) for one in of),
        position=_ints(_place(one) for one in of),
        base=np.where(scored, scores, usual) if scored.any() else None,
    )


def wild_rewards(found: Evidence) -> dict[int, float]:
    """Film id -> the sum of what came of its wild cards; of who kept silent nothing came."""
    both = joined(found)
    totals: dict[int, float] = {}
    for at, reward in zip(both.came.shown.tolist(), both.came.reward.tolist(), strict=True):
        film = both.showings[at].film_id
        totals[film] = totals.get(film, 0.0) + reward
    return totals


def _acts(rated: Sequence[Standing], others: Sequence[CardEvent]) -> FeedbackActs:
    """Ratings and other acts as columns. A reaction outside the scale and "no rating" say
    nothing."""
    rows: list[tuple[int, int, int, int, float, float]] = []
    for one in rated:
        act, reacted = one.act, one.act.source == "reaction"
        stars = STARS.get(normalise_emoji(act.emoji)) if reacted else one.stars
        if stars is not None:
            kind = NAMES.index("reacted" if reacted else "rated")
            rows.append((act.film_id, act.person_id, act.message_id, kind, stars, _unix(one.at)))
    for other in others:
        kind = NAMES.index(other.kind)
        where = other.message_id or 0
        at = _unix(other.at)
        rows.append((other.film_id, other.person_id, where, kind, np.nan, at))
    film, person, message, outcome, stars_, at_ = zip(*rows, strict=True) if rows else ((),) * 6
    return FeedbackActs(
        film=np.array(film, np.int64),
        person=np.array(person, np.int64),
        message=np.array(message, np.int64),
        outcome=np.array(outcome, np.int64),
        stars=np.array(stars_, np.float64),
        at=np.array(at_, np.float64),
        bot=np.zeros(len(rows), np.bool_),  # none of theirs is ever recorded
    )


def _entered_in_bulk(shown: Shown, did: FeedbackActs, came: Credited) -> Bools:
    """(k,) whether what came of a showing was a rating among many of one sitting."""
    graded = ~np.isnan(did.stars)
    when = np.where(graded, did.at, np.nan)
    many = np.zeros(len(graded), np.bool_)
    many[graded] = bulk(did.person[graded], when[graded])
    columns = {name: getattr(did, name)[many] for name in FeedbackActs.__dataclass_fields__}
    some = replace(did, **columns)
    target = credited_to(shown, some)
    pairs = set(zip(target.tolist(), some.person.tolist(), strict=True))
    each = zip(came.shown.tolist(), came.person.tolist(), strict=True)
    return np.array([pair in pairs for pair in each], np.bool_).reshape(-1)


def _place(one: Showing) -> int:
    place = WILD_PLACE if one.wild else min(one.position, WILD_PLACE - 1)
    return SURFACES.index(one.surface) * PLACES + place


def _at(names: Sequence[str], name: str | None) -> int:
    return names.index(name) if name in names else -1


def _unix(at: datetime) -> float:
    return at.timestamp()


def _ints(values: Iterable[int]) -> Ints64:
    return np.array(list(values), np.int64)


def _floats(values: Iterable[float]) -> Array64:
    return np.array(list(values), np.float64)
