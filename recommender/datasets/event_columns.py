"""Reads a delimited text file and finds out which column holds which kind of value.

The kinds are user, item, rating, time and others. The caller names the column of a kind, or it is
guessed from the header (`COLUMN_NAMES`). A file without a header has the columns user, item, rating
and time, in this order; if it has more than four columns, the caller has to name them.
"""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from recommender.errors import DataError, DatasetError

DELIMITERS = ("::", "\t", ";", ",", "|", " ")
SNIFFED_LINES = 50  # most lines from which the delimiter is found
SNIFFED_CHARACTERS = 100_000  # most characters from which these lines are taken
COLUMNS_WITHOUT_HEADER = ("user", "item", "rating", "time")
COLUMN_NAMES: Mapping[str, tuple[str, ...]] = {
    "user": ("user", "userid", "uid", "person", "personid", "member", "username", "listener"),
    "item": ("item", "itemid", "movie", "movieid", "film", "filmid", "song", "track", "trackid",
             "artist", "artistid", "app", "appid", "venue", "venueid", "business", "product",
             "asin"),
    "rating": ("rating", "stars", "score", "value"),
    "count": ("count", "cnt", "plays", "playcount", "freq", "frequency", "weight"),
    "time": ("timestamp", "time", "datetime", "date", "unixtime", "when", "at", "ts",
             "unix", "createdat", "playedat", "watchedat"),
    "daypart": ("daypart", "timeofday", "partofday", "daytime", "hour"),
    "weekday": ("weekday", "dayofweek", "daytype", "typeofday", "day", "isweekend"),
    "genres": ("genres", "genre", "category", "categories"),
}  # fmt: skip
"""For each kind of value, the column names that are recognised, in the form that `plain_name`
returns. If a header has several of these names, the earliest in this list is used.
"""
MAX_CODE = 24  # if no number in a "time" column is larger, it holds hours or codes of dayparts


def read_table(path: Path) -> pd.DataFrame:
    """Returns the rows of a delimited file.

    The columns have the names in the header. Without a header they have those of
    `COLUMNS_WITHOUT_HEADER`; if there are more columns, they have the numbers "1", "2" and so on.

    Raises DatasetError if the file cannot be read, has fewer than two lines, or has no delimiter
    that fits.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DatasetError("log-unreadable", file=str(path), cause=error.strerror) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    sample = text[:SNIFFED_CHARACTERS].splitlines()
    lines = [line for line in sample if line.strip()][:SNIFFED_LINES]
    if len(lines) < 2:
        raise DatasetError("log-empty", file=str(path))
    delimiter = _delimiter(lines)
    first, second = (next(csv.reader([_single(line, delimiter)], delimiter=_one(delimiter)))
                     for line in lines[:2])  # fmt: skip
    header = _has_header(first, second)
    if delimiter == "::":
        text = text.replace("::", _one(delimiter))
    try:
        table = pd.read_csv(
            StringIO(text),
            sep=_one(delimiter),
            header=0 if header else None,
            skipinitialspace=True,
            low_memory=False,
        )
    except (pd.errors.ParserError, ValueError) as error:
        raise DatasetError("log-torn", file=str(path), cause=str(error).strip()) from error
    if not header:
        usual = table.shape[1] <= len(COLUMNS_WITHOUT_HEADER)
        numbers = [str(at + 1) for at in range(table.shape[1])]
        table.columns = pd.Index(COLUMNS_WITHOUT_HEADER[: len(numbers)] if usual else numbers)
    table.columns = pd.Index([str(name).strip() for name in table.columns])
    return table


def find_columns(path: Path, table: pd.DataFrame, names: Mapping[str, str]) -> dict[str, str]:
    """Returns the column that holds each kind of value, by the kind.

    names: the column of each kind of value that should not be guessed from the header. Raises
    DataError if a named column is missing, or if the user or item column cannot be guessed. table:
    the rows of the file.
    """
    found: dict[str, str] = {}
    columns = list(table.columns)
    for kind, name in names.items():
        if name not in columns:
            raise DataError(
                "no-such-column", file=path.name, column=name, columns=tuple(map(str, columns))
            )
        found[kind] = name
    for kind, guesses in COLUMN_NAMES.items():
        if kind in found or (kind == "count" and "rating" in found):
            continue
        free = {plain_name(name): name for name in columns if name not in found.values()}
        guess = next((guess for guess in guesses if guess in free), None)
        if guess is None:
            continue
        name = free[guess]
        if kind == "time" and kind not in names and _is_code(table[name]):
            if "daypart" not in names:
                found["daypart"] = name
            continue
        found[kind] = name
    for kind in ("user", "item"):
        if kind not in found:
            numbered = columns == [str(at + 1) for at in range(len(columns))]
            raise DataError(
                "which-numbered-column" if numbered else "which-column",
                file=path.name,
                kind=kind,
                columns=tuple(map(str, columns)),
            )
    return found


def plain_name(name: str) -> str:
    """Returns the letters and digits of a column name, in lower case: "user_id" gives "userid"."""
    return "".join(sign for sign in str(name).lower() if sign.isalnum())


def _one(delimiter: str) -> str:
    """Returns a delimiter as one character. The two characters "::" become a unit separator."""
    return "\x1f" if delimiter == "::" else delimiter


def _single(line: str, delimiter: str) -> str:
    return line.replace(delimiter, _one(delimiter))


def _delimiter(lines: Sequence[str]) -> str:
    """Returns the delimiter that splits every line into the same number of cells.

    If several do, it is the one that gives the most cells. Raises DatasetError if there is no such
    delimiter.
    """
    most_cells, chosen = 1, ""
    for delimiter in DELIMITERS:
        rows = csv.reader((_single(line, delimiter) for line in lines), delimiter=_one(delimiter))
        counts = {len(row) for row in rows}
        if len(counts) == 1 and (cells := counts.pop()) > most_cells:
            most_cells, chosen = cells, delimiter
            if delimiter == "::":
                break
    if not chosen:
        raise DatasetError("no-columns")
    return chosen


def _has_header(first: Sequence[str], second: Sequence[str]) -> bool:
    """Returns True if the first line names the columns.

    This is assumed if the first line has no numbers. In addition, either the second line must have
    numbers, or the first must have a name of `COLUMN_NAMES`.
    """
    if any(_is_number(cell) for cell in first):
        return False
    known = {guess for guesses in COLUMN_NAMES.values() for guess in guesses}
    if any(_is_number(cell) for cell in second):
        return True
    return any(plain_name(cell) in known for cell in first)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _is_code(column: "pd.Series[Any]") -> bool:
    """Returns True if a column holds only hours or codes of parts of the day, instead of full
    times."""
    numbers = pd.to_numeric(column, errors="coerce").dropna()
    return bool(len(numbers)) and bool((numbers.abs() <= MAX_CODE).all())
