"""Stores a time before which the bot knows every reaction on Discord.

Reactions after it may have been missed, for example while the bot was off.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from storage import keyvalue

_KEY = "reactions-heard-at"


async def note(conn: AsyncConnection, at: datetime) -> None:
    """Store that the bot knows every reaction from before `at` (UTC)."""
    await keyvalue.set_value(conn, _KEY, at.isoformat())


async def last(conn: AsyncConnection) -> datetime | None:
    """Returns the time up to which the bot knows every reaction, UTC; None if none was stored."""
    text = await keyvalue.get_value(conn, _KEY)
    return None if text is None else datetime.fromisoformat(text)
