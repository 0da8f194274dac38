"""Servers choose the emoji that rate, and cards keep the emoji that they showed.

Revision 0019, after 0015. If the revision is undone, the scales of servers are lost. Reactions to
cards that showed them are taken out, because their emoji meant something else.
"""

import re

import sqlalchemy as sa
from alembic import op

from storage.migrations.conditions import only_where
from storage.types import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = ("guilds", "cards")


def upgrade() -> None:
    op.create_table(
        "rating_scales",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_scales")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_rating_scales_guild_id"), "rating_scales", ["guild_id"])
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.add_column(
                sa.Column("scale_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"))
            )
            table.create_foreign_key(
                op.f(f"fk_{name}_scale_id_rating_scales"), "rating_scales", ["scale_id"], ["id"]
            )
        op.create_index(
            op.f(f"ix_{name}_scale_id"),
            name,
            ["scale_id"],
            **only_where("scale_id IS NOT NULL"),
        )
    _name_servers_emoji_alike()


def downgrade() -> None:
    own = "message_id in (select message_id from cards where scale_id is not null)"
    deciding = f"event_id in (select event_id from standing_acts where {own})"
    op.execute(f"delete from ratings where source = 'reaction' and {deciding}")
    op.execute(f"delete from standing_acts where {own}")
    for name in TABLES:
        op.drop_index(op.f(f"ix_{name}_scale_id"), table_name=name)
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"fk_{name}_scale_id_rating_scales"), type_="foreignkey")
            table.drop_column("scale_id")
    op.drop_index(op.f("ix_rating_scales_guild_id"), table_name="rating_scales")
    op.drop_table("rating_scales")


def _name_servers_emoji_alike() -> None:
    """Gives servers' own emoji the same name in standing_acts, since managers can rename them."""
    conn = op.get_bind()
    stored = conn.execute(sa.text("select distinct emoji from standing_acts where emoji like '<%'"))
    for (emoji,) in stored.all():
        values = {"new": re.sub(r"<a?:\w+:(\d+)>", r"<:emoji:\1>", emoji), "old": emoji}
        conn.execute(sa.text(_RENAME), values)


_RENAME = """
    update standing_acts set emoji = :new where emoji = :old and not exists (
        select 1 from standing_acts as other where other.emoji = :new
        and other.person_id = standing_acts.person_id and other.film_id = standing_acts.film_id
        and other.source = standing_acts.source
        and other.message_id = standing_acts.message_id
    )
"""
"""Renames the emoji of acts, but not of those that stand under the new name already."""
