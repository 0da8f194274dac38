"""Slots: which scheduled posts were claimed, and how each ended.

A slot is one planned post: a schedule on one local date. To claim a slot is to store a row for it
before anything is sent, so that no post is sent twice.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert
from storage.schema import posts
from storage.servers.schedules import Schedule


@dataclass(frozen=True, slots=True)
class PostRecord:
    """A scheduled post that the bot began to send, or skipped, and how that ended.

    A slot is a schedule on one date. To claim it is to store this record before sending anything.

    Attributes:
        schedule_id: the schedule.
        guild_id: the server.
        local_date: the date in the zone of the server, "YYYY-MM-DD".
        claimed_at: when the slot was claimed, UTC.
        sent_at: when the post was sent, UTC; None if it was not.
        message_id: the post's message; None if it was not sent.
        outcome: how the slot ended, such as "sent" or "skipped"; None while the post is being sent,
            and if a crash interrupted that.
    """

    schedule_id: int
    guild_id: int
    local_date: str
    claimed_at: datetime
    sent_at: datetime | None
    message_id: int | None
    outcome: str | None


async def claim(
    conn: AsyncConnection,
    schedule: Schedule,
    local_date: str,
    now: datetime,
    *,
    outcome: str | None = None,
) -> bool:
    """Store that the schedule's post of one date is being handled; returns False if it already was.

    The caller must commit the transaction before sending the post. A crash may then lose a post,
    but never send it twice.

    local_date: "YYYY-MM-DD" in the server's zone.
    now: the present time, with a zone.
    outcome: how the post ended, such as "skipped", if nothing is to be sent; None if a post is to
        be sent.
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
    """Store how a scheduled post ended. `claim` must have been called for it before.

    local_date: "YYYY-MM-DD" in the server's zone.
    message_id: the post's message; None if nothing was sent.
    outcome: such as "sent" or "skipped".
    """
    await conn.execute(
        update(posts)
        .where(posts.c.schedule_id == schedule_id, posts.c.local_date == local_date)
        .values(message_id=message_id, outcome=outcome, sent_at=None if message_id is None else now)
    )


async def history(
    conn: AsyncConnection, guild_id: int, since: datetime | None = None, limit: int = 100
) -> tuple[PostRecord, ...]:
    """Returns the records of a server's scheduled posts, the newest first.

    since: only posts claimed (begun or skipped) at this time or later; None for all posts.
    limit: the greatest number of records.
    """
    query = select(posts).where(posts.c.guild_id == guild_id)
    if since is not None:
        query = query.where(posts.c.claimed_at >= since)
    rows = await conn.execute(query.order_by(posts.c.claimed_at.desc()).limit(limit))
    return tuple(PostRecord(**row._mapping) for row in rows)


async def outcomes(conn: AsyncConnection, since: datetime) -> dict[str, int]:
    """Returns how many scheduled posts of all servers ended in each way, such as "sent".

    Only posts claimed (begun or skipped) at `since` or later count. Posts that are still being sent
    are left out.
    """
    rows = await conn.execute(
        select(posts.c.outcome, func.count())
        .where(posts.c.claimed_at >= since, posts.c.outcome.is_not(None))
        .group_by(posts.c.outcome)
    )
    return {str(outcome): int(count) for outcome, count in rows}


async def unfinished(conn: AsyncConnection) -> tuple[PostRecord, ...]:
    """Returns the records of scheduled posts without an outcome, the oldest first.

    They are still being sent, or a crash interrupted them.
    """
    waiting = select(posts).where(posts.c.outcome.is_(None)).order_by(posts.c.claimed_at)
    rows = await conn.execute(waiting)
    return tuple(PostRecord(**row._mapping) for row in rows)


async def outcome_before(conn: AsyncConnection, schedule_id: int, local_date: str) -> str | None:
    """Returns how the schedule's last post before a date ended; None if there was no such post.

    local_date: the date, "YYYY-MM-DD".
    """
    found = await conn.execute(
        select(posts.c.outcome)
        .where(posts.c.schedule_id == schedule_id, posts.c.local_date < local_date)
        .order_by(posts.c.local_date.desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def forget_skipped(conn: AsyncConnection, after: datetime) -> int:
    """Delete the records of scheduled posts that were skipped later than `after`.

    Returns the number of deleted records.
    """
    wrong = (posts.c.outcome == "skipped", posts.c.claimed_at > after)
    return (await conn.execute(delete(posts).where(*wrong))).rowcount
