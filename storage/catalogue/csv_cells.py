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
from storage.errors import CatalogueError


class Refuse(Protocol):
    """A function that raises a CatalogueError with the given sentence for the current line."""

    def __call__(self, sentence: str) -> NoReturn: ...


def refuser(name: str, line: int) -> Refuse:
    """Returns a function that raises CatalogueError for this line of the file `name`."""
    return partial(_refuse, name, line)


def _refuse(name: str, line: int, sentence: str) -> NoReturn:
    raise CatalogueError(name, line, sentence)


def split_values(cells: Mapping[str, str], column: str, refuse: Refuse) -> tuple[str, ...]:
    """Returns the values of a cell that are separated by "|"; () for an empty or absent cell.

    Raises CatalogueError for empty values and for values given twice.

    cells: the cells of one line of the file, by column.
    column: the column to read.
    refuse: a function that raises CatalogueError for this line, with the sentence that it is given.
    """
    cell = cells.get(column, "")
    if not cell:
        return ()
    values = tuple(value.strip() for value in cell.split("|"))
    if not all(values):
        refuse(f'the {column} have an empty value; remove the "|" too many.')
    if len(set(values)) < len(values):
        twice = next(value for value in values if values.count(value) > 1)
        refuse(f'the {column} name "{twice}" twice; keep one.')
    return values


def codes(
    cells: Mapping[str, str],
    column: str,
    shape: re.Pattern[str],
    how: str,
    refuse: Refuse,
    *,
    names: Mapping[str, str],
) -> tuple[str, ...]:
    """Returns the codes of a cell, such as the codes of countries ("FR", "JP").

    Raises CatalogueError for codes that do not match the regular expression `shape`.

    cells: the cells of one line of the file, by column.
    column: the column to read.
    shape: what a code looks like.
    how: `shape` in words for the error message, such as "two capital letters".
    refuse: a function that raises CatalogueError for this line, with the sentence that it is given.
    names: the code of each name in lower case. If a cell has a name instead of a code, the message
        suggests the code.
    """
    found = split_values(cells, column, refuse)
    for code in found:
        if not shape.fullmatch(code):
            known = names.get(code.casefold())
            refuse(f'the {column} have "{code}"; write {known or how}.')
    return found


def number(
    cells: Mapping[str, str], column: str, low: int, high: int, refuse: Refuse
) -> int | None:
    """Returns the whole number of a cell; None for an empty or absent cell.

    Raises CatalogueError for other text and for numbers outside `low` to `high`.

    cells: the cells of one line of the file, by column.
    column: the column to read.
    refuse: a function that raises CatalogueError for this line, with the sentence that it is given.
    """
    cell = cells.get(column, "")
    if not cell:
        return None
    found = int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 9 else -1
    if not low <= found <= high:
        refuse(f'the {column} is "{cell}"; write a whole number from {low} to {high}.')
    return found


def suggestion(word: str, known: Iterable[str]) -> str:
    """Returns the last part of an error message about an unknown word: what to write instead.

    It names up to three of the words in `known` that resemble `word`.
    """
    plain = {each.casefold(): each for each in sorted(known)}
    close = [plain[each] for each in difflib.get_close_matches(word.casefold(), plain, n=3)]
    return f"; did you mean {' or '.join(close)}?" if close else "; correct or remove it."


def unknown_genre(genre: str) -> str:
    """Returns an error message about an unknown genre, which says what to write instead.

    genre: the cell's text, which is not in the list `GENRES`.
    """
    parts = [part.strip() for part in re.split(r"[,;/]", genre)]
    if len(parts) > 1 and all(parts):
        return f'the genres "{genre}" are not separated by a bar; write {"|".join(parts)}.'
    meant = GENRE_WORDS.get(normalise_title(genre.replace("-", " ")))
    if meant is not None:
        return f'the genre "{genre}" is unknown; write {meant}.'
    return f'the genre "{genre}" is unknown{suggestion(genre, GENRES)}'
