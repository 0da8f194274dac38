"""`matinee evaluate context`: measures whether the time helps to rank, on any file with times."""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.cli.evaluate.files import OutputFiles
from bot.cli.evaluate.terminal import parse_seeds, print_report, progress_in
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
    """Ranks a file's items with and without the learned lift and prints the comparison.

    columns: the file's column for each kind of content, None to guess it. zone: the time zone of
    the file's times. liked: the lowest rating to be found, None for four fifths of the highest.
    seeds: of the splits, None for the usual five. Raises DataError or DatasetError.
    """
    files.check()
    chosen_seeds = SEEDS if seeds is None else parse_seeds(seeds)
    named = {content: name for content, name in columns.items() if name is not None}
    with out.status("Reading the data …"):
        viewings = read_event_log(data, named, zone)
    with Progress(console=out, transient=True) as bar:
        found = evaluate_context(viewings, zone, chosen_seeds, liked, progress_in(bar))
    report = context_report(found)
    print_report(report, out)
    files.write(context_file(found), report, out)
