"""`matinee explore`: describes a data set."""

from pathlib import Path

from rich.console import Console

from bot.cli.evaluate.files import OutputFiles
from bot.cli.evaluate.terminal import print_report
from bot.wording.operations import evaluate as words
from recommender.datasets import exploration
from recommender.datasets.exploration_report import exploration_report
from recommender.datasets.folder import read_folder
from recommender.datasets.movielens import STARS


def explore(data: Path, files: OutputFiles, out: Console, *, scale: int = STARS) -> None:
    """Prints what a folder's ratings, films and tags look like.

    data: the folder of a data set.
    files: the files to write.
    scale: the highest rating of the folder, 5 or 10.

    Raises DataError or DatasetError.
    """
    files.check()
    with out.status(words.reading_data()):
        found = exploration.explore(read_folder(data, scale))
    report = exploration_report(found)
    print_report(report, out)
    files.write({}, report, out)
