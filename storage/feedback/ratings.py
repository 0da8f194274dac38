"""Ratings: what each person thinks of each film, derived from the acts that stand.

The newest act on a film wins, whether a reaction on any card, a button, a command, the quiz or an
import; withdrawing it brings back the one before. Raw acts are kept (`storage/feedback/rating_events.py`) and the
scale is an argument, so changing the scale loses nothing (`rebuild`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import insert
from storage.feedback import cards, rating_events
from storage.feedback.rating_events import Origin, RatingEvent, Source, normalise_emoji
from storage.schema import people, ratings, standing_acts

__all__ = [
    "Origin",
    "RatingChange",
    "RatingCounts",
    "RatingRow",
    "Scale",
    "Source",
    "count_since",
    "counts",
    "first_at",
    "freeze",
    "normalise_emoji",
    "of_person",
    "react",
    "rebuild",
    "recent",
    "reconcile",
    "snapshot",
    "state",
    "unreact",
    "withdraw",
]

Scale = Mapping[str, float]
"""emoji -> stars (0.5 to 5), in the order of the legend"""


@dataclass(frozen=True, slots=True)
class RatingChange:
    """What an act did to a rating: stars before and after, None for no rating."""

    person_id: int
    film_id: int
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class RatingRow:
    """A rating as it stands; `guild_id` only where it was made on a card in a server."""

    person_id: int
    film_id: int
    stars: float
    at: datetime
    source: Source
    guild_id: int | None


@dataclass(frozen=True, slots=True)
class RatingCounts:
    """How much there is."""

    ratings: int
    people: int
    films: int


async def react(
    conn: AsyncConnection,
    *,
    message_id: int,
    person_id: int,
    emoji: str,
    at: datetime,
    scale: Scale,
    origin: Origin = "live",
) -> RatingChange | None:
    """Somebody added a reaction; None where the message is no card of ours.

    Hearing of the same reaction twice changes nothing, not even the order of acts; only when a
    listing had told of it before Discord did, it now gets its place as the newest act.
    """
    card = await cards.card(conn, message_id)
    if card is None:
        return None
    act = rating_events.reaction(person_id, card.film_id, message_id, emoji)
    found = await rating_events.find(conn, act)
    anew = found is None or found.frozen_at is not None
    if found is not None and origin == "live":
        anew = anew or await rating_events.origin(conn, found.event_id) == "reconciled"
    if anew:
        await rating_events.stand(
            conn, act, at=at, raw_emoji=emoji, guild_id=card.guild_id, origin=origin
        )
    return await _derive(conn, person_id, card.film_id, scale)


async def unreact(
    conn: AsyncConnection,
    *,
    message_id: int,
    person_id: int,
    emoji: str,
    at: datetime,
    scale: Scale,
    origin: Origin = "live",
) -> RatingChange | None:
    """Somebody took a reaction away; None where the message is no card of ours."""
    card = await cards.card(conn, message_id)
    if card is None:
        return None
    act = rating_events.reaction(person_id, card.film_id, message_id, emoji)
    await rating_events.withdraw(conn, act, at=at, raw_emoji=emoji, origin=origin)
    return await _derive(conn, person_id, card.film_id, scale)


async def freeze(
    conn: AsyncConnection, *, message_id: int, at: datetime, emoji: str | None = None
) -> int:
    """A moderator cleared all reactions of a message, or all of one emoji; how many of ours.

    They keep counting, and reconciling does not withdraw them.
    """
    cleared = None if emoji is None else rating_events.reaction(0, 0, message_id, emoji).emoji
    found = [
        one.act
        for one in await rating_events.on_message(conn, message_id)
        if one.frozen_at is None and cleared in (None, one.act.emoji)
    ]
    for act in found:
        await rating_events.freeze(conn, act, at=at)
    return len(found)


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
    """Somebody said it by button, command, quiz or import; `stars` None says "no rating".

    A newer statement of the same source takes the place of the older.
    Raises ValueError where `stars` are not within 0.5 to 5.
    """
    if source == "reaction":
        raise ValueError("a reaction belongs to a message: use react")
    if stars is not None and not 0.5 <= stars <= 5:
        raise ValueError(f"stars go from 0.5 to 5, not {stars}")
    act = RatingEvent(person_id, film_id, source)
    await rating_events.stand(conn, act, at=at, stars=stars, guild_id=guild_id)
    return await _derive(conn, person_id, film_id, scale)


async def withdraw(
    conn: AsyncConnection,
    *,
    person_id: int,
    film_id: int,
    source: Source,
    at: datetime,
    scale: Scale,
) -> RatingChange:
    """Take back the statement made by `source`; what stood before it counts again."""
    await rating_events.withdraw(conn, RatingEvent(person_id, film_id, source), at=at)
    return await _derive(conn, person_id, film_id, scale)


async def reconcile(
    conn: AsyncConnection,
    *,
    message_id: int,
    standing: Mapping[str, Collection[int]],
    at: datetime,
    scale: Scale,
    heard_after: int | None = None,
) -> tuple[RatingChange, ...]:
    """Make our acts on a card match the reactions that stand on Discord; one Change a person.

    `standing` maps each emoji to the ids of the people (no bots) whose reaction stands; `at` is
    when that listing began, so whatever we heard later is left alone. Reactions that came while
    we were away get event ids against the order of the legend: its first is the newest. With
    `heard_after`, the newest event before we came back, they stay older than all we heard since.
    Returns () for an unknown or deleted card and for one that is not reconciled any more.
    """
    card = await cards.card(conn, message_id)
    if card is None or card.deleted_at is not None or not card.reconcile:
        return ()
    ours = {one.act: one for one in await rating_events.on_message(conn, message_id)}
    theirs = {
        rating_events.reaction(person_id, card.film_id, message_id, emoji): emoji
        for emoji, person_ids in standing.items()
        for person_id in person_ids
    }
    touched: set[int] = set()
    for act, one in ours.items():
        if act not in theirs and one.frozen_at is None and one.at <= at:
            await rating_events.withdraw(conn, act, at=at, raw_emoji=act.emoji, origin="reconciled")
            touched.add(act.person_id)
    taken_back = await rating_events.withdrawn_since(conn, message_id, at)
    legend = {normalise_emoji(emoji): place for place, emoji in enumerate(scale)}

    def oldest_first(act: RatingEvent) -> tuple[int, int, str]:
        place = legend.get(normalise_emoji(act.emoji), len(legend))
        return (-place, act.person_id, act.emoji)

    found: set[int] = set()
    for act in sorted(theirs, key=oldest_first):
        known = ours.get(act)
        again = known is not None and known.frozen_at is not None and known.frozen_at <= at
        if (known is None or again) and act not in taken_back:
            await rating_events.stand(
                conn,
                act,
                at=at,
                raw_emoji=theirs[act],
                guild_id=card.guild_id,
                origin="reconciled",
            )
            found.add(act.person_id)
    if heard_after is not None:
        for person_id in sorted(found):
            await rating_events.lift_live(conn, person_id, card.film_id, heard_after)
    touched |= found
    return tuple(
        [await _derive(conn, person_id, card.film_id, scale) for person_id in sorted(touched)]
    )


async def rebuild(conn: AsyncConnection, *, scale: Scale) -> tuple[RatingChange, ...]:
    """Derive every rating anew, for a scale that changed; the ratings that changed by it."""
    rows = await conn.execute(
        select(standing_acts.c.person_id, standing_acts.c.film_id)
        .union(select(ratings.c.person_id, ratings.c.film_id))
        .order_by("person_id", "film_id")
    )
    changes = [await _derive(conn, person_id, film_id, scale) for person_id, film_id in rows.all()]
    return tuple(change for change in changes if change.before != change.after)


async def of_person(conn: AsyncConnection, person_id: int) -> tuple[RatingRow, ...]:
    """The person's ratings, oldest first."""
    rows = await conn.execute(_OF_PERSON, {"person": person_id})
    return tuple(RatingRow(*row) for row in rows)


