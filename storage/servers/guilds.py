"""Servers: their settings. Their scheduled posts are in `storage/servers/schedules.py`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert
from storage.schema import cards, exposures, guilds, impressions
from storage.servers import schedules


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """A server's settings. `zone` is an IANA name."""

    id: int
    zone: str | None
    family_safe: bool
    updated_at: datetime


_GUILD = select(guilds).where(guilds.c.id == bindparam("guild"))


async def get(conn: AsyncConnection, guild_id: int) -> GuildSettings | None:
    """The server's settings, or None where nobody has set it up."""
    row = (await conn.execute(_GUILD, {"guild": guild_id})).one_or_none()
    return None if row is None else GuildSettings(**row._mapping)


async def setup(
    conn: AsyncConnection,
    guild_id: int,
    *,
    now: datetime,
    zone: str | None = None,
    family_safe: bool | None = None,
) -> GuildSettings:
    """Set up a server or change its settings; None leaves a setting as it is."""
    given = {"zone": zone, "family_safe": family_safe}
    changed: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    changed["updated_at"] = now
    made = await conn.execute(
        upsert(conn, guilds)
        .values({"id": guild_id, "family_safe": False} | changed)
        .on_conflict_do_update(index_elements=["id"], set_=changed)
        .returning(guilds)
    )
    return GuildSettings(**made.one()._mapping)


async def shown(conn: AsyncConnection, guild_id: int) -> tuple[int, ...]:
    """The ids of the films that were posted in the server, as headline or beneath it; those whose
    last time is longest ago first."""
    rows = await conn.execute(
        select(impressions.c.film_id)
        .where(impressions.c.guild_id == guild_id, impressions.c.surface == "post")
        .group_by(impressions.c.film_id)
        .order_by(func.max(impressions.c.shown_at), impressions.c.film_id)
    )
    return tuple(rows.scalars())


async def erase(conn: AsyncConnection, guild_id: int) -> int:
    """Forget a server: its settings, its schedules and posts, and the cards and impressions shown
    in it without an asker; how many rows that were."""
    gone = await schedules.erase(conn, guild_id)
    gone += (await conn.execute(delete(guilds).where(guilds.c.id == guild_id))).rowcount
    seen = (exposures.c.unit == "server", exposures.c.unit_id == guild_id)
    gone += (await conn.execute(delete(exposures).where(*seen))).rowcount
    for table in (cards, impressions):
        mine = (table.c.guild_id == guild_id, table.c.person_id.is_(None))
        gone += (await conn.execute(delete(table).where(*mine))).rowcount
    return gone
