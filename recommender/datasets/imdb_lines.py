"""Reads the lines of the tables that IMDb publishes, a piece at a time, so that they need little
memory.

The tables are text in UTF-8, often compressed with gzip. The first line names the columns. Cells
are separated by tabs and never quoted, and `\\N` is a missing value. See
https://developer.imdb.com/non-commercial-datasets/.
"""

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from recommender.errors import DatasetError

PIECE = 1 << 21  # bytes of lines that are read at a time
MAX_HEADING = 10_000  # bytes
_MISSING = b"\\N"


@dataclass
class TableReading:
    """How far a table is read.

    Attributes:
        path: the file.
        size: its size in bytes.
        done: how many bytes of the file are read.
        lines: how many lines are read, without the heading.
        damaged: how many of them cannot be used: they have too many or too few cells, an
            impossible id, or text that is not UTF-8.
        first_damaged: the line number of the first of these in the file; None without any.
    """

    path: Path
    size: int = 0
    done: int = 0
    lines: int = 0
    damaged: int = 0
    first_damaged: int | None = None

    def skip(self, line: int) -> None:
        """Counts a damaged line. line: its place among the lines of this piece, from 0."""
        self.damaged += 1
        if self.first_damaged is None:
            self.first_damaged = self.lines + line + 2  # the heading is line 1


def table(folder: Path, name: str) -> Path | None:
    """Returns the file of a table, unpacked or packed; None if the folder lacks it.

    name: such as "title.basics".
    """
    paths = (folder / f"{name}.tsv", folder / f"{name}.tsv.gz")
    return next((path for path in paths if path.is_file()), None)


def imdb_number(text: bytes) -> int | None:
    """Returns the number in an id at IMDb, such as 79944 for tt0079944; None for another text."""
    digits = text[2:]
    if text[:2] != b"tt" or not digits.isdigit() or not 7 <= len(digits) <= 10:
        return None
    return int(digits) if len(digits) == 7 or digits[0] != ord("0") else None


def lines_about(
    films: npt.NDArray[np.int64],
    reading: TableReading,
    width: int,
    at_id: int,
    lines: list[list[bytes]],
) -> Iterator[tuple[int, list[bytes]]]:
    """Yields (place in the piece, cells) of the lines about some films.

    films: (films,) their numbers, ascending. width: number of cells of a line. at_id: the place of
    the film's id among them.
    """
    numbers = np.full(len(lines), -1, np.int64)
    for line, cells in enumerate(lines):
        number = imdb_number(cells[at_id]) if len(cells) == width else None
        if number is None:
            reading.skip(line)
        else:
            numbers[line] = number
    if not len(films):
        return
    place = np.minimum(np.searchsorted(films, numbers), len(films) - 1)
    for line in np.flatnonzero(films[place] == numbers).tolist():
        yield line, lines[line]


def pieces(
    reading: TableReading, columns: tuple[str, ...]
) -> Iterator[tuple[tuple[int, list[int]], list[list[bytes]]]]:
    """Yields ((number of cells, places of the columns), cells of each line) of a table's pieces.

    Raises DatasetError if a column is missing or the file is damaged.
    """
    path = reading.path
    try:
        reading.size = path.stat().st_size
        with path.open("rb") as file, _unpacked(file) as text:
            heading = text.readline(MAX_HEADING).removeprefix(b"\xef\xbb\xbf")
            names = heading.decode("utf-8", "replace").rstrip("\r\n").split("\t")
            for column in columns:
                if column not in names:
                    raise DatasetError(
                        "heading-column-missing", file=path.name, column=column, columns=columns
                    )
            places = (len(names), [names.index(column) for column in columns])
            while lines := text.readlines(PIECE):
                yield places, [line.rstrip(b"\r\n").split(b"\t") for line in lines]
                reading.lines += len(lines)
                reading.done = file.tell()
    except (OSError, EOFError, zlib.error) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise DatasetError("table-damaged", file=path.name, cause=cause) from error


def _unpacked(file: IO[bytes]) -> IO[bytes]:
    """Returns the text of a file, which may be packed with gzip."""
    packed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    return io.BufferedReader(gzip.GzipFile(fileobj=file), 1 << 20) if packed else file


def text_of(cell: bytes) -> str | None:
    """Returns the text of a cell on one line; None if it is missing, blank or not UTF-8."""
    if cell == _MISSING:
        return None
    try:
        return " ".join(cell.decode().split()) or None
    except UnicodeDecodeError:
        return None


def whole_of(cell: bytes) -> int | None:
    return int(cell) if cell.isdigit() and len(cell) < 10 else None
