"""Preferences get a table of their own: they were answers of the quiz and columns of people.

Revision 0007, after 0006.

The zone in force was `people.zone`; the quiz kept a copy of it among its answers. The copy goes
with the move. An answer about the zone that the person has replaced since in `/settings` stays an
answer: it is no preference any longer, and nothing reads it.

The way back writes every preference where it was before, with its time. The screen of such an
answer was always 0. A zone that was chosen in `/settings` alone comes back as an answer too.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ANSWERS = (
    "shelf", "zone", "loved", "disliked", "shown", "liked", "fine", "unseen", "more",
)  # fmt: skip
MOVED = ("never", "quiet", "when")
KINDS = ("zone", "dial", "clock", "quiet", "never", "when")


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"kind IN ({_quoted(KINDS)})", name=op.f("ck_preferences_kind")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_preferences_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", "value", name=op.f("pk_preferences")),
    )
    for statement in (
        f"""
        INSERT INTO preferences (person_id, kind, value, at)
        SELECT person_id, question, subject, at FROM answers
        WHERE question IN ({_quoted(MOVED)})
        """,
        """
        INSERT INTO preferences (person_id, kind, value, at)
        SELECT people.id, 'zone', people.zone, COALESCE(answers.at, people.updated_at)
        FROM people LEFT JOIN answers ON answers.person_id = people.id
            AND answers.question = 'zone' AND answers.subject = people.zone
        WHERE people.zone IS NOT NULL
        """,
        """
        INSERT INTO preferences (person_id, kind, value, at)
        SELECT id, 'dial', dial, updated_at FROM people WHERE dial <> 'balanced'
        """,
        """
        INSERT INTO preferences (person_id, kind, value, at)
        SELECT id, 'clock', 'off', updated_at FROM people WHERE NOT by_clock
        """,
        """
        DELETE FROM answers WHERE EXISTS (
            SELECT 1 FROM preferences WHERE preferences.person_id = answers.person_id
            AND preferences.kind = answers.question AND preferences.value = answers.subject
        )
        """,
    ):
        op.execute(statement)
    _allow(ANSWERS)
    with op.batch_alter_table("people", schema=None) as batch_op:
        for name in ("zone", "dial", "by_clock"):
            batch_op.drop_column(name)


def downgrade() -> None:
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("zone", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("dial", sa.Text(), server_default="balanced", nullable=False))
        batch_op.add_column(
            sa.Column("by_clock", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.alter_column("dial", server_default=None)
    _allow((*ANSWERS, *MOVED))
    for statement in (
        """
        UPDATE people SET zone = (
            SELECT value FROM preferences WHERE person_id = people.id AND kind = 'zone'
        )
        """,
        """
        UPDATE people SET dial = COALESCE(
            (SELECT value FROM preferences WHERE person_id = people.id AND kind = 'dial'), dial
        )
        """,
        """
        UPDATE people SET by_clock = NOT EXISTS (
            SELECT 1 FROM preferences
            WHERE person_id = people.id AND kind = 'clock' AND value = 'off'
        )
        """,
        f"""
        INSERT INTO answers (person_id, question, subject, screen, at)
        SELECT person_id, kind, value, 0, at FROM preferences
        WHERE kind IN ({_quoted(MOVED)}) OR kind = 'zone' AND NOT EXISTS (
            SELECT 1 FROM answers AS older
            WHERE older.person_id = preferences.person_id AND older.question = 'zone'
        )
        """,
    ):
        op.execute(statement)
    op.drop_table("preferences")


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _allow(questions: tuple[str, ...]) -> None:
    condition = f"question IN ({_quoted(questions)})"
    if op.get_bind().dialect.name == "sqlite":
        # SQLite does not report the old condition, so the table is copied without it.
        with op.batch_alter_table("answers", recreate="always") as table:
            table.create_check_constraint("question", condition)
        return
    op.drop_constraint("question", "answers", type_="check")
    op.create_check_constraint("question", "answers", condition)
