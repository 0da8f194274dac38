"""People say whether members of a server may see their profile and compare tastes with them.

Revision 0018, after 0017. Who agreed before to show their taste was not asked about this, so it is
off for them. If the revision is undone, these choices are lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "taste_consents",
        sa.Column("comparable", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    with op.batch_alter_table("taste_consents") as table:
        table.drop_column("comparable")
