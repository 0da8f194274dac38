"""Rating events: each time a person rates a film or takes a rating back, and what still counts.

The table `rating_events` is the log. It holds every event in the order of arrival, and its rows
never change. The table `standing_acts` holds the events that nobody has taken back. An event is
identified by person, film, source, message and emoji. Only a reaction has a message and an emoji.
Therefore a newer rating by button, command, quiz or import replaces the older one from the same
source.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Column, ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert
from storage.feedback.emoji import identifying, normalise_emoji
from storage.people import profiles
from storage.schema import rating_events, standing_events

Source = Literal["reaction", "button", "command", "quiz", "import"]
Origin = Literal["live", "reconciled"]
"""How Matinee learned of an event: from Discord at once, or later from a message's reactions."""

WATCHING_SOURCES: tuple[Source, ...] = ("reaction", "button", "command")
"""Sources whose times say when people watch. Times of quiz answers and imports do not say it."""

_KEY = ("person_id", "film_id", "source", "message_id", "emoji")


@dataclass(frozen=True, slots=True)
class RatingEvent:
    """The facts that identify a rating event.

    Attributes:
        person_id: the person who rated.
        film_id: the film.
        source: where the rating came from.
        message_id: the message that carries the reaction; 0 unless the source is "reaction".
        emoji: the emoji of the reaction, without variation selectors; "" unless the source is
            "reaction"."""

    person_id: int
    film_id: int
    source: Source
    message_id: int = 0
    emoji: str = ""


@dataclass(frozen=True, slots=True)
class StandingEvent:
    """A rating event that nobody took back: a "standing" event.

    Attributes:
        event: the facts that identify it.
        event_id: id of its newest row in the log; a greater id is a newer event.
        guild_id: the server where it happened; None for a direct message or an unknown place.
        stars: 0.5 to 5; None for a reaction with the usual scale, and for the choice "no rating".
        at: when it happened, UTC.
        frozen_at: when a moderator cleared the reaction on Discord, UTC; it still counts. None if
            it was not cleared."""

    event: RatingEvent
    event_id: int
    guild_id: int | None
    stars: float | None
    at: datetime
    frozen_at: datetime | None


def reaction_event(person_id: int, film_id: int, message_id: int, emoji: str) -> RatingEvent:
    """Returns the event of a reaction. emoji: as `emoji.as_stored` returns it."""
    return RatingEvent(person_id, film_id, "reaction", message_id, identifying(emoji))


async def record(
    conn: AsyncConnection,
    event: RatingEvent,
    *,
    at: datetime,
    raw_emoji: str | None = None,
    stars: float | None = None,
    guild_id: int | None = None,
    origin: Origin = "live",
) -> None:
    """Log a rating, and make it the newest of the person's ratings of the film that still count.

    raw_emoji: the emoji as Discord sent it; None if the rating is not a reaction.
    origin: how the bot learned of the rating: "live" if Discord reported it, "reconciled" if the
        bot found it later."""
    await profiles.ensure(conn, event.person_id, now=at)
    event_id = await _log(conn, event, "set", at, raw_emoji, stars, guild_id, origin)
    decided = {"event_id": event_id, "guild_id": guild_id, "stars": stars, "at": at}
    values = decided | {"frozen_at": None}
    await conn.execute(
        upsert(conn, standing_events)
        .values(asdict(event) | values)
        .on_conflict_do_update(index_elements=_KEY, set_=values)
    )


async def withdraw(
    conn: AsyncConnection,
    event: RatingEvent,
    *,
    at: datetime,
    raw_emoji: str | None = None,
    origin: Origin = "live",
) -> bool:
    """Log that the person took a rating back, so that it no longer counts.

    Returns False, and logs nothing, if it did not count before.

    raw_emoji: the emoji as Discord sent it; None if the rating is not a reaction.
    origin: how the bot learned of the change: "live" if Discord reported it, "reconciled" if the
        bot found it later."""
    deleted = await conn.execute(delete(standing_events).where(*_same(event)))
    if deleted.rowcount == 0:
        return False
    await _log(conn, event, "withdraw", at, raw_emoji, None, None, origin)
    return True


async def freeze(conn: AsyncConnection, event: RatingEvent, *, at: datetime) -> None:
    """Log that a moderator cleared a reaction on Discord. It still counts as a rating."""
    await _log(conn, event, "freeze", at, event.emoji, None, None, "live")
    await conn.execute(update(standing_events).where(*_same(event)).values(frozen_at=at))


async def get_standing(conn: AsyncConnection, event: RatingEvent) -> StandingEvent | None:
    """Returns the stored event with these facts, unless it was taken back; else None."""
    found = await _select_standing(conn, *_same(event))
    return found[0] if found else None


async def standing_on_message(conn: AsyncConnection, message_id: int) -> tuple[StandingEvent, ...]:
    """Returns the reactions on a message that still count, cleared ones included, oldest first."""
    columns = standing_events.c
    where = (columns.message_id == message_id, columns.source == "reaction")
    return await _select_standing(conn, *where)


async def standing_on_films(
    conn: AsyncConnection, person_id: int, film_ids: Sequence[int]
) -> tuple[StandingEvent, ...]:
    """Returns a person's ratings of some films that were not taken back, oldest first."""
    columns = standing_events.c
    where = (columns.person_id == person_id, columns.film_id.in_(film_ids))
    return await _select_standing(conn, *where)


