"""Everything that is stored about a person, to export or to erase."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import schema
from storage.schema import (
    cards,
    exposures,
    films,
    people,
    schedules,
    standing_events,
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
    }
)


async def export(conn: AsyncConnection, person_id: int) -> dict[str, Any]:
    """Returns everything about the person, ready for JSON: table name -> rows.

    Times are ISO 8601. Rows about a film contain its title and year too. Discord's ids, and the
    ids of rows, are text, because many JSON readers would round such large numbers.
    """
    found: dict[str, Any] = {}
    for table, owner in _personal_tables():
        columns: list[ColumnElement[Any]] = list(table.c)
        source = table.join(films) if "film_id" in table.c else table
        if "film_id" in table.c:
            columns += [films.c.title.label("film"), films.c.year.label("film_year")]
        statement = select(*columns).select_from(source).where(owner == person_id)
        rows = await conn.execute(statement.order_by(*table.primary_key))
        found.setdefault(table.name, []).extend(
            {name: _json_value(name, value) for name, value in row._mapping.items()} for row in rows
        )
    return found


async def erase(conn: AsyncConnection, person_id: int) -> int:
    """Delete every row about the person, or clear their id in it; returns the number of rows.

    Rows of cards and schedules stay, without the person's id. The person's reactions may still be
    on Discord, and reading them there again would store them again. So the cards with these
    reactions get `reconcile` False.
    """
    reacted = select(standing_events.c.message_id).where(
        standing_events.c.person_id == person_id,
        standing_events.c.source == "reaction",
        standing_events.c.frozen_at.is_(None),
    )
    await conn.execute(update(cards).where(cards.c.message_id.in_(reacted)).values(reconcile=False))
    count = 0
    for table, owner in reversed(_personal_tables()):
        if table in (cards, schedules):
            result = await conn.execute(
                update(table).where(owner == person_id).values({owner.name: None})
            )
        else:
            result = await conn.execute(delete(table).where(owner == person_id))
        count += result.rowcount
    return count


def _personal_tables() -> list[tuple[Table, ColumnElement[Any]]]:
    """Returns (table, column with the person's id) for each table with rows about people.

    A table comes before the tables whose foreign keys refer to it. A table with two columns of
    people's ids comes twice.
    """
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


def _json_value(column: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if column in _SNOWFLAKE_COLUMNS and isinstance(value, int):
        return str(value)
    return value
