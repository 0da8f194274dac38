"""Stores movie nights: when, which films, who was invited, who came, and how far each night is.

A night goes through the states planned, polled, decided, scheduled, showing and done; it may leave
out polled and scheduled, and may be cancelled until it is done. `move` changes the state only if it
is the expected one, so that of two people who press a button only the first has an effect.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert
from storage.schema import night_films, night_members, nights

NightState = Literal["planned", "polled", "decided", "scheduled", "showing", "done", "cancelled"]
ChosenBy = Literal["votes", "tie", "no-votes", "poll-gone", "planner"]
HowCame = Literal["voice", "said"]


@dataclass(frozen=True, slots=True)
class Night:
    """A movie night of a server.

    Attributes:
        id: the night's id in the table.
        guild_id: the server.
        channel_id: the channel in which it was planned.
        planner_id: who planned it; None if they had all their data deleted since.
        voice_id: the voice channel; None if the planner named no channel.
        adult_ok: True if Discord marks the channel for adults.
        starts_at: when the film starts, UTC.
        ends_at: when it ends, UTC; None if no film is chosen.
        state: how far the night is.
        film_id: the chosen film; None if none is chosen.
        chosen_by: how it was chosen: by most votes, by the shortlist's order after a tie, without
            votes or after the poll was deleted, or by the planner. None if none is chosen.
        poll_until: when the poll ends, UTC; None without a poll.
        event_id: Discord's scheduled event; None without an event.
        pending: True if the bot still has something to do about it.
        created_at: when it was planned, UTC.
        updated_at: when this row last changed, UTC.
    """

    id: int
    guild_id: int
    channel_id: int
    planner_id: int | None
    voice_id: int | None
    adult_ok: bool
    starts_at: datetime
    ends_at: datetime | None
    state: NightState
    film_id: int | None
    chosen_by: ChosenBy | None
    poll_until: datetime | None
    event_id: int | None
    pending: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class NightFilm:
    """A film of a night's shortlist.

    Attributes:
        position: its place, from 0.
        film_id: the film.
        reason: why it is on the shortlist.
        votes: how many voted for it; None as long as the poll has not ended.
    """

    position: int
    film_id: int
    reason: str
    votes: int | None


@dataclass(frozen=True, slots=True)
class NightGuest:
    """Somebody who was invited to a night or came to it.

    Attributes:
        person_id: the person.
        invited: True if the planner named them, or if they were in the voice channel then.
        came: how the bot knows that they came; None if they did not.
    """

    person_id: int
    invited: bool
    came: HowCame | None


async def create(
    conn: AsyncConnection,
    guild_id: int,
    *,
    channel_id: int,
    person_id: int,
    voice_id: int | None,
    adult_ok: bool,
    at: datetime,
    guests: Collection[int],
    films: Sequence[tuple[int, str]],
    now: datetime,
) -> Night:
    """Store a new night and returns it.

    person_id: who plans it.
    at: when the film starts.
    guests: ids of the people who are invited.
    films: (film's id, why it is on the shortlist), best first.
    """
    row = {
        "guild_id": guild_id,
        "channel_id": channel_id,
        "planner_id": person_id,
        "voice_id": voice_id,
        "adult_ok": adult_ok,
        "starts_at": at,
        "state": "planned",
        "pending": True,
        "created_at": now,
        "updated_at": now,
    }
    made = (await conn.execute(insert(nights).values(row).returning(nights))).one()
    listed = [
        {"night_id": made.id, "position": place, "film_id": film_id, "reason": reason}
        for place, (film_id, reason) in enumerate(films)
    ]
    await conn.execute(insert(night_films), listed)
    invited = [
        {"night_id": made.id, "person_id": one, "invited": True, "at": now} for one in guests
    ]
    await conn.execute(insert(night_members), invited)
    return Night(**made._mapping)


async def get(conn: AsyncConnection, night_id: int) -> Night | None:
    """Returns a night; None if it is not stored."""
    row = (await conn.execute(select(nights).where(nights.c.id == night_id))).one_or_none()
    return None if row is None else Night(**row._mapping)


async def pending(conn: AsyncConnection) -> tuple[Night, ...]:
    """Returns the nights about which something is still to be done, the oldest first."""
    rows = await conn.execute(
        select(nights).where(nights.c.pending.is_(True)).order_by(nights.c.id)
    )
    return tuple(Night(**row._mapping) for row in rows)


async def of_server(
    conn: AsyncConnection, guild_id: int, state: NightState | None = None, limit: int = 100
) -> tuple[Night, ...]:
    """Returns the newest nights of a server, the latest start first.

    state: only nights in this state; None for all.
    """
    found = select(nights).where(nights.c.guild_id == guild_id)
    if state is not None:
        found = found.where(nights.c.state == state)
    rows = await conn.execute(found.order_by(nights.c.starts_at.desc(), nights.c.id).limit(limit))
    return tuple(Night(**row._mapping) for row in rows)


async def films(conn: AsyncConnection, night_id: int) -> tuple[NightFilm, ...]:
    """Returns the shortlist of a night, best first."""
    listed = night_films.c
    rows = await conn.execute(
        select(listed.position, listed.film_id, listed.reason, listed.votes)
        .where(night_films.c.night_id == night_id)
        .order_by(night_films.c.position)
    )
    return tuple(NightFilm(*row) for row in rows)


async def guests(conn: AsyncConnection, night_id: int) -> tuple[NightGuest, ...]:
    """Returns who was invited to a night or came to it, by their ids."""
    columns = (night_members.c.person_id, night_members.c.invited, night_members.c.came)
    rows = await conn.execute(
        select(*columns)
        .where(night_members.c.night_id == night_id)
        .order_by(night_members.c.person_id)
    )
    return tuple(NightGuest(*row) for row in rows)


async def move(
    conn: AsyncConnection,
    night_id: int,
    states: Collection[NightState],
    now: datetime,
    **changes: Any,
) -> bool:
    """Change a night if its state is one of `states`; returns False if it is not.

    changes: the new values, by the names of the columns.
    """
    changed = await conn.execute(
        update(nights)
        .where(nights.c.id == night_id, nights.c.state.in_(states))
        .values(changes | {"updated_at": now})
    )
    return changed.rowcount == 1


async def store_votes(conn: AsyncConnection, night_id: int, votes: dict[int, int]) -> None:
    """Store how many voted for each film of a night.

    votes: the number of votes by the film's position in the shortlist.
    """
    for position, count in votes.items():
        one = (night_films.c.night_id == night_id, night_films.c.position == position)
        await conn.execute(update(night_films).where(*one).values(votes=count))


async def store_came(
    conn: AsyncConnection, night_id: int, person_id: int, came: HowCame, now: datetime
) -> bool:
    """Store that somebody came to a night; returns False if that was already stored.

    came: how the bot knows.
    """
    row = {"night_id": night_id, "person_id": person_id, "came": came, "at": now}
    added = await conn.execute(
        upsert(conn, night_members)
        .values(row | {"invited": False})
        .on_conflict_do_update(
            index_elements=["night_id", "person_id"],
            set_={"came": came, "at": now},
            where=night_members.c.came.is_(None),
        )
    )
    return added.rowcount == 1


async def forget_came(conn: AsyncConnection, night_id: int, person_id: int) -> None:
    """Store that somebody did not come to a night after all."""
    one = (night_members.c.night_id == night_id, night_members.c.person_id == person_id)
    await conn.execute(update(night_members).where(*one).values(came=None))
