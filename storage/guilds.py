"""Servers: their settings, and the one post a day, claimed before it is sent."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.schema import cards, guilds, impressions, posts
from storage.upsert import insert

_POST_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Guild:
    """A server's settings. `post_time` is local, "HH:MM"; `zone` is an IANA name."""

    id: int
    channel_id: int | None
    zone: str | None
    post_time: str | None
    post_enabled: bool
    disabled_reason: str | None
    family_safe: bool
    manager_id: int | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Post:
    """A scheduled post: claimed for its local date ("YYYY-MM-DD"), then sent or not."""

    guild_id: int
    local_date: str
    claimed_at: datetime
    sent_at: datetime | None
    message_id: int | None
    outcome: str | None


async def get(conn: AsyncConnection, guild_id: int) -> Guild | None:
    """The server's settings, or None where nobody has set it up."""
    row = (await conn.execute(select(guilds).where(guilds.c.id == guild_id))).one_or_none()
    return None if row is None else Guild(**row._mapping)


async def setup(
    conn: AsyncConnection,
    guild_id: int,
    *,
    now: datetime,
    channel_id: int | None = None,
    zone: str | None = None,
    post_time: str | None = None,
    manager_id: int | None = None,
    family_safe: bool | None = None,
) -> Guild:
    """Set up a server or change its settings; None leaves a setting as it is.

    Posting begins, or begins again, as soon as there are a channel and a time.
    Raises ValueError where `post_time` is not "HH:MM".
    """
    if post_time is not None and _POST_TIME.fullmatch(post_time) is None:
        raise ValueError(f"a time of day looks like 18:30, not {post_time!r}")
    given = {
        "channel_id": channel_id,
        "zone": zone,
        "post_time": post_time,
        "manager_id": manager_id,
        "family_safe": family_safe,
    }
    changed: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    changed |= {"updated_at": now, "disabled_reason": None}
    await conn.execute(
        insert(conn, guilds)
        .values({"id": guild_id, "post_enabled": False} | changed)
        .on_conflict_do_update(index_elements=["id"], set_=changed)
    )
    await conn.execute(
        update(guilds)
        .where(guilds.c.id == guild_id)
        .values(post_enabled=guilds.c.channel_id.is_not(None) & guilds.c.post_time.is_not(None))
    )
    guild = await get(conn, guild_id)
    if guild is None:
        raise LookupError(f"server {guild_id} is gone")
    return guild


async def disable(conn: AsyncConnection, guild_id: int, reason: str) -> bool:
    """Stop posting in a server and keep why; whether it was posting until now."""
    result = await conn.execute(
        update(guilds)
        .where(guilds.c.id == guild_id, guilds.c.post_enabled)
        .values(post_enabled=False, disabled_reason=reason)
    )
    return result.rowcount > 0


async def scheduled(conn: AsyncConnection) -> tuple[Guild, ...]:
    """The servers that want a post every day."""
    rows = await conn.execute(
        select(guilds)
        .where(
            guilds.c.post_enabled,
            guilds.c.channel_id.is_not(None),
            guilds.c.post_time.is_not(None),
        )
        .order_by(guilds.c.id)
    )
    return tuple(Guild(**row._mapping) for row in rows)


async def claim(conn: AsyncConnection, guild_id: int, local_date: str, now: datetime) -> bool:
    """Take the server's post of that local date; False where it was taken before.

    The caller ends the transaction before sending: a crash then misses a post, never doubles it.
    """
    row = {"guild_id": guild_id, "local_date": local_date, "claimed_at": now}
    result = await conn.execute(insert(conn, posts).values(row).on_conflict_do_nothing())
    return result.rowcount == 1


async def record_post(
    conn: AsyncConnection,
    guild_id: int,
    local_date: str,
    *,
    message_id: int | None,
    outcome: str,
    now: datetime,
) -> None:
    """Keep what became of a claimed post; `message_id` None where nothing was sent."""
    await conn.execute(
        update(posts)
        .where(posts.c.guild_id == guild_id, posts.c.local_date == local_date)
        .values(message_id=message_id, outcome=outcome, sent_at=None if message_id is None else now)
    )


async def history(conn: AsyncConnection, guild_id: int, limit: int = 30) -> tuple[Post, ...]:
    """The server's posts, newest first."""
    rows = await conn.execute(
        select(posts)
        .where(posts.c.guild_id == guild_id)
        .order_by(posts.c.local_date.desc())
        .limit(limit)
    )
    return tuple(Post(**row._mapping) for row in rows)


async def shown(conn: AsyncConnection, guild_id: int) -> frozenset[int]:
    """The ids of the films that were posted in the server, as headline or beneath it."""
    rows = await conn.execute(
        select(impressions.c.film_id)
        .where(impressions.c.guild_id == guild_id, impressions.c.surface == "post")
        .distinct()
    )
    return frozenset(rows.scalars())


async def erase(conn: AsyncConnection, guild_id: int) -> int:
    """Forget a server: its settings, its posts, and the cards and impressions shown in it without
    an asker; how many rows that were."""
    gone = 0
    for table, column in ((posts, posts.c.guild_id), (guilds, guilds.c.id)):
        gone += (await conn.execute(delete(table).where(column == guild_id))).rowcount
    for table in (cards, impressions):
        mine = (table.c.guild_id == guild_id, table.c.person_id.is_(None))
        gone += (await conn.execute(delete(table).where(*mine))).rowcount
    return gone
