"""The plain CSV that docs/imports.md describes, and the CSV that Letterboxd imports.

Columns have several names. A file needs a title or an id, and something that says what the films
are: a rating, a column for seen or wanted, a date, or the file's name.
"""

import re
from dataclasses import dataclass

from storage.imports.counting import ReadingCounts, guess_best
from storage.imports.dates import HistoryDates
from storage.imports.history import HistoryRow, OnScale, UnreadableHistory
from storage.imports.tables import HistoryTable
from storage.imports.values import (
    Use,
    imdb_id,
    kind,
    letterboxd_film,
    named_year,
    number,
    people,
    use_by_name,
    whole_id,
    year,
    yes,
)

COLUMNS: dict[str, tuple[str, ...]] = {
    "title": ("title", "name", "film", "movie", "filmtitle", "movietitle", "filmname", "moviename"),
    "original": ("originaltitle",),
    "year": ("year", "releaseyear", "released", "releasedate"),
    "directors": ("directors", "director"),
    "imdb": ("imdbid", "imdb", "imdburl"),
    "tmdb": ("tmdbid", "tmdb"),
    "movielens": ("movielensid", "movielens"),
    "letterboxd": ("letterboxduri", "letterboxdurl", "letterboxd"),
    "type": ("type", "kind", "titletype"),
    "season": ("season", "seasonnumber"),
    "episode": ("episode", "episodenumber"),
    "scale": ("scale", "outof", "best"),
    "watched": ("watched", "seen", "iswatched"),
    "wanted": ("watchlist", "wanted", "wishlist", "towatch"),
    "liked": ("liked", "like", "favorite", "favourite", "loved"),
    "seen_on": ("watcheddate", "watchedon", "watchedat", "datewatched", "seenon", "date"),
    "rated_on": ("ratedat", "ratedon", "daterated", "ratingdate"),
    "added_on": ("addedon", "addedat", "dateadded", "listedat"),
}
"""The names of each column in small letters and digits. The first that a file has counts."""

RATINGS: dict[str, int | None] = {
    "stars": 5,
    "rating5": 5,
    "rating10": 10,
    "rating100": 100,
    **dict.fromkeys(("rating", "score", "myrating", "yourrating", "userrating"), None),
}
"""The best rating in each column of ratings; None if the column `scale` or the ratings say it."""

_KNOWN = frozenset(name for names in (*COLUMNS.values(), tuple(RATINGS)) for name in names)
_NO_FILMS = frozenset(
    ["isbn", "isbn13", "author", "authors", "artist", "album", "bookid", "goodreads", "podcast"]
)
_LETTERBOXD = frozenset(("letterboxduri", "rating10", "watcheddate"))
_OF = re.compile(r"(\d{1,3}(?:[.,]\d{1,4})?)\s*(?:/|of|out of|von|sur|de|di)\s*(\d{1,3})", re.ASCII)
_STARS = re.compile(r"([★⭐*]{0,5})(½?)[☆\ufe0f]*")


def is_plain(table: HistoryTable) -> bool:
    """True if the table has a title or an id, and nothing else or another known column.

    Raises UnreadableHistory for books and music.
    """
    if not any(name in table.columns for field in _NAMING for name in COLUMNS[field]):
        return False
    if len(table.columns) > 2 and len(_KNOWN & set(table.columns)) < 2:
        return False
    if _NO_FILMS & set(table.columns):
        raise UnreadableHistory("history-not-films", file=table.file)
    return True


def is_letterboxd_import(table: HistoryTable) -> bool:
    """True if the table has columns that Letterboxd's importer alone has."""
    return bool(_LETTERBOXD & set(table.columns)) and is_plain(table)


_NAMING = ("title", "imdb", "tmdb", "letterboxd")


def read_plain(table: HistoryTable, counts: ReadingCounts) -> list[HistoryRow]:
    """Returns the films of a file.

    If several columns of ratings are filled, the last one counts, as at Letterboxd. A film that is
    neither rated, nor seen, nor wanted, nor liked is counted as listed.

    Raises UnreadableHistory if neither the columns nor the file's name say what the films are.
    """
    fields = {
        field: next((name for name in names if name in table.columns), "")
        for field, names in COLUMNS.items()
    }
    use = _use(table, fields)
    dates = HistoryDates(table.column(*(fields[field] for field in _DATED if fields[field])))
    ratings = _Ratings.of(table, fields["scale"])
    rows = []
    names = (*fields.values(), *ratings.columns)
    for line, cells in table.rows(counts, *names):
        cell = dict(zip(fields, cells, strict=False))
        row = _row(table.file, line, cell, cells[len(fields) :], ratings, dates, use, counts)
        if row is not None:
            rows.append(row)
    counts.unclear_dates += dates.unclear
    counts.guessed |= ratings.guessed
    return rows


