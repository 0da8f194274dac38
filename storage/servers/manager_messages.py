"""Stores direct messages to managers of servers until they are sent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.schema import manager_messages


@dataclass(frozen=True, slots=True)
class ManagerMessage:
    """A direct message that is still to be sent.

    Attributes:
        id: the message's id in the table.
        person_id: the manager who gets it.
        text: what it says.
        at: when it was written, UTC.
    """

    id: int
    person_id: int
    text: str
    at: datetime


async def add(conn: AsyncConnection, person_id: int, text: str, now: datetime) -> None:
    """Store a message that is to be sent to a person."""
    row = {"person_id": person_id, "text": text, "at": now}
    await conn.execute(insert(manager_messages).values(row))


async def waiting(conn: AsyncConnection) -> tuple[ManagerMessage, ...]:
    """Returns the messages that are to be sent, the oldest first."""
    rows = await conn.execute(select(manager_messages).order_by(manager_messages.c.id))
    return tuple(ManagerMessage(**row._mapping) for row in rows)


async def remove(conn: AsyncConnection, message_id: int) -> None:
    """Delete a message that was sent, or that can never be sent.

    message_id: its id in the table.
    """
    await conn.execute(delete(manager_messages).where(manager_messages.c.id == message_id))
