"""IMDb: ratings, lists, the watchlist and check-ins, with the headings of every period.

Ratings and lists can both have the column of one's ratings. A list has the column `Position`; what
its films are, only the file's name says.
"""

from storage.imports.counting import ReadingCounts
from storage.imports.dates import HistoryDates
from storage.imports.history import HistoryRow
from storage.imports.tables import HistoryTable
from storage.imports.values import imdb_id, kind, people, use_by_name, year

_COLUMNS = (
    "const",
    "url",
    "title",
    "originaltitle",
    "titletype",
    "year",
    "directors",
    "yourrating",
    "yourated",  # until 2017
    "daterated",
    "dateadded",  # of ratings, for a short time in 2017
    "created",
)


def is_imdb(table: HistoryTable) -> bool:
    """True if the table is an export of IMDb."""
    return table.has("const", "title") and (
        table.has("titletype") or table.has("yourrating") or table.has("yourated")
    )


def read_imdb(table: HistoryTable, counts: ReadingCounts) -> list[HistoryRow]:
    """Returns the films of an export. Films that are only on some list are counted as listed."""
    listed = table.has("position")
    use = use_by_name(table.file) if listed else "seen"
    ratings_by_name = "rating" in table.file.rpartition("/")[2].casefold()
    dates = HistoryDates(table.column("daterated", "dateadded", "created"))
    rows = []
    for line, cells in table.rows(counts, *_COLUMNS):
        const, url, title, original, type_, given_year, directors, new, old = cells[:9]
        rated, added, created = cells[9:]
        what = kind(type_)
        if what != "film" and what != "unknown":
            counts.skipped[what] += 1
            continue
        rating = counts.rated(new or old, 10)
        rated_day = rated or added or (created if ratings_by_name else "")
        rows.append(
            HistoryRow(
                table.file,
                line,
                title,
                year(given_year),
                original or None,
                people(directors),
                imdb_id(const) or imdb_id(url),
                kind=what,
                stars=rating.stars if rating else None,
                given=rating,
                seen=use == "seen" or rating is not None,
                wanted=use == "wanted",
                liked=use == "liked",
                seen_on=dates.day(created) if listed and use == "seen" else None,
                rated_on=dates.day(rated_day) if rating else None,
                added_on=dates.day(created) if use == "wanted" else None,
            )
        )
    counts.unclear_dates += dates.unclear
    return rows