async def standing_since(
    conn: AsyncConnection, since: datetime, films: Sequence[int] | None = None
) -> tuple[StandingEvent, ...]:
    """Returns the ratings by reaction, button or command that still count, oldest first.

    Only ratings at `since` or later are returned. People who opted out (whose feedback may not
    shape other people's picks) are left out.

    films: ids of films; None for all films."""
    columns = standing_events.c
    where = [
        columns.at >= since,
        columns.source.in_(WATCHING_SOURCES),
        profiles.shapes_others(columns.person_id),
    ]
    if films is not None:
        where.append(columns.film_id.in_(films))
    return await _select_standing(conn, *where, order=(columns.at, columns.event_id))


async def taken_back_after(
    conn: AsyncConnection, message_id: int, event_id: int
) -> frozenset[RatingEvent]:
    """Returns the reactions on a message that were taken back or cleared after an event.

    event_id: the id of that event in the log; ids grow in the order of the events."""
    columns = rating_events.c
    rows = await conn.execute(
        select(columns.person_id, columns.film_id, columns.emoji)
        .where(columns.message_id == message_id, columns.action.in_(("withdraw", "freeze")))
        .where(columns.id > event_id)
    )
    return frozenset(
        reaction_event(row.person_id, row.film_id, message_id, row.emoji) for row in rows
    )


async def renew_live_events(
    conn: AsyncConnection, person_id: int, film_id: int, after: int | datetime
) -> None:
    """Log again a person's ratings of a film that Discord reported at once, in their order.

    The new rows count as newer than a reaction that was made earlier, but which the bot found on
    Discord or stored only now. Ratings from other places do not: what was rated here counts.

    after: only events with a greater id than this, or that happened later, are logged again."""
    for standing in await standing_on_films(conn, person_id, [film_id]):
        stays = standing.frozen_at is not None or standing.event.source == "import"
        newer = standing.at > after if isinstance(after, datetime) else standing.event_id > after
        if stays or not newer:
            continue
        if await origin_of(conn, standing.event_id) == "live":
            await record(
                conn,
                standing.event,
                at=standing.at,
                raw_emoji=standing.event.emoji or None,
                stars=standing.stars,
                guild_id=standing.guild_id,
            )


async def origin_of(conn: AsyncConnection, event_id: int) -> str:
    """Returns "live" if Discord reported an event, "reconciled" if the bot found it later."""
    found = await conn.execute(select(rating_events.c.origin).where(rating_events.c.id == event_id))
    return str(found.scalar_one())


async def newest_event_id(conn: AsyncConnection) -> int:
    """Returns the id of the newest event; 0 if there is no event."""
    found = await conn.execute(select(func.max(rating_events.c.id)))
    return int(found.scalar_one() or 0)


def deciding_event(
    standing: Sequence[StandingEvent], scale: Mapping[str, float]
) -> tuple[StandingEvent, float] | None:
    """Returns the event that decides a rating, and its stars; None if there is no rating.

    The newest event decides. Reactions with an emoji outside the scale are ignored, unless they
    have stars. If the deciding event is no reaction and has no stars, there is no rating.

    standing: one person's events on one film that were not taken back, oldest first.
    scale: the stars of each emoji."""
    stars_of = {normalise_emoji(emoji): stars for emoji, stars in scale.items()}
    for newest in reversed(standing):
        if newest.event.source != "reaction" or newest.stars is not None:
            return None if newest.stars is None else (newest, newest.stars)
        stars = stars_of.get(normalise_emoji(newest.event.emoji))
        if stars is not None:
            return newest, stars
    return None


async def _log(
    conn: AsyncConnection,
    event: RatingEvent,
    action: Literal["set", "withdraw", "freeze"],
    at: datetime,
    raw_emoji: str | None,
    stars: float | None,
    guild_id: int | None,
    origin: Origin,
) -> int:
    """Add a row to the log; returns its id."""
    result = await conn.execute(
        insert(rating_events)
        .values(
            person_id=event.person_id,
            film_id=event.film_id,
            source=event.source,
            action=action,
            message_id=event.message_id or None,
            guild_id=guild_id,
            emoji=raw_emoji,
            stars=stars,
            at=at,
            origin=origin,
        )
        .returning(rating_events.c.id)
    )
    event_id: int = result.scalar_one()
    return event_id


async def _select_standing(
    conn: AsyncConnection,
    *where: ColumnElement[bool],
    order: Sequence[Column[Any]] = (standing_events.c.event_id,),
) -> tuple[StandingEvent, ...]:
    rows = await conn.execute(select(standing_events).where(*where).order_by(*order))
    return tuple(
        StandingEvent(
            RatingEvent(row.person_id, row.film_id, row.source, row.message_id, row.emoji),
            row.event_id,
            row.guild_id,
            row.stars,
            row.at,
            row.frozen_at,
        )
        for row in rows
    )


def _same(event: RatingEvent) -> list[ColumnElement[bool]]:
    """Returns the SQL conditions that select this event among the events that nobody took back."""
    return [standing_events.c[name] == value for name, value in asdict(event).items()]
