"""What a film is to a person beside a rating: seen, declined, or kept for later."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import insert
from storage.people.profiles import ensure
from storage.schema import (
    film_marks,
)

Kind = Literal["seen", "declined", "later", "unseen"]
_MARKS = (
    select(film_marks.c.kind, film_marks.c.film_id, film_marks.c.at)
    .where(film_marks.c.person_id == bindparam("person"))
    .order_by(film_marks.c.at, film_marks.c.film_id)
)


async def mark(
    conn: AsyncConnection, person_id: int, film_id: int, kind: Kind, *, now: datetime
) -> None:
    """Mark a film for the person; marking it again only moves the time."""
    await ensure(conn, person_id, now=now)
    row = {"person_id": person_id, "film_id": film_id, "kind": kind, "at": now}
    statement = insert(conn, film_marks).values(row)
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id", "film_id", "kind"], set_={"at": now}
        )
    )


async def unmark(conn: AsyncConnection, person_id: int, film_id: int, kind: Kind) -> bool:
    """Take a mark away; whether there was one."""
    result = await conn.execute(
        delete(film_marks).where(
            film_marks.c.person_id == person_id,
            film_marks.c.film_id == film_id,
            film_marks.c.kind == kind,
        )
    )
    return result.rowcount > 0


async def marks(conn: AsyncConnection, person_id: int) -> Mapping[Kind, Mapping[int, datetime]]:
    """The person's marks: for each kind, film id -> when; in the order of marking."""
    found: dict[Kind, dict[int, datetime]] = {"seen": {}, "declined": {}, "later": {}, "unseen": {}}
    rows = await conn.execute(_MARKS, {"person": person_id})
    for kind, film_id, at in rows:
        found[kind][film_id] = at
    return found
