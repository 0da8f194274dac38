"""`matinee evaluate context`: measures whether the time helps to rank, on any file with times."""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.cli.evaluate.files import OutputFiles
from bot.cli.evaluate.terminal import parse_seeds, print_report, progress_in
from bot.wording.operations import evaluate as words
from recommender.datasets.event_log import read_event_log
from recommender.evaluation.context.report import context_file, context_report
from recommender.evaluation.context.study import SEEDS, evaluate_context


def evaluate(
    data: Path,
    columns: Mapping[str, str | None],
    zone: str,
    liked: float | None,
    seeds: str | None,
    files: OutputFiles,
    out: Console,
) -> None:
    """Ranks a file's items with and without knowledge of the time, and prints the comparison.

    From the file the command learns how much more often than usual people choose an item at each
    time of day and week. The second ranking uses this.

    data: the file.
    columns: the file's column for each kind of content ("user", "item", "time" and so on); None to
        guess the column.
    zone: the time zone of the file's times.
    liked: the lowest rating of an item that the ranking should find; None for four fifths of the
        highest rating.
    seeds: the seeds of the random splits, with commas between; None for the usual five.
    files: the files to write.

    Raises DatasetError if the file cannot be read, DataError if it or the options do not allow the
    evaluation.
    """
    files.check()
    chosen_seeds = SEEDS if seeds is None else parse_seeds(seeds)
    named = {content: name for content, name in columns.items() if name is not None}
    with out.status(words.reading_data()):
        viewings = read_event_log(data, named, zone)
    with Progress(console=out, transient=True) as bar:
        found = evaluate_context(viewings, zone, chosen_seeds, liked, progress_in(bar))
    report = context_report(found)
    print_report(report, out)
    files.write(context_file(found), report, out)
