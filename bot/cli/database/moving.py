"""`matinee move-database`: moves the SQLite file in the data folder into a PostgreSQL database."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import out, run_or_stop, settings_or_stop
from bot.wording.cli import help as texts
from bot.wording.cli import moving as words
from bot.wording.speech import translated

if TYPE_CHECKING:
    from rich.console import Console

    from bot.settings import Settings
    from storage.database.address import DatabaseUrl
    from storage.database.moving.move import Step


FILE_NAME = "matinee.sqlite3"
"""Name of the file of SQLite in the data folder. It is moved also where the settings name a
PostgreSQL database already."""


def move_database(
    url: Annotated[
        str | None, typer.Argument(metavar="URL", help=translated(texts.MOVE_URL))
    ] = None,
) -> None:
    """Moves the database to PostgreSQL."""
    run_or_stop(move_here(settings_or_stop(), url, out))


async def move_here(settings: "Settings", url: str | None, out: "Console") -> None:
    """Moves the database, and prints the progress and what to do next.

    url: where to; None for the setting MATINEE_DATABASE_URL.

    Raises StorageError if it cannot be moved, and AlreadyRunning if a bot uses the data folder.
    """
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from bot.services.operations.alone import only_bot
    from storage.database.moving.move import move
    from storage.database.moving.source import opened
    from storage.database.moving.target import connected

    to = _target(settings, url)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    try:
        with only_bot(settings), opened(settings.data / FILE_NAME) as source:
            async with connected(to) as target:
                with Progress(*columns, TimeElapsedColumn(), console=out, transient=True) as bar:
                    task = bar.add_task("", total=None)

                    def show(step: "Step", table: str, done: int, total: int) -> None:
                        text = escape(words.step(step, table))
                        bar.update(task, description=text, completed=done, total=total)

                    moved = await move(source, target, show)
    except asyncio.CancelledError:
        _print(out, words.stopped())
        raise
    _print(out, words.moved(moved, str(to), str(source.path)))


def _target(settings: "Settings", url: str | None) -> "DatabaseUrl":
    """Returns where to move to. Raises MoveError if that is no URL of PostgreSQL."""
    from storage.database.address import DatabaseUrl, parse_url
    from storage.errors import MoveError

    if url is None:
        if isinstance(settings.database, DatabaseUrl):
            return settings.database
        raise MoveError("nowhere-to-move")
    found = parse_url(url)
    if found is None:
        raise MoveError("no-url-to-move-to")  # it may hold a password, so it is not repeated
    return found


def _print(out: "Console", text: str) -> None:
    out.print(text, highlight=False, markup=False, soft_wrap=True)
