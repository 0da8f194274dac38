"""Applies a film history that somebody brought in, and undoes it.

Both take many short transactions. If the bot stops in between, the next start goes on.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.errors import Sorry
from bot.services.app import App
from bot.services.imports.person.preview import ImportListener, ImportProgress
from bot.services.scale import SCALE
from bot.services.view_models import Requester
from storage.database.engine import Transaction
from storage.histories import applying, drafts, questions
from storage.histories.drafts import FilmImport
from storage.people import profiles

log = logging.getLogger(__name__)

READ_WITHIN = timedelta(minutes=15)
"""A file that was brought in longer ago than this is not being read any more."""


@dataclass(frozen=True)
class AppliedImport:
    """What applying a file changed.

    Attributes:
        import_id: the id of the import; None if it changed nothing, so that it is forgotten.
        file: the file's name.
        rated: number of ratings that are new or changed.
        seen: number of films that are marked as seen now.
        wanted: number of films that are kept for later now.
        shares: True if that counts for others too.
        forgotten: names of the person's other files that waited, and wait no more.
    """

    import_id: int | None
    file: str
    rated: int
    seen: int
    wanted: int
    shares: bool
    forgotten: tuple[str, ...] = ()


async def apply(
    app: App, requester: Requester, import_id: int, listener: ImportListener
) -> AppliedImport:
    """Applies a person's file. Returns what changed.

    What applying or undoing another file of theirs left to do is done first, since one file can
    replace ratings of another. Raises Sorry if there is no such file, if it was applied already, or
    if it has no film that was recognised or chosen.

    Other files of theirs that wait are forgotten then, so that the last one applied is always the
    newest.

    listener: is called with the progress.
    """
    forgotten: tuple[str, ...] = ()
    async with app.db.read() as conn:
        others = await drafts.of_person(conn, requester.person_id)
    for other in others:
        if other.id != import_id:
            await _finish(app, other)
    async with app.write_for(requester) as conn:
        batch = await _own(conn, requester, import_id)
        if batch.state == "waiting":
            await _check_films(conn, batch)
            forgotten = await drafts.forget_open(conn, requester.person_id, keep=import_id)
            await applying.begin_applying(conn, batch)
        elif batch.state != "applying":
            raise Sorry("import-applied" if batch.state == "applied" else "no-such-import")
    await _apply_rest(app, batch, listener)
    async with app.db.read() as conn:
        changed = await drafts.get(conn, import_id) is not None
    if not changed:
        return AppliedImport(None, batch.file, 0, 0, 0, False, forgotten)
    return replace(await applied(app, requester, import_id), forgotten=forgotten)


async def applied(app: App, requester: Requester, import_id: int) -> AppliedImport:
    """Returns what applying a person's file changed. Raises Sorry if there is no such file."""
    async with app.db.read() as conn:
        batch = await _own(conn, requester, import_id)
        counts = await drafts.applied_counts(conn, import_id)
        person = await profiles.get(conn, requester.person_id)
    shares = person is not None and person.shares_imports
    return AppliedImport(batch.id, batch.file, *counts, shares)


async def waiting_files(app: App, requester: Requester) -> tuple[str, ...]:
    """Returns the names of a person's files that wait to be applied."""
    async with app.db.read() as conn:
        found = await drafts.of_person(conn, requester.person_id)
    return tuple(one.file for one in found if one.state == "waiting")


async def is_applied(app: App, requester: Requester, import_id: int) -> bool:
    """True if a person's file does not wait any more. Raises Sorry if there is no such file."""
    async with app.db.read() as conn:
        return (await _own(conn, requester, import_id)).state != "waiting"


async def undo(app: App, requester: Requester, import_id: int, listener: ImportListener) -> str:
    """Undoes a person's file, so that everything is as it was before. Returns the file's name.

    Raises Sorry if there is no such file, or if a newer one has to be undone first.

    listener: is called with the progress.
    """
    async with app.write_for(requester) as conn:
        batch = await _own(conn, requester, import_id)
        if batch.state == "waiting":
            raise Sorry("import-not-applied")
        begun = [one for one in await drafts.of_person(conn, requester.person_id) if _counts(one)]
        if begun[-1].id != import_id:
            raise Sorry("newer-import-first", file=begun[-1].file)
        await drafts.set_state(conn, import_id, "undoing")
        every = await drafts.films_count(conn, import_id)
    await _undo_rest(app, batch, every, listener)
    return batch.file


