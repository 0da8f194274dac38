"""`matinee catalogue check`: the linter's findings and the catalogue's balance, as tables."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from storage.catalogue.linter import lint
from storage.catalogue.loader import load_catalogue


def check(out: Console, films: Path | None = None) -> bool:
    """Print what the linter finds in `films`, by default the starter catalogue; whether there was
    nothing to mend. Of a list of one's own only its films are looked at, since the vocabulary is
    not the operator's. Raises CatalogueError, with file and line, where a file cannot be read."""
    catalogue = load_catalogue(films)
    report = lint(catalogue)
    problems = [
        problem
        for problem in report.problems
        if films is None or problem.file != catalogue.tags_name
    ]
    for problem in problems:
        out.print(str(problem), style="yellow", highlight=False, markup=False, soft_wrap=True)
    for counted in report.balance:
        table = Table(counted.title, "films")
        for name, count in counted.rows:
            table.add_row(escape(name), str(count))
        out.print(table)
    out.print(f"{_counted(report.films, 'film')}, {_counted(len(problems), 'problem')}.")
    return not problems


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
