"""Scheduled posts: when and where each server wants one, and the one claim that sends it.

A schedule knows the instant of its next slot, so what is due is one indexed question however many
servers there are. A slot's key is (schedule, local date): it is taken before anything is sent.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert
from storage.schema import posts, schedules

Theme = Literal["auto", "trending", "staff", "wild", "digest"]
EVERY_DAY = "0123456"
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_DAYS = re.compile(r"0?1?2?3?4?5?6?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When and where a server wants a post.

    post_time: local, "HH:MM"; days: weekdays as digits, 0 Monday; staff_id: whose favourites
    ("staff"); language: of the films, two or three letters; next_at: the next slot, None while
    paused or stopped; disabled_reason: why it stopped by itself; manager_id: who set it up.
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
        """Neither paused nor stopped."""
        return not self.paused and self.disabled_reason is None


@dataclass(frozen=True, slots=True)
class PostRecord:
    """A slot: claimed for its local date ("YYYY-MM-DD"), then sent, or not and why."""

    schedule_id: int
    guild_id: int
    local_date: str
    claimed_at: datetime
    sent_at: datetime | None
    message_id: int | None
    outcome: str | None


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
    """Keep a new schedule of a server that is known. Raises ValueError for a bad time or days."""
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


async def change(conn: AsyncConnection, schedule_id: int, now: datetime, **given: Any) -> Schedule:
    """Change some fields. Raises LookupError for an unknown one, ValueError as `create`."""
    _check(given.get("post_time", "00:00"), given.get("days", EVERY_DAY))
    changed = await conn.execute(
        update(schedules)
        .where(schedules.c.id == schedule_id)
        .values(given | {"updated_at": now})
        .returning(schedules)
    )
    row = changed.one_or_none()
    if row is None:
        raise LookupError(f"there is no schedule {schedule_id}")
    return Schedule(**row._mapping)


async def plan(conn: AsyncConnection, schedule_id: int, next_at: datetime | None) -> None:
    """Say when its next slot is."""
    await conn.execute(
        update(schedules).where(schedules.c.id == schedule_id).values(next_at=next_at)
    )


async def get(conn: AsyncConnection, schedule_id: int) -> Schedule | None:
    """One schedule, or None."""
    found = await conn.execute(select(schedules).where(schedules.c.id == schedule_id))
    row = found.one_or_none()
    return None if row is None else Schedule(**row._mapping)


async def of_guild(conn: AsyncConnection, guild_id: int) -> tuple[Schedule, ...]:
    """A server's schedules, the oldest first."""
    rows = await conn.execute(
        select(schedules).where(schedules.c.guild_id == guild_id).order_by(schedules.c.id)
    )
    return tuple(Schedule(**row._mapping) for row in rows)


async def active(conn: AsyncConnection) -> tuple[Schedule, ...]:
    """Every schedule that is neither paused nor stopped."""
    rows = await conn.execute(
        select(schedules)
        .where(~schedules.c.paused, schedules.c.disabled_reason.is_(None))
        .order_by(schedules.c.id)
    )
    return tuple(Schedule(**row._mapping) for row in rows)


async def due(conn: AsyncConnection, now: datetime) -> tuple[int, ...]:
    """The ids of the schedules whose slot has come, the longest waiting first."""
    rows = await conn.execute(
        select(schedules.c.id)
        .where(schedules.c.next_at <= now)
        .order_by(schedules.c.next_at, schedules.c.id)
    )
    return tuple(rows.scalars())


async def remove(conn: AsyncConnection, schedule_id: int) -> bool:
    """Forget a schedule and its slots; whether it was there."""
    await conn.execute(delete(posts).where(posts.c.schedule_id == schedule_id))
    gone = await conn.execute(delete(schedules).where(schedules.c.id == schedule_id))
    return gone.rowcount == 1


async def erase(conn: AsyncConnection, guild_id: int) -> int:
    """Forget all schedules of a server and their slots; how many rows that were."""
    gone = (await conn.execute(delete(posts).where(posts.c.guild_id == guild_id))).rowcount
    gone += (await conn.execute(delete(schedules).where(schedules.c.guild_id == guild_id))).rowcount
    return gone


# Slots -------------------------------------------------------------------------------------------


async def claim(
    conn: AsyncConnection,
    schedule: Schedule,
    local_date: str,
    now: datetime,
    *,
    outcome: str | None = None,
) -> bool:
    """Take a slot, or note at once what became of it; False where it was taken before.

    The caller ends the transaction before sending: a crash then misses a post, never doubles it.
    """
    row = {
        "schedule_id": schedule.id,
        "guild_id": schedule.guild_id,
        "local_date": local_date,
        "claimed_at": now,
        "outcome": outcome,
    }
    result = await conn.execute(upsert(conn, posts).values(row).on_conflict_do_nothing())
    return result.rowcount == 1


async def record(
    conn: AsyncConnection,
    schedule_id: int,
    local_date: str,
    *,
    message_id: int | None,
    outcome: str,
    now: datetime,
) -> None:
    """Keep what became of a claimed slot; `message_id` None where nothing was sent."""
    await conn.execute(
        update(posts)
        .where(posts.c.schedule_id == schedule_id, posts.c.local_date == local_date)
        .values(message_id=message_id, outcome=outcome, sent_at=None if message_id is None else now)
    )


async def history(
    conn: AsyncConnection, guild_id: int, since: datetime | None = None, limit: int = 100
) -> tuple[PostRecord, ...]:
    """A server's slots, the newest first."""
    asked = select(posts).where(posts.c.guild_id == guild_id)
    if since is not None:
        asked = asked.where(posts.c.claimed_at >= since)
    rows = await conn.execute(asked.order_by(posts.c.claimed_at.desc()).limit(limit))
    return tuple(PostRecord(**row._mapping) for row in rows)


async def outcomes(conn: AsyncConnection, since: datetime) -> dict[str, int]:
    """How many slots of all servers, claimed since then, came to what; those that are under way
    apart."""
    rows = await conn.execute(
        select(posts.c.outcome, func.count())
        .where(posts.c.claimed_at >= since, posts.c.outcome.is_not(None))
        .group_by(posts.c.outcome)
    )
    return {str(outcome): int(count) for outcome, count in rows}


async def unfinished(conn: AsyncConnection) -> tuple[PostRecord, ...]:
    """Slots that were claimed and of which nothing more is known: a crash came between."""
    rows = await conn.execute(select(posts).where(posts.c.outcome.is_(None)))
    return tuple(PostRecord(**row._mapping) for row in rows)


async def count(conn: AsyncConnection, guild_id: int) -> int:
    """How many schedules a server has, the digest apart."""
    asked = select(func.count()).where(
        schedules.c.guild_id == guild_id, schedules.c.theme != "digest"
    )
    return int((await conn.execute(asked)).scalar_one())


def _check(post_time: str, days: str) -> None:
    if _TIME.fullmatch(post_time) is None:
        raise ValueError(f"a time of day looks like 18:30, not {post_time!r}")
    if not days or _DAYS.fullmatch(days) is None:
        raise ValueError(f"days are digits from 0, Monday, to 6 in order, not {days!r}")
