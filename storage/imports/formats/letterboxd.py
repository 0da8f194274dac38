"""Letterboxd: the files of its export, and its lists. What it imports, `plain` reads.

`Date` in the export is the day of logging. It is the day of the rating, and for the watchlist the
day of adding, but never the day of viewing: only a diary has that, as `Watched Date`. Links in a
diary lead to entries, so they are no ids of films.
"""

from storage.imports.counting import ReadingCounts
from storage.imports.dates import HistoryDates
from storage.imports.history import HistoryRow, UnreadableHistory
from storage.imports.tables import HistoryTable
from storage.imports.values import Use, letterboxd_film, use_by_name, words_of_name, year

_LIST_MARK = ["letterboxd", "list", "export"]
LIST_COLUMNS = frozenset(("date", "name", "tags", "url", "description"))
"""The first columns of a list's file, where the mark is missing."""


def is_export(table: HistoryTable) -> bool:
    """True if the table is a file of an export."""
    return table.has("letterboxduri", "name", "year")


def is_diary(table: HistoryTable) -> bool:
    """True if the rows of an export's table are viewings or reviews, whose links are no films'."""
    return table.has("watcheddate") or table.has("review")


def is_marked_list(start: str) -> bool:
    """True if a text begins as lists of Letterboxd do."""
    return start.casefold().split()[:3] == _LIST_MARK


def read_export(
    table: HistoryTable, counts: ReadingCounts, *, ratings: bool = True
) -> list[HistoryRow]:
    """Returns the films of one file of an export.

    ratings: False to leave the ratings out, because a file with newer ones is beside this one.

    Raises UnreadableHistory if only the file's name could say what the films are, and it does not.
    """
    diary, rated = is_diary(table), table.has("rating")
    use: Use | None = "seen" if diary or rated else _use(table.file)
    if use is None:
        raise UnreadableHistory("history-which-list", file=table.file)
    dates = HistoryDates(table.column("date", "watcheddate"))
    rows = []
    names = ("name", "year", "letterboxduri", "rating", "date", "watcheddate")
    for line, (name, given_year, link, stars, logged, watched) in table.rows(counts, *names):
        rating = counts.rated(stars, 5) if ratings else None
        film = letterboxd_film(link)
        if diary and film and "boxd.it" in film:
            film = None
        rows.append(
            HistoryRow(
                table.file,
                line,
                name,
                year(given_year),
                letterboxd=film,
                stars=rating.stars if rating else None,
                given=rating,
                seen=use == "seen",
                wanted=use == "wanted",
                liked=use == "liked",
                seen_on=dates.day(watched),
                rated_on=dates.day(logged) if rating else None,
                added_on=dates.day(logged) if use == "wanted" else None,
            )
        )
    counts.unclear_dates += dates.unclear
    return rows


def read_list(table: HistoryTable, counts: ReadingCounts) -> list[HistoryRow]:
    """Returns the films of a list, if the file's name says what they are. A list is no viewing."""
    use = _use(table.file)
    return [
        HistoryRow(
            table.file,
            line,
            name,
            year(given_year),
            letterboxd=letterboxd_film(link),
            seen=use == "seen",
            wanted=use == "wanted",
            liked=use == "liked",
        )
        for line, (name, given_year, link) in table.rows(counts, "name", "year", "url")
    ]


def _use(file: str) -> Use | None:
    """Returns what a file's name says about its films, or None.

    Liked films are in likes/films.csv, and no other file of an export has this name.
    """
    folder = file.casefold().replace("\\", "/").split("/")[-2:-1]
    liked = words_of_name(file) == ["films"] and folder in ([], ["likes"])
    return "liked" if liked else use_by_name(file)
