"""MovieLens's own export, TMDB, Simkl and Movary: CSV files with the service's own columns."""

from storage.imports.counting import ReadingCounts
from storage.imports.dates import HistoryDates
from storage.imports.history import HistoryRow, UnreadableHistory
from storage.imports.tables import HistoryTable
from storage.imports.values import imdb_id, key, kind, named_year, use_by_name, whole_id, year

_DATA_SETS = ({"movieid", "title", "genres"}, {"movieid", "imdbid", "tmdbid"})


def is_movielens(table: HistoryTable) -> bool:
    """True if the table is an export of movielens.org. Raises UnreadableHistory for a data set."""
    columns = set(table.columns)
    if columns in _DATA_SETS or {"userid", "movieid"} <= columns:
        raise UnreadableHistory("history-is-data-set", file=table.file)
    return table.has("movieid", "averagerating", "title")


def read_movielens(table: HistoryTable, counts: ReadingCounts) -> list[HistoryRow]:
    """Returns the films of a file of ratings, or of a wishlist, which has no column `rating`."""
    wanted = not table.has("rating")
    rows = []
    names = ("movieid", "imdbid", "tmdbid", "rating", "title")
    for line, (movielens, imdb, tmdb, stars, name) in table.rows(counts, *names):
        title, named = named_year(name)
        rating = counts.rated(stars, 5)
        rows.append(
            HistoryRow(
                table.file,
                line,
                title,
                named,
                imdb=imdb_id(imdb, bare=True),
                tmdb=whole_id(tmdb),
                movielens=whole_id(movielens),
                stars=rating.stars if rating else None,
                given=rating,
                seen=not wanted,
                wanted=wanted,
            )
        )
    return rows


def is_tmdb(table: HistoryTable) -> bool:
    """True if the table is an export of TMDB."""
    return table.has("tmdbid", "yourrating", "name")


def read_tmdb(table: HistoryTable, counts: ReadingCounts) -> list[HistoryRow]:
    """Returns the films of an export. `Rating` is the public mean, `Your Rating` the person's.

    Films without a rating are on the watchlist if the file's name or all its rows say so: ratings
    and watchlist have the same columns.
    """
    use = use_by_name(table.file)
    if use is None and not any(table.column("yourrating")):
        raise UnreadableHistory("history-which-list", file=table.file)
    dates = HistoryDates(table.column("daterated"))
    rows = []
    names = (
        *("tmdbid", "imdbid", "type", "name", "releasedate"),
        *("seasonnumber", "episodenumber", "yourrating", "daterated"),
    )
    for line, cells in table.rows(counts, *names):
        tmdb, imdb, type_, name, released, season, episode, stars, rated = cells
        what = "episode" if episode else "series" if season else kind(type_)
        if what != "film" and what != "unknown":
            counts.skipped[what] += 1
            continue
        rating = counts.rated(stars, 10)
        rated_on, rated_at = dates.moment(rated if rating else "")
        rows.append(
            HistoryRow(
                table.file,
                line,
                name,
                year(released),
                imdb=imdb_id(imdb),
                tmdb=whole_id(tmdb),
                kind=what,
                stars=rating.stars if rating else None,
                given=rating,
                seen=rating is not None or use == "seen",
                wanted=use == "wanted",
                liked=use == "liked",
                rated_on=rated_on,
                rated_at=rated_at,
            )
        )
    counts.unclear_dates += dates.unclear
    return rows


def is_simkl(table: HistoryTable) -> bool:
    """True if the table is an export of Simkl."""
    return table.has("simklid", "title")


_SIMKL_SEEN = frozenset(("completed", "watched"))
_SIMKL_WANTED = frozenset(("plantowatch", "watchlist"))


def read_simkl(table: HistoryTable, counts: ReadingCounts) -> list[HistoryRow]:
    """Returns the films of an export. The column `Watchlist` names the list that a film is on.

    The column `WatchedDate` of a film to watch is the day on which it was put on the list.
    Anime can be films or series, and the file does not say which, so it is left out.
    """
    dates = HistoryDates(table.column("watcheddate"))
    rows = []
    names = (
        *("title", "type", "year", "watchlist", "lastepwatched"),
        *("watcheddate", "rating", "tmdb", "imdb"),
    )
    for line, cells in table.rows(counts, *names):
        title, type_, given_year, on_list, episode, watched, stars, tmdb, imdb = cells
        what = "series" if episode else kind(type_)
        if what != "film" and what != "unknown":
            counts.skipped[what] += 1
            continue
        rating = counts.rated(stars, 10)
        wanted = key(on_list) in _SIMKL_WANTED
        day = dates.day(watched)
        seen_on = None if wanted else day
        seen = rating is not None or key(on_list) in _SIMKL_SEEN or seen_on is not None
        rows.append(
            HistoryRow(
                table.file,
                line,
                title,
                year(given_year),
                imdb=imdb_id(imdb),
                tmdb=whole_id(tmdb),
                kind=what,
                stars=rating.stars if rating else None,
                given=rating,
                seen=seen,
                wanted=wanted,
                seen_on=seen_on,
                added_on=day if wanted else None,
            )
        )
    counts.unclear_dates += dates.unclear
    return rows


def is_movary(table: HistoryTable) -> bool:
    """True if the table is an export of Movary."""
    return table.has("title", "tmdbid") and any(
        table.has(name) for name in ("watchedat", "userrating", "addedat")
    )


def read_movary(table: HistoryTable, counts: ReadingCounts) -> list[HistoryRow]:
    """Returns the films of a file of plays, of ratings or of the watchlist."""
    wanted_file = table.has("addedat") and not table.has("watchedat")
    dates = HistoryDates(table.column("watchedat", "addedat"))
    rows = []
    names = ("title", "year", "tmdbid", "imdbid", "watchedat", "userrating", "addedat")
    for line, cells in table.rows(counts, *names):
        title, given_year, tmdb, imdb, watched, stars, added = cells
        rating = counts.rated(stars, 10)
        rows.append(
            HistoryRow(
                table.file,
                line,
                title,
                year(given_year),
                imdb=imdb_id(imdb, bare=True),
                tmdb=whole_id(tmdb),
                stars=rating.stars if rating else None,
                given=rating,
                seen=not wanted_file or rating is not None,
                wanted=wanted_file,
                seen_on=dates.day(watched),
                added_on=dates.day(added) if wanted_file else None,
            )
        )
    counts.unclear_dates += dates.unclear
    return rows
