"""All that is known of a person, to export or to erase."""

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
    standing_acts,
)


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
