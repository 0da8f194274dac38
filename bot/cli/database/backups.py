"""`matinee backup` and `matinee restore`."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.services.operations.alone import only_bot
from bot.services.operations.backup import file_to_copy
from bot.services.people import erasure
from bot.settings import Settings
from bot.wording.cli import backups as words
from bot.wording.speech import number
from storage.database.address import DatabaseUrl
from storage.database.engine import open_database
from storage.database.sqlite import backups
from storage.errors import BackupError
from storage.people.erasures import Erasures


def backup(settings: Settings, folder: Path | None, out: Console) -> None:
    """Copies the database and checks the copy. The bot may run meanwhile.

    Raises BackupError if no undamaged copy can be made.

    folder: where the copy goes; None for `backups` in the data folder.
    """
    database = file_to_copy(settings)
    if not database.is_file():
        raise BackupError("no-database-yet", file=str(database))
    target = folder or settings.backups
    made = backups.take(database, target, datetime.now(UTC), max(settings.keep_backups, 1))
    _print(out, words.copied(str(made.path)))


def restore(settings: Settings, copy: Path | None, replace: bool, out: Console) -> None:
    """Replaces the bot's database with a backup.

    copy: the file of the backup; None to only list the backups.
    replace: True if the backup may take the place of a database that exists.

    Raises BackupError if the backup cannot be put back, and AlreadyRunning if a bot uses the data
    folder.
    """
    if copy is None:
        _list(settings, out)
        return
    now = datetime.now(UTC)
    if isinstance(settings.database, DatabaseUrl):
        raise BackupError("restore-of-server", database=settings.database.name)
    with only_bot(settings):
        former = backups.restore(copy, settings.database, now, replace=replace)
        people = asyncio.run(_delete_again(settings, now))
    _print(out, words.restored(str(copy)))
    if people:
        _print(out, words.deleted_again(people))
    if former is not None:
        _print(out, words.former_kept(str(former)))


async def _delete_again(settings: Settings, now: datetime) -> int:
    """Deletes from a restored database the data of people who had them deleted after the copy was
    taken.

    Returns the number of these people.
    """
    erasures = Erasures(settings.data)
    if not len(erasures):
        return 0
    async with open_database(settings.database, now=now) as db:
        return await erasure.repeat(db, erasures)


def _list(settings: Settings, out: Console) -> None:
    found = sorted(settings.backups.glob(f"*{backups.SUFFIX}"), reverse=True)
    if not found:
        raise BackupError("no-copies", folder=str(settings.backups))
    table = Table(*words.headings())
    for path in found:
        table.add_row(str(path), number(path.stat().st_size / 2**20, 1))
    out.print(table)
    _print(out, words.how_to_restore())


def _print(out: Console, text: str) -> None:
    out.print(text, highlight=False, markup=False, soft_wrap=True)
