"""`matinee catalogue check` and `matinee import catalogue`.

The first prints the mistakes in a list of films, and how its films are spread over genres, decades
and the like. The second imports an operator's own list and prints what changed.
"""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.services.imports import film_list
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.catalogue import balance_name
from bot.wording.cli import catalogue as words
from bot.wording.errors.said import said
from bot.wording.speech import number
from storage.catalogue.linter import lint, shortfalls
from storage.catalogue.loader import load_catalogue

MAX_FILMS_NAMED = 20  # film names printed for each kind of change: added, changed, left as it is


def check(out: Console, films: Path | None = None, tags: Path | None = None) -> bool:
    """Prints every mistake in the list `films`, and how its films are spread over genres and so on.

    films: an operator's own list; None for the list that comes with Matinee. The list of tags is
        checked only with the latter, since operators cannot change it.
    tags: a file of further tags, or None.

    Returns True if no mistake was found. Raises CatalogueError, with file and line, if a file
    cannot be read.
    """
    catalogue = load_catalogue(films, more_tags=tags)
    report = lint(catalogue)
    short = () if films is not None else shortfalls(catalogue)
    problems = [
        problem
        for problem in report.problems
        if films is None or problem.file != catalogue.tags_name
    ]
    for problem in problems:
        out.print(said(problem), style="yellow", highlight=False, markup=False, soft_wrap=True)
    for lack in short:
        _print(out, words.whole_list(said(lack)))
    for counted in report.balance:
        table = Table(*words.balance_headings(counted.title))
        for name, count in counted.rows:
            share = f"{count / report.films:.1%}" if counted.of_films and report.films else ""
            table.add_row(escape(balance_name(name)), number(count), share)
        out.print(table)
    _print(out, words.checked(report.films, len(problems) + len(short)))
    return not problems and not short


async def import_list(
    settings: Settings, films: Path, tags: Path | None, out: Console, *, rehearse: bool
) -> None:
    """Imports an operator's list of films and prints what changed.

    tags: a file of further tags, or None.
    rehearse: True only prints what would change.

    Raises CatalogueError if a file cannot be used.
    """
    listed = film_list.read(films, tags)
    async with open_app(settings) as app:
        result = await film_list.import_list(app, listed, rehearse=rehearse)
    for name in result.added[:MAX_FILMS_NAMED]:
        _print(out, f"+ {name}")
    _print_rest(out, len(result.added))
    for change in result.changed[:MAX_FILMS_NAMED]:
        _print(out, f"~ {change.name}")
        for column, (old, new) in change.columns.items():
            _print(out, f"    {column}: {old or words.no_value()} → {new or words.no_value()}")
    _print_rest(out, len(result.changed))
    for name in result.left[:MAX_FILMS_NAMED]:
        _print(out, words.left_alone(name))
    _print_rest(out, len(result.left))
    told = words.imported(
        added=len(result.added),
        changed=len(result.changed),
        same=result.unchanged,
        left=len(result.left),
        tags=len(result.tags),
        rehearsed=rehearse,
    )
    _print(out, told)


def _print(out: Console, text: str) -> None:
    out.print(text, highlight=False, markup=False, soft_wrap=True)


def _print_rest(out: Console, count: int) -> None:
    if count > MAX_FILMS_NAMED:
        _print(out, f"  {words.more(count - MAX_FILMS_NAMED)}")
