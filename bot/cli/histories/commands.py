"""`matinee import history` and `matinee export history`: a person's film history, for operators."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import give_up, out, run_or_stop, settings_or_stop
from bot.errors import Sorry
from bot.settings import Settings
from bot.wording.cli import help as texts
from bot.wording.cli import histories as words
from bot.wording.speech import translated

PersonOption = Annotated[int, typer.Option("--person", help=translated(texts.HISTORY_PERSON))]


def import_history(
    person: PersonOption,
    file: Annotated[Path | None, typer.Argument(help=translated(texts.HISTORY_FILE))] = None,
    apply: Annotated[bool, typer.Option("--apply", help=translated(texts.HISTORY_APPLY))] = False,
    undo: Annotated[int | None, typer.Option("--undo", help=translated(texts.HISTORY_UNDO))] = None,
) -> None:
    """Shows what a file would change for a person, applies it, or undoes an earlier one."""
    if (file is None) == (undo is None):
        give_up(words.file_or_undo())
    settings = settings_or_stop()
    if undo is not None:
        run_or_stop(_undo(settings, person, undo))
    elif file is not None:
        try:
            content = file.read_bytes()
        except OSError as error:
            give_up(words.unreadable(str(file), error.strerror or str(error)))
        run_or_stop(_bring(settings, person, file.name, content, apply=apply))


def export_history(
    person: PersonOption,
    to: Annotated[Path, typer.Option("--to", help=translated(texts.HISTORY_TO))],
) -> None:
    """Writes a person's history as a zip that Letterboxd's import understands."""
    run_or_stop(_leave(settings_or_stop(), person, to))


async def _bring(
    settings: Settings, person: int, name: str, content: bytes, *, apply: bool
) -> None:
    from bot.services.imports.person import applying, preview
    from bot.services.view_models import Requester
    from bot.wiring import open_app

    async with open_app(settings) as app:
        requester = Requester(person, None, 0, app.clock())
        if not apply:
            _print(words.previewed(await preview.look(app, requester, name, content)))
            _print(words.not_applied(await applying.waiting_files(app, requester)))
            return
        found = await preview.read_file(
            app, requester, name, content, applying.nobody, replaces=False
        )
        _print(words.previewed(found))
        try:
            done = await applying.apply(app, requester, found.import_id, applying.nobody)
        except Sorry:
            await applying.discard(app, requester, found.import_id)
            raise
        _print(words.applied(done))


async def _undo(settings: Settings, person: int, number: int) -> None:
    from bot.services.imports.person import applying
    from bot.services.view_models import Requester
    from bot.wiring import open_app

    async with open_app(settings) as app:
        requester = Requester(person, None, 0, app.clock())
        _print(words.undone(await applying.undo(app, requester, number, applying.nobody)))


async def _leave(settings: Settings, person: int, to: Path) -> None:
    from bot.services.imports.person import leaving
    from bot.wiring import open_app

    async with open_app(settings) as app:
        files = await leaving.for_letterboxd(app, person)
    if not files.files:
        _print(words.nothing_to_export())
        return
    try:
        await asyncio.to_thread(to.write_bytes, leaving.zipped(files))
    except OSError as error:
        give_up(words.unwritable(str(to), error.strerror or str(error)))
    _print(words.exported(str(to), files.rounded))


def _print(text: str) -> None:
    out.print(text, highlight=False, markup=False, soft_wrap=True)
