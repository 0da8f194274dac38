"""A server may have several schedules of posts, each with its days, its theme and its next post.

Revision 0003, after 0002; written 2026-11-24.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OF_GUILDS = ("channel_id", "post_time", "post_enabled", "disabled_reason", "manager_id")


def upgrade() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", _COUNTER, autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("post_time", sa.Text(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("disabled_reason", sa.Text(), nullable=True),
        sa.Column("manager_id", sa.BigInteger(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "theme IN ('auto', 'trending', 'staff', 'wild', 'digest')",
            name=op.f("ck_schedules_theme"),
        ),
        sa.ForeignKeyConstraint(
            ["guild_id"], ["guilds.id"], name=op.f("fk_schedules_guild_id_guilds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schedules_guild_id"), ["guild_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_schedules_next_at"), ["next_at"], unique=False)
    # The next slot is worked out when the bot starts.
    op.execute(
        "INSERT INTO schedules (guild_id, channel_id, theme, post_time, days, paused,"
        " disabled_reason, manager_id, created_at, updated_at)"
        " SELECT id, channel_id, 'auto', post_time, '0123456',"
        " NOT post_enabled AND disabled_reason IS NULL, disabled_reason, manager_id,"
        " updated_at, updated_at"
        " FROM guilds WHERE channel_id IS NOT NULL AND post_time IS NOT NULL"
    )
    _set_posts_aside()
    op.create_table(
        "posts",
        sa.Column("schedule_id", _COUNTER, nullable=False),
        sa.Column("local_date", sa.Text(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name=op.f("fk_posts_schedule_id_schedules")
        ),
        sa.PrimaryKeyConstraint("schedule_id", "local_date", name=op.f("pk_posts")),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posts_guild_id"), ["guild_id"], unique=False)
    _move("schedule_id, guild_id", "s.id, p.guild_id")
    with op.batch_alter_table("guilds", schema=None) as batch_op:
        for name in _OF_GUILDS:
            batch_op.drop_column(name)


def downgrade() -> None:
    with op.batch_alter_table("guilds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("post_time", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column("post_enabled", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("disabled_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("manager_id", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("guilds", schema=None) as batch_op:
        batch_op.alter_column("post_enabled", server_default=None)
    # A server had one post: its first is kept.
    for column, value in (
        ("channel_id", "channel_id"),
        ("post_time", "post_time"),
        ("post_enabled", "NOT paused AND disabled_reason IS NULL"),
        ("disabled_reason", "disabled_reason"),
        ("manager_id", "manager_id"),
    ):
        op.execute(
            f"UPDATE guilds SET {column} = coalesce((SELECT {value} FROM schedules"
            f" WHERE {_FIRST} AND guild_id = guilds.id), {column})"
        )
    _set_posts_aside()
    op.drop_index("ix_posts_guild_id", table_name="posts_before")
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
    _move("guild_id", "p.guild_id", "p.schedule_id = s.id")
    op.drop_table("schedules")


_FIRST = (
    "id IN (SELECT min(id) FROM schedules"
    " WHERE channel_id IS NOT NULL AND theme != 'digest' GROUP BY guild_id)"
)


def _set_posts_aside() -> None:
    """Renames the table of posts, and its key, whose name the new table needs in PostgreSQL."""
    op.rename_table("posts", "posts_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE posts_before RENAME CONSTRAINT pk_posts TO pk_posts_before")


def _move(key: str, value: str, on: str = "p.guild_id = s.guild_id") -> None:
    """Copies scheduled posts from the old table (p) into the new one, and drops the old table.

    Only posts that belong to the first schedule of their server are copied.

    key: the new table's first column.
    value: the SQL expression that fills it.
    on: the SQL condition that joins the posts with the schedules (s).
    """
    rest = "local_date, claimed_at, sent_at, message_id, outcome"
    of = ", ".join(f"p.{name}" for name in rest.split(", "))
    op.execute(
        f"INSERT INTO posts ({key}, {rest}) SELECT {value}, {of} FROM posts_before p"
        f" JOIN (SELECT * FROM schedules WHERE {_FIRST}) s ON {on}"
    )
    op.drop_table("posts_before")
