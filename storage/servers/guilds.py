"""Settings of servers. Scheduled posts are in `storage/servers/schedules.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.upsert import upsert
from storage.schema import (
    cards,
    exposures,
    guilds,
    impressions,
    left_servers,
    night_questions,
    nights,
    rating_events,
    rating_scales,
    ratings,
    standing_events,
    taste_consents,
)
from storage.servers import schedules


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """A server's settings.

    Attributes:
        id: the server's id.
        zone: IANA name of the time zone; None for the default zone.
        family_safe: True if films for adults, and films of unknown audience, are left out.
        updated_at: when the settings last changed, UTC.
        never_tags: slugs of tags. Films with any of them are never shown in the server.
        language: the code of the language of public messages; None for the server's language on
            Discord.
        scale_id: the server's own scale of rating emoji, for new cards; None for the usual one.
    """

    id: int
    zone: str | None
    family_safe: bool
    updated_at: datetime
    never_tags: tuple[str, ...] = ()
    language: str | None = None
    scale_id: int | None = None


FAMILY_SAFE_BY_DEFAULT = True
"""Whether a server leaves out films for adults until its managers decide otherwise."""

_GUILD = select(guilds).where(guilds.c.id == bindparam("guild"))


async def get(conn: AsyncConnection, guild_id: int) -> GuildSettings | None:
    """Returns the server's settings; None if nobody has set the server up."""
    row = (await conn.execute(_GUILD, {"guild": guild_id})).one_or_none()
    return None if row is None else _settings(row)


async def zones(conn: AsyncConnection) -> dict[int, str]:
    """Returns the time zone of each server that has chosen one, by the server's id."""
    rows = await conn.execute(select(guilds.c.id, guilds.c.zone).where(guilds.c.zone.is_not(None)))
    return {int(guild_id): str(zone) for guild_id, zone in rows}


def _settings(row: Row[Any]) -> GuildSettings:
    facts = dict(row._mapping)
    return GuildSettings(**facts | {"never_tags": tuple(facts["never_tags"])})


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
    never_tags: Sequence[str] | None = None,
    language: str | None = None,
    scale_id: int | None = None,
) -> GuildSettings:
    """Set up a server or change its settings; returns the settings.

    A new server starts with the default zone and `FAMILY_SAFE_BY_DEFAULT`.

    zone: IANA name of the time zone; None to leave it unchanged.
    family_safe: True to leave out films for adults and films of unknown audience; None to leave the
        setting unchanged.
    never_tags: slugs of tags. Films with any of them are never shown; None to leave them unchanged.
    language: the code of the language of public messages; "" for the server's language on Discord;
        None to leave it unchanged.
    scale_id: the server's own scale for new cards (messages about a film); 0 for the usual scale;
        None to leave it unchanged.
    """
    tags = None if never_tags is None else list(never_tags)
    settings = {"zone": zone, "family_safe": family_safe, "never_tags": tags, "language": language}
    changed: dict[str, Any] = {name: value for name, value in settings.items() if value is not None}
    changed |= {"language": None} if language == "" else {}
    if scale_id is not None:
        changed["scale_id"] = scale_id or None
    changed["updated_at"] = now
    made = await conn.execute(
        upsert(conn, guilds)
        .values({"id": guild_id, "family_safe": FAMILY_SAFE_BY_DEFAULT} | changed)
        .on_conflict_do_update(index_elements=["id"], set_=changed)
        .returning(guilds)
    )
    return _settings(made.one())


async def languages(conn: AsyncConnection) -> dict[int, str]:
    """Returns the code of the language of public messages, for servers that chose one, by id."""
    chosen = select(guilds.c.id, guilds.c.language).where(guilds.c.language.is_not(None))
    return {int(row.id): str(row.language) for row in await conn.execute(chosen)}


async def chosen_scales(conn: AsyncConnection) -> dict[int, int]:
    """Returns the id of the scale of rating emoji, for servers with one of their own, by id."""
    chosen = select(guilds.c.id, guilds.c.scale_id).where(guilds.c.scale_id.is_not(None))
    return {int(row.id): int(row.scale_id) for row in await conn.execute(chosen)}


async def posted_films(conn: AsyncConnection, guild_id: int) -> tuple[int, ...]:
    """Returns the ids of all films that the server's scheduled posts showed.

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


async def known(conn: AsyncConnection) -> frozenset[int]:
    """Returns the ids of the servers about which something is stored.

    They were set up, somebody agreed to show their taste there, or films were shown or rated there.
    Servers that the bot has left are not among them.
    """
    gone = select(left_servers.c.guild_id)
    columns = (
        guilds.c.id,
        *(table.c.guild_id for table in (taste_consents, cards, impressions, nights, ratings)),
    )
    ids = (select(one).where(one.is_not(None), one.not_in(gone)) for one in columns)
    return frozenset((await conn.execute(union(*ids))).scalars())


async def leave(conn: AsyncConnection, guild_id: int, *, now: datetime) -> None:
    """Store that the bot has left a server, and end the consents that members gave there.

    Leaving again does not change the time.
    """
    row = {"guild_id": guild_id, "at": now}
    await conn.execute(upsert(conn, left_servers).values(row).on_conflict_do_nothing())
    await conn.execute(delete(taste_consents).where(taste_consents.c.guild_id == guild_id))


async def join(conn: AsyncConnection, guild_id: int) -> None:
    """Store that the bot is in a server, whether it was there before or not."""
    await conn.execute(delete(left_servers).where(left_servers.c.guild_id == guild_id))


async def left_by(conn: AsyncConnection, at: datetime) -> tuple[int, ...]:
    """Returns the ids of the servers that the bot left at `at` or before and has not joined
    again.
    """
    rows = await conn.execute(select(left_servers.c.guild_id).where(left_servers.c.at <= at))
    return tuple(rows.scalars())


async def erase(conn: AsyncConnection, guild_id: int) -> int:
    """Delete what is stored about a server; returns the number of rows.

    These are its settings, schedules, posts, consents, cards (messages about a film), movie nights,
    its part in experiments, and the records of films shown there that no person asked for. What
    people rated and were shown there stays with the people, without the server's id.
    """
    count = await schedules.erase(conn, guild_id)
    exposed = (exposures.c.unit == "server", exposures.c.unit_id == guild_id)
    posted = (impressions.c.guild_id == guild_id, impressions.c.person_id.is_(None))
    for statement in (
        delete(guilds).where(guilds.c.id == guild_id),
        delete(taste_consents).where(taste_consents.c.guild_id == guild_id),
        delete(exposures).where(*exposed),
        delete(cards).where(cards.c.guild_id == guild_id),
        delete(rating_scales).where(rating_scales.c.guild_id == guild_id),
        delete(nights).where(nights.c.guild_id == guild_id),
        delete(night_questions).where(night_questions.c.guild_id == guild_id),
        delete(impressions).where(*posted),
    ):
        count += (await conn.execute(statement)).rowcount
    shown = update(impressions).where(impressions.c.guild_id == guild_id)
    await conn.execute(shown.values(guild_id=None, channel_id=None))
    for table in (rating_events, standing_events, ratings):
        await conn.execute(update(table).where(table.c.guild_id == guild_id).values(guild_id=None))
    await join(conn, guild_id)
    return count
