"""Settings of servers. Scheduled posts are in `storage/servers/schedules.py`."""

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
    """A server's settings.

    Attributes:
        id: the server's id.
        zone: IANA name of the time zone; None for the default zone.
        family_safe: True if films for adults, and films of unknown audience, are left out.
        updated_at: when the settings last changed, UTC.
    """

    id: int
    zone: str | None
    family_safe: bool
    updated_at: datetime


FAMILY_SAFE_BY_DEFAULT = True
"""Whether a server leaves out films for adults until its managers decide otherwise."""

_GUILD = select(guilds).where(guilds.c.id == bindparam("guild"))


async def get(conn: AsyncConnection, guild_id: int) -> GuildSettings | None:
    """Returns the server's settings; None if nobody has set the server up."""
    row = (await conn.execute(_GUILD, {"guild": guild_id})).one_or_none()
    return None if row is None else GuildSettings(**row._mapping)


def is_family_safe(guild: GuildSettings | None) -> bool:
    """True if a server leaves out films for adults and films of unknown audience.

    guild: None if nobody has set the server up.
    """
    return FAMILY_SAFE_BY_DEFAULT if guild is None else guild.family_safe


async def setup(
    conn: AsyncConnection,
    guild_id: int,
    *,
    now: datetime,
    zone: str | None = None,
    family_safe: bool | None = None,
) -> GuildSettings:
    """Set up a server or change its settings; returns the settings.

    None leaves a setting unchanged. A new server starts with the default zone and
    `FAMILY_SAFE_BY_DEFAULT`.
    """
    settings = {"zone": zone, "family_safe": family_safe}
    changed: dict[str, Any] = {name: value for name, value in settings.items() if value is not None}
    changed["updated_at"] = now
    made = await conn.execute(
        upsert(conn, guilds)
        .values({"id": guild_id, "family_safe": FAMILY_SAFE_BY_DEFAULT} | changed)
        .on_conflict_do_update(index_elements=["id"], set_=changed)
        .returning(guilds)
    )
    return GuildSettings(**made.one()._mapping)


async def posted_films(conn: AsyncConnection, guild_id: int) -> tuple[int, ...]:
    """Returns the ids of all films that were in the server's posts, as headline or further pick.

    The film whose last post is longest ago comes first.
    """
    rows = await conn.execute(
        select(impressions.c.film_id)
        .where(
            impressions.c.guild_id == guild_id,
            impressions.c.person_id.is_(None),
            impressions.c.surface == "post",
            impressions.c.delivered,
        )
        .group_by(impressions.c.film_id)
        .order_by(func.max(impressions.c.shown_at), impressions.c.film_id)
    )
    return tuple(rows.scalars())


async def erase(conn: AsyncConnection, guild_id: int) -> int:
    """Delete what is stored about a server; returns the number of rows.

    Deleted are its settings, schedules, posts and exposures to experiments, and those of its cards
    and impressions that no person asked for.
    """
    count = await schedules.erase(conn, guild_id)
    count += (await conn.execute(delete(guilds).where(guilds.c.id == guild_id))).rowcount
    exposed = (exposures.c.unit == "server", exposures.c.unit_id == guild_id)
    count += (await conn.execute(delete(exposures).where(*exposed))).rowcount
    for table in (cards, impressions):
        unasked = (table.c.guild_id == guild_id, table.c.person_id.is_(None))
        count += (await conn.execute(delete(table).where(*unasked))).rowcount
    return count
