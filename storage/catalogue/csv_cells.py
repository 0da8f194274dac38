"""Reads single cells of the catalogue's CSV files: cells with several values, codes or numbers.

Each reader takes the cells of one line (a mapping from column names to cells), the column to read,
and a function `refuse`. If the cell is wrong, the reader calls `refuse`, which raises a
CatalogueError that names the line.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import NoReturn, Protocol

from storage.catalogue.csv_rows import GENRE_WORDS, GENRES
from storage.catalogue.titles import normalise_title
from storage.errors import CatalogueError, StorageError


class Refuse(Protocol):
    """A function that raises a CatalogueError with the given key and data for the current line."""

    def __call__(self, key: str, /, **data: object) -> NoReturn: ...


def refuser(name: str, line: int) -> Refuse:
    """Returns a function that raises CatalogueError for this line of the file `name`."""
    return partial(_refuse, name, line)


def _refuse(name: str, line: int, key: str, /, **data: object) -> NoReturn:
    raise CatalogueError(name, line, StorageError(key, **data))


def split_values(cells: Mapping[str, str], column: str, refuse: Refuse) -> tuple[str, ...]:
    """Returns the values of a cell that are separated by "|"; () for an empty or absent cell.

    Raises CatalogueError for empty values and for values given twice.

    cells: the cells of one line of the file, by column.
    column: the column to read.
    refuse: a function that raises CatalogueError for this line.
    """
    cell = cells.get(column, "")
    if not cell:
        return ()
    values = tuple(value.strip() for value in cell.split("|"))
    if not all(values):
        refuse("empty-value", column=column)
    if len(set(values)) < len(values):
        twice = next(value for value in values if values.count(value) > 1)
        refuse("value-twice", column=column, value=twice)
    return values


def codes(
    cells: Mapping[str, str],
    column: str,
    shape: re.Pattern[str],
    example: str,
    refuse: Refuse,
    *,
    names: Mapping[str, str],
) -> tuple[str, ...]:
    """Returns the codes of a cell, such as the codes of countries ("FR", "JP").

    Raises CatalogueError for codes that do not match the regular expression `shape`.

    cells: the cells of one line of the file, by column.
    column: the column to read.
    shape: what a code looks like.
    example: a cell with codes, for the error: "FR|JP".
    refuse: a function that raises CatalogueError for this line.
    names: the code of each name in lower case. If a cell has a name instead of a code, the error
        has the code.
    """
    found = split_values(cells, column, refuse)
    for code in found:
        if not shape.fullmatch(code):
            known = names.get(code.casefold())
            if known is not None:
                refuse("cell-no-code", column=column, given=code, written=known)
            refuse("cell-not-like-a-code", column=column, given=code, example=example)
    return found


def number(
    cells: Mapping[str, str], column: str, low: int, high: int, refuse: Refuse
) -> int | None:
    """Returns the whole number of a cell; None for an empty or absent cell.

    Raises CatalogueError for other text and for numbers outside `low` to `high`.

    cells: the cells of one line of the file, by column.
    column: the column to read.
    refuse: a function that raises CatalogueError for this line.
    """
    cell = cells.get(column, "")
    if not cell:
        return None
    found = int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 9 else -1
    if not low <= found <= high:
        refuse("cell-no-whole-number", column=column, given=cell, least=str(low), most=str(high))
    return found


def close_words(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Returns up to three of the words in `known` that resemble `word`, the closest first."""
    plain = {each.casefold(): each for each in sorted(known)}
    return tuple(plain[each] for each in difflib.get_close_matches(word.casefold(), plain, n=3))


def unknown_genre(genre: str) -> StorageError:
    """Returns what is wrong with an unknown genre, and what to write instead.

    genre: the cell's text, which is not in the list `GENRES`.
    """
    parts = [part.strip() for part in re.split(r"[,;/]", genre)]
    if len(parts) > 1 and all(parts):
        return StorageError("genres-without-bar", genre=genre, written="|".join(parts))
    meant = GENRE_WORDS.get(normalise_title(genre.replace("-", " ")))
    if meant is not None:
        return StorageError("genre-by-another-word", genre=genre, written=meant)
    return StorageError("genre-unknown", genre=genre, near=close_words(genre, GENRES))
