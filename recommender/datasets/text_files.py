"""Reads lines and cells of text files for data sets, and finds out their encoding.

MovieLens files are UTF-8 or Latin-1, and spreadsheets add byte order marks or write Windows-1252.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from recommender.errors import DatasetError

MAX_ID = 2**63 - 1  # the largest id that arrays and databases hold


def encoding_of(path: Path) -> str:
    """Returns the encoding of a text file; "utf-8-sig" if the file does not exist.

    It is UTF-8 if the whole file can be decoded as UTF-8, with or without a byte order mark.
    Otherwise it is Windows-1252, which has all letters of Latin-1. Raises DatasetError for UTF-16.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _utf16(path)
    for name in ("utf-8-sig", "cp1252"):
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return "latin-1"


def encoding_of_numbers(path: Path) -> str:
    """Returns the encoding of a large file of numbers. Only the beginning of the file is read.

    Raises DatasetError for UTF-16.
    """
    with path.open("rb") as file:
        mark = file.read(3)
    if mark.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _utf16(path)
    return "utf-8-sig" if mark == b"\xef\xbb\xbf" else "latin-1"


def heading_of(path: Path, encoding: str) -> list[str]:
    """Returns the names of the columns in the first line of a csv file, without quotation marks.

    Raises DatasetError if the columns are separated by semicolons or tabs.
    """
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        names = [name.strip() for name in next(csv.reader(file), [])]
    for sign, words in ((";", "semicolons"), ("\t", "tabs")):
        if len(names) == 1 and sign in names[0]:
            raise DatasetError("columns-not-by-commas", file=path.name, separator=words)
    return names


def csv_rows(path: Path, wanted: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yields (line number, cells) of each row of a csv file with a header.

    wanted: the names of the columns whose cells are returned. Raises DatasetError if the file is
    missing or damaged.
    """
    if not path.is_file():
        raise missing(path)
    encoding = encoding_of(path)
    header = heading_of(path, encoding)
    for name in wanted:
        if name not in header:
            raise DatasetError(
                "heading-column-missing", file=path.name, column=name, columns=tuple(wanted)
            )
    places = [header.index(name) for name in wanted]
    with path.open(encoding=encoding, newline="") as file:
        rows = csv.reader(file, strict=True)
        try:
            next(rows, None)
            for row in rows:
                if not row:
                    continue
                if len(row) != len(header):
                    raise torn(path, rows.line_num, len(row), len(header))
                yield rows.line_num, tuple(row[place] for place in places)
        except csv.Error as error:
            raise DatasetError(
                "csv-damaged", file=path.name, line=str(rows.line_num), cause=str(error)
            ) from error


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yields (line number, text) of each line that is not blank.

    Raises DatasetError if the file is missing.
    """
    if not path.is_file():
        raise missing(path)
    with path.open(encoding=encoding_of(path)) as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, line.rstrip("\r\n")


def whole(text: str, path: Path, line: int) -> int:
    """Returns the id in a cell as a whole number. Raises DatasetError for any other text.

    path, line: the file and the line number, for the error.
    """
    problem = id_problem(text)
    if problem is not None:
        raise DatasetError("line-wrong", file=path.name, line=str(line), problem=problem)
    return int(text)


def id_problem(text: str) -> DatasetError | None:
    """Returns what is wrong with the text of an id; None if it is a whole number within bounds."""
    try:
        number = int(text)
    except ValueError:
        return DatasetError("no-whole-number", given=text.strip())
    if not 0 <= number <= MAX_ID:
        return DatasetError("no-id", given=text.strip(), most=MAX_ID)
    return None


def torn(path: Path, line: int, have: int, need: int) -> DatasetError:
    """Returns the error for a line with too few or too many cells.

    path, line: the file and the line number. have: number of cells in the line. need: number of
    cells that it should have.
    """
    return DatasetError("line-torn", file=path.name, line=str(line), have=have, need=need)


def _utf16(path: Path) -> DatasetError:
    return DatasetError("utf16", file=path.name)


def missing(path: Path) -> DatasetError:
    """Returns the error for a file that is not there."""
    return DatasetError("movielens-file-missing", file=path.name)
