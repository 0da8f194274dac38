"""Reads CSV files of any separator, with a heading, into rows of cells.

A table is read twice: once to check it and to learn how its cells are quoted, then for its rows.
Nothing but its bytes is kept in memory. Cells are recognised by the heading, never by their place.
"""

import csv
import io
from collections.abc import Iterator

from storage.imports.counting import ReadingCounts
from storage.imports.history import HistoryLimits, UnreadableHistory
from storage.imports.values import clean, key

SEPARATORS = ",;\t|"
_MOST_SEPARATORS = 10_000  # in one line
_MANY_LINES = 1_000  # of one row: more are a quotation mark that never ends
_SHOWN = 8  # columns that an error names
_SPARE = 2  # cells at the end of a row that may be missing


class HistoryTable:
    """A table of a history.

    Attributes:
        file: name of the file.
        columns: the place of each column, by the column's name in small letters and digits.
        heading: the names of the columns as the file gives them.
        size: how many rows follow the heading.
    """

    def __init__(self, file: str, text: str, counts: ReadingCounts, start: str = "") -> None:
        """Checks a table.

        start: the first column of the heading if other rows may be above it; "" if the heading is
            the first row.

        Raises UnreadableHistory if the text is no table, or is damaged.
        """
        counts.text(file, text.count("\n") + text.count("\r"))
        self.file = file
        self._data = text.encode()  # takes less memory, and a zip may have many tables
        self._start = start
        self._skip = 0
        if text[:4].lower() == "sep=" and text[4:5] and text[5:6] in ("\r", "\n"):
            self._skip = 1  # spreadsheets note the separator like this
            self._separator = text[4]
        else:
            self._separator = _separator(text)
        self._dialect: dict[str, object] = {"strict": True}
        self.heading, self.size = self._checked(counts.limits)
        names = [key(cell) for cell in self.heading]
        self.columns = {name: names.index(name) for name in names if name}
        self._twice = {name for name in self.columns if names.count(name) > 1}
        self._torn_end = not text.endswith(("\n", "\r"))

    def rows(self, counts: ReadingCounts, *names: str) -> Iterator[tuple[int, list[str]]]:
        """Yields (line, cells of the named columns) for each row that is not blank.

        Columns that the table lacks are "". Rows with more cells than the heading, with far fewer,
        or cut off at the end of the file are counted as torn and left out.

        Raises UnreadableHistory if a named column occurs twice, or if most rows are torn.
        """
        if twice := self._twice & set(names):
            raise UnreadableHistory(
                "history-column-twice",
                file=self.file,
                column=self.heading[self.columns[twice.pop()]],
            )
        width = len(self.heading)
        places = [self.columns.get(name, width) for name in names]
        least = max(width - _SPARE, min(width, 5))
        left, torn = self.size, 0
        for line, row in self._records():
            left -= 1
            counts.row(self.file)
            if len(row) != width:
                whole = len(row) >= least and not (left == 0 and self._torn_end)
                if any(row[width:]) or (len(row) < width and not whole):
                    counts.skipped["torn"] += 1
                    torn += 1
                    continue
                row = row[:width] + [""] * (width - len(row))
            row.append("")  # what columns that are lacking say
            yield line, [clean(row[place]) for place in places]
        if 2 * torn > self.size:
            raise UnreadableHistory("history-torn", file=self.file, n=torn)

    def column(self, *names: str) -> Iterator[str]:
        """Yields all cells of the named columns, without counting rows."""
        places = [self.columns[name] for name in names if name in self.columns]
        if places:
            for _, row in self._records():
                for place in places:
                    if place < len(row):
                        yield clean(row[place])

    def has(self, *names: str) -> bool:
        """True if the table has all these columns."""
        return all(name in self.columns for name in names)

    def shown_columns(self) -> list[str]:
        """Returns the first columns of the heading, shortened, for a sentence."""
        return [cell.strip()[:40] for cell in self.heading if cell.strip()][:_SHOWN]

    def _reader(self) -> Iterator[tuple[int, list[str]]]:
        """Yields (line, cells) of every record that is not blank, from the start of the text."""
        lines = csv.reader(
            _lines(self.file, self._data, self._separator),
            delimiter=self._separator,
            skipinitialspace=self._separator != "\t",
            **self._dialect,  # type: ignore[arg-type]
        )
        line = self._line = 1
        for row in lines:
            if lines.line_num - line > _MANY_LINES:
                raise UnreadableHistory(
                    "history-row-of-many-lines", file=self.file, line=line, most=_MANY_LINES
                )
            if any(row):
                yield line, row
            line = self._line = lines.line_num + 1

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Yields (line, cells) of every row below the heading."""
        records = self._reader()
        for line, _ in records:
            if line >= self._heading_line:
                break
        return records

    def _checked(self, limits: HistoryLimits) -> tuple[list[str], int]:
        """Returns (heading, number of rows), after finding how cells are quoted."""
        try:
            return self._heading_and_size(limits)
        except csv.Error as error:
            if "unexpected end" in str(error) or "field larger" in str(error):
                raise self._damage(error, limits) from None
        if b'\\"' in self._data:  # quotation marks inside cells have a backslash
            self._dialect = {"strict": True, "escapechar": "\\"}
            try:
                return self._heading_and_size(limits)
            except csv.Error:
                pass
        self._dialect = {}
        try:
            return self._heading_and_size(limits)
        except csv.Error as error:
            raise self._damage(error, limits) from None

    def _heading_and_size(self, limits: HistoryLimits) -> tuple[list[str], int]:
        heading: list[str] | None = None
        size = 0
        starts: list[int] = []
        for line, row in self._reader():
            if len(row) > limits.columns and any(row[limits.columns :]):
                raise UnreadableHistory(
                    "history-many-columns", file=self.file, line=line, most=limits.columns
                )
            if heading is not None:
                size += 1
                if size > limits.rows:
                    raise UnreadableHistory(
                        "history-too-many-rows", file=self.file, most=limits.rows
                    )
            elif line > self._skip and (not self._start or key(row[0]) == self._start):
                while len(row) > 1 and not row[-1].strip():  # spreadsheets add empty columns
                    row.pop()
                heading, self._heading_line = row, line
            if max(map(len, row), default=0) > limits.cell:
                raise UnreadableHistory(
                    "history-cell-too-long", file=self.file, line=line, most=limits.cell
                )
            if heading is None:
                starts.append(line)
        if heading is None:
            raise self._without_heading(starts)
        return heading, size

    def _damage(self, error: csv.Error, limits: HistoryLimits) -> UnreadableHistory:
        """Returns the error about a quotation mark that never closes, or a cell without end."""
        if "field larger" in str(error):
            return UnreadableHistory(
                "history-cell-too-long", file=self.file, line=self._line, most=limits.cell
            )
        return UnreadableHistory("history-quote-open", file=self.file, line=self._line)

    def _without_heading(self, starts: list[int]) -> UnreadableHistory:
        """Returns the error about a table without heading.

        The heading may be there, inside a cell whose quotation mark closes too late.

        starts: the first line of each row.
        """
        if not starts:
            return UnreadableHistory("history-empty", file=self.file)
        for number, line in enumerate(_lines(self.file, self._data, self._separator), 1):
            if key(line.partition(self._separator)[0]) == self._start:
                line_of_row = max(start for start in starts if start <= number)
                return UnreadableHistory("history-quote-open", file=self.file, line=line_of_row)
        return UnreadableHistory("history-without-films", file=self.file)


def _separator(text: str) -> str:
    """Returns the separator that splits the first line into the most cells; a comma if none."""
    first = next((line for line in io.StringIO(text[:20_000], newline=None) if line.strip()), "")

    def cells(separator: str) -> int:
        try:
            return len(next(csv.reader([first], delimiter=separator), []))
        except csv.Error:
            return 0

    return max(SEPARATORS, key=cells)


def _lines(file: str, data: bytes, separator: str) -> Iterator[str]:
    """Yields the lines of a text; line ends of every system become one.

    Raises UnreadableHistory for a line with thousands of cells, whose splitting takes much memory.
    """
    for number, line in enumerate(io.TextIOWrapper(io.BytesIO(data), "utf-8"), 1):
        if len(line) > _MOST_SEPARATORS and line.count(separator) > _MOST_SEPARATORS:
            raise UnreadableHistory("history-line-of-many", file=file, line=number)
        yield line
