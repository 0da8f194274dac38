"""Adds members' consent to show their taste in a server, and phrases of tags.

The phrase of a tag is how it reads in the name of a micro-genre. Revision 0002, after 0001; written
2026-11-24.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "taste_consents",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_taste_consents_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", "guild_id", name=op.f("pk_taste_consents")),
    )
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phrase", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.drop_column("phrase")
    op.drop_table("taste_consents")
