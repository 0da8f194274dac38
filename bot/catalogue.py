"""`matinee catalogue check`: the linter's findings and the catalogue's balance, as tables."""

from rich.console import Console
from rich.table import Table
from storage.catalogue.linter import lint

from storage.catalogue.loader import CatalogueError, load_catalogue


def check(out: Console) -> bool:
    """Print what the linter finds; whether there was nothing to fix."""
    try:
        report = lint(load_catalogue())
    except CatalogueError as error:
        out.print(f"[red]{error}[/]", highlight=False)
        return False
    for problem in report.problems:
        out.print(f"[yellow]{problem}[/]", highlight=False)
    for name, counts in report.balance.items():
        table = Table(name, "films")
        for key, count in counts.items():
            table.add_row(str(key), str(count))
        out.print(table)
    found = len(report.problems)
    out.print(f"{found} problem{'' if found == 1 else 's'}.")
    return not found
