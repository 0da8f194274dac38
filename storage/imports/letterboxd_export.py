"""Writes the CSV files that Letterboxd imports, so that people can leave with their history.

Letterboxd finds a film by its ids first, then by title, year and directors. Everything in a file of
its import becomes watched there, so films to watch are in a file of their own, for the import of
its watchlist. `read_history` reads both files back, and the names of the files say which is which.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from storage.imports.values import halves

_IDS = ("imdbID", "tmdbID", "Title", "Year", "Directors")
_WANTED = ("LetterboxdURI", *_IDS)
"""The first column is empty. It says that the file is Letterboxd's, so that both files in one zip
are read as parts of one history.
"""
_WATCHED = (*_IDS, "Rating", "WatchedDate")
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_PART = 950_000
"""Most bytes of a file: Letterboxd takes about a megabyte."""


@dataclass(frozen=True, slots=True)
class ExportedFilm:
    """One film of somebody's history, to be written.

    Attributes:
        title: the title.
        year: the year; None if unknown.
        directors: names of directors.
        imdb: IMDb id, such as "tt0111161"; None if unknown.
        tmdb: TMDB id; None if unknown.
        stars: the rating, 0.5 to 5; None without one.
        watched_on: the day that Letterboxd's diary should have; None for no entry in the diary.
        watched: True if the person saw the film. A rated film is a seen one.
        wanted: True if it is on their list of films to watch.
    """

    title: str
    year: int | None = None
    directors: tuple[str, ...] = ()
    imdb: str | None = None
    tmdb: int | None = None
    stars: float | None = None
    watched_on: date | None = None
    watched: bool = False
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class LetterboxdFiles:
    """Files for Letterboxd.

    Attributes:
        files: (name, content in UTF-8) of each file. A kind without films has no file.
        rounded: how many ratings were rounded to halves, because Letterboxd knows no others.
    """

    files: tuple[tuple[str, bytes], ...]
    rounded: int


def letterboxd_files(films: Iterable[ExportedFilm]) -> LetterboxdFiles:
    """Returns the files that Letterboxd imports: watched films, and the watchlist."""
    films = list(films)
    watched = [each for each in films if each.watched or each.stars is not None]
    wanted = [each for each in films if each.wanted]
    files = (
        *_files("letterboxd-watched", _WATCHED, watched, _watched_row),
        *_files("letterboxd-watchlist", _WANTED, wanted, _wanted_row),
    )
    stars = (each.stars for each in watched if each.stars is not None)
    return LetterboxdFiles(files, sum(halves(given) != given for given in stars))


def _id_row(film: ExportedFilm) -> list[str]:
    return [
        film.imdb or "",
        str(film.tmdb or ""),
        _no_formula(film.title),
        str(film.year or ""),
        _no_formula(", ".join(film.directors)),
    ]


def _wanted_row(film: ExportedFilm) -> list[str]:
    return ["", *_id_row(film)]


def _watched_row(film: ExportedFilm) -> list[str]:
    stars = "" if film.stars is None else f"{halves(film.stars):g}"
    day = film.watched_on.isoformat() if film.watched_on else ""
    return [*_id_row(film), stars, day]


def _no_formula(text: str) -> str:
    """Returns a cell that no spreadsheet runs as a formula. `read_history` undoes it."""
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def _files(
    name: str,
    heading: Sequence[str],
    films: Iterable[ExportedFilm],
    row: Callable[[ExportedFilm], list[str]],
) -> list[tuple[str, bytes]]:
    """Returns (name, content) of files with the same heading, each below a megabyte."""
    parts: list[list[bytes]] = []
    size = _PART
    for film in films:
        line = _line(row(film))
        if size + len(line) > _PART:
            parts.append([_line(heading)])
            size = len(parts[-1][0])
        parts[-1].append(line)
        size += len(line)
    return [
        (f"{name}-{place}.csv" if len(parts) > 1 else f"{name}.csv", b"".join(lines))
        for place, lines in enumerate(parts, 1)
    ]


def _line(cells: Sequence[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue().encode("utf-8", "replace")
