"""Stores which process does what only one process may do (a lease), and until when.

Each new holder gets a greater number, the fence. If a holder was stopped for a while and another
process took the lease meanwhile, their fences differ.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert
from storage.schema import leases


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one process to do something, for some time.

    Attributes:
        name: what the process may do.
        holder: the process.
        fence: how many holders the lease has had, with this one.
        expires_at: when it ends unless the holder renews it, UTC.
    """

    name: str
    holder: str
    fence: int
    expires_at: datetime


async def get(conn: AsyncConnection, name: str) -> Lease | None:
    """Returns a lease, which may have expired; None if no process ever had it."""
    found = await conn.execute(select(leases).where(leases.c.name == name))
    row = found.one_or_none()
    return None if row is None else Lease(**row._mapping)


async def put(conn: AsyncConnection, lease: Lease) -> None:
    """Store a lease in place of the earlier one with its name."""
    values = {"holder": lease.holder, "fence": lease.fence, "expires_at": lease.expires_at}
    await conn.execute(
        upsert(conn, leases)
        .values(name=lease.name, **values)
        .on_conflict_do_update(index_elements=["name"], set_=values)
    )


async def end(conn: AsyncConnection, holder: str, at: datetime) -> None:
    """Store that all leases of a process have ended. Their fences stay."""
    await conn.execute(update(leases).where(leases.c.holder == holder).values(expires_at=at))
