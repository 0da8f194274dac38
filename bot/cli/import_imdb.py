"""`matinee import imdb`: prints the progress and the result of an import."""

import asyncio
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from bot.clock import system_clock
from bot.services.imports import imdb
from bot.settings import Settings
from bot.wiring import open_stored
from bot.wording.cli import imdb as words


def chosen(
    least_votes: int, kinds: str, since: int | None, regions: str, *, adult: bool
) -> imdb.ImdbChoice:
    """Returns what an operator wants of the tables.

    kinds, regions: names, separated by commas.
    """
    return imdb.ImdbChoice(
        least_votes=least_votes,
        kinds=_listed(kinds),
        since=since,
        regions=tuple(region.upper() for region in _listed(regions)),
        adult=adult,
    )


async def import_imdb(
    settings: Settings, folder: Path, choice: imdb.ImdbChoice, out: Console
) -> None:
    """Imports IMDb's tables and prints what changed.

    Raises Sorry if the choice is wrong or another import is running, and DatasetError if a table is
    missing or damaged.
    """
    choice = imdb.checked(choice)
    _print(out, words.terms())
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    try:
        with Progress(*columns, TimeElapsedColumn(), console=out, transient=True) as bar:
            task = bar.add_task("", total=None)

            def show(step: imdb.Step, done: int, total: int) -> None:
                text = escape(words.step(step))
                bar.update(task, description=text, completed=done, total=total or None)

            async with open_stored(settings) as (db, _):
                result = await imdb.import_folder(db, settings, system_clock, folder, choice, show)
    except asyncio.CancelledError:
        _print(out, words.stopped())
        raise
    _print(out, f"\n{words.imported(result)}")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, text.split(","))))


def _print(out: Console, text: str) -> None:
    out.print(text, highlight=False, markup=False, soft_wrap=True)
