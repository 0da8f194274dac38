"""`matinee evaluate` and `matinee explore`: tables in the terminal, and the files asked for."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table as RichTable

from recommender.datasets.exploration import explore as look_at
from recommender.datasets.exploration_report import exploration_report
from recommender.datasets.folder import read_folder
from recommender.errors import DataError
from recommender.evaluation.movielens_folds import has_folds, read_folds
from recommender.evaluation.ranking.report import ranking_report, stars_report
from recommender.evaluation.ranking.stars import SEEDS as STAR_SEEDS
from recommender.evaluation.ranking.stars import predict_stars, stars_file
from recommender.evaluation.ranking.study import SEEDS as RANKING_SEEDS
from recommender.evaluation.ranking.study import rank_models, ranking_file
from recommender.reports.report import FORMS, Report, write_report

SEED_LIMIT = 2**32


@dataclass(frozen=True)
class Files:
    """Where to write; None leaves a file out."""

    json: Path | None = None
    csv: Path | None = None
    report: Path | None = None

    def check(self) -> None:
        """Refuse, before anything long begins, what could not be written."""
        for path in (self.json, self.csv, self.report):
            if path is not None and path.is_dir():
                raise DataError(f"{path} is a folder; name a file to write.")
            if path is not None and not path.parent.is_dir():
                raise DataError(f"The folder {path.parent} is missing; make it first.")
        if self.report is not None and self.report.suffix not in FORMS:
            raise DataError(f"{self.report} should end in {' or '.join(FORMS)}.")


def ranking(
    data: Path,
    split: str,
    models: str | None,
    seeds: str | None,
    people: int | None,
    files: Files,
    out: Console,
) -> None:
    """Models side by side on a folder, by how well they rank. Raises DataError, DatasetError."""
    files.check()
    wanted = RANKING_SEEDS[:1] if seeds is None else numbers(seeds)
    names = None if models is None else words(models)
    with out.status("Reading the data …"):
        folder = read_folder(data)
    with Progress(console=out, transient=True) as bar:
        found = rank_models(folder, split, names, wanted, people, progress=shown(bar))
    report = ranking_report(found)
    show(report, out)
    held = ranking_file(found)
    write(files, held, report, out)


def rating(data: Path, seeds: str | None, models: str | None, files: Files, out: Console) -> None:
    """Models side by side on a folder, by how well they predict stars, on the folder's own folds
    where it has them. Raises DataError, DatasetError."""
    files.check()
    wanted = STAR_SEEDS if seeds is None else numbers(seeds)
    names = None if models is None else words(models)
    with out.status("Reading the data …"):
        folder = read_folder(data)
        folds = read_folds(data, folder.catalogue.films) if has_folds(data) else ()
    with Progress(console=out, transient=True) as bar:
        found = predict_stars(folder, wanted, names, folds=folds, progress=shown(bar))
    report = stars_report(found)
    show(report, out)
    write(files, stars_file(found), report, out)


def explore(data: Path, files: Files, out: Console) -> None:
    """The data set itself. Raises DataError, DatasetError."""
    files.check()
    with out.status("Reading the data …"):
        found = look_at(read_folder(data))
    report = exploration_report(found)
    show(report, out)
    write(files, {}, report, out)


def numbers(text: str) -> tuple[int, ...]:
    """ "42,1" as (42, 1). Raises DataError."""
    found = []
    for word in words(text):
        if not word.isdecimal() or int(word) >= SEED_LIMIT:
            raise DataError(f"“{word}” is no seed; give whole numbers from 0 with commas between.")
        found.append(int(word))
    return tuple(found)


def words(text: str) -> tuple[str, ...]:
    """ "als, ease" as ("als", "ease"). Raises DataError where nothing is named."""
    found = tuple(word.strip() for word in text.split(",") if word.strip())
    if not found:
        raise DataError("Name at least one, with commas between.")
    return found


def shown(bar: Progress) -> Callable[[int, int, str], None]:
    """A bar that moves as a measurement tells its progress."""
    task = bar.add_task("Fitting", total=None)
    return lambda done, total, what: bar.update(task, completed=done, total=total, description=what)


def show(report: Report, out: Console) -> None:
    """The report's words and tables; its pictures are for the file."""
    out.print(report.lead, highlight=False, markup=False)
    for section in report.sections:
        if section.table is None:
            continue
        out.print(f"\n{section.title}", style="bold", highlight=False, markup=False)
        if section.text:
            out.print(section.text, style="dim", highlight=False, markup=False)
        table = RichTable()
        for at, name in enumerate(section.table.columns):
            side: Literal["left", "right"] = "left" if at == 0 else "right"
            table.add_column(escape(name), justify=side, overflow="fold")
        for row in section.table.rows:
            table.add_row(*(escape(cell) for cell in row))
        out.print(table)


def write(files: Files, held: Mapping[str, Any], report: Report, out: Console) -> None:
    """The files asked for. Raises DataError where one cannot be written."""
    written: list[Path] = []
    try:
        if files.json is not None:
            text = json.dumps(held, indent=2, allow_nan=False, ensure_ascii=False)
            files.json.write_text(text + "\n", encoding="utf-8")
            written.append(files.json)
        if files.csv is not None:
            _write_csv(files.csv, held["models"])
            written.append(files.csv)
        if files.report is not None:
            written += write_report(files.report, report)
    except OSError as error:
        raise DataError(f"{error.filename} cannot be written: {error.strerror}.") from error
    for path in written:
        out.print(f"Written: {path}", highlight=False, markup=False, soft_wrap=True)


def _write_csv(path: Path, models: Mapping[str, Mapping[str, Any]]) -> None:
    """One line a model; only what is one number, or two levels of them with a dot between."""
    flat = {name: _flat(figures) for name, figures in models.items()}
    columns = list(dict.fromkeys(key for figures in flat.values() for key in figures))
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["model", *columns])
        for name, figures in flat.items():
            rows.writerow([name, *(figures.get(key, "") for key in columns)])


def _flat(figures: Mapping[str, Any], before: str = "") -> dict[str, float]:
    found: dict[str, float] = {}
    for key, value in figures.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{before}{key}.")
        elif not isinstance(value, Sequence):
            found[f"{before}{key}"] = value
    return found
