"""Deletes all data about a person, and deletes them again after an older database is restored."""

import asyncio
import logging

from bot.errors import Sorry
from bot.services.app import App
from bot.services.languages import keep
from storage import registry
from storage.database.engine import Database
from storage.errors import StorageError
from storage.feedback import exposures
from storage.people import privacy
from storage.people.erasures import Erasures

log = logging.getLogger(__name__)


async def erase(app: App, person_id: int) -> int:
    """Deletes all data about the person. Returns the number of deleted rows.

    First the person is added to the list of deletions. If the bot crashes before the rows are
    deleted, the next start deletes them. If the database cannot be written, the bot deletes them
    later (`finish`).

    Raises Sorry if not everything is deleted yet, or if nothing was changed. Its sentence says
    which.
    """
    async with app.turn(person_id):  # a card that is being made is recorded first
        try:
            app.erasures.add(person_id, app.clock())
        except OSError as error:
            log.exception("the list of deletions cannot be written")
            raise Sorry("deletion-not-noted") from error
        try:
            async with app.db.write() as conn:
                await exposures.count_erasure(conn, person_id)
                count = await privacy.erase(conn, person_id)
                if count:
                    await registry.count_erasure(conn)
            await app.db.forget_deleted()
        except StorageError as error:
            log.exception("a deletion is finished later")
            app.unfinished_erasures.add(person_id)
            raise Sorry("deletion-noted") from error
        finally:
            _forget_tastes(app)
            keep(app.languages.people, person_id, None)
    return count


async def finish(app: App) -> None:
    """Deletes the rows of people whose deletion failed because the database could not be
    written.
    """
    waiting = set(app.unfinished_erasures)
    if not waiting or app.db.trouble() is not None:
        return
    app.unfinished_erasures.clear()  # what fails from here on is added, and finished later
    try:
        await repeat(app.db, app.erasures)
        await app.db.forget_deleted()
    except StorageError:
        app.unfinished_erasures.update(waiting)
        raise
    finally:
        _forget_tastes(app)


async def follow(app: App) -> None:
    """Reads again who had everything deleted, if other processes have added to the list.

    What the models in memory remember of people's tastes is then forgotten.
    """
    if await asyncio.to_thread(app.erasures.reload):
        _forget_tastes(app)


def _forget_tastes(app: App) -> None:
    """Makes every model in memory forget what it remembers of people's tastes.

    These are the model that answers and those of the arms (variants) of experiments.
    """
    for served in (app.live.served, *app.experiments.loaded.values()):
        served.forget_tastes()


async def repeat(db: Database, erasures: Erasures) -> int:
    """Deletes again what people had deleted, after an older copy of the database was restored.

    Only data from before a person's deletion are deleted. Returns the number of people whose data
    were deleted.

    erasures: the list of people who had all their data deleted, and when.
    """
    if erasures.lacks_key:
        log.warning(
            "erased.key is missing in the data folder: a copy that is put back may bring back what "
            "people had deleted. Put the key back from where the folder was before."
        )
    if not len(erasures):
        return 0
    async with db.read() as conn:
        known = await privacy.known_since(conn)
    again = {
        person: at
        for person, at in erasures.among(known).items()
        if (since := known[person]) is None or since < at
    }
    if not again:
        return 0
    people = 0
    async with db.write() as conn:
        for person_id, at in again.items():
            await exposures.count_erasure(conn, person_id)
            if await privacy.erase(conn, person_id, until=at):
                await registry.count_erasure(conn)
                people += 1
    if people:
        await db.forget_deleted()
        log.info("deleted again, after an older copy was put back: %d people", people)
    return people
