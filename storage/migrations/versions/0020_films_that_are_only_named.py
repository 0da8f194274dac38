"""Films keep the titles that IMDb's tables add, and films of these tables keep their votes.

Revision 0020, after 0019. If the revision is undone, these titles and votes are lost, and films
that could only be named and rated are picked like all others. Importing the tables again brings
the titles back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("films") as table:
        table.add_column(sa.Column("more_titles", sa.JSON(), server_default="[]", nullable=False))
        table.add_column(sa.Column("votes", sa.Integer()))


def downgrade() -> None:
    with op.batch_alter_table("films") as table:
        table.drop_column("votes")
        table.drop_column("more_titles")
