"""What the report on engagement counts: who came, what was shown, and what was rated.

People who opted out (whose feedback may not shape other people's picks) are left out everywhere.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.feedback.rating_events import WATCHING_SOURCES
from storage.people import profiles
from storage.schema import impressions, people, rating_events, standing_events


@dataclass(frozen=True, slots=True)
class ShownPick:
    """A film that was shown to a person or, in a post, to a server.

    Attributes:
        film_id: the film.
        person_id: the person who asked for it; None for a server's post.
        guild_id: the server; None for a direct message.
        message_id: the message; None if unknown.
        shown_at: when, UTC.
        arm: label of the experiment's arm that chose it, "experiment=arm"; None without one.
    """

    film_id: int
    person_id: int | None
    guild_id: int | None
    message_id: int | None
    shown_at: datetime
    arm: str | None


@dataclass(frozen=True, slots=True)
class GivenRating:
    """A rating that a person gave by a reaction, button or command.

    Attributes:
        person_id: the person.
        film_id: the film.
        message_id: the message on which they rated; None for a command.
        emoji: the emoji of a reaction as Discord sent it; None for other ratings.
        stars: 0.5 to 5; None for a reaction with the usual scale, whose emoji decides.
        at: when, UTC.
        holds: False if the person has taken it back or replaced it.
    """

    person_id: int
    film_id: int
    message_id: int | None
    emoji: str | None
    stars: float | None
    at: datetime
    holds: bool


async def newcomers(conn: AsyncConnection, since: datetime) -> dict[int, datetime]:
    """Returns when each person who came at `since` or later first did something, by their id."""
    rows = await conn.execute(
        select(people.c.id, people.c.created_at).where(
            people.c.created_at >= since, people.c.shapes_others.is_(True)
        )
    )
    return {row.id: row.created_at for row in rows}


async def shown_picks(conn: AsyncConnection, since: datetime) -> tuple[ShownPick, ...]:
    """Returns the films that were shown at `since` or later and reached Discord, oldest first."""
    columns = impressions.c
    rows = await conn.execute(
        select(*(columns[name] for name in ShownPick.__slots__))
        .where(columns.shown_at >= since, columns.delivered)
        .where(columns.person_id.is_(None) | profiles.shapes_others(columns.person_id))
        .order_by(columns.shown_at, columns.id)
    )
    return tuple(ShownPick(*row) for row in rows)


async def given_ratings(conn: AsyncConnection, since: datetime) -> tuple[GivenRating, ...]:
    """Returns the ratings given at `since` or later, oldest first.

    Quiz answers and imported ratings are left out, because they do not respond to a pick.
    """
    columns = rating_events.c
    holds = exists().where(standing_events.c.event_id == columns.id)
    rows = await conn.execute(
        select(
            columns.person_id,
            columns.film_id,
            columns.message_id,
            columns.emoji,
            columns.stars,
            columns.at,
            holds.label("holds"),
        )
        .where(columns.at >= since, columns.action == "set")
        .where(columns.source.in_(WATCHING_SOURCES), profiles.shapes_others(columns.person_id))
        .order_by(columns.at, columns.id)
    )
    return tuple(GivenRating(**row._mapping) for row in rows)
