"""The quiz stores every answer about a film and how adventurous the picks may be.

It also stores when it asked about one more film. Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEFORE = ("shelf", "never", "zone", "loved", "disliked", "shown")
AFTER = (*BEFORE, "liked", "fine", "unseen", "more", "quiet")


def upgrade() -> None:
    _allow(AFTER)


def downgrade() -> None:
    new = sa.table("answers", sa.column("question", sa.Text()))
    op.execute(new.delete().where(new.c.question.not_in(BEFORE)))
    _allow(BEFORE)


def _allow(questions: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{question}'" for question in questions)
    condition = f"question IN ({listed})"
    if op.get_bind().dialect.name == "sqlite":
        # The table is made anew, without the old condition: SQLite does not tell of it.
        with op.batch_alter_table("answers", recreate="always") as table:
            table.create_check_constraint("question", condition)
        return
    op.drop_constraint("question", "answers", type_="check")
    op.create_check_constraint("question", "answers", condition)
