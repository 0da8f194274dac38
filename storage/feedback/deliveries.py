"""Finds out later which message showed which films, and stores which films nobody saw.

An impression is the record of one film shown once. It is stored before its message is sent, and
gets the message's id afterwards. The functions here are for impressions whose message is unknown or
was not delivered.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.feedback.impressions import Impression
from storage.schema import impressions


async def mark_undelivered(conn: AsyncConnection, impression_ids: Collection[int]) -> None:
    """Store that nobody saw the films of these impressions, because their message was not
    delivered.

    An impression is the record of one film shown once.
    """
    await conn.execute(
        update(impressions)
        .where(impressions.c.id.in_(impression_ids), impressions.c.message_id.is_(None))
        .values(delivered=False)
    )


async def has_message(conn: AsyncConnection, impression_id: int) -> bool:
    """True if it is stored which message showed a film.

    impression_id: id of the impression, which is the record of one film shown once.
    """
    query = select(impressions.c.message_id).where(impressions.c.id == impression_id)
    return (await conn.execute(query)).scalar_one_or_none() is not None


async def of_answer(conn: AsyncConnection, headline: Impression) -> tuple[int, ...]:
    """Returns the ids of all impressions (films shown) of one message, that of its main film first.

    headline: the impression of the message's main film.
    """
    columns = impressions.c
    rows = await conn.execute(
        select(columns.id, columns.position)
        .where(columns.id >= headline.id, columns.shown_at == headline.shown_at)
        .where(columns.channel_id.is_not_distinct_from(headline.channel_id))
        .where(columns.person_id.is_not_distinct_from(headline.person_id))
        .order_by(columns.id)
    )
    found = [row.id for row in rows if row.position == row.id - headline.id]
    return tuple(found)


async def headline_without_message(
    conn: AsyncConnection,
    *,
    channel_id: int,
    film_id: int,
    person_id: int | None,
    since: datetime,
    until: datetime,
    near: datetime,
) -> Impression | None:
    """Returns the record (impression) of a film that was shown in a message that is not stored.

    A message about the film was found in the channel, and this record may belong to it. The film
    must be the main film of its message and shown from `since` to `until`. If there are several
    records, the one with the time nearest to `near` is returned. Returns None without a record.

    person_id: the person who asked for the film; None for a scheduled post.
    """
    columns = impressions.c
    rows = await conn.execute(
        select(impressions)
        .where(columns.shown_at.between(since, until), columns.message_id.is_(None))
        .where(columns.private.is_(False))
        .where(columns.channel_id == channel_id, columns.film_id == film_id)
        .where(columns.person_id.is_not_distinct_from(person_id), columns.position == 0)
        .order_by(columns.id.desc())
    )
    found = [Impression(**row._mapping) for row in rows]
    return min(found, key=lambda one: abs(one.shown_at - near), default=None)
