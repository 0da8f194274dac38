"""`matinee import movielens`: prints the progress and the result of an import."""

import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.prompt import Confirm

from bot.services.imports import download, movielens
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.errors.said import said
from bot.wording.operations import imports as words
from recommender.datasets.movielens import STARS, TEN_POINTS
from recommender.errors import TenPoints


async def import_movielens(
    settings: Settings,
    folder: Path,
    name: str | None,
    mirror: str,
    out: Console,
    *,
    scale: int = STARS,
) -> None:
    """Imports a MovieLens data set and prints what changed.

    folder: the folder with the data set's files.
    name: the data set to download into `folder` first; None for no download.
    mirror: the address to download from.
    scale: the highest rating of the folder, 5 or 10; if the ratings unmistakably go to 10, a person
        at a terminal is asked whether to read them so.

    Raises Sorry if the data set cannot be downloaded, DatasetError if it cannot be read.
    """
    if name is not None:
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
        with Progress(*columns, TransferSpeedColumn(), console=out, transient=True) as bar:
            task = bar.add_task(name, total=None)
            folder = await download.download_data_set(
                name,
                folder,
                mirror=mirror,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
    try:
        with out.status(escape(words.reading(str(folder)))):
            data = await movielens.read(folder, scale)
    except TenPoints as error:
        if not (sys.stdin.isatty() and Confirm.ask(escape(words.read_as_points(said(error))))):
            raise
        data = await movielens.read(folder, TEN_POINTS)
    licence = words.licence(movielens.licence(folder))
    out.print(licence, highlight=False, markup=False, soft_wrap=True)
    with out.status(escape(words.bringing_in())):
        async with open_app(settings) as app:
            result = await movielens.import_data(app, data)
    done = words.imported(result, str(settings.corpus))
    out.print(f"\n{done}", highlight=False, markup=False, soft_wrap=True)
