"""Copies of the database: taken while it is in use, checked, rotated, put back.

SQLite's own backup API copies one moment of the database, whatever is being written meanwhile
(SQLite documentation, backup.html). A copy is written beside its place, opened and checked, and
only then named, so a file with a copy's name is a good copy. The copies that a migration makes
(`before-…`) are never rotated away.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.database import revisions
from storage.errors import BackupError

PREFIX, SUFFIX = "matinee-", ".sqlite3"
_STAMP = "%Y%m%dT%H%M%SZ"
_DRAFT = ".part"


@dataclass(frozen=True)
class Backup:
    """A checked copy; `taken_at` is the moment in its name, UTC."""

    path: Path
    taken_at: datetime


def copy(database: Path, target: Path) -> None:
    """Copy one moment of `database` to `target`, whole or not at all. Raises OSError or
    sqlite3.Error."""
    draft = target.with_suffix(_DRAFT)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(draft)) as made:
            source.backup(made)
            # One file, without a log beside it: a copy can be moved about.
            made.execute("PRAGMA journal_mode = DELETE")
        check(draft)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def check(path: Path) -> str | None:
    """Open a copy and look through all of it; the revision of its schema, None before the first.
    Raises BackupError where it is damaged or no database of Matinee's."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as conn:
            found = conn.execute("PRAGMA integrity_check(1)").fetchone()
            stray = conn.execute("PRAGMA foreign_key_check").fetchone()
            named = conn.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'")
            if named.fetchone() is None:
                if conn.execute("SELECT 1 FROM sqlite_master").fetchone() is None:
                    return None
                raise BackupError(f"{path} is a database, but none of Matinee's; name another.")
            row = conn.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{path} is no readable database ({error}); name another.") from error
    if found != ("ok",) or stray is not None:
        raise BackupError(f"{path} is damaged; name another copy.")
    return None if row is None else str(row[0])


def take(database: Path, folder: Path, now: datetime, keep: int) -> Backup:
    """Take a checked copy named by `now` (aware) and keep the newest `keep` of its kind; the
    others go only after the new one stands. Raises BackupError with a sentence."""
    at = now.astimezone(UTC).replace(microsecond=0)
    target = folder / f"{PREFIX}{at:{_STAMP}}{SUFFIX}"
    try:
        copy(database, target)
        for old in taken(folder)[max(keep, 1) :]:
            old.path.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            f"No backup could be written to {folder} ({error}); check its disk and permissions."
        ) from error
    return Backup(target, at)


def taken(folder: Path) -> tuple[Backup, ...]:
    """The copies in a folder, newest first, without those of migrations."""
    found = []
    for path in folder.glob(f"{PREFIX}*{SUFFIX}"):
        stamp = path.name.removeprefix(PREFIX).removesuffix(SUFFIX)
        try:
            at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            continue  # somebody's own file
        found.append(Backup(path, at))
    return tuple(sorted(found, key=lambda one: one.taken_at, reverse=True))


def restore(backup: Path, database: Path, now: datetime, *, replace: bool) -> Path | None:
    """Put a copy in the database's place; where the one replaced was moved to, if there was one.

    Raises BackupError where the copy is bad or newer than this version, where there is a database
    and `replace` is False, and where a running Matinee has it open.
    """
    if not backup.is_file():
        raise BackupError(f"There is no file {backup}; `matinee restore` alone lists the copies.")
    revision = check(backup)
    if revision is None:
        raise BackupError(f"{backup} is an empty database; name another copy.")
    if not revisions.known(revision):
        raise BackupError(
            f"{backup} was written by a newer Matinee (revision {revision}); install that version."
        )
    aside = None
    fresh = database.with_name(f"{database.name}.restored")
    try:
        if database.exists():
            if not replace:
                raise BackupError(
                    f"{database} exists already. To put {backup.name} in its place, say so with "
                    "--replace; the present one is then kept in the backups folder."
                )
            _close(database)
            stamp = now.astimezone(UTC).strftime(_STAMP)
            aside = database.parent / "backups" / f"replaced-{stamp}{SUFFIX}"
            aside.parent.mkdir(parents=True, exist_ok=True)
        copy(backup, fresh)
        if aside is not None:
            shutil.copy2(database, aside)
        for leftover in ("-wal", "-shm"):  # of a damaged one; a healthy one has none left
            database.with_name(database.name + leftover).unlink(missing_ok=True)
        fresh.replace(database)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            f"{backup} could not be put back ({error}); the database is as it was."
        ) from error
    finally:
        fresh.unlink(missing_ok=True)
    return aside


def _close(database: Path) -> None:
    """Write the log into the file and make sure that nobody has it open: SQLite leaves the WAL
    mode only for the last connection. A damaged database is let go as it is."""
    try:
        with closing(sqlite3.connect(database, timeout=1.0)) as conn:
            conn.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (
            sqlite3.SQLITE_BUSY,
            sqlite3.SQLITE_LOCKED,
        ):
            raise BackupError(
                f"Matinee is running on {database.parent}; stop it first, then restore."
            ) from error
    except sqlite3.DatabaseError:
        pass
