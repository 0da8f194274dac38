"""`matinee evaluate coldstart`: ways of asking a newcomer, side by side."""

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.cli.evaluate.ranking import Files, shown, words, write
from bot.cli.evaluate.ranking import show as show_report
from recommender.datasets.folder import read_folder
from recommender.evaluation.cold_start.measure import coldstart_file, measure_coldstart
from recommender.evaluation.cold_start.report import coldstart_report


def coldstart(
    data: Path, draws: int, strategies: str | None, people: int | None, files: Files, out: Console
) -> None:
    """Simulated newcomers of a folder answer a quiz. Raises DataError, DatasetError."""
    files.check()
    names = None if strategies is None else words(strategies)
    with out.status("Reading the data …"):
        folder = read_folder(data)
    with Progress(console=out, transient=True) as bar:
        found = measure_coldstart(folder, draws, names, people, progress=shown(bar))
    report = coldstart_report(found)
    show_report(report, out)
    write(files, coldstart_file(found), report, out)
