"""Makes a database file ready to be opened: checks it, copies it, and creates or migrates it."""

import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from storage.database import private, revisions
from storage.database.sqlite.backups import copy
from storage.database.sqlite.failures import corrupt, not_writable, storage_errors
from storage.errors import DatabaseForeign, DatabaseNewer

_SQLITE_HEADER = b"SQLite format 3\0"


def prepare(path: Path, now: datetime, migrations: Path) -> Path:
    """Create or migrate the database at `path` if needed; returns its absolute path.

    now: the time, which goes into the name of the copy that is made before a migration.
    migrations: the folder of Alembic's migrations.

    Raises DatabaseError.
    """
    path = path.absolute()
    with storage_errors(path):
        _check_writable(path)
        if path.exists() and path.stat().st_size > 0:
            _check_healthy(path)
        with revisions.connection(path) as conn:
            head = revisions.head(migrations)
            at = revisions.current(conn)
            if at == head:
                return path
            if at is not None and not revisions.is_known(at, migrations):
                raise DatabaseNewer(
                    "database-newer",
                    file=str(path),
                    revision=str(at),
                    known=head,
                    folder=str(path.parent / "backups"),
                )
            names = conn.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'table' "
                "AND name NOT LIKE 'sqlite_%' AND name != 'alembic_version'"
            )
            tables = [name for (name,) in names]
            if at is None and tables:
                raise DatabaseForeign("database-foreign", file=str(path))
            samples = (conn.exec_driver_sql(f'SELECT 1 FROM "{name}" LIMIT 1') for name in tables)
            if any(rows.first() for rows in samples):
                _back_up(path, head, now)
            revisions.upgrade(conn, migrations=migrations)
    return path


def _check_writable(path: Path) -> None:
    """Raises DatabaseNotWritable if the database file or its folder cannot be written.

    SQLite needs both, because it keeps files next to the database.
    """
    try:
        private.make_folder(path.parent)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
        if path.exists():
            with path.open("r+b"):
                pass
        else:
            private.make_file(path)
    except OSError as error:
        raise not_writable(path, error.strerror or str(error)) from error


def _check_healthy(path: Path) -> None:
    with path.open("rb") as file:
        # SQLite itself would treat a very short file as empty.
        if file.read(len(_SQLITE_HEADER)) != _SQLITE_HEADER:
            raise corrupt(path)
    with closing(sqlite3.connect(path, timeout=revisions.BUSY_SECONDS)) as conn:
        found = conn.execute("PRAGMA quick_check(1)").fetchone()
    if found != ("ok",):
        raise corrupt(path)


def _back_up(path: Path, head: str, now: datetime) -> None:
    """Copy the last committed state of the database before a migration, completely or not at all.

    head: the revision that the migration leads to; it goes into the copy's name.
    now: the time, which also goes into the name.
    """
    folder = path.parent / "backups"
    try:
        copy(path, folder / f"before-{head}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.sqlite3")
    except OSError as error:
        raise not_writable(folder, error.strerror or str(error)) from error
