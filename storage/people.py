"""People: what they told us of themselves, and all that we know of them, to export or erase."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Table, bindparam, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import schema
from storage.database.upsert import insert
from storage.schema import answers as replies
from storage.schema import (
    cards,
    exposures,
    film_marks,
    films,
    people,
    schedules,
    standing_acts,
    taste_consents,
)

Kind = Literal["seen", "declined", "later", "unseen"]
"""seen it · not for me · on the watchlist · asked in the quiz and never seen"""

FilmAnswer = Literal["loved", "liked", "fine", "disliked", "unseen"]
"""what a person can answer about one film; of each film one stands"""

Question = Literal["shelf", "never", "zone", "shown", "more", "quiet", "when", FilmAnswer]
"""shown: a film stood on a screen of the quiz; more: the bot asked about one more film later;
quiet: it shall not; when: a part of the day in which the person usually watches"""

FILM_ANSWERS: tuple[FilmAnswer, ...] = ("loved", "liked", "fine", "disliked", "unseen")


@dataclass(frozen=True, slots=True)
class Person:
    """A Discord user. `zone` is an IANA name; `dial` is how adventurous the picks may be;
    `shapes_others` whether what they rate shapes what other people are shown; `by_clock` whether
    the time of day and week moves their picks."""

    id: int
    zone: str | None
    dial: str
    shapes_others: bool
    by_clock: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the quiz; `subject` is what it is about (a film's id, a genre, …) as text."""

    question: Question
    subject: str
    screen: int
    at: datetime


_PERSON = select(people).where(people.c.id == bindparam("person"))
_MARKS = (
    select(film_marks.c.kind, film_marks.c.film_id, film_marks.c.at)
    .where(film_marks.c.person_id == bindparam("person"))
    .order_by(film_marks.c.at, film_marks.c.film_id)
)
_ANSWERS = (
    select(replies.c.question, replies.c.subject, replies.c.screen, replies.c.at)
    .where(replies.c.person_id == bindparam("person"))
    .order_by(replies.c.at, replies.c.screen, replies.c.question, replies.c.subject)
)
# What every answer reads is put together once: making a statement takes longer than running it.


async def get(conn: AsyncConnection, person_id: int) -> Person | None:
    """The person, or None where we have never heard of them."""
    row = (await conn.execute(_PERSON, {"person": person_id})).one_or_none()
    return None if row is None else Person(**row._mapping)


async def ensure(conn: AsyncConnection, person_id: int, *, now: datetime) -> None:
    """Have a row for the person; nothing changes where there is one."""
    row = {"id": person_id, "created_at": now, "updated_at": now}
    await conn.execute(insert(conn, people).values(row).on_conflict_do_nothing())


async def set_zone(
    conn: AsyncConnection, person_id: int, zone: str | None, *, now: datetime
) -> None:
    """Keep the person's IANA time zone (checked by the caller); None forgets it."""
    await ensure(conn, person_id, now=now)
    values = {"zone": zone, "updated_at": now}
    await conn.execute(update(people).where(people.c.id == person_id).values(values))


async def set_dial(conn: AsyncConnection, person_id: int, dial: str, *, now: datetime) -> None:
    """Keep how adventurous the person's picks may be."""
    await ensure(conn, person_id, now=now)
    values = {"dial": dial, "updated_at": now}
    await conn.execute(update(people).where(people.c.id == person_id).values(values))


async def set_shapes_others(
    conn: AsyncConnection, person_id: int, shapes: bool, *, now: datetime
) -> None:
    """Keep whether the person's ratings shape what other people are shown."""
    await ensure(conn, person_id, now=now)
    values = {"shapes_others": shapes, "updated_at": now}
    await conn.execute(update(people).where(people.c.id == person_id).values(values))


async def set_by_clock(
    conn: AsyncConnection, person_id: int, by_clock: bool, *, now: datetime
) -> None:
    """Keep whether the time of day and week moves the person's picks."""
    await ensure(conn, person_id, now=now)
    values = {"by_clock": by_clock, "updated_at": now}
    await conn.execute(update(people).where(people.c.id == person_id).values(values))


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


async def answer(
    conn: AsyncConnection,
    person_id: int,
    question: Question,
    subject: str,
    *,
    now: datetime,
    screen: int = 0,
) -> None:
    """Keep one answer of the quiz; the same answer again only moves its screen and time."""
    await answer_all(conn, person_id, question, [subject], now=now, screen=screen)


