"""A lock between processes that a killed process never leaves behind.

It is the lock that SQLite puts on a file, here on an empty file. Every system that SQLite runs on
has such locks, and releases them when the process ends, even if it is killed.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Take the lock on `path` for the block; yields False if another process has it.

    Raises OSError if the file cannot be created.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as conn:
        try:
            conn.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            yield False
            return
        yield True