_DATE = len("1/1/24")
_DATED = ("seen_on", "rated_on", "added_on", "watched")


def _use(table: HistoryTable, fields: dict[str, str]) -> Use | None:
    """Returns what films are whose row does not say it; None if each row says it."""
    use = use_by_name(table.file)
    says = any(fields[field] for field in ("watched", "wanted", "liked"))
    rated = any(name in table.columns for name in RATINGS)
    if use is None and not says:
        if not (rated or fields["seen_on"]):
            raise UnreadableHistory("history-which-list", file=table.file)
        return "seen"
    return use if not fields["watched"] else None


def _row(
    file: str,
    line: int,
    cell: dict[str, str],
    rated: list[str],
    ratings: "_Ratings",
    dates: HistoryDates,
    use: Use | None,
    counts: ReadingCounts,
) -> HistoryRow | None:
    """Returns the film of a row; None if it is left out, which is counted."""
    what = "episode" if cell["episode"] else "series" if cell["season"] else kind(cell["type"])
    if what != "film" and what != "unknown":
        counts.skipped[what] += 1
        return None
    title, given_year = cell["title"], year(cell["year"])
    short, named = named_year(title)
    if given_year is None or given_year == named:
        title, given_year = short, named
    rating = ratings.rating(rated, cell["scale"], counts)
    watched, wanted, liked = (yes(cell[field]) for field in ("watched", "wanted", "liked"))
    day = cell["seen_on"] or (cell["watched"] if len(cell["watched"]) >= _DATE else "")
    seen_on = dates.day(day) if yes(day) else None
    is_wanted = wanted or (use == "wanted" and not cell["wanted"])
    dated = bool(seen_on) and not is_wanted
    seen = rating is not None or watched or dated or (use == "seen" and not is_wanted)
    rated_on, rated_at = dates.moment(cell["rated_on"] if rating else "")
    return HistoryRow(
        file,
        line,
        title,
        given_year,
        cell["original"] or None,
        people(cell["directors"]),
        imdb_id(cell["imdb"], bare=True),
        whole_id(cell["tmdb"]),
        whole_id(cell["movielens"]),
        letterboxd_film(cell["letterboxd"]),
        what,
        rating.stars if rating else None,
        rating,
        seen,
        is_wanted,
        liked or use == "liked",
        seen_on if seen else None,
        rated_on or (seen_on if rating else None),
        rated_at,
        dates.day(cell["added_on"]) or (seen_on if not seen else None) if is_wanted else None,
    )


@dataclass(slots=True)
class _Ratings:
    """Reads the columns of ratings of one file.

    Attributes:
        columns: the columns, in their order in the file.
        best: the best rating of each column.
        guessed: the best ratings that were guessed from the ratings.
    """

    columns: list[str]
    best: list[int]
    guessed: set[int]

    @classmethod
    def of(cls, table: HistoryTable, scale: str) -> "_Ratings":
        """Returns the reader for a table. scale: its column with the best rating, or ""."""
        columns = sorted((set(RATINGS) & set(table.columns)), key=table.columns.__getitem__)
        best, guessed = [], set()
        for column in columns:
            known = RATINGS[column]
            if known is None:
                values = [number(text) for text in table.column(column)]
                known = guess_best(values)
                if not scale and known != 5 and any(value is not None for value in values):
                    guessed.add(known)
            best.append(known)
        return cls(columns, best, guessed)

    def rating(self, cells: list[str], scale: str, counts: ReadingCounts) -> OnScale | None:
        """Returns the rating in the last column that is filled; None without one."""
        for place, text in reversed(list(enumerate(cells))):
            if not text:
                continue
            best: float = self.best[place]
            if RATINGS[self.columns[place]] is None and (own := number(scale)) and own > 1:
                best = own
            if not text[0].isdecimal() or not text[-1].isdecimal():
                text, best = _with_scale(text, best)
            elif found := _OF.fullmatch(text):
                text, best = found[1], float(found[2])
            return counts.rated(text, best) if best > 0 else None
        return None


def _with_scale(text: str, best: float) -> tuple[str, float]:
    """Returns (number, best) of a rating in glyphs or in percent; others unchanged."""
    if text.endswith("%"):
        return text[:-1].strip(), 100
    if (stars := _STARS.fullmatch(text)) and (stars[1] or stars[2]):
        return str(len(stars[1]) + (0.5 if stars[2] else 0)), 5
    return text, best
