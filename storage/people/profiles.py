"""People, and in which servers they agreed that others may see their taste with their name."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Insert, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert, upsert_in
from storage.schema import people, taste_consents


@dataclass(frozen=True, slots=True)
class Profile:
    """A Discord user.

    Attributes:
        id: Discord's id of the user.
        shapes_others: True if their ratings shape what other people are shown.
        shares_imports: True if that includes ratings that they brought in from other places.
        created_at: when the person first did something that Matinee stored, UTC.
        updated_at: when this row last changed, UTC.
    """

    id: int
    shapes_others: bool
    shares_imports: bool
    created_at: datetime
    updated_at: datetime


# Built once, because building a statement takes longer than running it.
_PERSON = select(people).where(people.c.id == bindparam("person"))


@cache
def _added(dialect: str) -> Insert:
    """Returns the statement that adds a person unless they are stored."""
    return upsert_in(dialect, people).on_conflict_do_nothing()


async def get(conn: AsyncConnection, person_id: int) -> Profile | None:
    """Returns the person; None if there is no row about them."""
    row = (await conn.execute(_PERSON, {"person": person_id})).one_or_none()
    return None if row is None else Profile(**row._mapping)


async def ensure(conn: AsyncConnection, person_id: int, *, now: datetime) -> None:
    """Add a profile (a row) for the person unless one is stored."""
    row = {"id": person_id, "created_at": now, "updated_at": now}
    await conn.execute(_added(conn.dialect.name), row)


async def set_shapes_others(
    conn: AsyncConnection, person_id: int, shapes: bool, *, now: datetime
) -> None:
    """Store whether the person's ratings shape what other people are shown.

    shapes: True if they do.
    """
    await ensure(conn, person_id, now=now)
    values = {"shapes_others": shapes, "updated_at": now}
    await conn.execute(update(people).where(people.c.id == person_id).values(values))


async def set_shares_imports(
    conn: AsyncConnection, person_id: int, shares: bool, *, now: datetime
) -> None:
    """Store whether others may see and benefit from what the person brought in from other places.

    It is private to the person otherwise.

    shares: True if they may.
    """
    await ensure(conn, person_id, now=now)
    values = {"shares_imports": shares, "updated_at": now}
    await conn.execute(update(people).where(people.c.id == person_id).values(values))


async def opted_out(conn: AsyncConnection) -> tuple[datetime, ...]:
    """Returns when each person opted out, so that their ratings do not shape other people's
    picks.
    """
    rows = await conn.execute(select(people.c.updated_at).where(people.c.shapes_others.is_(False)))
    return tuple(rows.scalars())


def shapes_others(person_id: Column[Any]) -> ColumnElement[bool]:
    """Returns the SQL condition that a person's ratings shape what other people are shown.

    The condition looks for the people who opted out, because these are few and have an index.

    person_id: a column that refers to the ids of people.
    """
    return person_id.not_in(select(people.c.id).where(people.c.shapes_others.is_(False)))


def shares_imports(person_id: Column[Any]) -> ColumnElement[bool]:
    """Returns the SQL condition that a person shares what they brought in from other places.

    person_id: a column that refers to the ids of people.
    """
    return person_id.in_(select(people.c.id).where(people.c.shares_imports.is_(True)))


async def show_taste(
    conn: AsyncConnection, person_id: int, guild_id: int, *, shown: bool, now: datetime
) -> None:
    """Store whether members of a server may see the person's taste with their name.

    Without the person's consent they may not. Consent ends when the person leaves the server, so
    agreeing again stores the new time. Who agrees also lets them see the profile and compare
    tastes; `set_comparable` takes that back.

    shown: True if they may.
    """
    if not shown:
        await conn.execute(
            delete(taste_consents).where(
                taste_consents.c.person_id == person_id, taste_consents.c.guild_id == guild_id
            )
        )
        return
    await ensure(conn, person_id, now=now)
    row = {"person_id": person_id, "guild_id": guild_id, "at": now, "comparable": True}
    await conn.execute(
        upsert(conn, taste_consents)
        .values(row)
        .on_conflict_do_update(
            index_elements=["person_id", "guild_id"], set_={"at": now, "comparable": True}
        )
    )


async def set_comparable(
    conn: AsyncConnection, person_id: int, guild_id: int, *, comparable: bool
) -> None:
    """Store whether members of a server may see the person's profile and compare tastes with them.

    It changes nothing for a person who does not show their taste there.

    comparable: True if they may.
    """
    await conn.execute(
        update(taste_consents)
        .where(taste_consents.c.person_id == person_id, taste_consents.c.guild_id == guild_id)
        .values(comparable=comparable)
    )


async def showing_taste(conn: AsyncConnection, guild_id: int) -> dict[int, datetime]:
    """Returns when each person agreed that this server may see their taste, by person id.

    Those who agreed first come first.
    """
    rows = await conn.execute(
        select(taste_consents.c.person_id, taste_consents.c.at)
        .where(taste_consents.c.guild_id == guild_id)
        .order_by(taste_consents.c.at, taste_consents.c.person_id)
    )
    return {row.person_id: row.at for row in rows}


async def comparing_taste(conn: AsyncConnection, guild_id: int) -> dict[int, datetime]:
    """Returns when each person agreed to show their taste, by person id, of those who let members
    of this server see their profile and compare tastes with them.
    """
    rows = await conn.execute(
        select(taste_consents.c.person_id, taste_consents.c.at)
        .where(taste_consents.c.guild_id == guild_id, taste_consents.c.comparable)
        .order_by(taste_consents.c.at, taste_consents.c.person_id)
    )
    return {row.person_id: row.at for row in rows}
