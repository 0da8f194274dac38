"""Finds out whether a person has rated a film for the first time."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.feedback.rating_events import WATCHING_SOURCES
from storage.schema import rating_events


async def has_rated_once(conn: AsyncConnection, person_id: int) -> bool:
    """True if the person has rated exactly one time by a reaction, button or command.

    Quiz answers and imports do not count. A rating that was taken back counts.
    """
    columns = rating_events.c
    rows = await conn.execute(
        select(columns.id)
        .where(columns.person_id == person_id, columns.action == "set")
        .where(columns.source.in_(WATCHING_SOURCES))
        .limit(2)
    )
    return len(rows.all()) == 1
