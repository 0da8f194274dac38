"""Stores a time before which the bot knows every reaction on Discord.

Reactions after it may have been missed, for example while the bot was off.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from storage import keyvalue
from storage.shards import Shards

_KEY = "reactions-heard-at"


async def note(conn: AsyncConnection, at: datetime, shards: Shards | None = None) -> None:
    """Store that the bot knows every reaction from before `at` (UTC).

    shards: those that the process runs which knows them; None for all.
    """
    await keyvalue.set_value(conn, _key(shards), at.isoformat())


async def last(conn: AsyncConnection, shards: Shards | None = None) -> datetime | None:
    """Returns the time up to which the bot knows every reaction, UTC; None if none was stored.

    If none was stored for these shards, because the processes had other shards before, it is the
    earliest time that was stored for any.

    shards: those of which the reactions are known; None for all.
    """
    text = await keyvalue.get_value(conn, _key(shards))
    if text is not None:
        return datetime.fromisoformat(text)
    stored = await keyvalue.with_prefix(conn, _KEY)
    return min(map(datetime.fromisoformat, stored.values()), default=None)


def _key(shards: Shards | None) -> str:
    return _KEY if shards is None else f"{_KEY}:{shards}"
