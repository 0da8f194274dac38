"""Stores when shards may identify to Discord's gateway, over all processes of the bot."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert
from storage.schema import identifies


async def last(conn: AsyncConnection, bucket: int) -> datetime | None:
    """Returns when a shard of a bucket was last let through, which may lie ahead; None for never.

    bucket: the shard's number modulo the number of identifies that Discord allows at once.
    """
    found = await conn.execute(select(identifies.c.at).where(identifies.c.bucket == bucket))
    return found.scalar_one_or_none()


async def note(conn: AsyncConnection, bucket: int, at: datetime) -> None:
    """Store when a shard of a bucket is let through."""
    await conn.execute(
        upsert(conn, identifies)
        .values(bucket=bucket, at=at)
        .on_conflict_do_update(index_elements=["bucket"], set_={"at": at})
    )
