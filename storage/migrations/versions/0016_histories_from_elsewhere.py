"""People bring in film histories from other places, undo that, and say whether others benefit.

Revision 0016, after 0015. If the revision is undone, histories that wait are lost. What was applied
stays, but can no longer be undone as one.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations.conditions import only_where
from storage.types import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STARS = "stars BETWEEN 0.5 AND 5"


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", COUNTER, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("done_to", sa.Integer(), server_default="0", nullable=False),
        sa.Column("made_profile", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(
            "state IN ('reading', 'waiting', 'applying', 'applied', 'undoing')",
            name=op.f("ck_imports_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_imports_person_id", "imports", ["person_id"])
    op.create_table(
        "import_films",
        sa.Column("import_id", COUNTER, nullable=False),
        sa.Column("film_id", COUNTER, nullable=False),
        *_of_row(),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("former_event_id", sa.BigInteger(), nullable=True),
        sa.Column("former_stars", sa.Float(), nullable=True),
        sa.Column("former_at", UtcDateTime(), nullable=True),
        sa.Column("marked_seen", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("marked_later", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(STARS, name=op.f("ck_import_films_stars")),
        _film("import_films", "film_id"),
        _import("import_films"),
        sa.PrimaryKeyConstraint("import_id", "film_id", name=op.f("pk_import_films")),
    )
    op.create_index("ix_import_films_person_id", "import_films", ["person_id"])
    op.create_index(
        "ix_import_films_former_event_id",
        "import_films",
        ["former_event_id"],
        **only_where("former_event_id IS NOT NULL"),
    )
    op.create_table(
        "import_questions",
        sa.Column("import_id", COUNTER, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("directors", sa.Text(), nullable=False),
        sa.Column("imdb", sa.Text(), nullable=True),
        *_of_row(),
        sa.Column("likely_id", COUNTER, nullable=True),
        sa.Column("chosen_id", COUNTER, nullable=True),
        sa.Column("skipped", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(STARS, name=op.f("ck_import_questions_stars")),
        _film("import_questions", "likely_id"),
        _film("import_questions", "chosen_id"),
        _import("import_questions"),
        sa.PrimaryKeyConstraint("import_id", "place", name=op.f("pk_import_questions")),
    )
    op.create_index("ix_import_questions_person_id", "import_questions", ["person_id"])
    op.add_column(
        "people",
        sa.Column("shares_imports", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_index("ix_people_sharing", "people", ["id"], **only_where("shares_imports IS 1"))
    op.add_column(
        "film_marks",
        sa.Column("imported", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    with op.batch_alter_table("film_marks") as table:
        table.drop_column("imported")
    op.drop_index("ix_people_sharing", table_name="people")
    with op.batch_alter_table("people") as table:
        table.drop_column("shares_imports")
    for name in ("import_questions", "import_films", "imports"):
        op.drop_table(name)


def _of_row() -> list[sa.Column[Any]]:
    """Returns the columns that say what a file has about a film, and whose file it is."""
    return [
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("stars", sa.Float(), nullable=True),
        sa.Column("from_like", sa.Boolean(), nullable=False),
        sa.Column("rated_on", UtcDateTime(), nullable=True),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.Column("seen_on", UtcDateTime(), nullable=True),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("added_on", UtcDateTime(), nullable=True),
    ]


def _film(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_films")
    return sa.ForeignKeyConstraint([column], ["films.id"], name=name)


def _import(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_import_id_imports")
    return sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=name, ondelete="CASCADE")
