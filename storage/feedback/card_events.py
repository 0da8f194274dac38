"""What people did about a film that was shown and that rates nothing: opened, passed over, kept.

Append-only: an act that was taken back later stays, and whoever counts acts asks what still holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy import insert as plain_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.people import profiles
from storage.schema import card_acts, film_marks
from storage.schema import people as everybody

Kind = Literal["opened", "another", "seen", "later", "refused", "watched"]
"""looked at more closely · passed over for another · marked as seen · kept for later · not for me ·
watched, as a movie night showed"""


@dataclass(frozen=True, slots=True)
class CardEvent:
    """One act; `message_id` is the card it was done on, None where that is unknown."""

    person_id: int
    film_id: int
    message_id: int | None
    kind: Kind
    at: datetime


async def record(
    conn: AsyncConnection,
    person_id: int,
    film_id: int,
    kind: Kind,
    *,
    message_id: int | None,
    now: datetime,
) -> None:
    """Keep an act."""
    await profiles.ensure(conn, person_id, now=now)
    act = {"person_id": person_id, "film_id": film_id, "message_id": message_id}
    await conn.execute(plain_insert(card_acts).values(act | {"kind": kind, "at": now}))


async def since(
    conn: AsyncConnection, since: datetime, films: Sequence[int] | None = None
) -> tuple[CardEvent, ...]:
    """The acts at `since` or later, oldest first, of people who may shape what others are shown; of
    these films only where they are given. A film marked "seen" or "not for me" by mistake, which is
    marked so no longer, was no such act."""
    columns = card_acts.c
    statement = select(
        columns.person_id, columns.film_id, columns.message_id, columns.kind, columns.at
    ).where(columns.at >= since, shaping(), holds())
    if films is not None:
        statement = statement.where(columns.film_id.in_(films))
    rows = await conn.execute(statement.order_by(columns.id))
    return tuple(CardEvent(*row) for row in rows)


def shaping() -> ColumnElement[bool]:
    """Whether an act is of somebody who may shape what others are shown."""
    return card_acts.c.person_id.in_(select(everybody.c.id).where(everybody.c.shapes_others))


def holds() -> ColumnElement[bool]:
    """Whether an act was not taken back: "seen" and "not for me" stand while the mark does."""
    marked = exists().where(
        film_marks.c.person_id == card_acts.c.person_id,
        film_marks.c.film_id == card_acts.c.film_id,
    )
    seen = marked.where(film_marks.c.kind == "seen")
    declined = marked.where(film_marks.c.kind == "declined")
    kind = card_acts.c.kind
    return (
        kind.not_in(("seen", "refused"))
        | ((kind == "seen") & seen)
        | ((kind == "refused") & declined)
    )
