"""Stores when and where each server wants scheduled posts.

A slot is one planned post of a schedule. A schedule stores the time of its next slot (`slots.py`),
so one indexed query finds the due posts of all servers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert
from storage.schema import posts, schedules
from storage.shards import Shards, on_shards

Theme = Literal["auto", "trending", "staff", "wild", "digest"]
EVERY_DAY = "0123456"
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_DAYS = re.compile(r"0?1?2?3?4?5?6?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When and where a server wants a post.

    Attributes:
        id: the schedule's id.
        guild_id: the server.
        channel_id: the channel to post in; None for a direct message to the manager.
        theme: how the films are chosen; "digest" for a weekly report to the manager.
        staff_id: the member whose favourites are posted; None unless the theme is "staff".
        language: only films in this language, two or three letters; None for any language.
        post_time: local time, "HH:MM".
        days: weekdays as digits in order, 0 for Monday.
        paused: True while a manager has paused it.
        disabled_reason: why it stopped by itself; None if it did not.
        manager_id: the member who set it up; None if their data were erased.
        next_at: time of the next post, UTC; None while paused or stopped.
        created_at: when it was created, UTC.
        updated_at: when its settings last changed, UTC.
    """

    id: int
    guild_id: int
    channel_id: int | None
    theme: Theme
    staff_id: int | None
    language: str | None
    post_time: str
    days: str
    paused: bool
    disabled_reason: str | None
    manager_id: int | None
    next_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def running(self) -> bool:
        """True if this schedule is neither paused by a manager nor stopped by the bot."""
        return not self.paused and self.disabled_reason is None


async def create(
    conn: AsyncConnection,
    guild_id: int,
    *,
    theme: Theme,
    post_time: str,
    now: datetime,
    next_at: datetime | None,
    days: str = EVERY_DAY,
    channel_id: int | None = None,
    staff_id: int | None = None,
    language: str | None = None,
    manager_id: int | None = None,
) -> Schedule:
    """Store a new schedule of posts; returns it. The server must have been set up.

    Raises ValueError for a bad time or bad days. The parameters are the fields of `Schedule`.
    """
    _check(post_time, days)
    row = {
        "guild_id": guild_id,
        "channel_id": channel_id,
        "theme": theme,
        "staff_id": staff_id,
        "language": language,
        "post_time": post_time,
        "days": days,
        "paused": False,
        "manager_id": manager_id,
        "next_at": next_at,
        "created_at": now,
        "updated_at": now,
    }
    made = await conn.execute(upsert(conn, schedules).values(row).returning(schedules))
    return Schedule(**made.one()._mapping)


async def change(
    conn: AsyncConnection, schedule_id: int, now: datetime, **changes: Any
) -> Schedule:
    """Set the fields that `changes` names to its values; returns the changed schedule.

    Raises LookupError for an unknown schedule, and ValueError for a bad time or days.
    """
    _check(changes.get("post_time", "00:00"), changes.get("days", EVERY_DAY))
    changed = await conn.execute(
        update(schedules)
        .where(schedules.c.id == schedule_id)
        .values(changes | {"updated_at": now})
        .returning(schedules)
    )
    row = changed.one_or_none()
    if row is None:
        raise LookupError(f"there is no schedule {schedule_id}")
    return Schedule(**row._mapping)


async def plan(conn: AsyncConnection, schedule_id: int, next_at: datetime | None) -> None:
    """Store when the schedule's next post is due; None if no post is due."""
    await conn.execute(
        update(schedules).where(schedules.c.id == schedule_id).values(next_at=next_at)
    )


async def get(conn: AsyncConnection, schedule_id: int) -> Schedule | None:
    """Returns one schedule; None if the id is unknown."""
    found = await conn.execute(select(schedules).where(schedules.c.id == schedule_id))
    row = found.one_or_none()
    return None if row is None else Schedule(**row._mapping)


async def of_guild(conn: AsyncConnection, guild_id: int) -> tuple[Schedule, ...]:
    """Returns a server's schedules, the oldest first."""
    rows = await conn.execute(
        select(schedules).where(schedules.c.guild_id == guild_id).order_by(schedules.c.id)
    )
    return tuple(Schedule(**row._mapping) for row in rows)


async def stopped(conn: AsyncConnection, reasons: Sequence[str]) -> tuple[Schedule, ...]:
    """Returns the schedules that stopped by themselves for one of these reasons, the oldest
    first.
    """
    rows = await conn.execute(
        select(schedules).where(schedules.c.disabled_reason.in_(reasons)).order_by(schedules.c.id)
    )
    return tuple(Schedule(**row._mapping) for row in rows)


async def active(conn: AsyncConnection) -> tuple[Schedule, ...]:
    """Returns every schedule that is neither paused nor stopped."""
    rows = await conn.execute(
        select(schedules)
        .where(~schedules.c.paused, schedules.c.disabled_reason.is_(None))
        .order_by(schedules.c.id)
    )
    return tuple(Schedule(**row._mapping) for row in rows)


async def servers(conn: AsyncConnection) -> tuple[int, ...]:
    """Returns the ids of the servers with a schedule that is neither paused nor stopped."""
    rows = await conn.execute(
        select(schedules.c.guild_id)
        .where(~schedules.c.paused, schedules.c.disabled_reason.is_(None))
        .distinct()
    )
    return tuple(rows.scalars())


async def due(
    conn: AsyncConnection, now: datetime, *, shards: Shards | None = None
) -> tuple[int, ...]:
    """Returns the ids of the schedules whose next post is due, the longest overdue first.

    shards: only schedules of servers on these shards; None for all.
    """
    rows = await conn.execute(
        select(schedules.c.id)
        .where(schedules.c.next_at <= now, on_shards(shards, schedules.c.guild_id))
        .order_by(schedules.c.next_at, schedules.c.id)
    )
    return tuple(rows.scalars())


async def remove(conn: AsyncConnection, schedule_id: int) -> bool:
    """Delete a schedule and the records of its posts; returns True if it existed."""
    await conn.execute(delete(posts).where(posts.c.schedule_id == schedule_id))
    deleted = await conn.execute(delete(schedules).where(schedules.c.id == schedule_id))
    return deleted.rowcount == 1


async def erase(conn: AsyncConnection, guild_id: int) -> int:
    """Delete a server's schedules and the records of their posts; returns the number of rows."""
    count = (await conn.execute(delete(posts).where(posts.c.guild_id == guild_id))).rowcount
    count += (
        await conn.execute(delete(schedules).where(schedules.c.guild_id == guild_id))
    ).rowcount
    return count


async def count(conn: AsyncConnection, guild_id: int) -> int:
    """Returns how many schedules of posts a server has, without the digest for its manager."""
    query = select(func.count()).where(
        schedules.c.guild_id == guild_id, schedules.c.theme != "digest"
    )
    return int((await conn.execute(query)).scalar_one())


def _check(post_time: str, days: str) -> None:
    """Raises ValueError for a bad time or bad days."""
    if _TIME.fullmatch(post_time) is None:
        raise ValueError(f"a time of day looks like 18:30, not {post_time!r}")
    if not days or _DAYS.fullmatch(days) is None:
        raise ValueError(f"days are digits from 0, Monday, to 6 in order, not {days!r}")
