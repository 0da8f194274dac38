"""Backups: one a day of a running bot, and whenever an operator asks."""

import asyncio
import logging
from datetime import datetime
from typing import TYPE_CHECKING

from bot.services.localtime import last_slot
from storage.database import backups
from storage.database.backups import Backup

if TYPE_CHECKING:
    from bot.services.app import App

log = logging.getLogger(__name__)


async def take(app: "App") -> Backup:
    """Take one now, and keep as many as the settings say. Raises BackupError."""
    settings = app.settings
    return await asyncio.to_thread(
        backups.take, settings.database, settings.backups, app.clock(), settings.keep_backups
    )


def newest(app: "App") -> datetime | None:
    """When the newest one was taken."""
    found = backups.taken(app.settings.backups)
    return found[0].taken_at if found else None


async def when_due(app: "App") -> Backup | None:
    """Take one if the newest is older than the newest hour for it; None where none is due or they
    are switched off."""
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
