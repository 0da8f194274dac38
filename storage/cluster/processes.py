"""Stores which processes of the bot run, which shards each has, and how fast each may send."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.schema import processes
from storage.shards import Shards


@dataclass(frozen=True, slots=True)
class Process:
    """A process of the bot, as it last said that it runs.

    Attributes:
        holder: its name, which no other process ever has.
        place: the machine and folder in which it runs; one process at a time has a place.
        shards: the shards that it runs.
        share: how many requests a second it may send to Discord.
        serving: the version of the model that answers in it; None before the first is known.
        started_at: when it started, UTC.
        expires_at: when it counts as ended unless it says before that it runs, UTC.
    """

    holder: str
    place: str
    shards: Shards
    share: int
    serving: str | None
    started_at: datetime
    expires_at: datetime


async def every(conn: AsyncConnection) -> tuple[Process, ...]:
    """Returns the processes that have not been removed, by their first shard.

    Those that were killed are among them.
    """
    rows = await conn.execute(
        select(processes).order_by(processes.c.first_shard, processes.c.holder)
    )
    return tuple(
        Process(
            row.holder,
            row.place,
            Shards(row.first_shard, row.last_shard, row.shard_count),
            row.share,
            row.serving,
            row.started_at,
            row.expires_at,
        )
        for row in rows
    )


async def add(conn: AsyncConnection, process: Process) -> None:
    """Store a process that has just started."""
    await conn.execute(
        insert(processes).values(
            holder=process.holder,
            place=process.place,
            first_shard=process.shards.first,
            last_shard=process.shards.last,
            shard_count=process.shards.count,
            share=process.share,
            serving=process.serving,
            started_at=process.started_at,
            expires_at=process.expires_at,
        )
    )


async def renew(
    conn: AsyncConnection, holder: str, *, share: int, serving: str, expires_at: datetime
) -> None:
    """Store that a process still runs. The parameters are the fields of `Process`."""
    await conn.execute(
        update(processes)
        .where(processes.c.holder == holder)
        .values(share=share, serving=serving, expires_at=expires_at)
    )


async def is_there(conn: AsyncConnection, holder: str) -> bool:
    """True if a process is stored."""
    found = await conn.execute(select(processes.c.holder).where(processes.c.holder == holder))
    return found.scalar_one_or_none() is not None


async def remove(conn: AsyncConnection, holders: Collection[str]) -> None:
    """Delete processes."""
    await conn.execute(delete(processes).where(processes.c.holder.in_(tuple(holders))))
