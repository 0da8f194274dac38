"""Trakt: the JSON files of its export in both layouts, and the CSV that it imports.

Each entry says itself what it is, by its keys: a play, a rating, or a film on a list. Only for
lists the file's name counts.
"""

import json
from collections.abc import Mapping

from storage.imports.counting import ReadingCounts
from storage.imports.dates import HistoryDates
from storage.imports.history import HistoryRow, SkipReason, UnreadableHistory
from storage.imports.tables import HistoryTable
from storage.imports.values import Use, clean, imdb_id, key, kind, use_by_name, whole_id, year

Json = Mapping[str, object]
_TIMES = ("watched_at", "last_watched_at", "rated_at", "listed_at", "collected_at")
_WORKS: tuple[tuple[str, SkipReason], ...] = (
    ("episode", "episode"),
    ("season", "series"),
    ("show", "series"),
)
_LEFT_OUT = frozenset(
    ["comments", "profile", "settings", "stats", "notes", "user", "likes", "friends", "followers"]
)


def is_film_file(file: str) -> bool:
    """True if a JSON file of an export can have films, by its name."""
    return not _LEFT_OUT & set(key_words(file))


def key_words(file: str) -> list[str]:
    """Returns the words of a file's name, in small letters."""
    stem = file.rpartition("/")[2].casefold().rpartition(".")[0]
    return "".join(sign if sign.isalnum() else " " for sign in stem).split()


def read_json(file: str, text: str, counts: ReadingCounts) -> list[HistoryRow] | None:
    """Returns the films of a JSON file; None if it is no file of Trakt's.

    Raises UnreadableHistory if it is no JSON, too large, or an empty list.
    """
    counts.text(file, text.count("{") + text.count("["))
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        if "Extra data" in str(error):  # several values, one a line
            return None
        raise UnreadableHistory("history-json-damaged", file=file) from None
    if found == []:
        raise UnreadableHistory("history-empty", file=file)
    if not isinstance(found, list) or not any(_is_entry(entry) for entry in found):
        return None
    use = use_by_name(file)
    dates = HistoryDates(())
    rows = []
    for place, entry in enumerate(found, 1):
        counts.row(file)
        if not isinstance(entry, dict):
            counts.skipped["nameless"] += 1
        elif isinstance(film := entry.get("movie"), dict):
            rows.append(_row(file, place, entry, film, use, dates, counts))
        else:
            counts.skipped[_what(entry)] += 1
    counts.unclear_dates += dates.unclear
    return rows


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and any(isinstance(entry.get(name), dict) for name in ("movie", "show", "episode"))
        and any(name in entry for name in _TIMES)
    )


def _what(entry: Json) -> SkipReason:
    return next((reason for name, reason in _WORKS if isinstance(entry.get(name), dict)), "other")


def _row(
    file: str,
    line: int,
    entry: Json,
    film: Json,
    use: Use | None,
    dates: HistoryDates,
    counts: ReadingCounts,
) -> HistoryRow:
    """Returns the film of an entry. use: what the file's name says about films on a list."""
    ids = film.get("ids")
    ids = ids if isinstance(ids, dict) else {}
    rating = counts.rated(_text(entry, "rating"), 10)
    watched = _text(entry, "watched_at") or _text(entry, "last_watched_at")
    rated_on, rated_at = dates.moment(_text(entry, "rated_at") if rating else "")
    return HistoryRow(
        file,
        line,
        _text(film, "title"),
        year(_text(film, "year")),
        imdb=imdb_id(_text(ids, "imdb")),
        tmdb=whole_id(_text(ids, "tmdb")),
        kind="film",
        stars=rating.stars if rating else None,
        given=rating,
        seen=bool(watched) or rating is not None,
        wanted=use == "wanted",
        liked=use == "liked",
        seen_on=dates.day(watched),
        rated_on=rated_on,
        rated_at=rated_at,
        added_on=dates.day(_text(entry, "listed_at")) if use == "wanted" else None,
    )


def _text(entry: Json, name: str) -> str:
    """Returns a value as text; "" if it is missing, or is no text and no number."""
    value = entry.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, int) and abs(value) >= 10**12:
        return ""
    return clean(str(value))


def is_trakt_csv(table: HistoryTable) -> bool:
    """True if the table has the columns of the CSV that Trakt imports."""
    return any(table.has(name) for name in ("trakt", "traktid", "action", "watchlistedat")) and any(
        table.has(name) for name in ("title", "name", "imdb", "imdbid", "tmdb", "tmdbid")
    )


_COLUMNS = (
    "type",
    "title",
    "name",
    "year",
    "imdb",
    "imdbid",
    "tmdb",
    "tmdbid",
    "watchedat",
    "datewatched",
    "listedat",
    "watchlistedat",
    "rating",
    "ratedat",
    "season",
    "episode",
)


def read_trakt_csv(table: HistoryTable, counts: ReadingCounts) -> list[HistoryRow]:
    """Returns the films of a CSV for Trakt's importer. `watched_at` may be "unknown"."""
    dates = HistoryDates(table.column("watchedat", "datewatched", "listedat", "ratedat"))
    use = use_by_name(table.file)
    rows = []
    for line, cells in table.rows(counts, *_COLUMNS):
        type_, title, name, given_year, imdb, imdb2, tmdb, tmdb2 = cells[:8]
        watched, watched2, listed, listed2, stars, rated, season, episode = cells[8:]
        what = "episode" if episode else "series" if season else kind(type_)
        if what != "film" and what != "unknown":
            counts.skipped[what] += 1
            continue
        rating = counts.rated(stars, 10)
        seen_text, wanted_text = watched or watched2, listed or listed2
        seen = bool(seen_text) or rating is not None or use == "seen"
        wanted = bool(wanted_text) or use == "wanted"
        rated_on, rated_at = dates.moment(rated if rating else "")
        rows.append(
            HistoryRow(
                table.file,
                line,
                title or name,
                year(given_year),
                imdb=imdb_id(imdb or imdb2),
                tmdb=whole_id(tmdb or tmdb2),
                kind=what,
                stars=rating.stars if rating else None,
                given=rating,
                seen=seen,
                wanted=wanted,
                liked=use == "liked",
                seen_on=dates.day("" if key(seen_text) == "unknown" else seen_text),
                rated_on=rated_on,
                rated_at=rated_at,
                added_on=dates.day(wanted_text),
            )
        )
    counts.unclear_dates += dates.unclear
    return rows
