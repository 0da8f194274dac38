"""What all evaluation commands need in the terminal: parsed options, a progress bar, printed
reports.
"""

from typing import Literal

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table as RichTable

from bot.wording.operations.training import stage
from recommender.errors import DataError
from recommender.numeric.progress import StudyProgress
from recommender.reports.report import Report

SEED_LIMIT = 2**32


def parse_seeds(text: str) -> tuple[int, ...]:
    """Returns "42,1" as (42, 1). Raises DataError if a part is not a whole number from 0."""
    seeds = []
    for word in parse_names(text):
        if not word.isdecimal() or int(word) >= SEED_LIMIT:
            raise DataError("no-seed", given=word)
        seeds.append(int(word))
    return tuple(seeds)


def parse_names(text: str) -> tuple[str, ...]:
    """Returns "als, ease" as ("als", "ease"). Raises DataError if there is no name."""
    names = tuple(word.strip() for word in text.split(",") if word.strip())
    if not names:
        raise DataError("no-names")
    return names


def progress_in(bar: Progress) -> StudyProgress:
    """Returns a callback that shows the progress of an evaluation in `bar`.

    The callback takes the number of fits done, the number of all fits, and the name of the next
    fit.
    """
    task = bar.add_task(stage("fitting"), total=None)
    return lambda done, total, what: bar.update(task, completed=done, total=total, description=what)


def print_report(report: Report, out: Console) -> None:
    """Prints a report's text and tables. Its plots appear only in the report's file."""
    out.print(report.lead, highlight=False, markup=False)
    for section in report.sections:
        if section.table is None and section.plots:
            continue
        out.print(f"\n{section.title}", style="bold", highlight=False, markup=False)
        if section.text:
            out.print(section.text, style="dim", highlight=False, markup=False)
        if section.table is None:
            continue
        table = RichTable()
        for at, name in enumerate(section.table.columns):
            side: Literal["left", "right"] = "left" if at == 0 else "right"
            table.add_column(escape(name), justify=side, overflow="fold")
        for row in section.table.rows:
            table.add_row(*(escape(cell) for cell in row))
        out.print(table)
