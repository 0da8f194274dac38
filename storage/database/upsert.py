"""`insert … on conflict` for SQLite and PostgreSQL, for which SQLAlchemy has a class each."""

from typing import cast

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def upsert(conn: AsyncConnection, table: Table) -> sqlite.Insert:
    """Returns an insert statement that can say what to do if a row with the same key exists.

    It has the methods `on_conflict_do_nothing` and `on_conflict_do_update`. The class depends on
    the database of `conn`.
    """
    return upsert_in(conn.dialect.name, table)


def upsert_in(dialect: str, table: Table) -> sqlite.Insert:
    """Returns the same as `upsert`, for statements that are built once.

    dialect: the name of the kind of database.
    """
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # a large module, of no use with SQLite

        return cast("sqlite.Insert", postgresql.insert(table))  # it has the same two methods
    return sqlite.insert(table)
