"""Ratings: the stars that each person gives each film, derived from the standing rating events.

A standing event is one that nobody took back (`storage/feedback/rating_events.py`). A person's
newest standing event on a film decides the stars. It may be a reaction on any message about the
film, a button, a command, a quiz answer or an import. If it is taken back, the event before it
decides again. Events store the emoji, so the stars of the usual emoji can be changed later
(`rebuild`). A reaction to a card with a server's own scale also stores the stars that the card's
legend says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert
from storage.feedback import rating_events
from storage.feedback.rating_events import RatingEvent, Source
from storage.people import profiles
from storage.schema import ratings, standing_events, taste_consents

Scale = Mapping[str, float]
"""The stars (0.5 to 5) of each emoji, in the order in which the bot puts the emoji under a card."""


@dataclass(frozen=True, slots=True)
class RatingChange:
    """A person's rating of a film before and after an event.

    Attributes:
        person_id: the person.
        film_id: the film.
        before: stars before the event; None for no rating.
        after: stars after the event; None for no rating.
    """

    person_id: int
    film_id: int
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class RatingRow:
    """A current rating.

    Attributes:
        person_id: the person.
        film_id: the film.
        stars: 0.5 to 5.
        at: when the deciding event happened, UTC.
        source: where the deciding event came from.
        guild_id: the server where it happened; None for a direct message or an unknown place.
    """

    person_id: int
    film_id: int
    stars: float
    at: datetime
    source: Source
    guild_id: int | None


@dataclass(frozen=True, slots=True)
class RatingCounts:
    """How many ratings there are, by how many people, on how many films.

    Attributes:
        ratings: number of ratings.
        people: number of people who rated at least one film.
        films: number of films with at least one rating.
    """

    ratings: int
    people: int
    films: int


_COLUMNS = tuple(ratings.c[name] for name in RatingRow.__slots__)
_SHARED = or_(ratings.c.source != "import", profiles.shares_imports(ratings.c.person_id))
"""The SQL condition that a rating is not private: it was made here, or its person shares it."""
_OF_PERSON = (
    select(*_COLUMNS).where(ratings.c.person_id == bindparam("person")).order_by(ratings.c.event_id)
)
_SHARED_OF_PERSON = _OF_PERSON.where(_SHARED)


async def state(
    conn: AsyncConnection,
    *,
    person_id: int,
    film_id: int,
    source: Source,
    stars: float | None,
    at: datetime,
    scale: Scale,
    guild_id: int | None = None,
) -> RatingChange:
    """Store a rating by button, command, quiz or import; returns how the film's rating changed.

    A newer rating from the same source replaces the older one. Raises ValueError if `stars` are not
    within 0.5 to 5, and for the source "reaction".

    stars: 0.5 to 5; None for "no rating".
    scale: the stars of each emoji; decides if the person also has reactions to the film.
    """
    if source == "reaction":
        raise ValueError("a reaction belongs to a message: use storage.feedback.reactions")
    if stars is not None and not 0.5 <= stars <= 5:
        raise ValueError(f"stars go from 0.5 to 5, not {stars}")
    event = RatingEvent(person_id, film_id, source)
    await rating_events.record(conn, event, at=at, stars=stars, guild_id=guild_id)
    return await derive(conn, person_id, film_id, scale)


async def withdraw(
    conn: AsyncConnection,
    *,
    person_id: int,
    film_id: int,
    source: Source,
    at: datetime,
    scale: Scale,
) -> RatingChange:
    """Take back the person's rating that came from `source`; returns how the film's rating changed.

    The person's newest other rating of the film then counts.

    scale: the stars of each emoji.
    """
    await rating_events.withdraw(conn, RatingEvent(person_id, film_id, source), at=at)
    return await derive(conn, person_id, film_id, scale)


async def rebuild(conn: AsyncConnection, *, scale: Scale) -> tuple[RatingChange, ...]:
    """Derive every rating again, after the scale changed; returns the ratings that changed.

    scale: the stars of each emoji.
    """
    rows = await conn.execute(
        select(standing_events.c.person_id, standing_events.c.film_id)
        .union(select(ratings.c.person_id, ratings.c.film_id))
        .order_by("person_id", "film_id")
    )
    changes = [await derive(conn, person_id, film_id, scale) for person_id, film_id in rows.all()]
    return tuple(change for change in changes if change.before != change.after)


async def derive(conn: AsyncConnection, person_id: int, film_id: int, scale: Scale) -> RatingChange:
    """Derive a person's rating of a film from the events that were not taken back, and store it.

    Returns how the rating changed.

    scale: the stars of each emoji.
    """
    same = (ratings.c.person_id == person_id, ratings.c.film_id == film_id)
    stored = (
        await conn.execute(select(ratings.c.stars, ratings.c.event_id).where(*same))
    ).one_or_none()
    before = None if stored is None else stored.stars
    standing = await rating_events.standing_on_films(conn, person_id, [film_id])
    decided = rating_events.deciding_event(standing, scale)
    if decided is None:
        if stored is not None:
            await conn.execute(delete(ratings).where(*same))
        return RatingChange(person_id, film_id, before, None)
    newest, after = decided
    if stored is None or (stored.stars, stored.event_id) != (after, newest.event_id):
        values = {
            "stars": after,
            "source": newest.event.source,
            "event_id": newest.event_id,
            "guild_id": newest.guild_id,
            "at": newest.at,
        }
        await conn.execute(
            upsert(conn, ratings)
            .values({"person_id": person_id, "film_id": film_id} | values)
            .on_conflict_do_update(index_elements=["person_id", "film_id"], set_=values)
        )
    return RatingChange(person_id, film_id, before, after)


async def of_person(
    conn: AsyncConnection, person_id: int, *, for_others: bool = False
) -> tuple[RatingRow, ...]:
    """Returns the person's ratings, oldest first.

    for_others: True for an answer to other people. Ratings that the person brought in from other
        places are then left out, unless they share them.
    """
    statement = _SHARED_OF_PERSON if for_others else _OF_PERSON
    rows = await conn.execute(statement, {"person": person_id})
    return tuple(RatingRow(*row) for row in rows)


async def lovers(
    conn: AsyncConnection, film_id: int, guild_id: int, *, stars: float, limit: int
) -> tuple[int, ...]:
    """Returns at most `limit` people who gave a film at least `stars` and show their taste, by id.

    They agreed to show it in this server. Whether they still are members is not known here. The
    newest rating comes first. Ratings from other places count only if their person shares them.
    """
    rows = await conn.execute(
        select(ratings.c.person_id)
        .join(taste_consents, taste_consents.c.person_id == ratings.c.person_id)
        .where(
            taste_consents.c.guild_id == guild_id,
            ratings.c.film_id == film_id,
            ratings.c.stars >= stars,
            _SHARED,
        )
        .order_by(ratings.c.at.desc(), ratings.c.person_id)
        .limit(limit)
    )
    return tuple(rows.scalars())


async def snapshot(conn: AsyncConnection) -> Sequence[RatingRow]:
    """Returns all ratings, sorted by person and film.

    People who opted out (whose ratings may not shape other people's picks) are left out, and so are
    ratings from other places, unless their person shares them.
    """
    rows = await conn.execute(
        select(*_COLUMNS)
        .where(profiles.shapes_others(ratings.c.person_id), _SHARED)
        .order_by(ratings.c.person_id, ratings.c.film_id)
    )
    return [RatingRow(*row) for row in rows]


async def recent(
    conn: AsyncConnection,
    *,
    since: datetime,
    until: datetime | None = None,
    guild_id: int | None = None,
) -> Sequence[RatingRow]:
    """Returns the ratings made here at `since` or later, oldest first.

    People who opted out (whose ratings may not shape other people's picks) are left out. Ratings
    from other places are left out too, because they do not say what people watch now.

    until: ratings after this time are left out; None for all later ratings. Pass the present time,
        because a wrong clock may have left ratings in the future.
    guild_id: only ratings made in this server; None for all ratings.
    """
    statement = select(*_COLUMNS).where(
        ratings.c.at >= since,
        ratings.c.source != "import",
        profiles.shapes_others(ratings.c.person_id),
    )
    if until is not None:
        statement = statement.where(ratings.c.at <= until)
    if guild_id is not None:
        statement = statement.where(ratings.c.guild_id == guild_id)
    rows = await conn.execute(statement.order_by(ratings.c.at, ratings.c.event_id))
    return [RatingRow(*row) for row in rows]


async def first_at(conn: AsyncConnection) -> datetime | None:
    """Returns when the oldest current rating was made; None if there is no rating.

    People who opted out (whose ratings may not shape other people's picks) are left out, and so are
    ratings from other places, unless their person shares them.
    """
    oldest = select(ratings.c.at).where(profiles.shapes_others(ratings.c.person_id), _SHARED)
    return (await conn.execute(oldest.order_by(ratings.c.at).limit(1))).scalar_one_or_none()


async def count_since(conn: AsyncConnection, since: datetime, *, until: datetime) -> int:
    """Returns the number of current ratings that were made after `since` and up to `until`.

    People who opted out (whose ratings may not shape other people's picks) are left out, and so are
    ratings from other places, unless their person shares them.
    """
    made = select(func.count()).select_from(ratings)
    made = made.where(ratings.c.at > since, ratings.c.at <= until)
    made = made.where(profiles.shapes_others(ratings.c.person_id), _SHARED)
    return (await conn.execute(made)).scalar_one()


async def counts(conn: AsyncConnection) -> RatingCounts:
    """Returns the number of ratings, of people who rated and of rated films."""
    row = await conn.execute(
        select(
            func.count(),
            func.count(ratings.c.person_id.distinct()),
            func.count(ratings.c.film_id.distinct()),
        ).select_from(ratings)
    )
    return RatingCounts(*row.one())
