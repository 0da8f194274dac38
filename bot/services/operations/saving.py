"""Texts for a person after the disk or the database failed: the reason, and what of the request was
saved.
"""

from contextlib import suppress

from bot.services.app import App
from bot.services.notes import Note, note
from storage import keyvalue
from storage.database.write_count import WRITES, WriteCount
from storage.errors import (
    CommitUnknown,
    DatabaseBusy,
    DatabaseCorrupt,
    DatabaseFull,
    DatabaseGone,
    DatabaseNotWritable,
    DatabaseUnreachable,
    StorageError,
)

CAUSES: tuple[tuple[type[StorageError], str], ...] = (
    (DatabaseFull, "disk-full"),
    (DatabaseBusy, "database-busy"),
    (DatabaseCorrupt, "database-damaged"),
    (DatabaseGone, "data-folder-gone"),
    (DatabaseNotWritable, "disk-not-writable"),
    (CommitUnknown, "maybe-saved"),
    (DatabaseUnreachable, "database-away"),
    (StorageError, "storage-failed"),
)
"""Pairs (kind of error, key of its cause). The first kind that an error belongs to is used."""

_PROBE = "tried-to-write"


async def find_trouble(app: App) -> StorageError | None:
    """Returns the error that prevents writing to the database; None if nothing does.

    If the last write failed, a small write is made to see whether the cause is over.
    """
    if app.db.trouble() is None:
        return None
    with suppress(StorageError):
        await try_to_write(app)
    return app.db.trouble()


async def try_to_write(app: App) -> None:
    """Makes a small write, to see whether the database accepts writes. Raises an error if it does
    not.
    """
    async with app.db.write() as conn:
        await keyvalue.set_value(conn, _PROBE, app.clock().isoformat())


def begin_request() -> None:
    """Begins to count what this task, and the tasks that it starts, write to the database."""
    WRITES.set(WriteCount())


def part_kept() -> bool:
    """True if a part of what the present request does was saved."""
    count = WRITES.get()
    return count is not None and bool(count.commits)


def failure(error: BaseException) -> Note | None:
    """Returns what to tell a person about a failure of the storage; None for other errors."""
    for kind, cause in CAUSES:
        if isinstance(error, kind):
            return note(cause, kept=part_kept())
    return None
