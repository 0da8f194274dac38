"""Until when the bot has surely heard of every reaction."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from storage import keyvalue

_KEY = "reactions-heard-at"


async def note(conn: AsyncConnection, at: datetime) -> None:
    """Store that everything before `at` (UTC) was heard or found."""
    await keyvalue.set_value(conn, _KEY, at.isoformat())


async def last(conn: AsyncConnection) -> datetime | None:
    """Returns until when everything was heard, UTC; None if it was never noted."""
    text = await keyvalue.get_value(conn, _KEY)
    return None if text is None else datetime.fromisoformat(text)
