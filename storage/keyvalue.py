"""Small facts about Matinee itself, stored by key."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert
from storage.schema import settings_kv


async def get_value(conn: AsyncConnection, key: str) -> str | None:
    """Returns the value of `key`; None if it was never set."""
    found = await conn.execute(select(settings_kv.c.value).where(settings_kv.c.key == key))
    return found.scalar_one_or_none()


async def set_value(conn: AsyncConnection, key: str, value: str) -> None:
    """Store `value` under `key`, in place of an older value."""
    await conn.execute(
        upsert(conn, settings_kv)
        .values(key=key, value=value)
        .on_conflict_do_update(index_elements=["key"], set_={"value": value})
    )
