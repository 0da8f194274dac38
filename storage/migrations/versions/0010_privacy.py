"""Servers that the bot left, family-safe for everybody, and reasons without names.

Revision 0010, after 0009. Until now a server that was set up began without family-safe, so its row
does not say whether a manager wanted that. It is on in every server now. Reasons of films that were
chosen for several people named the member whom the film suits best; the name is cut out. Going back
changes neither.
"""

import re

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NAME = re.compile(r"^(suits you both|suits all of you|a middle ground for you (?:all|two)|"
                  r"the best compromise left), .* above all(?= · |$)")  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "left_servers",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_left_servers")),
    )
    conn = op.get_bind()
    conn.execute(sa.text("UPDATE guilds SET family_safe = true"))
    named = sa.text(
        "SELECT id, reason FROM impressions WHERE grouped AND reason LIKE '% above all%'"
    )
    for impression_id, reason in conn.execute(named).all():
        conn.execute(
            sa.text("UPDATE impressions SET reason = :reason WHERE id = :id"),
            {"id": impression_id, "reason": NAME.sub(r"\1", reason)},
        )


def downgrade() -> None:
    op.drop_table("left_servers")
