"""Takes copies of the database while it is in use; checks, lists, deletes and restores them.

SQLite's backup API copies the database as it was at one instant, even if something is written
meanwhile (SQLite documentation, backup.html). A copy is written under a temporary name, checked,
and only then renamed. Therefore every file with the name of a copy is complete and undamaged.

There are three kinds of copies, with different beginnings of the name. `matinee-…` was taken as a
backup. `before-…` was made before a migration. `replaced-…` is a database that a restored copy
replaced.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.database import private, revisions
from storage.errors import BackupError

PREFIX, SUFFIX = "matinee-", ".sqlite3"
KINDS = (PREFIX, "before-", "replaced-")
"""How the names of copies begin; each ends with the time when the copy was made."""
_STAMP_FORMAT = "%Y%m%dT%H%M%SZ"
_DRAFT_SUFFIX = ".part"


@dataclass(frozen=True)
class Backup:
    """A checked copy of the database.

    Attributes:
        path: the file.
        taken_at: when it was taken, read from its name, UTC.
    """

    path: Path
    taken_at: datetime


def copy(database: Path, target: Path) -> None:
    """Copy the present state of `database` to `target`, completely or not at all.

    Raises OSError or sqlite3.Error, and BackupError if the copy turns out to be damaged.
    """
    draft = target.with_suffix(_DRAFT_SUFFIX)
    private.make_folder(target.parent)
    draft.unlink(missing_ok=True)
    private.make_file(draft)
    address = f"{database.absolute().as_uri()}?mode=rw"  # rw: a missing database is not made
    try:
        with (
            closing(sqlite3.connect(address, uri=True)) as source,
            closing(sqlite3.connect(draft)) as made,
        ):
            source.backup(made)
            # Without the WAL mode, the copy has no log file next to it: it is one movable file.
            made.execute("PRAGMA journal_mode = DELETE")
        check(draft)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def check(path: Path) -> str | None:
    """Read all of a copy; returns the Alembic revision of its schema, None for an empty database.

    Raises BackupError if the copy is damaged or is not a database of Matinee.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as conn:
            found = conn.execute("PRAGMA integrity_check(1)").fetchone()
            stray = conn.execute("PRAGMA foreign_key_check").fetchone()
            named = conn.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'")
            if named.fetchone() is None:
                if conn.execute("SELECT 1 FROM sqlite_master").fetchone() is None:
                    return None
                raise BackupError("copy-foreign", file=str(path))
            row = conn.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise BackupError("copy-unreadable", file=str(path), cause=str(error)) from error
    if found != ("ok",) or stray is not None:
        raise BackupError("copy-damaged", file=str(path))
    return None if row is None else str(row[0])


def take(database: Path, folder: Path, now: datetime, keep: int) -> Backup:
    """Store a checked copy of the database in `folder`; returns the copy.

    Afterwards, backups are deleted until `keep` are left. Backups whose names contain a time after
    `now` are deleted first, because their true age is not known. Then the oldest follow. The new
    copy is never deleted. Raises BackupError.

    now: the present time, with a zone; the copy's name contains it.
    keep: the number of backups to keep, at least 1. Copies made before a migration or by a restore
        do not count.
    """
    at = now.astimezone(UTC).replace(microsecond=0)
    target = folder / f"{PREFIX}{at:{_STAMP_FORMAT}}{SUFFIX}"
    try:
        copy(database, target)
        others = [one for one in list_backups(folder) if one.path != target]
        others.sort(key=lambda one: one.taken_at > at)  # stable: the newest first otherwise
        for old in others[max(keep, 1) - 1 :]:
            old.path.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        raise BackupError("backup-not-written", folder=str(folder), cause=str(error)) from error
    return Backup(target, at)


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """Returns the backups in a folder, newest first.

    Copies made before a migration, and databases that a restore replaced, are left out.
    """
    copies = dated_copies(folder)
    return tuple(one for one in copies if one.path.name.removeprefix(PREFIX) == _stamp(one.path))


def dated_copies(folder: Path) -> tuple[Backup, ...]:
    """Returns all copies in a folder, of every kind, newest first.

    A file whose name does not end with a time was not made by Matinee, and is left out.
    """
    found = []
    for path in (path for kind in KINDS for path in folder.glob(f"{kind}*{SUFFIX}")):
        try:
            at = datetime.strptime(_stamp(path), f"{_STAMP_FORMAT}{SUFFIX}").replace(tzinfo=UTC)
        except ValueError:
            continue
        found.append(Backup(path, at))
    return tuple(sorted(found, key=lambda backup: backup.taken_at, reverse=True))


def delete_old(folder: Path, before: datetime) -> tuple[Path, ...]:
    """Delete all copies of the database that were made before a time; returns their paths.

    before: that time, with a zone.
    """
    old = tuple(one.path for one in dated_copies(folder) if one.taken_at < before)
    for path in old:
        path.unlink(missing_ok=True)
    return old


def _stamp(path: Path) -> str:
    """Returns the end of a copy's name, which contains the time when it was made."""
    return path.name.rpartition("-")[2]


def restore(backup: Path, database: Path, now: datetime, *, replace: bool) -> Path | None:
    """Put a copy in the place of the database; the replaced database is kept under another name.

    Returns the path of the replaced database; None if there was no database.

    Raises BackupError in four cases: the copy is damaged; a newer version of Matinee wrote it;
    there is a database and `replace` is False; a running Matinee has the database open.

    now: the present time, with a zone; the replaced database's new name contains it.
    """
    if not backup.is_file():
        raise BackupError("copy-missing", file=str(backup))
    revision = check(backup)
    if revision is None:
        raise BackupError("copy-empty", file=str(backup))
    if not revisions.is_known(revision):
        raise BackupError("copy-newer", file=str(backup), revision=str(revision))
    aside = None
    fresh = database.with_name(f"{database.name}.restored")
    try:
        if database.exists():
            if not replace:
                raise BackupError("database-exists", file=str(database), copy=backup.name)
            _close(database)
            stamp = now.astimezone(UTC).strftime(_STAMP_FORMAT)
            aside = database.parent / "backups" / f"replaced-{stamp}{SUFFIX}"
            private.make_folder(aside.parent)
        copy(backup, fresh)
        if aside is not None:
            shutil.copy2(database, aside)
        for leftover in ("-wal", "-shm"):  # only a damaged database leaves these behind
            database.with_name(database.name + leftover).unlink(missing_ok=True)
        fresh.replace(database)
    except (OSError, sqlite3.Error) as error:
        raise BackupError("copy-not-put-back", file=str(backup), cause=str(error)) from error
    finally:
        fresh.unlink(missing_ok=True)
    return aside


def _close(database: Path) -> None:
    """Move SQLite's log (the WAL file) into the database file, and check that no program has it
    open.

    The function asks SQLite to leave the WAL mode, which SQLite refuses while another connection is
    open. A damaged database is left alone. Raises BackupError if a program has the database open.
    """
    try:
        with closing(sqlite3.connect(database, timeout=1.0)) as conn:
            conn.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (
            sqlite3.SQLITE_BUSY,
            sqlite3.SQLITE_LOCKED,
        ):
            raise BackupError("bot-running", folder=str(database.parent)) from error
    except sqlite3.DatabaseError:
        pass
