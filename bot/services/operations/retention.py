"""Deletes, once a day, the rows that are too old for anything to read them.

`docs/privacy.md` tells people after which times rows are deleted. The constants here set these
times.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.services.app import App
from bot.services.localtime import last_slot
from bot.services.people import left_servers
from bot.services.people.privacy import copy_age
from bot.services.serving.evidence import EVIDENCE_WINDOW, WILD_WINDOW
from storage import keyvalue, retention
from storage.database.sqlite import backups
from storage.retention import Cutoffs

log = logging.getLogger(__name__)

SHOWN_AGE = EVIDENCE_WINDOW
"""The age at which records of shown films are deleted: fits learn from them for this long."""
MAX_SHOWN = 500_000
"""If more shown films are stored, the oldest are deleted earlier, but not within the cooldown."""
WILD_AGE = WILD_WINDOW
"""The age at which records of films shown as wild cards (as a trial) are deleted."""
CARD_AGE = timedelta(days=90)
"""The age at which records of messages without reactions that count are deleted.

Reactions are compared with Discord's for 60 days at most."""
RATING_LOG_AGE = timedelta(days=365)
"""The age at which rating events are deleted that were taken back or replaced."""
CARD_EVENT_AGE = WILD_WINDOW
"""The age at which records of what people did about films, other than rating, are deleted."""
SLOT_AGE = timedelta(days=365)
"""The age at which records of scheduled posts are deleted."""
NIGHT_AGE = timedelta(days=365)
"""The age at which movie nights are deleted, with who came to them."""
PRESENCE_AGE = timedelta(days=7)
"""The age at which it is deleted who was in the voice channel of a movie night that did not end.

When a night ends, this is deleted at once."""

DRAFT_AGE = timedelta(days=7)
"""The age at which film histories are deleted that somebody brought in and never applied."""
UNDO_AGE = timedelta(days=90)
"""For how long a film history that was applied can be undone."""

ROWS_PER_WRITE = 1000
PAUSE_SECONDS = 0.02  # between two groups of rows, so that answers get their turn to write
STEADY_AFTER = timedelta(hours=1)
MAX_DRIFT = timedelta(minutes=1)
_LAST_RUN = "retention"


@dataclass
class SteadyClock:
    """Detects whether the system's clock was set in the last hour.

    If it was, it may be wrong by a year, and nothing is deleted.
    """

    _since: tuple[datetime, float] | None = field(default=None)

    def is_steady(self, now: datetime, elapsed: float) -> bool:
        """True if nobody has set the system's clock in the last STEADY_AFTER.

        It is assumed that nobody has set it if it advanced as much as a clock that cannot be set.
        The first call returns False.

        now: the time of the system's clock.
        elapsed: seconds of the clock that cannot be set, such as time.monotonic().
        """
        if self._since is not None:
            passed = timedelta(seconds=elapsed - self._since[1])
            if abs((now - self._since[0]) - passed) <= MAX_DRIFT:
                return passed >= STEADY_AFTER
        self._since = (now, elapsed)
        return False


async def run_if_due(app: App, clock: SteadyClock, elapsed: float) -> None:
    """Deletes old rows, unless that was done since `backup_at` (a time of day) last passed.

    clock: detects whether the system's clock was set.
    """
    now, settings = app.clock(), app.settings
    if not clock.is_steady(now, elapsed):
        return
    async with app.db.read() as conn:
        kept = await keyvalue.get_value(conn, _LAST_RUN)
    last = None if kept is None else datetime.fromisoformat(kept)
    due = last_slot(now, settings.backup_at, settings.timezone())
    if last is None or last < due or last > now:
        await run(app)


async def run(app: App) -> Mapping[str, int]:
    """Deletes the rows that are too old, and the old copies of the database.

    Returns how many rows were deleted, by the kind of row. Raises StorageError.
    """
    app.db.check()
    now = app.clock()
    cutoffs = await _cutoffs(app, now)
    counts: dict[str, int] = {}
    for rule in retention.rules(cutoffs):
        counts[rule] = await _delete(app, rule, cutoffs)
    counts["left-servers"] = await left_servers.forget(app)
    old = await asyncio.to_thread(
        backups.delete_old, app.settings.backups, now - copy_age(app.settings)
    )
    async with app.db.write() as conn:
        await keyvalue.set_value(conn, _LAST_RUN, now.isoformat())
    await app.db.empty_log()
    await app.db.give_back_space()
    found = [f"{count} {rule}" for rule, count in counts.items() if count]
    found += [path.name for path in old]
    if found:
        log.info("older than anything that reads it, and deleted: %s", ", ".join(found))
    return counts


async def _cutoffs(app: App, now: datetime) -> Cutoffs:
    """Returns the times before which rows are deleted.

    If more than MAX_SHOWN shown films are stored, the oldest are deleted earlier than usual, but
    only after the cooldown (the time for which a film is not shown to the same person again). What
    people did is kept as long as a defined experiment needs it.
    """
    needed = timedelta(days=app.settings.cooldown_days + 1)
    names = tuple(one.name for one in app.experiments.definitions)
    async with app.db.read() as conn:
        crowded = await retention.oldest_of_newest(conn, MAX_SHOWN)
        began = await retention.first_exposure(conn, names) if names else None
    shown = now - max(SHOWN_AGE, needed)
    if crowded is not None:
        shown = max(shown, min(crowded, now - needed))
    card_events, log_end = now - CARD_EVENT_AGE, now - RATING_LOG_AGE
    if began is not None:
        card_events, log_end = min(card_events, began), min(log_end, began)
    return Cutoffs(
        shown=shown,
        wild=now - WILD_AGE,
        cards=now - max(CARD_AGE, timedelta(days=app.settings.reconcile_days + 1)),
        rating_log=log_end,
        card_events=card_events,
        drafts=now - DRAFT_AGE,
        undo=now - UNDO_AGE,
        slots=now - SLOT_AGE,
        nights=now - NIGHT_AGE,
        presences=now - PRESENCE_AGE,
        experiments=names,
    )


async def _delete(app: App, rule: str, cutoffs: Cutoffs) -> int:
    """Deletes the rows of one rule in small groups; returns how many were deleted.

    rule: name of the rule, a key of `rules` in `storage/retention.py`.
    """
    count = 0
    while True:
        async with app.db.read() as conn:
            keys = await retention.find_old(conn, rule, cutoffs, 20 * ROWS_PER_WRITE)
        for begin in range(0, len(keys), ROWS_PER_WRITE):
            async with app.db.write() as conn:
                count += await retention.delete_old(
                    conn, rule, cutoffs, keys[begin : begin + ROWS_PER_WRITE]
                )
            await asyncio.sleep(PAUSE_SECONDS)
        if len(keys) < 20 * ROWS_PER_WRITE:
            return count
