"""`matinee catalogue check`: the linter's findings and the catalogue's balance, as tables."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from storage.catalogue.linter import lint
from storage.catalogue.loader import load_catalogue


def check(out: Console, films: Path | None = None) -> bool:
    """Print what the linter finds in `films`, by default the starter catalogue; whether there was
    nothing to mend. Raises CatalogueError, with file and line, where the file cannot be read."""
    report = lint(load_catalogue(films))
    for problem in report.problems:
        out.print(str(problem), style="yellow", highlight=False, markup=False, soft_wrap=True)
    for name, counts in report.balance.items():
        table = Table(name, "films")
        for key, count in counts.items():
            table.add_row(str(key), str(count))
        out.print(table)
    found = len(report.problems)
    out.print(f"{found} problem{'' if found == 1 else 's'}.")
    return not found
