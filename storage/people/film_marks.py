"""Marks that a person puts on a film, other than a rating.

The kinds: "seen", "declined" (not for me), "later" (on the watchlist) and "unseen" (the quiz asked
about the film, and the person has not seen it).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert
from storage.people import profiles
from storage.schema import film_marks

FilmMarkKind = Literal["seen", "declined", "later", "unseen"]

_OF_PERSON = (
    select(film_marks.c.kind, film_marks.c.film_id, film_marks.c.at)
    .where(film_marks.c.person_id == bindparam("person"))
    .order_by(film_marks.c.at, film_marks.c.film_id)
)
_SHARED = or_(film_marks.c.imported.is_(False), profiles.shares_imports(film_marks.c.person_id))
"""The SQL condition that a mark is not private: it was made here, or its person shares it."""
_SHARED_OF_PERSON = _OF_PERSON.where(_SHARED)


async def mark(
    conn: AsyncConnection, person_id: int, film_id: int, kind: FilmMarkKind, *, now: datetime
) -> None:
    """Put a mark such as "seen" on a film for the person. A mark that exists gets the new time.

    Raises IntegrityError for an unknown film or kind.
    """
    await profiles.ensure(conn, person_id, now=now)
    row = {"person_id": person_id, "film_id": film_id, "kind": kind}
    values = {"at": now, "imported": False}
    await conn.execute(
        upsert(conn, film_marks)
        .values(row | values)
        .on_conflict_do_update(index_elements=["person_id", "film_id", "kind"], set_=values)
    )


async def unmark(conn: AsyncConnection, person_id: int, film_id: int, kind: FilmMarkKind) -> bool:
    """Remove a mark; returns True if the film had it."""
    result = await conn.execute(
        delete(film_marks).where(
            film_marks.c.person_id == person_id,
            film_marks.c.film_id == film_id,
            film_marks.c.kind == kind,
        )
    )
    return result.rowcount > 0


async def of_person(
    conn: AsyncConnection, person_id: int, *, for_others: bool = False
) -> Mapping[FilmMarkKind, Mapping[int, datetime]]:
    """Returns a person's marks: for each kind, when they marked each film, by film id.

    Films are in the order of marking.

    for_others: True for an answer to other people. Marks that the person brought in from other
        places are then left out, unless they share them.
    """
    marked: dict[FilmMarkKind, dict[int, datetime]] = {
        "seen": {},
        "declined": {},
        "later": {},
        "unseen": {},
    }
    statement = _SHARED_OF_PERSON if for_others else _OF_PERSON
    rows = await conn.execute(statement, {"person": person_id})
    for kind, film_id, at in rows:
        marked[kind][film_id] = at
    return marked
