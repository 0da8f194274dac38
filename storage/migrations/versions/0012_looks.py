"""The quiz stores "looks good" and "not for me" about films that a person has not seen.

Revision 0012, after 0011. If the revision is undone, these answers become "unseen".
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BEFORE = ("shelf", "zone", "loved", "disliked", "shown", "liked", "fine", "unseen", "more")
NEW = ("tempting", "unwanted")


def upgrade() -> None:
    _allow((*BEFORE, *NEW))


def downgrade() -> None:
    answers = sa.table("answers", sa.column("question", sa.Text()))
    op.execute(answers.update().where(answers.c.question.in_(NEW)).values({"question": "unseen"}))
    _allow(BEFORE)


def _allow(questions: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{question}'" for question in questions)
    condition = f"question IN ({listed})"
    if op.get_bind().dialect.name == "sqlite":
        # The table is written again without the old condition, which SQLite does not report.
        with op.batch_alter_table("answers", recreate="always") as table:
            table.create_check_constraint("question", condition)
        return
    op.drop_constraint("question", "answers", type_="check")
    op.create_check_constraint("question", "answers", condition)
