"""Takes backups of the database: one a day while the bot runs, and others on request."""

import asyncio
import logging
from datetime import datetime
from pathlib import Path

from bot.services.app import App
from bot.services.localtime import last_slot
from bot.settings import Settings
from storage.database.address import DatabaseUrl
from storage.database.sqlite import backups
from storage.database.sqlite.backups import Backup
from storage.errors import BackupError

log = logging.getLogger(__name__)


async def take(app: App) -> Backup:
    """Takes a backup now. If there are more than `keep_backups` (a setting), the oldest are
    deleted.

    Raises BackupError, also for a database on a server. Raises DatabaseGone if the database was
    removed or replaced.
    """
    app.db.check()
    settings = app.settings
    file = file_to_copy(settings)
    return await asyncio.to_thread(
        backups.take, file, settings.backups, app.clock(), settings.keep_backups
    )


def file_to_copy(settings: Settings) -> Path:
    """Returns the file of the database. Raises BackupError for a database on a server."""
    if isinstance(settings.database, DatabaseUrl):
        raise BackupError("backup-of-server", database=settings.database.name)
    return settings.database


def newest(app: App) -> datetime | None:
    """Returns when the newest backup was taken; None before the first.

    Backups whose names contain a time in the future are ignored.
    """
    now = app.clock()
    known = (one.taken_at for one in backups.list_backups(app.settings.backups))
    return next((at for at in known if at <= now), None)


async def take_if_due(app: App) -> Backup | None:
    """Takes a backup if none was taken since `backup_at` (a time of day) last passed.

    Returns the backup; None if no backup is due, if backups are switched off, or if the database is
    on a server.
    """
    settings = app.settings
    if not settings.keep_backups or isinstance(settings.database, DatabaseUrl):
        return None
    last = await asyncio.to_thread(newest, app)
    due = last_slot(app.clock(), settings.backup_at, settings.timezone())
    if last is not None and last >= due:
        return None
    made = await take(app)
    log.info("backup %s taken and checked", made.path.name)
    return made
