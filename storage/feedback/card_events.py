"""Card events: what people did about a shown film other than rating it.

The log (table `card_acts`) only grows: an event that the person took back later stays in it. Code
that counts events must therefore leave out the events that were taken back (`still_holds`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.people import profiles
from storage.schema import card_events, film_marks

CardEventKind = Literal["opened", "another", "seen", "later", "refused", "watched"]
"""What the person did:

- opened: looked at the film more closely, by choosing it in a list.
- another: passed it over, by asking for another card.
- seen: marked it as seen.
- later: kept it for later.
- refused: said that it is not for them.
- watched: watched it at a movie night.
"""


@dataclass(frozen=True, slots=True)
class CardEvent:
    """One thing that a person did about a film on a card.

    A card is a message of the bot that shows the film.

    Attributes:
        person_id: the person.
        film_id: the film.
        message_id: the card's message; None if unknown.
        kind: what the person did.
        at: when it happened, UTC.
    """

    person_id: int
    film_id: int
    message_id: int | None
    kind: CardEventKind
    at: datetime


async def record(
    conn: AsyncConnection,
    person_id: int,
    film_id: int,
    kind: CardEventKind,
    *,
    message_id: int | None,
    now: datetime,
) -> None:
    """Store that a person did something about a film, such as opening its page.

    message_id: the message that showed the film; None if unknown.
    """
    await profiles.ensure(conn, person_id, now=now)
    row = {"person_id": person_id, "film_id": film_id, "message_id": message_id}
    await conn.execute(insert(card_events).values(row | {"kind": kind, "at": now}))


async def holding_since(
    conn: AsyncConnection, since: datetime, films: Sequence[int] | None = None
) -> tuple[CardEvent, ...]:
    """Returns what people did about films at `since` or later and did not take back, oldest first.

    People whose feedback may not shape other people's picks, because they opted out, are left out.

    films: ids of the films to consider; None for all films.
    """
    columns = card_events.c
    statement = select(
        columns.person_id, columns.film_id, columns.message_id, columns.kind, columns.at
    ).where(
        columns.at >= since,
        profiles.shapes_others(columns.person_id),
        still_holds(),
    )
    if films is not None:
        statement = statement.where(columns.film_id.in_(films))
    rows = await conn.execute(statement.order_by(columns.at, columns.id))
    return tuple(CardEvent(*row) for row in rows)


def still_holds() -> ColumnElement[bool]:
    """Returns the SQL condition that a person did not take back what they did about a film.

    An event "seen" counts as taken back once the person has removed their mark "seen" from the
    film. An event "refused" counts as taken back once they have removed the mark "declined". All
    other kinds cannot be taken back.
    """
    marked = exists().where(
        film_marks.c.person_id == card_events.c.person_id,
        film_marks.c.film_id == card_events.c.film_id,
    )
    seen = marked.where(film_marks.c.kind == "seen")
    declined = marked.where(film_marks.c.kind == "declined")
    kind = card_events.c.kind
    return (
        kind.not_in(("seen", "refused"))
        | ((kind == "seen") & seen)
        | ((kind == "refused") & declined)
    )
