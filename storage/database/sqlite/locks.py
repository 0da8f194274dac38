"""A lock between processes that is released even if its process is killed.

It is the lock that SQLite puts on a file, here on an empty file. Every system that SQLite runs on
has such locks, and releases them when the process ends.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from storage.database import private
from storage.database.sqlite.failures import not_writable
from storage.errors import DatabaseNotWritable


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Hold the lock on the file `path` during the `with` block; yields False if another process has
    it.

    Raises DatabaseNotWritable if the file cannot be created or locked, for instance because the
    disk is read-only.
    """
    try:
        private.make_folder(path.parent)
        private.make_file(path)
    except OSError as error:
        raise not_writable(path.parent, error.strerror or str(error)) from error
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as conn:
        try:
            conn.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise DatabaseNotWritable(
                    "file-not-locked", file=str(path), cause=str(error), folder=str(path.parent)
                ) from error
            yield False
            return
        yield True
