"""Turns SQLite's errors about the disk, the file or a lock into errors that say what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as QueueTimeout

from storage.errors import (
    DatabaseBusy,
    DatabaseCorrupt,
    DatabaseFull,
    DatabaseGone,
    DatabaseNotWritable,
    StorageError,
)

_PRIMARY_CODE_MASK = 0xFF  # the low byte of SQLite's extended result codes


@contextmanager
def storage_errors(path: Path, *, reading: bool = False) -> Iterator[None]:
    """Within the `with` block, turn SQLite's errors about the disk, the file or a lock into a
    StorageError.

    path: the database file, for the message.
    reading: True if the block only reads the file.
    """
    try:
        yield
    except QueueTimeout as error:
        raise DatabaseBusy("writes-too-slow", file=str(path)) from error
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(cause, "sqlite_errorcode", 0)
        if reading and code == sqlite3.SQLITE_READONLY:
            raise  # a write in a read transaction is a bug, not a problem of the disk
        explained = _storage_error(path, code & _PRIMARY_CODE_MASK, str(cause))
        if explained is None:
            raise
        raise explained from error


def _storage_error(path: Path, code: int, cause: str) -> StorageError | None:
    """Returns the error for SQLite's primary result code; None for a code that means a bug.

    path: the database file.
    cause: SQLite's own message.
    """
    match code:
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return corrupt(path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return DatabaseBusy("database-locked", file=str(path))
        case sqlite3.SQLITE_FULL:
            return DatabaseFull("no-room", file=str(path))
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return not_writable(path, cause)
        case sqlite3.SQLITE_IOERR:
            return DatabaseNotWritable("disk-failing", file=str(path), cause=cause)
    return None


def not_writable(path: Path, cause: str) -> DatabaseNotWritable:
    return DatabaseNotWritable(
        "file-not-writable", file=str(path), cause=cause, folder=str(path.parent)
    )


def corrupt(path: Path) -> DatabaseCorrupt:
    return DatabaseCorrupt("database-broken", file=str(path), folder=str(path.parent / "backups"))


def gone(path: Path) -> DatabaseGone:
    """Returns the error for a file that was removed or replaced while it was open."""
    return DatabaseGone("database-gone", file=str(path))
