"""Texts for a person after the disk or the database failed: the reason, and what of the request was
saved.
"""

from contextlib import suppress

from bot.services.app import App
from storage import keyvalue
from storage.database.write_count import WRITES, WriteCount
from storage.errors import (
    DatabaseBusy,
    DatabaseCorrupt,
    DatabaseFull,
    DatabaseGone,
    DatabaseNotWritable,
    StorageError,
)

CAUSES: tuple[tuple[type[StorageError], str, str], ...] = (
    (DatabaseFull, "my disk is full", "Try again once whoever runs this bot has made room."),
    (DatabaseBusy, "another program keeps my database locked", "Please try again in a minute."),
    (DatabaseCorrupt, "my database is damaged", "Please tell whoever runs this bot."),
    (DatabaseGone, "my data folder was removed", "Please tell whoever runs this bot."),
    (DatabaseNotWritable, "I cannot write to my disk", "Please tell whoever runs this bot."),
)
"""Triples (kind of error, cause in words, what to do next). The first kind that an error belongs to
is used.
"""

_PROBE = "tried-to-write"
NOTHING_KEPT = "nothing was saved"
PART_KEPT = "what I had noted until then is kept"


async def find_trouble(app: App) -> str | None:
    """Returns a sentence on what prevents writing to the database; None if nothing does.

    If the last write failed, a small write is made to see whether the cause is over.
    """
    if app.db.trouble() is None:
        return None
    with suppress(StorageError):
        await try_to_write(app)
    found = app.db.trouble()
    return None if found is None else str(found)


async def try_to_write(app: App) -> None:
    """Makes a small write, to see whether the database accepts writes. Raises an error if it does
    not.
    """
    async with app.db.write() as conn:
        await keyvalue.set_value(conn, _PROBE, app.clock().isoformat())


def begin_request() -> None:
    """Begins to count what this task, and the tasks that it starts, write to the database."""
    WRITES.set(WriteCount())


def kept() -> str:
    """Returns words that say how much of the present request was saved."""
    count = WRITES.get()
    return PART_KEPT if count is not None and count.commits else NOTHING_KEPT


def failure_sentence(error: BaseException) -> str | None:
    """Returns the sentence for a person about a failure of the storage; None for other errors."""
    if not isinstance(error, StorageError):
        return None
    causes = ((cause, after) for kind, cause, after in CAUSES if isinstance(error, kind))
    cause, after = next(causes, ("my storage failed", "Please tell whoever runs this bot."))
    return f"I could not do that: {cause}, and {kept()}. {after}"
