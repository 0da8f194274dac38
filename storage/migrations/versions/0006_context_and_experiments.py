"""Stores when and how each film was shown, what people did about it, and who saw which experiment.

Revision 0006, after 0005; written 2026-11-24.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BEFORE = (
    "shelf", "never", "zone", "loved", "disliked", "shown", "liked", "fine", "unseen", "more",
    "quiet",
)  # fmt: skip
_ADDED = ("shelf", "daypart", "day_kind", "mood", "grouped", "wild", "score", "arm", "team")


def upgrade() -> None:
    _allow((*BEFORE, "when"))
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("by_clock", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
    with op.batch_alter_table("impressions", schema=None) as batch_op:
        for name in ("shelf", "daypart", "day_kind", "mood"):
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=True))
        for name in ("grouped", "wild"):
            batch_op.add_column(
                sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
            )
        batch_op.add_column(sa.Column("score", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("arm", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("team", sa.Integer(), nullable=True))
    op.create_table(
        "card_acts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("film_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('opened', 'another', 'seen', 'later', 'refused', 'watched')",
            name=op.f("ck_card_acts_kind"),
        ),
        sa.ForeignKeyConstraint(["film_id"], ["films.id"], name=op.f("fk_card_acts_film_id_films")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_card_acts_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_acts")),
    )
    op.create_index(op.f("ix_card_acts_at"), "card_acts", ["at"])
    op.create_index(op.f("ix_card_acts_person_id"), "card_acts", ["person_id"])
    op.create_table(
        "exposures",
        sa.Column("experiment", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("arm", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("unit IN ('person', 'server')", name=op.f("ck_exposures_unit")),
        sa.PrimaryKeyConstraint("experiment", "unit", "unit_id", name=op.f("pk_exposures")),
    )


def downgrade() -> None:
    op.drop_table("exposures")
    op.drop_index(op.f("ix_card_acts_person_id"), table_name="card_acts")
    op.drop_index(op.f("ix_card_acts_at"), table_name="card_acts")
    op.drop_table("card_acts")
    with op.batch_alter_table("impressions", schema=None) as batch_op:
        for name in reversed(_ADDED):
            batch_op.drop_column(name)
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_column("by_clock")
    answers = sa.table("answers", sa.column("question", sa.Text()))
    op.execute(answers.delete().where(answers.c.question.not_in(BEFORE)))
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