async def snapshot(conn: AsyncConnection) -> Sequence[RatingRow]:
    """All ratings of people whose ratings may shape what others are shown, sorted by person and
    film."""
    rows = await conn.execute(
        select(*_columns()).where(_shaping()).order_by(ratings.c.person_id, ratings.c.film_id)
    )
    return [RatingRow(*row) for row in rows]


async def first_at(conn: AsyncConnection) -> datetime | None:
    """When the oldest rating that stands was made; None where there is none."""
    found: datetime | None = (await conn.execute(select(func.min(ratings.c.at)))).scalar_one()
    return found


async def count_since(conn: AsyncConnection, since: datetime) -> int:
    """How many of the ratings that stand were made after `since`."""
    made = select(func.count()).select_from(ratings).where(ratings.c.at > since)
    return (await conn.execute(made)).scalar_one()


async def recent(
    conn: AsyncConnection, *, since: datetime, guild_id: int | None = None
) -> Sequence[RatingRow]:
    """The ratings made at `since` or later, oldest first, of people whose ratings may shape what
    others are shown; of one server only where it is given."""
    statement = select(*_columns()).where(ratings.c.at >= since, _shaping())
    if guild_id is not None:
        statement = statement.where(ratings.c.guild_id == guild_id)
    rows = await conn.execute(statement.order_by(ratings.c.at, ratings.c.event_id))
    return [RatingRow(*row) for row in rows]


async def counts(conn: AsyncConnection) -> RatingCounts:
    """How many ratings there are, by how many people, of how many films."""
    row = await conn.execute(
        select(
            func.count(),
            func.count(ratings.c.person_id.distinct()),
            func.count(ratings.c.film_id.distinct()),
        ).select_from(ratings)
    )
    return RatingCounts(*row.one())


async def _derive(
    conn: AsyncConnection, person_id: int, film_id: int, scale: Scale
) -> RatingChange:
    """Write the rating that the standing acts come to."""
    here = (ratings.c.person_id == person_id, ratings.c.film_id == film_id)
    present = (
        await conn.execute(select(ratings.c.stars, ratings.c.event_id).where(*here))
    ).one_or_none()
    before = None if present is None else present.stars
    decided = rating_events.deciding(await rating_events.on_film(conn, person_id, film_id), scale)
    if decided is None:
        if present is not None:
            await conn.execute(delete(ratings).where(*here))
        return RatingChange(person_id, film_id, before, None)
    newest, after = decided
    if present is None or (present.stars, present.event_id) != (after, newest.event_id):
        told = {
            "stars": after,
            "source": newest.act.source,
            "event_id": newest.event_id,
            "guild_id": newest.guild_id,
            "at": newest.at,
        }
        await conn.execute(
            insert(conn, ratings)
            .values({"person_id": person_id, "film_id": film_id} | told)
            .on_conflict_do_update(index_elements=["person_id", "film_id"], set_=told)
        )
    return RatingChange(person_id, film_id, before, after)


def _shaping() -> ColumnElement[bool]:
    return ratings.c.person_id.in_(select(people.c.id).where(people.c.shapes_others))


def _columns() -> tuple[Any, ...]:
    columns = ratings.c
    return (
        columns.person_id,
        columns.film_id,
        columns.stars,
        columns.at,
        columns.source,
        columns.guild_id,
    )


_OF_PERSON = (
    select(*_columns())
    .where(ratings.c.person_id == bindparam("person"))
    .order_by(ratings.c.event_id)
)
