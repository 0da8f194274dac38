"""Reads one CSV file of the catalogue into cells; raises CatalogueError if the file has a mistake.

This module knows nothing about films. It checks the size, encoding and columns of the file, and
refuses incomplete lines and cells that a spreadsheet would run as a formula.
"""

import csv
import io
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from storage.errors import CatalogueError, StorageError

MAX_BYTES = 20_000_000
EXPORTS = {
    "Letterboxd": frozenset({"letterboxd uri"}),
    "IMDb": frozenset({"const", "title type"}),
    "Trakt": frozenset({"trakt_id"}),
    "TMDB": frozenset({"tmdb id", "your rating"}),
    "MovieLens": frozenset({"movieid", "genres"}),
}
"""For each service that exports lists of films, columns that only its files have, in lower case."""

_FORMULA_SIGNS = ("=", "+", "-", "@")


def read_table(
    file: Path | Traversable, columns: Collection[str], required: Collection[str]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yields (line number, cells) for each line after the heading. The cells are a mapping by
    column.

    White space around cells is removed, and blank lines are skipped. Raises CatalogueError with
    file and line for the first problem.

    file: the file.
    columns: the columns that the file may have. Columns that the file lacks are absent from the
        cells.
    required: the columns that the file must have.
    """
    name = file.name
    text = _decode(_read(file), name)
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    heading: list[str] | None = None
    surplus = 0  # empty cells at the end of the heading
    start = 1
    try:
        for cells in lines:
            line, start = start, lines.line_num + 1
            if not any(cells):
                continue
            if lines.line_num > line:
                raise CatalogueError(
                    name,
                    line,
                    StorageError("cell-over-line"),
                )
            if heading is None:
                named = [cell.strip().casefold() for cell in cells]
                while len(named) > 1 and not named[-1]:  # spreadsheets add empty columns
                    named.pop()
                    surplus += 1
                heading = _heading(named, columns, required, name, line)
                continue
            if surplus and len(cells) > len(heading) and not any(cells[len(heading) :]):
                cells = cells[: len(heading)]
            if len(cells) != len(heading):
                last = start > text.count("\n") + 1 and not text.endswith("\n")
                raise CatalogueError(name, line, _miscounted(len(cells), len(heading), torn=last))
            row = {column: cell.strip() for column, cell in zip(heading, cells, strict=True)}
            for column, cell in row.items():
                _check_cell(column, cell, name, line)
            yield line, row
    except csv.Error as error:
        raise CatalogueError(name, start, StorageError("line-no-csv", cause=str(error))) from None
    if heading is None:
        raise CatalogueError(name, None, StorageError("list-empty", columns=tuple(columns)))


def _read(file: Path | Traversable) -> bytes:
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise CatalogueError(file.name, None, StorageError("list-missing")) from None
    except OSError as error:
        reason = error.strerror or ""
        raise CatalogueError(
            file.name, None, StorageError("list-unreadable", cause=reason)
        ) from None
    if len(data) > MAX_BYTES:
        raise CatalogueError(
            file.name,
            data.count(b"\n") + 1,
            StorageError("list-too-large", megabytes=MAX_BYTES // 1000000),
        )
    return data


def _decode(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CatalogueError(
            name,
            line,
            StorageError("list-not-utf8"),
        ) from None
    if text.lstrip().startswith(("[", "{")):
        raise CatalogueError(name, 1, StorageError("list-is-json"))
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise CatalogueError(name, line, StorageError("list-zero-byte"))
    return text


def _heading(
    cells: list[str], columns: Collection[str], required: Collection[str], name: str, line: int
) -> list[str]:
    export = next((whose for whose, some in EXPORTS.items() if some <= set(cells)), None)
    export = "Netflix" if set(cells) == {"title", "date"} else export
    if export is not None:
        key = "list-is-movielens" if export == "MovieLens" else "list-is-export"
        raise CatalogueError(
            name,
            line,
            StorageError(key, export=export, columns=tuple(required)),
        )
    missing = [column for column in required if column not in cells]
    if missing:
        signs = {"\t": "tabs", ";": "semicolons", "|": "bars"}
        found = (name for sign, name in signs.items() if len(cells) == 1 and sign in cells[0])
        raise CatalogueError(
            name,
            line,
            StorageError(
                "heading-lacks-column", column=tuple(missing), separator=next(found, None)
            ),
        )
    unknown = [cell for cell in cells if cell not in columns]
    if unknown:
        raise CatalogueError(
            name,
            line,
            StorageError("heading-unknown-column", column=tuple(unknown), columns=tuple(columns)),
        )
    if len(set(cells)) < len(cells):
        twice = next(cell for cell in cells if cells.count(cell) > 1)
        raise CatalogueError(name, line, StorageError("heading-column-twice", column=twice))
    return cells


def _miscounted(found: int, expected: int, *, torn: bool) -> StorageError:
    if torn and found < expected:
        return StorageError("last-line-torn", have=found, need=expected)
    return StorageError("cells-differ", have=found, need=expected)


def _check_cell(column: str, cell: str, name: str, line: int) -> None:
    if cell.startswith(_FORMULA_SIGNS):
        raise CatalogueError(
            name,
            line,
            StorageError("cell-formula", column=column, sign=cell[0]),
        )
    if not cell.isprintable() and any(unicodedata.category(sign) == "Cc" for sign in cell):
        raise CatalogueError(name, line, StorageError("cell-control-character", column=column))
