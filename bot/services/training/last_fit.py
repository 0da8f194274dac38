"""The outcome of the last fit, stored in the database.

It is stored so that a failure at night can be reported in the morning, by any process and after a
restart.
"""

import asyncio
import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from bot.services.app import App
from bot.services.notes import Note, from_text, note, to_text
from storage import keyvalue
from storage.database.sqlite import locks
from storage.errors import StorageError

log = logging.getLogger(__name__)

End = Literal["running", "promoted", "held", "failed", "stopped", "interrupted"]

KEY = "last-fit"
MAX_LOCK_DELAY = timedelta(minutes=1)  # a new fit may take this long to get its lock
STOPPED_REASON = note("fit-begins-anew-at-start")
INTERRUPTED_REASON = note("fit-begins-anew")


@dataclass(frozen=True)
class LastFit:
    """The state of the last fit of a model.

    Attributes:
        at: when it began, aware.
        end: how it ended, or "running"; "held" if its version may not answer requests.
        why: the reason; None if there is nothing to say.
    """

    at: datetime
    end: End
    why: Note | None = None

    @property
    def went_well(self) -> bool:
        """True if the fit produced a version, or is running and may still produce one."""
        return self.end in ("running", "promoted", "held")


async def record(app: App, began: datetime, end: End, why: Note | None = None) -> None:
    """Stores the state of a fit. If it cannot be stored, it is written to the log instead.

    began: when the fit began.
    end: how it ended, or "running".
    why: the reason; None if there is nothing to say.
    """
    reason = "" if why is None else to_text(why)
    kept = json.dumps({"at": began.isoformat(), "end": end, "why": reason})
    try:
        async with app.db.write() as conn:
            await keyvalue.set_value(conn, KEY, kept)
    except StorageError as error:
        log.warning("what came of the fit (%s) could not be noted: %s", end, error)


async def read_last(app: App) -> LastFit | None:
    """Returns the last fit of this data folder; None before the first.

    If a fit is stored as running but no process holds the lock of fits, it was interrupted.
    """
    async with app.db.read() as conn:
        kept = await keyvalue.get_value(conn, KEY)
    found = None if kept is None else parse(kept)
    if found is None or found.end != "running" or app.fitting.lock.locked():
        return found
    starting = timedelta(0) <= app.clock() - found.at < MAX_LOCK_DELAY
    if starting or await asyncio.to_thread(_is_fitting, app):
        return found
    return LastFit(found.at, "interrupted", INTERRUPTED_REASON)


def _is_fitting(app: App) -> bool:
    with locks.held(app.settings.fitting_lock) as free:
        return not free


def parse(kept: str) -> LastFit | None:
    """Returns the fit that `record` stored as the text `kept`; None if it cannot be understood."""
    try:
        values = json.loads(kept)
        named = "held" if values["end"] == "held back" else values["end"]  # its former name
        for end in get_args(End):
            if end == named:
                why = from_text(str(values["why"])) if values["why"] else None
                return LastFit(datetime.fromisoformat(values["at"]), end, why)
    except (ValueError, KeyError, TypeError):
        log.warning("what was kept of the last fit cannot be read")
    return None
