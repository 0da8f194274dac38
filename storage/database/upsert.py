"""`insert … on conflict`: one spelling in SQLite and PostgreSQL, two classes in SQLAlchemy."""

from typing import cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert(conn: AsyncConnection, table: Table) -> sqlite.Insert:
    """An insert into `table` that has `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if conn.dialect.name == "postgresql":
        return cast("sqlite.Insert", postgresql.insert(table))  # the same two methods
    return sqlite.insert(table)