async def discard(app: App, requester: Requester, import_id: int) -> None:
    """Forgets a person's file that was not applied. Raises Sorry if it was, or is not there."""
    async with app.write_for(requester) as conn:
        batch = await _own(conn, requester, import_id)
        if batch.state != "waiting":
            raise Sorry("import-applied")
        await drafts.forget(conn, import_id)


async def set_shares_imports(app: App, requester: Requester, shares: bool) -> None:
    """Stores whether what a person brought in from other places counts for others too."""
    async with app.write_for(requester) as conn:
        await profiles.set_shares_imports(conn, requester.person_id, shares, now=requester.now)


async def finish(app: App) -> None:
    """Finishes what was begun before the bot stopped, and forgets files that were read in part."""
    async with app.db.read() as conn:
        begun = await drafts.unfinished(conn)
    await _finish_each(app, begun)


async def finish_old(app: App) -> None:
    """Does the same as `finish` beside other processes: files that they may be reading now stay."""
    since = app.clock() - READ_WITHIN
    async with app.db.read() as conn:
        begun = await drafts.unfinished(conn)
    await _finish_each(app, [one for one in begun if one.state != "reading" or one.at < since])


async def _finish_each(app: App, begun: Sequence[FilmImport]) -> None:
    for batch in begun:
        if batch.state == "reading":
            async with app.db.write() as conn:
                await drafts.forget(conn, batch.id)
        await _finish(app, batch)
        log.info("a history that was %s when the bot stopped is finished", batch.state)


async def _finish(app: App, batch: FilmImport) -> None:
    """Finishes applying or undoing a file; does nothing if neither was begun."""
    if batch.state == "applying":
        await _apply_rest(app, batch, nobody)
    elif batch.state == "undoing":
        await _undo_rest(app, batch, 0, nobody)


async def _apply_rest(app: App, batch: FilmImport, listener: ImportListener) -> None:
    done, every, left = 0, 0, True
    while left:
        async with app.db.write() as conn:
            now = await drafts.get(conn, batch.id)
            # Somebody may have undone it or deleted everything meanwhile.
            if now is None or now.state != "applying":
                return
            joins = await applying.join_step(conn, now)
            if not joins:
                every = every or await drafts.films_count(conn, batch.id)
                left = await applying.apply_step(conn, now)
        if not joins:
            done = min(done + applying.FILMS_A_STEP, every)
            await listener(ImportProgress("applying", done, every))
        await asyncio.sleep(0)


async def _undo_rest(app: App, batch: FilmImport, every: int, listener: ImportListener) -> None:
    done, left = 0, True
    while left:
        async with app.db.write() as conn:
            now = await drafts.get(conn, batch.id)
            left = now is not None and await applying.undo_step(conn, now, SCALE)
        done = min(done + applying.FILMS_A_STEP, every)
        await listener(ImportProgress("undoing", done, every))
        await asyncio.sleep(0)


async def _own(conn: Transaction, requester: Requester, import_id: int) -> FilmImport:
    batch = await drafts.get(conn, import_id)
    if batch is None or batch.person_id != requester.person_id or batch.state == "reading":
        raise Sorry("no-such-import")
    return batch


async def _check_films(conn: Transaction, batch: FilmImport) -> None:
    """Raises Sorry if a file has no film that was recognised or that the person chose."""
    if await drafts.films_count(conn, batch.id) or await questions.has_chosen(conn, batch.id):
        return
    waiting, _ = await questions.open_counts(conn, batch.id)
    raise Sorry("no-film-certain" if waiting else "no-film-to-bring", file=batch.file)


def _counts(batch: FilmImport) -> bool:
    """True if an import changed something, so that it can be undone."""
    return batch.state in ("applying", "applied", "undoing")


async def nobody(progress: ImportProgress) -> None:
    """Tells nobody about the progress."""
