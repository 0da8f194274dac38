"""Takes backups of the database: one a day while the bot runs, and others on request."""

import asyncio
import logging
from datetime import datetime

from bot.services.app import App
from bot.services.localtime import last_slot
from storage.database.sqlite import backups
from storage.database.sqlite.backups import Backup

log = logging.getLogger(__name__)


async def take(app: App) -> Backup:
    """Takes a backup now. If there are more than `keep_backups` (a setting), the oldest are
    deleted.

    Raises BackupError, and DatabaseGone if the database was removed or replaced.
    """
    app.db.check()
    settings = app.settings
    return await asyncio.to_thread(
        backups.take, settings.database, settings.backups, app.clock(), settings.keep_backups
    )


def newest(app: App) -> datetime | None:
    """Returns when the newest backup was taken; None before the first.

    Backups whose names contain a time in the future are ignored.
    """
    now = app.clock()
    known = (one.taken_at for one in backups.list_backups(app.settings.backups))
    return next((at for at in known if at <= now), None)


async def take_if_due(app: App) -> Backup | None:
    """Takes a backup if none was taken since `backup_at` (a time of day) last passed.

    Returns the backup; None if no backup is due, or if backups are switched off.
    """
    settings = app.settings
    if not settings.keep_backups:
        return None
    last = await asyncio.to_thread(newest, app)
    due = last_slot(app.clock(), settings.backup_at, settings.timezone())
    if last is not None and last >= due:
        return None
    made = await take(app)
    log.info("backup %s taken and checked", made.path.name)
    return made
