"""Tables of servers: their settings, schedules and posts."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
)

from storage.schema.base import COUNTER, metadata
from storage.types import UtcDateTime

rating_scales = Table(  # which emoji give how many stars; a row never changes
    "rating_scales",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("guild_id", BigInteger, nullable=False, index=True),
    Column("steps", JSON, nullable=False),  # [[emoji, stars], …] in the order of the legend
    Column("created_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,  # ids are never reused, so a card never gets another legend
)

guilds = Table(
    "guilds",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("zone", Text),
    Column("family_safe", Boolean, nullable=False),
    Column("language", Text),  # of public messages; null: the server's language on Discord
    # Slugs of tags. Films with any of them are never shown in the server.
    Column("never_tags", JSON, nullable=False, server_default="[]"),
    Column("scale_id", ForeignKey("rating_scales.id")),  # of new cards; null: the usual one
    Column("updated_at", UtcDateTime, nullable=False),
)

Index(
    "ix_guilds_language",
    guilds.c.id,
    guilds.c.language,
    sqlite_where=guilds.c.language.is_not(None),
)

Index(
    "ix_guilds_scale_id",
    guilds.c.scale_id,
    sqlite_where=guilds.c.scale_id.is_not(None),
)

schedules = Table(
    "schedules",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("guild_id", ForeignKey("guilds.id"), nullable=False, index=True),
    Column("channel_id", BigInteger),  # null: a direct message to the manager
    Column("theme", Text, nullable=False),
    Column("staff_id", BigInteger),  # the member whose favourites are posted
    Column("language", Text),  # of the films, two or three letters
    Column("post_time", Text, nullable=False),  # HH:MM, local
    Column("days", Text, nullable=False),  # weekdays as digits, 0 Monday
    Column("paused", Boolean, nullable=False, default=False),
    Column("disabled_reason", Text),
    Column("manager_id", BigInteger),  # set it up; gets a message if the post stops by itself
    Column("next_at", UtcDateTime, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    CheckConstraint("theme IN ('auto', 'trending', 'staff', 'wild', 'digest')", name="theme"),
    sqlite_autoincrement=True,  # ids are never reused, so old buttons never reach a new schedule
)

Index(
    "ix_schedules_stopped",
    schedules.c.disabled_reason,
    sqlite_where=schedules.c.disabled_reason.is_not(None),
)

posts = Table(
    "posts",
    metadata,
    Column("schedule_id", ForeignKey("schedules.id"), primary_key=True),
    Column("local_date", Text, primary_key=True),  # YYYY-MM-DD in the zone of the server
    Column("guild_id", BigInteger, nullable=False),
    Column("claimed_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("message_id", BigInteger),
    Column("outcome", Text),
    Index(None, "guild_id", "claimed_at"),
    Index(None, "claimed_at"),
)
Index("ix_posts_unfinished", posts.c.claimed_at, sqlite_where=posts.c.outcome.is_(None))

left_servers = Table(  # servers that the bot is not in any more
    "left_servers",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),  # when the bot noticed
)

manager_messages = Table(  # direct messages about posts that are still to be sent
    "manager_messages",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("person_id", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
