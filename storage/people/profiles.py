"""People: what they told us of themselves, and all that we know of them, to export or erase."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import insert
from storage.schema import people, taste_consents


@dataclass(frozen=True, slots=True)
class Profile:
    """A Discord user.

    Attributes:
        id: Discord's id of the user.
        shapes_others: True if their ratings shape what other people are shown.
        created_at: when Matinee first heard of the person, UTC.
        updated_at: when this row last changed, UTC.
    """

    id: int
    shapes_others: bool
    created_at: datetime
    updated_at: datetime


_PERSON = select(people).where(people.c.id == bindparam("person"))
# What every answer reads is put together once: making a statement takes longer than running it.


async def get(conn: AsyncConnection, person_id: int) -> Profile | None:
    """The person, or None where we have never heard of them."""
    row = (await conn.execute(_PERSON, {"person": person_id})).one_or_none()
    return None if row is None else Profile(**row._mapping)


async def ensure(conn: AsyncConnection, person_id: int, *, now: datetime) -> None:
    """Have a row for the person; nothing changes where there is one."""
    row = {"id": person_id, "created_at": now, "updated_at": now}
    await conn.execute(insert(conn, people).values(row).on_conflict_do_nothing())


async def set_shapes_others(
    conn: AsyncConnection, person_id: int, shapes: bool, *, now: datetime
) -> None:
    """Keep whether the person's ratings shape what other people are shown."""
    await ensure(conn, person_id, now=now)
    values = {"shapes_others": shapes, "updated_at": now}
    await conn.execute(update(people).where(people.c.id == person_id).values(values))


async def show_taste(
    conn: AsyncConnection, person_id: int, guild_id: int, *, shown: bool, now: datetime
) -> None:
    """Whether the person may be named in this server with what they like; at first nobody is."""
    if not shown:
        await conn.execute(
            delete(taste_consents).where(
                taste_consents.c.person_id == person_id, taste_consents.c.guild_id == guild_id
            )
        )
        return
    await ensure(conn, person_id, now=now)
    row = {"person_id": person_id, "guild_id": guild_id, "at": now}
    await conn.execute(insert(conn, taste_consents).values(row).on_conflict_do_nothing())


async def showing_taste(conn: AsyncConnection, guild_id: int) -> tuple[int, ...]:
    """The people who may be named in this server, in the order in which they agreed."""
    rows = await conn.execute(
        select(taste_consents.c.person_id)
        .where(taste_consents.c.guild_id == guild_id)
        .order_by(taste_consents.c.at, taste_consents.c.person_id)
    )
    return tuple(rows.scalars())
