"""The first tables: films, people, servers, what was shown, and what people did about it.

Revision 0001, after nothing; written 2026-11-23.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "films",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("original_title", sa.Text(), nullable=True),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("runtime", sa.Integer(), nullable=True),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("directors", sa.JSON(), nullable=False),
        sa.Column("cast", sa.JSON(), nullable=False),
        sa.Column("genres", sa.JSON(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=True),
        sa.Column("adult", sa.Boolean(), nullable=False),
        sa.Column("poster", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_films")),
        sa.UniqueConstraint("key", name=op.f("uq_films_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "guilds",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("post_time", sa.Text(), nullable=True),
        sa.Column("post_enabled", sa.Boolean(), nullable=False),
        sa.Column("disabled_reason", sa.Text(), nullable=True),
        sa.Column("family_safe", sa.Boolean(), nullable=False),
        sa.Column("manager_id", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guilds")),
    )
    op.create_table(
        "model_versions",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_model_versions")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("dial", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "settings_kv",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings_kv")),
    )
    op.create_table(
        "tags",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("facet", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("synonyms", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_tags")),
    )
    op.create_table(
        "answers",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("screen", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "question IN ('shelf', 'never', 'zone', 'loved', 'disliked', 'shown')",
            name=op.f("ck_answers_question"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_answers_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", "question", "subject", name=op.f("pk_answers")),
    )
    op.create_table(
        "cards",
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("film_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reconcile", sa.Boolean(), nullable=False),
        sa.Column("seeded", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "surface IN ('recommend', 'similar', 'trending', 'post', 'quiz')",
            name=op.f("ck_cards_surface"),
        ),
        sa.ForeignKeyConstraint(["film_id"], ["films.id"], name=op.f("fk_cards_film_id_films")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_cards_person_id_people")
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_cards")),
    )
    with op.batch_alter_table("cards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cards_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cards_posted_at"), ["posted_at"], unique=False)

    op.create_table(
        "external_ids",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("film_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["film_id"], ["films.id"], name=op.f("fk_external_ids_film_id_films")
        ),
        sa.PrimaryKeyConstraint("source", "external_id", name=op.f("pk_external_ids")),
    )
    with op.batch_alter_table("external_ids", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_external_ids_film_id"), ["film_id"], unique=False)

    op.create_table(
        "film_marks",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("film_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('seen', 'declined', 'later', 'unseen')", name=op.f("ck_film_marks_kind")
        ),
        sa.ForeignKeyConstraint(
            ["film_id"], ["films.id"], name=op.f("fk_film_marks_film_id_films")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_film_marks_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", "film_id", "kind", name=op.f("pk_film_marks")),
    )
    op.create_table(
        "film_tags",
        sa.Column("film_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tag_slug", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["film_id"], ["films.id"], name=op.f("fk_film_tags_film_id_films")),
        sa.ForeignKeyConstraint(
            ["tag_slug"], ["tags.slug"], name=op.f("fk_film_tags_tag_slug_tags")
        ),
        sa.PrimaryKeyConstraint("film_id", "tag_slug", name=op.f("pk_film_tags")),
    )
    op.create_table(
        "impressions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("film_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "surface IN ('recommend', 'similar', 'trending', 'post', 'quiz')",
            name=op.f("ck_impressions_surface"),
        ),
        sa.ForeignKeyConstraint(
            ["film_id"], ["films.id"], name=op.f("fk_impressions_film_id_films")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_impressions_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impressions")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("impressions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_impressions_guild_id_surface"), ["guild_id", "surface"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_impressions_message_id"), ["message_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_impressions_person_id_shown_at"), ["person_id", "shown_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_impressions_shown_at"), ["shown_at"], unique=False)

    op.create_table(
        "posts",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("local_date", sa.Text(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.id"], name=op.f("fk_posts_guild_id_guilds")),
        sa.PrimaryKeyConstraint("guild_id", "local_date", name=op.f("pk_posts")),
    )
    op.create_table(
        "rating_events",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("film_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("emoji", sa.Text(), nullable=True),
        sa.Column("stars", sa.Float(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "action IN ('set', 'withdraw', 'freeze')", name=op.f("ck_rating_events_action")
        ),
        sa.CheckConstraint(
            "origin IN ('live', 'reconciled')", name=op.f("ck_rating_events_origin")
        ),
        sa.CheckConstraint(
            "source IN ('reaction', 'button', 'command', 'quiz', 'import')",
            name=op.f("ck_rating_events_source"),
        ),
        sa.CheckConstraint("stars BETWEEN 0.5 AND 5", name=op.f("ck_rating_events_stars")),
        sa.ForeignKeyConstraint(
            ["film_id"], ["films.id"], name=op.f("fk_rating_events_film_id_films")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_rating_events_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_events")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("rating_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_events_person_id"), ["person_id"], unique=False)

    op.create_table(
        "ratings",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("film_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stars", sa.Float(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "source IN ('reaction', 'button', 'command', 'quiz', 'import')",
            name=op.f("ck_ratings_source"),
        ),
        sa.CheckConstraint("stars BETWEEN 0.5 AND 5", name=op.f("ck_ratings_stars")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["rating_events.id"], name=op.f("fk_ratings_event_id_rating_events")
        ),
        sa.ForeignKeyConstraint(["film_id"], ["films.id"], name=op.f("fk_ratings_film_id_films")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_ratings_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", "film_id", name=op.f("pk_ratings")),
    )
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ratings_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ratings_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ratings_film_id"), ["film_id"], unique=False)

    op.create_table(
        "standing_acts",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("film_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("emoji", sa.Text(), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("stars", sa.Float(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "source IN ('reaction', 'button', 'command', 'quiz', 'import')",
            name=op.f("ck_standing_acts_source"),
        ),
        sa.CheckConstraint("stars BETWEEN 0.5 AND 5", name=op.f("ck_standing_acts_stars")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["rating_events.id"], name=op.f("fk_standing_acts_event_id_rating_events")
        ),
        sa.ForeignKeyConstraint(
            ["film_id"], ["films.id"], name=op.f("fk_standing_acts_film_id_films")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_standing_acts_person_id_people")
        ),
        sa.PrimaryKeyConstraint(
            "person_id", "film_id", "source", "message_id", "emoji", name=op.f("pk_standing_acts")
        ),
    )
    with op.batch_alter_table("standing_acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standing_acts_event_id"), ["event_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_standing_acts_message_id"), ["message_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("standing_acts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standing_acts_message_id"))
        batch_op.drop_index(batch_op.f("ix_standing_acts_event_id"))

    op.drop_table("standing_acts")
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ratings_film_id"))
        batch_op.drop_index(batch_op.f("ix_ratings_event_id"))
        batch_op.drop_index(batch_op.f("ix_ratings_at"))

    op.drop_table("ratings")
    with op.batch_alter_table("rating_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rating_events_person_id"))

    op.drop_table("rating_events")
    op.drop_table("posts")
    with op.batch_alter_table("impressions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_impressions_shown_at"))
        batch_op.drop_index(batch_op.f("ix_impressions_person_id_shown_at"))
        batch_op.drop_index(batch_op.f("ix_impressions_message_id"))
        batch_op.drop_index(batch_op.f("ix_impressions_guild_id_surface"))

    op.drop_table("impressions")
    op.drop_table("film_tags")
    op.drop_table("film_marks")
    with op.batch_alter_table("external_ids", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_external_ids_film_id"))

    op.drop_table("external_ids")
    with op.batch_alter_table("cards", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cards_posted_at"))
        batch_op.drop_index(batch_op.f("ix_cards_person_id"))

    op.drop_table("cards")
    op.drop_table("answers")
    op.drop_table("tags")
    op.drop_table("settings_kv")
    op.drop_table("people")
    op.drop_table("model_versions")
    op.drop_table("guilds")
    op.drop_table("films")
