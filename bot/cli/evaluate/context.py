"""`matinee evaluate context`: does the time help, on anybody's data."""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.cli.evaluate.ranking import Files, numbers, show, shown, write
from recommender.datasets.event_log import read_event_log
from recommender.evaluation.context.report import context_file, context_report
from recommender.evaluation.context.study import SEEDS, evaluate_context


def context(
    data: Path,
    columns: Mapping[str, str | None],
    zone: str,
    liked: float | None,
    seeds: str | None,
    files: Files,
    out: Console,
) -> None:
    """Rank with and without the learned lift. columns: by what they hold, None to guess. Raises
    DataError, DatasetError."""
    files.check()
    wanted = SEEDS if seeds is None else numbers(seeds)
    named = {what: name for what, name in columns.items() if name is not None}
    with out.status("Reading the data …"):
        viewings = read_event_log(data, named, zone)
    with Progress(console=out, transient=True) as bar:
        found = evaluate_context(viewings, zone, wanted, liked, shown(bar))
    report = context_report(found)
    show(report, out)
    write(files, context_file(found), report, out)
