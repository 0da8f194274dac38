"""Finds and deletes rows that are too old for anything to read them.

Rows are found in a read transaction and deleted in small groups, so that other writers do not wait
long. Rows that are still read are kept at any age. These are ratings and the events behind them,
cards (messages about a film) whose reactions count, and the last time that each film was posted in
a server. What an experiment showed is kept while the experiment is defined.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.feedback.exposures import label
from storage.schema import (
    card_events,
    cards,
    exposures,
    import_films,
    imports,
    impressions,
    night_presences,
    nights,
    posts,
    rating_events,
    ratings,
    standing_events,
)

Key = tuple[Any, ...]
"""The primary key of a row."""


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """The times before which rows are deleted, aware.

    Attributes:
        shown: for films that were shown to a person, and for repeated posts of a film in a server.
        wild: for films that were shown as wild cards (new or little known films shown as a trial).
        cards: for cards (messages about a film) without reactions that count.
        rating_log: for rating events that were taken back or replaced.
        card_events: for what people did about cards other than rating.
        drafts: for film histories that people brought in and never applied.
        undo: for what is needed to undo a film history that was applied.
        slots: for slots (planned posts: a schedule on one date) that were sent or skipped.
        nights: for movie nights, with their films, guests and messages.
        presences: for the times that people were in the voice channel of a movie night.
        experiments: names of the experiments that are defined; what they showed is kept.
    """

    shown: datetime
    wild: datetime
    cards: datetime
    rating_log: datetime
    card_events: datetime
    drafts: datetime
    undo: datetime
    slots: datetime
    nights: datetime
    presences: datetime
    experiments: tuple[str, ...] = ()


def rules(cutoffs: Cutoffs) -> Mapping[str, tuple[Table, ColumnElement[bool]]]:
    """Returns the rules of deletion by name: the table, and the SQL condition of the rows to
    delete.

    The names are in words.

    cutoffs: the times before which rows are deleted.
    """
    shown, card, log = impressions.c, cards.c, rating_events.c
    newer = impressions.alias("newer")
    posted_since = exists().where(
        newer.c.guild_id == shown.guild_id,
        newer.c.film_id == shown.film_id,
        newer.c.person_id.is_(None),
        newer.c.delivered,
        newer.c.id > shown.id,
    )
    standing = exists().where(standing_events.c.event_id == log.id)
    restorable = exists().where(import_films.c.former_event_id == log.id)
    deciding = exists().where(ratings.c.event_id == log.id)
    counts = exists().where(standing_events.c.message_id == card.message_id)
    plain = and_(shown.wild.is_(False), _of_no_experiment(cutoffs.experiments))
    return {
        "films-shown-to-people": (
            impressions,
            and_(shown.shown_at < cutoffs.shown, shown.person_id.is_not(None), plain),
        ),
        "posts-of-a-film-that-was-posted-again": (
            impressions,
            and_(shown.shown_at < cutoffs.shown, shown.person_id.is_(None), posted_since, plain),
        ),
        "wild-cards": (
            impressions,
            and_(
                shown.shown_at < cutoffs.wild,
                shown.wild.is_(True),
                _of_no_experiment(cutoffs.experiments),
            ),
        ),
        "cards-without-reactions": (cards, and_(card.posted_at < cutoffs.cards, ~counts)),
        "rating-events-that-were-taken-back-or-replaced": (
            rating_events,
            and_(log.at < cutoffs.rating_log, ~standing, ~deciding, ~restorable),
        ),
        "card-events": (card_events, card_events.c.at < cutoffs.card_events),
        "exposures-to-experiments-that-are-no-more": (
            exposures,
            and_(
                exposures.c.first_at < cutoffs.shown,
                exposures.c.experiment.not_in(cutoffs.experiments),
            ),
        ),
        "histories-that-were-never-applied": (
            imports,
            and_(imports.c.at < cutoffs.drafts, imports.c.state.in_(("reading", "waiting"))),
        ),
        "histories-that-can-no-longer-be-undone": (
            imports,
            and_(imports.c.at < cutoffs.undo, imports.c.state == "applied"),
        ),
        "slots-of-posts": (
            posts,
            and_(posts.c.claimed_at < cutoffs.slots, posts.c.outcome.is_not(None)),
        ),
        "movie-nights": (
            nights,
            and_(nights.c.starts_at < cutoffs.nights, nights.c.pending.is_(False)),
        ),
        "presences-at-movie-nights": (
            night_presences,
            night_presences.c.until < cutoffs.presences,
        ),
    }


async def find_old(
    conn: AsyncConnection, rule: str, cutoffs: Cutoffs, limit: int
) -> tuple[Key, ...]:
    """Returns the keys of at most `limit` rows that a rule deletes.

    rule: the rule's name, a key of `rules`.
    cutoffs: the times before which rows are deleted.
    """
    table, condition = rules(cutoffs)[rule]
    rows = await conn.execute(select(*table.primary_key).where(condition).limit(limit))
    return tuple(tuple(row) for row in rows)


async def delete_old(
    conn: AsyncConnection, rule: str, cutoffs: Cutoffs, keys: Sequence[Key]
) -> int:
    """Delete the rows with these keys; returns how many were deleted.

    A row that no longer meets the rule's condition is kept.

    rule: a key of `rules`.
    cutoffs: the times before which rows are deleted.
    """
    table, condition = rules(cutoffs)[rule]
    columns = tuple(table.primary_key)
    if len(columns) == 1:
        chosen = columns[0].in_([key[0] for key in keys])
    else:
        chosen = tuple_(*columns).in_(keys)
    return (await conn.execute(delete(table).where(chosen, condition))).rowcount


async def oldest_of_newest(conn: AsyncConnection, count: int) -> datetime | None:
    """Returns when the oldest of the last `count` shown films was shown, UTC.

    None if fewer films were shown.
    """
    newest = select(impressions.c.shown_at).order_by(impressions.c.id.desc())
    found = await conn.execute(newest.offset(count - 1).limit(1))
    at: datetime | None = found.scalar_one_or_none()
    return at


async def first_exposure(conn: AsyncConnection, experiments: Sequence[str]) -> datetime | None:
    """Returns when the first of these experiments began to show films, UTC; None if none has begun.

    experiments: names of experiments.
    """
    found = await conn.execute(
        select(func.min(exposures.c.first_at)).where(exposures.c.experiment.in_(experiments))
    )
    at: datetime | None = found.scalar_one()
    return at


def _of_no_experiment(experiments: Sequence[str]) -> ColumnElement[bool]:
    """Returns the SQL condition that a shown film was not chosen by any arm of these experiments.

    An arm is a variant that an experiment compares.

    experiments: names of experiments.
    """
    arm = impressions.c.arm
    chosen = [arm.startswith(label(name, ""), autoescape=True) for name in experiments]
    return or_(arm.is_(None), ~or_(*chosen)) if chosen else true()
