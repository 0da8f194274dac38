"""Whether a person's ratings shape other people's picks, and when a model was last made live.

Revision 0005, after 0004; written 2026-11-24.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("shapes_others", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
    with op.batch_alter_table("model_versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("promoted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE model_versions SET promoted_at = trained_at")


def downgrade() -> None:
    with op.batch_alter_table("model_versions", schema=None) as batch_op:
        batch_op.drop_column("promoted_at")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_column("shapes_others")
