"""`matinee evaluate coldstart`: compares ways of choosing the films to ask a newcomer about."""

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.cli.evaluate.files import OutputFiles
from bot.cli.evaluate.starter import read_data
from bot.cli.evaluate.terminal import parse_names, print_report, progress_in
from recommender.datasets.movielens import STARS
from recommender.evaluation.cold_start.measure import coldstart_file, measure_coldstart
from recommender.evaluation.cold_start.report import coldstart_report


def evaluate(
    data: Path,
    draws: int,
    strategies: str | None,
    people: int | None,
    files: OutputFiles,
    out: Console,
    *,
    scale: int = STARS,
    catalogue: bool = False,
) -> None:
    """Lets simulated newcomers answer a quiz, and prints how good the films picked for them are.

    data: the folder of a data set.
    draws: the number of rounds, 1 to 10; in each round another tenth of the people are the
        newcomers.
    strategies: the ways of choosing what to ask, as names with commas between; None for all.
    people: at most this many newcomers in each round; None for all.
    scale: the highest rating of the folder, 5 or 10.
    catalogue: True to join the folder's films with the films that come with Matinee.

    Raises DatasetError if the data cannot be read, DataError if they or the options do not allow
    the evaluation.
    """
    files.check()
    names = None if strategies is None else parse_names(strategies)
    folder = read_data(data, out, scale, catalogue)
    with Progress(console=out, transient=True) as bar:
        found = measure_coldstart(folder, draws, names, people, progress=progress_in(bar))
    report = coldstart_report(found)
    print_report(report, out)
    files.write(coldstart_file(found), report, out)
