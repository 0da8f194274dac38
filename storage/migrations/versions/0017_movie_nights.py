"""Movie nights: what was planned, who came, and who was asked whether they count.

Revision 0017, after 0016. If the revision is undone, the nights are lost.
"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.conditions import only_where
from storage.types import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "night_questions",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("night_id", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("claimed", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('yes', 'no', 'never')", name=op.f("ck_night_questions_answer")
        ),
        sa.PrimaryKeyConstraint("person_id", "guild_id", name=op.f("pk_night_questions")),
    )
    with op.batch_alter_table("night_questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_night_questions_guild_id"), ["guild_id"], unique=False)
        batch_op.create_index(
            "ix_night_questions_waiting",
            ["person_id"],
            unique=False,
            **only_where("claimed IS 0"),
        )

    op.create_table(
        "nights",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("planner_id", sa.BigInteger(), nullable=True),
        sa.Column("voice_id", sa.BigInteger(), nullable=True),
        sa.Column("adult_ok", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("film_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("chosen_by", sa.Text(), nullable=True),
        sa.Column("poll_until", UtcDateTime(), nullable=True),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "chosen_by IN ('votes', 'tie', 'no-votes', 'poll-gone', 'planner')",
            name=op.f("ck_nights_chosen_by"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'polled', 'decided', 'scheduled', 'showing', 'done', "
            "'cancelled')",
            name=op.f("ck_nights_state"),
        ),
        sa.ForeignKeyConstraint(["film_id"], ["films.id"], name=op.f("fk_nights_film_id_films")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nights")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("nights", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_nights_guild_id_starts_at"), ["guild_id", "starts_at"], unique=False
        )
        batch_op.create_index(
            "ix_nights_pending", ["id"], unique=False, **only_where("pending IS 1")
        )
        batch_op.create_index(batch_op.f("ix_nights_planner_id"), ["planner_id"], unique=False)

    op.create_table(
        "night_films",
        sa.Column("night_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("film_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["film_id"], ["films.id"], name=op.f("fk_night_films_film_id_films")
        ),
        sa.ForeignKeyConstraint(
            ["night_id"],
            ["nights.id"],
            name=op.f("fk_night_films_night_id_nights"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("night_id", "position", name=op.f("pk_night_films")),
    )
    op.create_table(
        "night_members",
        sa.Column("night_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("invited", sa.Boolean(), nullable=False),
        sa.Column("came", sa.Text(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("came IN ('voice', 'said')", name=op.f("ck_night_members_came")),
        sa.ForeignKeyConstraint(
            ["night_id"],
            ["nights.id"],
            name=op.f("fk_night_members_night_id_nights"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("night_id", "person_id", name=op.f("pk_night_members")),
    )
    with op.batch_alter_table("night_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_night_members_person_id"), ["person_id"], unique=False)

    op.create_table(
        "night_messages",
        sa.Column("night_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('list', 'poll', 'winner', 'event', 'card')",
            name=op.f("ck_night_messages_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["night_id"],
            ["nights.id"],
            name=op.f("fk_night_messages_night_id_nights"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("night_id", "kind", name=op.f("pk_night_messages")),
    )
    op.create_table(
        "night_presences",
        sa.Column("night_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["night_id"],
            ["nights.id"],
            name=op.f("fk_night_presences_night_id_nights"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("night_id", "person_id", "at", name=op.f("pk_night_presences")),
    )
    with op.batch_alter_table("night_presences", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_night_presences_person_id"), ["person_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("night_presences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_night_presences_person_id"))

    op.drop_table("night_presences")
    op.drop_table("night_messages")
    with op.batch_alter_table("night_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_night_members_person_id"))

    op.drop_table("night_members")
    op.drop_table("night_films")
    with op.batch_alter_table("nights", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nights_planner_id"))
        batch_op.drop_index("ix_nights_pending")
        batch_op.drop_index(batch_op.f("ix_nights_guild_id_starts_at"))

    op.drop_table("nights")
    with op.batch_alter_table("night_questions", schema=None) as batch_op:
        batch_op.drop_index("ix_night_questions_waiting")
        batch_op.drop_index(batch_op.f("ix_night_questions_guild_id"))

    op.drop_table("night_questions")