async def answer_all(
    conn: AsyncConnection,
    person_id: int,
    question: Question,
    subjects: Sequence[str],
    *,
    now: datetime,
    screen: int = 0,
) -> None:
    """Keep the same answer about several subjects."""
    if not subjects:
        return
    await ensure(conn, person_id, now=now)
    statement = insert(conn, replies)
    told = {"screen": statement.excluded.screen, "at": statement.excluded.at}
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id", "question", "subject"], set_=told
        ),
        [
            {
                "person_id": person_id,
                "question": question,
                "subject": subject,
                "screen": screen,
                "at": now,
            }
            for subject in subjects
        ],
    )


async def answer_film(
    conn: AsyncConnection,
    person_id: int,
    film_id: int,
    given: FilmAnswer | None,
    *,
    now: datetime,
    screen: int = 0,
) -> bool:
    """Keep what the person answers about a film in place of what they answered before; None takes
    it back. "unseen" marks the film as unseen too. Whether anything changed."""
    subject = str(film_id)
    stood = await conn.execute(
        select(replies.c.question).where(
            replies.c.person_id == person_id,
            replies.c.subject == subject,
            replies.c.question.in_(FILM_ANSWERS),
        )
    )
    before = {row.question for row in stood}
    if before == ({given} if given else set()):
        return False
    for question in before - {given}:
        await unanswer(conn, person_id, question, subject)
    if given is not None:
        await answer(conn, person_id, given, subject, screen=screen, now=now)
    if given == "unseen":
        await mark(conn, person_id, film_id, "unseen", now=now)
    else:
        await unmark(conn, person_id, film_id, "unseen")
    return True


async def unanswer(
    conn: AsyncConnection, person_id: int, question: Question, subject: str | None = None
) -> int:
    """Take back one answer, or every answer to the question; how many there were."""
    same = [replies.c.person_id == person_id, replies.c.question == question]
    if subject is not None:
        same.append(replies.c.subject == subject)
    return (await conn.execute(delete(replies).where(*same))).rowcount


async def answers(conn: AsyncConnection, person_id: int) -> tuple[Answer, ...]:
    """The person's answers, in the order in which they were given."""
    rows = await conn.execute(_ANSWERS, {"person": person_id})
    return tuple(Answer(*row) for row in rows)


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


async def export(conn: AsyncConnection, person_id: int) -> dict[str, Any]:
    """Everything about the person, ready for JSON: table name -> rows, times as ISO 8601.

    Rows about a film carry its title and year too. Ids of messages, channels and servers are
    text, since JSON readers round such large numbers.
    """
    found: dict[str, Any] = {}
    for table, whose in _personal():
        columns: list[ColumnElement[Any]] = list(table.c)
        source = table.join(films) if "film_id" in table.c else table
        if "film_id" in table.c:
            columns += [films.c.title.label("film"), films.c.year.label("film_year")]
        statement = select(*columns).select_from(source).where(whose == person_id)
        rows = await conn.execute(statement.order_by(*table.primary_key))
        found.setdefault(table.name, []).extend(
            {name: _json(name, value) for name, value in row._mapping.items()} for row in rows
        )
    return found


async def erase(conn: AsyncConnection, person_id: int) -> int:
    """Forget the person: delete or empty every row about them; how many rows that were.

    Cards stay, without their asker. Reactions of theirs may still stand on Discord, so the cards
    that carry any are not reconciled any more: that would bring the ratings back.
    """
    stand = select(standing_acts.c.message_id).where(
        standing_acts.c.person_id == person_id,
        standing_acts.c.source == "reaction",
        standing_acts.c.frozen_at.is_(None),
    )
    await conn.execute(update(cards).where(cards.c.message_id.in_(stand)).values(reconcile=False))
    gone = 0
    for table, whose in reversed(_personal()):
        if table in (cards, schedules):
            result = await conn.execute(
                update(table).where(whose == person_id).values({whose.name: None})
            )
        else:
            result = await conn.execute(delete(table).where(whose == person_id))
        gone += result.rowcount
    return gone


def _personal() -> list[tuple[Table, ColumnElement[Any]]]:
    """Every table with rows about a person and the column that says whose, parents first."""
    found: list[tuple[Table, ColumnElement[Any]]] = []
    for table in schema.metadata.sorted_tables:
        if table is people:
            found.append((table, people.c.id))
        elif table is schedules:
            found += [(table, schedules.c.manager_id), (table, schedules.c.staff_id)]
        elif table is exposures:
            found.append((table, case((exposures.c.unit == "person", exposures.c.unit_id))))
        elif "person_id" in table.c:
            found.append((table, table.c.person_id))
    return found


def _json(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    snowflake = name in ("id", "person_id", "message_id", "channel_id", "guild_id", "unit_id")
    snowflake |= name in ("manager_id", "staff_id")
    return str(value) if snowflake and isinstance(value, int) else value
