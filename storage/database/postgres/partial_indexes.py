"""Gives PostgreSQL the conditions of the indexes that hold only some rows of a table.

`storage/schema/` says these conditions for SQLite. To say them there for PostgreSQL too would load
SQLAlchemy's large module about it into every bot.
"""

from functools import cache

from storage.schema import metadata


@cache
def describe() -> None:
    """Copies the conditions of all indexes."""
    for table in metadata.tables.values():
        for index in table.indexes:
            where = index.dialect_options["sqlite"]["where"]
            index.dialect_options["postgresql"]["where"] = where
