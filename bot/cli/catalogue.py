"""`matinee catalogue check` and `matinee import catalogue`: findings, balance and changes, in words
and tables."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.services.imports import film_list
from bot.settings import Settings
from bot.wiring import open_app
from storage.catalogue.linter import lint, shortfalls
from storage.catalogue.loader import load_catalogue

SHOWN = 20  # films named of each kind


def check(out: Console, films: Path | None = None, tags: Path | None = None) -> bool:
    """Print what the linter finds in `films`, by default the starter catalogue; whether there was
    nothing to mend. Of a list of one's own only its films are looked at, since the vocabulary is
    not the operator's. Raises CatalogueError, with file and line, where a file cannot be read."""
    catalogue = load_catalogue(films, more_tags=tags)
    report = lint(catalogue)
    short = () if films is not None else shortfalls(catalogue)
    problems = [
        problem
        for problem in report.problems
        if films is None or problem.file != catalogue.tags_name
    ]
    for problem in problems:
        out.print(str(problem), style="yellow", highlight=False, markup=False, soft_wrap=True)
    for sentence in short:
        _said(out, f"As a whole: {sentence}")
    for counted in report.balance:
        table = Table(counted.title, "number", "share")
        for name, count in counted.rows:
            share = f"{count / report.films:.1%}" if counted.of_films and report.films else ""
            table.add_row(escape(name), str(count), share)
        out.print(table)
    found = _counted(len(problems) + len(short), "problem")
    out.print(f"{_counted(report.films, 'film')}, {found}.")
    return not problems and not short


async def bring(
    settings: Settings, films: Path, tags: Path | None, out: Console, *, rehearse: bool
) -> None:
    """Import an operator's list, or only say what that would change."""
    given = film_list.read(films, tags)
    async with open_app(settings) as app:
        done = await film_list.enlist(app, given, rehearse=rehearse)
    for name in done.added[:SHOWN]:
        _said(out, f"+ {name}")
    _rest(out, len(done.added))
    for change in done.changed[:SHOWN]:
        _said(out, f"~ {change.name}")
        for column, (old, new) in change.columns.items():
            _said(out, f"    {column}: {old or 'nothing'} → {new or 'nothing'}")
    _rest(out, len(done.changed))
    for name in done.left[:SHOWN]:
        _said(out, f"= {name} belongs to another list and is left as it is")
    _rest(out, len(done.left))
    verb = "would be " if rehearse else ""
    _said(
        out,
        f"{_counted(len(done.added), 'film')} {verb}added, {len(done.changed)} {verb}changed, "
        f"{done.unchanged} as before, {len(done.left)} left to another list; "
        f"{_counted(len(done.tags), 'new tag')}.",
    )
    _said(
        out,
        "Nothing was changed; without --dry-run it is."
        if rehearse
        else "They count from the next fit on: matinee train, or the nightly one of a running bot.",
    )


def _said(out: Console, text: str) -> None:
    out.print(text, highlight=False, markup=False, soft_wrap=True)


def _rest(out: Console, count: int) -> None:
    if count > SHOWN:
        _said(out, f"  … and {count - SHOWN} more")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
