"""People and servers choose the language in which the bot speaks to them.

Revision 0014, after 0013. If the revision is undone, these choices are lost.
"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.conditions import only_where

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BEFORE = ("zone", "dial", "clock", "quiet", "never", "when")
AFTER = ("zone", "dial", "clock", "quiet", "language", "never", "when")


def upgrade() -> None:
    _allow(AFTER)
    op.create_index(
        "ix_preferences_language",
        "preferences",
        ["person_id", "value"],
        unique=False,
        **only_where("kind = 'language'"),
    )
    op.add_column("guilds", sa.Column("language", sa.Text(), nullable=True))
    op.create_index(
        "ix_guilds_language",
        "guilds",
        ["id", "language"],
        unique=False,
        **only_where("language IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_guilds_language", table_name="guilds")
    with op.batch_alter_table("guilds") as table:
        table.drop_column("language")
    op.drop_index("ix_preferences_language", table_name="preferences")
    preferences = sa.table("preferences", sa.column("kind", sa.Text()))
    op.execute(preferences.delete().where(preferences.c.kind == "language"))
    _allow(BEFORE)


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    condition = f"kind IN ({listed})"
    if op.get_bind().dialect.name == "sqlite":
        # The table is written again without the old condition, which SQLite does not report.
        with op.batch_alter_table("preferences", recreate="always") as table:
            table.create_check_constraint("kind", condition)
        return
    op.drop_constraint("kind", "preferences", type_="check")
    op.create_check_constraint("kind", "preferences", condition)
