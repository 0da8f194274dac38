"""Adds an index for every query that an answer, a job or the start of the bot waits for.

Revision 0009, after 0008. Only indexes change. Some hold only the few rows that their query is
about, such as those of wild cards (films shown to try them out).
"""

from alembic import op

from storage.migrations.conditions import only_where

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ADDED = (
    ("ix_exposures_unit_id", "exposures", ["unit_id"], None),
    ("ix_impressions_arm", "impressions", ["arm", "shown_at"], "arm IS NOT NULL"),
    ("ix_impressions_message_id", "impressions", ["message_id"], "message_id IS NOT NULL"),
    (
        "ix_impressions_posted", "impressions", ["guild_id", "film_id", "shown_at"],
        "person_id IS NULL",
    ),
    (
        "ix_impressions_unposted", "impressions", ["shown_at"],
        "message_id IS NULL AND private IS 0",
    ),
    ("ix_impressions_wild", "impressions", ["shown_at", "film_id"], "wild IS 1"),
    ("ix_people_kept_out", "people", ["id"], "shapes_others IS 0"),
    ("ix_posts_claimed_at", "posts", ["claimed_at"], None),
    ("ix_posts_guild_id_claimed_at", "posts", ["guild_id", "claimed_at"], None),
    ("ix_posts_unfinished", "posts", ["claimed_at"], "outcome IS NULL"),
    ("ix_rating_events_message_id", "rating_events", ["message_id"], "message_id IS NOT NULL"),
    ("ix_ratings_guild_id_at", "ratings", ["guild_id", "at"], None),
    ("ix_schedules_stopped", "schedules", ["disabled_reason"], "disabled_reason IS NOT NULL"),
    ("ix_standing_acts_at", "standing_acts", ["at"], None),
    ("ix_taste_consents_guild_id_at", "taste_consents", ["guild_id", "at"], None),
)  # fmt: skip
"""(name, table, columns, condition in SQLite) of each new index."""

REMOVED = (
    ("ix_impressions_guild_id_surface", "impressions", ["guild_id", "surface"]),
    ("ix_impressions_message_id", "impressions", ["message_id"]),
    ("ix_posts_guild_id", "posts", ["guild_id"]),
)
"""(name, table, columns) of each index that a new one replaces."""


def upgrade() -> None:
    for name, table, _ in REMOVED:
        op.drop_index(name, table)
    for name, table, columns, condition in ADDED:
        op.create_index(name, table, columns, **only_where(condition))


def downgrade() -> None:
    for name, table, *_ in ADDED:
        op.drop_index(name, table)
    for name, table, columns in REMOVED:
        op.create_index(name, table, columns)
