"""What the bot did about a movie night: its messages, and who was seen in the voice channel.

A message is claimed before it is sent: a row for it is stored, so that none is sent twice.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert
from storage.schema import night_messages, night_presences

NightMessageKind = Literal["list", "poll", "winner", "event", "card"]


@dataclass(frozen=True, slots=True)
class NightMessage:
    """A message of a night, or its scheduled event.

    Attributes:
        kind: the shortlist, the poll, what won, the scheduled event, or the card to rate the film.
        claimed_at: when the bot was about to send it, UTC.
        message_id: the message; None if it is not known whether it came.
        outcome: why it was given up; None if it was not.
    """

    kind: NightMessageKind
    claimed_at: datetime
    message_id: int | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Presence:
    """A time for which somebody was in the voice channel of a night.

    Attributes:
        person_id: the person.
        at: when they came, UTC.
        until: when they were last seen there, UTC.
        open: False once they have left.
    """

    person_id: int
    at: datetime
    until: datetime
    open: bool


async def claim(
    conn: AsyncConnection, night_id: int, step: NightMessageKind, now: datetime
) -> bool:
    """Store that a message is about to be sent; returns False if it was claimed before.

    step: which message.
    """
    row = {"night_id": night_id, "kind": step, "claimed_at": now}
    made = await conn.execute(upsert(conn, night_messages).values(row).on_conflict_do_nothing())
    return made.rowcount == 1


async def record(
    conn: AsyncConnection,
    night_id: int,
    step: NightMessageKind,
    *,
    message_id: int | None,
    outcome: str | None = None,
) -> None:
    """Store that a claimed message was sent, or why it was given up.

    step: which message.
    message_id: the message; None if it was given up.
    """
    one = (night_messages.c.night_id == night_id, night_messages.c.kind == step)
    values = {"message_id": message_id, "outcome": outcome}
    await conn.execute(update(night_messages).where(*one).values(values))


async def messages(conn: AsyncConnection, night_id: int) -> dict[str, NightMessage]:
    """Returns the messages of a night, by their kind."""
    columns = night_messages.c
    rows = await conn.execute(
        select(columns.kind, columns.claimed_at, columns.message_id, columns.outcome).where(
            columns.night_id == night_id
        )
    )
    return {row.kind: NightMessage(*row) for row in rows}


async def presences(conn: AsyncConnection, night_id: int) -> tuple[Presence, ...]:
    """Returns who was in the voice channel of a night, and when."""
    columns = night_presences.c
    rows = await conn.execute(
        select(columns.person_id, columns.at, columns.until, columns.open)
        .where(columns.night_id == night_id)
        .order_by(columns.person_id, columns.at)
    )
    return tuple(Presence(*row) for row in rows)


async def see(conn: AsyncConnection, night_id: int, here: Collection[int], now: datetime) -> None:
    """Store who is in the voice channel of a night now.

    Whoever was there before and still is, was there all the time. Whoever is no longer there was
    there until they were last seen.

    here: ids of the people.
    """
    columns = night_presences.c
    known = {one.person_id for one in await presences(conn, night_id) if one.open}
    mine = (columns.night_id == night_id, columns.open.is_(True))
    for person_id in sorted(known.intersection(here)):
        stay = update(night_presences).where(*mine, columns.person_id == person_id)
        await conn.execute(stay.values(until=now))
    for person_id in sorted(known.difference(here)):
        left = update(night_presences).where(*mine, columns.person_id == person_id)
        await conn.execute(left.values(open=False))
    come = [
        {"night_id": night_id, "person_id": one, "at": now, "until": now, "open": True}
        for one in sorted(set(here) - known)
    ]
    if come:
        await conn.execute(insert(night_presences), come)


async def forget_presences(conn: AsyncConnection, night_id: int) -> None:
    """Delete who was in the voice channel of a night."""
    await conn.execute(delete(night_presences).where(night_presences.c.night_id == night_id))
