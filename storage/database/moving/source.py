"""Reads the SQLite file that is moved. Nothing in it is changed, and nobody else can write to it
meanwhile.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from storage.database import revisions
from storage.database.moving.columns import Sum, add_up, names, quoted
from storage.database.sqlite import driver
from storage.database.sqlite.failures import storage_errors
from storage.errors import MoveError

BEFORE_ALL = -(2**63)
"""A number below all row numbers."""


@dataclass(frozen=True)
class Source:
    """An open SQLite file, of which nobody else writes anything.

    Attributes:
        path: the file.
        revision: the revision of its schema.
    """

    path: Path
    revision: str
    _conn: sqlite3.Connection

    def rows(self, table: Table) -> int:
        """Returns the number of a table's rows."""
        (count,) = self._conn.execute(f"SELECT count(*) FROM {quoted(table.name)}").fetchone()
        return int(count)

    def batch(self, table: Table, after: int, size: int) -> list[tuple[Any, ...]]:
        """Returns the next rows of a table, in the order of SQLite's row numbers.

        Each has its row number first, and then SQLite's own values.

        after: the row number after which they begin; `BEFORE_ALL` for the first rows.
        size: how many there are at most.
        """
        return self._conn.execute(
            f"SELECT rowid, {names(table)} FROM {quoted(table.name)} "
            "WHERE rowid > ? ORDER BY rowid LIMIT ?",
            (after, size),
        ).fetchall()

    def sum(self, table: Table) -> Sum:
        """Returns the sum of a table's rows."""
        return add_up(table, self._conn.execute(f"SELECT {names(table)} FROM {quoted(table.name)}"))

    def last_id(self, table: Table) -> int:
        """Returns the largest id that a counting table has ever given; 0 for none."""
        (largest,) = self._conn.execute(f"SELECT max(id) FROM {quoted(table.name)}").fetchone()
        given = self._conn.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,)
        ).fetchone()
        return max(largest or 0, given[0] if given else 0)


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Opens the file, and keeps others from writing to it until the end of the `with` block.

    Raises MoveError if the file is absent or has another schema than this version of Matinee, and
    DatabaseError if it cannot be read.
    """
    path = path.absolute()
    if not path.is_file():
        raise MoveError("no-database-to-move", file=str(path))
    with (
        storage_errors(path, reading=True),
        closing(
            sqlite3.connect(
                driver.existing_file(path),
                timeout=revisions.BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
                uri=True,
            )
        ) as conn,
    ):
        conn.execute("BEGIN IMMEDIATE")
        conn.execute("PRAGMA query_only = ON")
        yield Source(path, _revision(conn, path), conn)
        conn.execute("ROLLBACK")


def _revision(conn: sqlite3.Connection, path: Path) -> str:
    """Returns the revision of the file's schema. Raises MoveError if it is not the newest one."""
    known = revisions.head()
    try:
        found = conn.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        raise MoveError("not-a-database-to-move", file=str(path)) from error
    at = str(found[0]) if found else "base"
    if at == known:
        return at
    key = "database-to-move-older" if revisions.is_known(at) else "database-to-move-newer"
    raise MoveError(key, file=str(path), revision=at, known=known)
