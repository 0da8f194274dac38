"""Everything that is stored about a person, to export or to erase."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import schema
from storage.database.code_order import CodeOrder
from storage.schema import (
    cards,
    exposures,
    films,
    import_films,
    import_questions,
    imports,
    manager_messages,
    night_members,
    night_presences,
    night_questions,
    nights,
    people,
    schedules,
)

_SNOWFLAKE_COLUMNS = frozenset(
    {
        "id",
        "person_id",
        "message_id",
        "channel_id",
        "guild_id",
        "unit_id",
        "manager_id",
        "staff_id",
        "planner_id",
        "voice_id",
        "event_id",
        "night_id",
    }
)

_TIMES = {
    "impressions": "shown_at",
    "cards": "posted_at",
    "exposures": "first_at",
    "schedules": "updated_at",
    "nights": "created_at",
}
"""The name of the column with the time of a row, for each table in which it is not called "at"."""

_WITHOUT_PROFILE = (
    schedules,
    exposures,
    manager_messages,
    nights,
    night_members,
    night_presences,
    night_questions,
    imports,
    import_films,
    import_questions,
)
"""Tables with rows about people who may have no profile."""


async def export(conn: AsyncConnection, person_id: int) -> dict[str, Any]:
    """Returns everything that is stored about the person: for each table, the rows as JSON values.

    Times are ISO 8601. Rows about a film also contain its title and year. Discord's ids, and the
    ids of rows, are text, because many JSON readers would round such large numbers.
    """
    found: dict[str, Any] = {}
    for table, owner in personal_tables():
        columns: list[ColumnElement[Any]] = list(table.c)
        source = table.outerjoin(films) if "film_id" in table.c else table
        if "film_id" in table.c:
            columns += [films.c.title.label("film"), films.c.year.label("film_year")]
        statement = select(*columns).select_from(source).where(owner == person_id)
        rows = await conn.execute(statement.order_by(*map(_in_order, table.primary_key)))
        found.setdefault(table.name, []).extend(
            {name: _json_value(name, value) for name, value in row._mapping.items()} for row in rows
        )
    return found


async def erase(conn: AsyncConnection, person_id: int, *, until: datetime | None = None) -> int:
    """Delete every row about the person, or remove their id from it; returns the number of rows.

    Rows of cards (messages about a film), of schedules and of movie nights stay, without the
    person's id.

    until: delete only what is from this time or before; None to delete everything. If newer rows
        stay, the person's profile stays too, and its creation time becomes `until` if it was
        earlier.
    """
    count = 0
    for table, owner in reversed(personal_tables()):
        where = [owner == person_id]
        if table is people:
            if until is not None and await is_anywhere(conn, person_id):
                back = update(people).where(people.c.id == person_id, people.c.created_at <= until)
                await conn.execute(back.values(created_at=until))
                continue
        elif until is not None:
            where.append(table.c[_TIMES.get(table.name, "at")] <= until)
        if table in (cards, schedules, nights):
            result = await conn.execute(update(table).where(*where).values({owner.name: None}))
        else:
            result = await conn.execute(delete(table).where(*where))
        count += result.rowcount
    return count


async def known_since(conn: AsyncConnection) -> dict[int, datetime | None]:
    """Returns, for everybody in the database by id, when they first did something, UTC.

    The time is None for people without a profile, such as managers who only set up a post.
    """
    found: dict[int, datetime | None] = {}
    for table, owner in personal_tables():
        if table in _WITHOUT_PROFILE:
            rows = await conn.execute(select(owner).where(owner.is_not(None)).distinct())
            found |= dict.fromkeys(rows.scalars())
    for person_id, created_at in await conn.execute(select(people.c.id, people.c.created_at)):
        found[person_id] = created_at
    return found


async def is_anywhere(conn: AsyncConnection, person_id: int) -> bool:
    """True if any row of another table refers to the person's profile."""
    for table, owner in personal_tables():
        if table not in (people, *_WITHOUT_PROFILE):
            row = await conn.execute(select(owner).where(owner == person_id).limit(1))
            if row.first() is not None:
                return True
    return False


def personal_tables() -> list[tuple[Table, ColumnElement[Any]]]:
    """Returns each table with rows about people, with the column that has the person's id.

    A table comes before the tables whose foreign keys refer to it. A table with two columns of
    people's ids comes twice.
    """
    found: list[tuple[Table, ColumnElement[Any]]] = []
    for table in schema.metadata.sorted_tables:
        if table is people:
            found.append((table, people.c.id))
        elif table is schedules:
            found += [(table, schedules.c.manager_id), (table, schedules.c.staff_id)]
        elif table is nights:
            found.append((table, nights.c.planner_id))
        elif table is exposures:
            found.append((table, case((exposures.c.unit == "person", exposures.c.unit_id))))
        elif "person_id" in table.c:
            found.append((table, table.c.person_id))
    return found


def _in_order(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Returns a column for `order_by`: texts are sorted by the codes of their letters."""
    return CodeOrder(column) if isinstance(column.type, Text) else column


def _json_value(column: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if column in _SNOWFLAKE_COLUMNS and isinstance(value, int):
        return str(value)
    return value
