"""People and servers choose content to leave out, and the page of a film is a card.

Revision 0015, after 0014. If the revision is undone, these choices are lost, and the pages of films
become cards of `/recommend`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KINDS = ("zone", "dial", "clock", "quiet", "language", "never", "when")
KIND = "never_tag"
SURFACES = ("recommend", "similar", "trending", "post", "quiz")
SURFACE = "film"


def upgrade() -> None:
    _allow("preferences", "kind", (*KINDS, KIND))
    _allow("cards", "surface", (*SURFACES, SURFACE))
    with op.batch_alter_table("guilds") as table:
        added = sa.Column("never_tags", sa.JSON(), server_default="[]", nullable=False)
        table.add_column(added)


def downgrade() -> None:
    with op.batch_alter_table("guilds") as table:
        table.drop_column("never_tags")
    cards = sa.table("cards", sa.column("surface", sa.Text()))
    op.execute(cards.update().where(cards.c.surface == SURFACE).values({"surface": "recommend"}))
    _allow("cards", "surface", SURFACES)
    preferences = sa.table("preferences", sa.column("kind", sa.Text()))
    op.execute(preferences.delete().where(preferences.c.kind == KIND))
    _allow("preferences", "kind", KINDS)


def _allow(name: str, column: str, values: tuple[str, ...]) -> None:
    """Lets a column have these values only."""
    listed = ", ".join(f"'{value}'" for value in values)
    condition = f"{column} IN ({listed})"
    if op.get_bind().dialect.name == "sqlite":
        # The table is written again without the old condition, which SQLite does not report.
        with op.batch_alter_table(name, recreate="always") as table:
            table.create_check_constraint(column, condition)
        return
    op.drop_constraint(column, name, type_="check")
    op.create_check_constraint(column, name, condition)
