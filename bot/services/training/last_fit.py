"""What came of the last fit, whoever began it and however it ended: kept in the database, so that a
failure at night is still told in the morning, and after a restart."""

import asyncio
import json
import logging
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, get_args

from storage import keyvalue
from storage.database import locks
from storage.errors import StorageError

if TYPE_CHECKING:
    from bot.services.app import App

log = logging.getLogger(__name__)

End = Literal["running", "promoted", "held back", "failed", "stopped", "interrupted"]

KEY = "last-fit"
STARTING = timedelta(minutes=1)  # a fit that began so lately may not hold its lock yet
IN_WORDS: dict[End, str] = {
    "running": "is running",
    "promoted": "was promoted",
    "held back": "was held back",
    "failed": "failed",
    "stopped": "was stopped",
    "interrupted": "was interrupted",
}
STOPPED = "The bot was asked to end; the next start begins it anew."
INTERRUPTED = "Its process ended before it was done; the next one begins anew."


@dataclass(frozen=True)
class LastFit:
    """A fit: when it began, how it ended, and why, in a sentence."""

    at: datetime
    end: End
    why: str = ""

    @property
    def went_well(self) -> bool:
        """Whether a version came of it, or may yet."""
        return self.end in ("running", "promoted", "held back")

    def words(self, when: str) -> str:
        """ "The last fit, begun WHEN, failed: …"."""
        why = f": {self.why}" if self.why else "."
        return f"The last fit, begun {when}, {IN_WORDS[self.end]}{why}"


async def note(app: "App", began: datetime, end: End, why: str = "") -> None:
    """Keep how a fit stands. Where that cannot be written, the log has it."""
    kept = json.dumps(asdict(LastFit(began, end, why)), default=datetime.isoformat)
    try:
        async with app.db.write() as conn:
            await keyvalue.set_value(conn, KEY, kept)
    except StorageError as error:
        log.warning("what came of the fit (%s) could not be noted: %s", end, error)


async def last(app: "App") -> LastFit | None:
    """The last fit of this data folder; None before the first. One that never said how it ended,
    and whose lock nobody holds, was interrupted."""
    async with app.db.read() as conn:
        kept = await keyvalue.get_value(conn, KEY)
    found = None if kept is None else read(kept)
    if found is None or found.end != "running" or app.fitting.lock.locked():
        return found
    starting = timedelta(0) <= app.clock() - found.at < STARTING
    if starting or await asyncio.to_thread(_somebody_fits, app):
        return found
    return LastFit(found.at, "interrupted", INTERRUPTED)


def _somebody_fits(app: "App") -> bool:
    with locks.held(app.settings.fitting_lock) as free:
        return not free


def read(kept: str) -> LastFit | None:
    """What was kept under KEY; None where that is not to be understood."""
    try:
        told = json.loads(kept)
        if told["end"] in get_args(End):
            return LastFit(datetime.fromisoformat(told["at"]), told["end"], str(told["why"]))
    except (ValueError, KeyError, TypeError):
        log.warning("what was kept of the last fit cannot be read")
    return None
