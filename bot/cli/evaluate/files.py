"""Writes the files of an evaluation: JSON, CSV and a report."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.wording.operations import evaluate as words
from recommender.errors import DataError
from recommender.reports.report import FORMS, Report, write_report


@dataclass(frozen=True)
class OutputFiles:
    """The files that an evaluation writes. Attributes:
    json: the file for the figures as JSON; None to write no such file.
    csv: the file for the figures as a table, one line for each model; None to write no such
        file.
    report: the file for the report, ending in `.html` or `.md`; None to write no such file.
    """

    json: Path | None = None
    csv: Path | None = None
    report: Path | None = None

    def check(self) -> None:
        """Raises DataError if a file cannot be written. Call it before any long work begins."""
        for path in (self.json, self.csv, self.report):
            if path is not None and path.is_dir():
                raise DataError("output-is-folder", file=str(path))
            if path is not None and not path.parent.is_dir():
                raise DataError("output-folder-missing", folder=str(path.parent))
        if self.report is not None and self.report.suffix not in FORMS:
            raise DataError("report-form", file=str(self.report), choices=list(FORMS))

    def write(
        self,
        figures: Mapping[str, Any],
        report: Report,
        out: Console,
        *,
        lines: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        """Writes the files and prints their names.

        figures: the content of the JSON file.
        report: the content of the report.
        lines: the lines of the CSV file, all with the same keys. None to write a line for each
            model, which `figures` then has under the key "models".

        Raises DataError if a file cannot be written.
        """
        written: list[Path] = []
        try:
            if self.json is not None:
                text = json.dumps(figures, indent=2, allow_nan=False, ensure_ascii=False)
                self.json.write_text(text + "\n", encoding="utf-8")
                written.append(self.json)
            if self.csv is not None:
                if lines is None:
                    _write_csv(self.csv, figures["models"])
                else:
                    _write_lines(self.csv, lines)
                written.append(self.csv)
            if self.report is not None:
                written += write_report(self.report, report)
        except OSError as error:
            raise not_written(error) from error
        for path in written:
            out.print(words.written(str(path)), highlight=False, markup=False, soft_wrap=True)


def not_written(error: OSError) -> DataError:
    """Returns the error to raise if a file could not be written."""
    return DataError("output-not-written", file=str(error.filename), cause=str(error.strerror))


def _write_csv(path: Path, models: Mapping[str, Mapping[str, Any]]) -> None:
    """Writes a CSV file with one line for each model.

    A figure inside another one gets a column name such as "outer.inner". Lists are left out.

    models: the figures of each model, by the name of the model and then by the name of the figure.
    """
    flat = {name: _flat(figures) for name, figures in models.items()}
    columns = list(dict.fromkeys(key for figures in flat.values() for key in figures))
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["model", *columns])
        for name, figures in flat.items():
            rows.writerow([name, *(figures.get(key, "") for key in columns)])


def _write_lines(path: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    """Writes a CSV file with the given lines; their keys are its columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        for at, line in enumerate(lines):
            if at == 0:
                rows.writerow(line)
            rows.writerow(line.values())


def _flat(figures: Mapping[str, Any], before: str = "") -> dict[str, float]:
    found: dict[str, float] = {}
    for key, value in figures.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{before}{key}.")
        elif not isinstance(value, Sequence):
            found[f"{before}{key}"] = value
    return found
