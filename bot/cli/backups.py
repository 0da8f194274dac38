"""`matinee backup` and `matinee restore`."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.services.operations.alone import only_bot
from bot.services.people import erasure
from bot.settings import Settings
from storage.database import backups
from storage.database.engine import open_database
from storage.errors import BackupError
from storage.people.erasures import Erasures


def backup(settings: Settings, folder: Path | None, out: Console) -> None:
    """Copies the database and checks the copy. The bot may run meanwhile.

    Raises BackupError if no undamaged copy can be made.

    folder: where the copy goes; None for `backups` in the data folder.
    """
    if not settings.database.is_file():
        raise BackupError(
            f"There is no database {settings.database} yet; it is made when Matinee first runs."
        )
    target = folder or settings.backups
    made = backups.take(settings.database, target, datetime.now(UTC), max(settings.keep_backups, 1))
    out.print(f"Copied and checked: {made.path}", highlight=False, markup=False, soft_wrap=True)


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
    with only_bot(settings):
        former = backups.restore(copy, settings.database, now, replace=replace)
        people = asyncio.run(_delete_again(settings, now))
    out.print(f"{copy} is the database now.", highlight=False, markup=False, soft_wrap=True)
    if people:
        out.print(f"Deleted from it again, as they had asked: {people} people.", highlight=False)
    if former is not None:
        out.print(
            f"The one before is kept: {former}", highlight=False, markup=False, soft_wrap=True
        )


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
        raise BackupError(f"There are no copies in {settings.backups}.")
    table = Table("copy", "size, MiB")
    for path in found:
        table.add_row(str(path), f"{path.stat().st_size / 2**20:.1f}")
    out.print(table)
    out.print("Put one back with: matinee restore COPY --replace", highlight=False, markup=False)
