"""A lock between processes that a killed process never leaves behind.

It is SQLite's own file lock, taken on an empty file: every system that SQLite runs on has it, and
the system lets it go when the process that holds it ends, however it ends.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Hold the lock on `path` for the block if nobody else holds it; whether it is held. Raises
    OSError where the file cannot be made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as conn:
        try:
            conn.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            yield False
            return
        yield True
