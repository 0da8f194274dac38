"""Small facts about Matinee itself, stored by key."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert
from storage.schema import settings_kv


async def get_value(conn: AsyncConnection, key: str) -> str | None:
    """Returns the value of `key`; None if it was never set."""
    found = await conn.execute(select(settings_kv.c.value).where(settings_kv.c.key == key))
    return found.scalar_one_or_none()


async def with_prefix(conn: AsyncConnection, prefix: str) -> dict[str, str]:
    """Returns the values of all keys that begin with `prefix`, by key."""
    key = settings_kv.c.key
    # A range of keys, since an index finds these and not those of a pattern.
    found = await conn.execute(
        select(key, settings_kv.c.value).where(key >= prefix, key < prefix + "\U0010ffff")
    )
    return {name: value for name, value in found if name.startswith(prefix)}


async def set_value(conn: AsyncConnection, key: str, value: str) -> None:
    """Store `value` under `key`, in place of an older value."""
    await conn.execute(
        upsert(conn, settings_kv)
        .values(key=key, value=value)
        .on_conflict_do_update(index_elements=["key"], set_={"value": value})
    )
