"""Stores whom the bot asked whether they count in a server's movie nights, and what they said."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import exists, false, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert
from storage.schema import night_questions, nights, taste_consents

NightAnswer = Literal["yes", "no", "never"]

EVERYWHERE = 0
"""Takes the place of a server's id for whoever does not want to be asked in any server."""


@dataclass(frozen=True, slots=True)
class NightQuestion:
    """A question that is to be sent.

    Attributes:
        person_id: whom to ask.
        guild_id: the server.
        night_id: the night for which they are asked.
        planner: True if they plan that night.
    """

    person_id: int
    guild_id: int
    night_id: int
    planner: bool


async def ask(
    conn: AsyncConnection, guild_id: int, people: Collection[int], night_id: int, now: datetime
) -> None:
    """Store that these people are to be asked, except those who were or who never want to be.

    Whoever was to be asked for an earlier night, and was not, is asked for this one.

    people: their ids.
    night_id: the night for which they are asked.
    """
    columns = night_questions.c
    unasked = (columns.guild_id == guild_id, columns.claimed.is_(False))
    await conn.execute(
        update(night_questions)
        .where(columns.person_id.in_(people), *unasked)
        .values(night_id=night_id, at=now)
    )
    asked = await conn.execute(
        select(columns.person_id).where(
            columns.person_id.in_(people), columns.guild_id.in_((guild_id, EVERYWHERE))
        )
    )
    new = sorted(set(people) - set(asked.scalars()))
    rows = [
        {
            "person_id": one,
            "guild_id": guild_id,
            "night_id": night_id,
            "claimed": False,
            "at": now,
        }
        for one in new
    ]
    if rows:
        await conn.execute(insert(night_questions), rows)


async def waiting(conn: AsyncConnection, limit: int = 100) -> tuple[NightQuestion, ...]:
    """Returns the questions that are to be sent.

    Nobody is asked for a night that is off or over, if they agreed in the meantime, or if they do
    not want to be asked in any server.
    """
    columns = night_questions.c
    other = night_questions.alias("other")
    never = exists().where(other.c.person_id == columns.person_id, other.c.guild_id == EVERYWHERE)
    agreed = exists().where(
        taste_consents.c.person_id == columns.person_id,
        taste_consents.c.guild_id == columns.guild_id,
    )
    ahead = nights.c.state.not_in(("done", "cancelled"))
    rows = await conn.execute(
        select(
            columns.person_id,
            columns.guild_id,
            columns.night_id,
            func.coalesce(nights.c.planner_id == columns.person_id, false()),
        )
        .join(nights, nights.c.id == columns.night_id)
        .where(columns.claimed.is_(False), ahead, ~never, ~agreed)
        .order_by(columns.person_id)
        .limit(limit)
    )
    return tuple(NightQuestion(*row) for row in rows)


async def claim(conn: AsyncConnection, person_id: int, guild_id: int) -> bool:
    """Store that a question is about to be sent; returns False if that was stored before."""
    columns = night_questions.c
    one = (columns.person_id == person_id, columns.guild_id == guild_id)
    claimed = update(night_questions).where(*one, columns.claimed.is_(False))
    return (await conn.execute(claimed.values(claimed=True))).rowcount == 1


async def answer(
    conn: AsyncConnection, person_id: int, guild_id: int, said: NightAnswer, now: datetime
) -> None:
    """Store what a person answered; they are not asked again in this server.

    said: "never" if they do not want to be asked in any server.
    """
    row = {
        "person_id": person_id,
        "guild_id": EVERYWHERE if said == "never" else guild_id,
        "answer": said,
        "claimed": True,
        "at": now,
    }
    changed = {"answer": said, "claimed": True, "at": now}
    await conn.execute(
        upsert(conn, night_questions)
        .values(row)
        .on_conflict_do_update(index_elements=["person_id", "guild_id"], set_=changed)
    )


async def was_asked(conn: AsyncConnection, person_id: int, guild_id: int) -> bool:
    """True if the bot asked a person about a server, or may not ask them anywhere."""
    columns = night_questions.c
    found = await conn.execute(
        select(columns.person_id)
        .where(
            columns.person_id == person_id,
            or_(columns.guild_id == guild_id, columns.guild_id == EVERYWHERE),
        )
        .limit(1)
    )
    return found.first() is not None
