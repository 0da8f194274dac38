"""Exports of other services with real films: one rated, one seen or wanted, and one series."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable

from storage.catalogue.films import Film

Export = tuple[str, bytes]
"""The name of a file and its content."""


def zipped(files: dict[str, str]) -> bytes:
    """Returns files as a zip, by their names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as pack:
        for name, text in files.items():
            pack.writestr(name, text)
    return made.getvalue()


def table(heading: str, *rows: Iterable[object], before: str = "") -> str:
    """Returns a CSV. heading: the names of its columns. before: a text in front of each name."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(f"{before}{name}" if at else name for at, name in enumerate(heading.split(",")))
    writer.writerows(rows)
    return text.getvalue()


def letterboxd(rated: Film, other: Film) -> Export:
    columns = "Date,Name,Year,Letterboxd URI"
    row = ["2024-03-01", rated.title, rated.year, "https://boxd.it/zz1a"]
    seen = ["2024-03-01", other.title, other.year, "https://boxd.it/zz2b"]
    files = {
        "ratings.csv": table(f"{columns},Rating", [*row, 4.5]),
        "watched.csv": table(columns, row, seen),
    }
    return "letterboxd-mira.zip", zipped(files)


def imdb(rated: Film, other: Film) -> Export:
    columns = (
        "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,"
        "Runtime (mins),Year,Genres,Num Votes,Release Date,Directors"
    )

    def row(film: Film, stars: int, kind: str, const: str) -> list[object]:
        names = ", ".join(film.directors)
        return [const, stars, "2024-03-01", film.title, film.title, "", kind, 7.1, 100, film.year,
                "Drama", 99, "", names]  # fmt: skip

    rows = [row(rated, 9, "Movie", ""), row(other, 2, "Movie", "")]
    return "ratings.csv", table(columns, *rows, row(other, 8, "TV Series", "tt99000040")).encode()


def trakt(rated: Film, other: Film) -> Export:
    def film(one: Film) -> dict[str, object]:
        ids = {"trakt": one.id, "slug": "x", "imdb": None, "tmdb": None}
        return {"type": "movie", "movie": {"title": one.title, "year": one.year, "ids": ids}}

    files = {
        "mira/ratings-movies.json": [{"rated_at": "2024-03-01T08:00:00.000Z", "rating": 9}
                                     | film(rated)],
        "mira/watched-history-1.json": [{"id": 1, "watched_at": "2024-02-28T20:15:00.000Z",
                                         "action": "watch"} | film(other)],
    }  # fmt: skip
    return "trakt.zip", zipped({name: json.dumps(rows) for name, rows in files.items()})


def movielens(rated: Film, other: Film) -> Export:
    columns = "movie_id,imdb_id,tmdb_id,rating,average_rating,title"
    rows = [
        ["", "", "", stars, 3.5, f"{film.title} ({film.year})"]
        for film, stars in ((rated, 4.5), (other, 1.0))
    ]
    return "movielens-ratings.csv", table(columns, *rows).encode()


def tmdb(rated: Film, other: Film) -> Export:
    columns = (
        "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,"
        "Date Rated"
    )
    rows = [
        ["", "", kind, film.title, f"{film.year}-05-01T00:00:00Z", "", "", 7, stars, "2024-03-01"]
        for film, kind, stars in ((rated, "movie", 9), (other, "movie", 2), (other, "tv", 8))
    ]
    return "tmdb-ratings.csv", table(columns, *rows).encode()


def simkl(rated: Film, other: Film) -> Export:
    columns = (
        "SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB"
    )
    rows = [
        ["1", rated.title, "movie", rated.year, "completed", "", "2024-03-01", 9, "", "", "", ""],
        ["2", other.title, "movie", other.year, "completed", "", "2024-03-02", "", "", "", "", ""],
        ["3", "Zzyzx", "tv", 2020, "watching", "S01E03", "2024-03-02", 8, "", "", "", ""],
    ]
    return "SimklBackup.csv", table(columns, *rows).encode()


def criticker(rated: Film, other: Film) -> Export:
    rows = [
        [stars, film.title, film.year, "", "", ""] for film, stars in ((rated, 90), (other, 20))
    ]
    columns = "Score,Film Name,Year,Mini Review,URL,IMDB ID"
    return "criticker.csv", table(columns, *rows, before=" ").encode()


def netflix(rated: Film, other: Film) -> Export:
    """Netflix tells no year: its films are only guessed."""
    rows = [[rated.title, "3/1/24"], [other.title, "3/25/24"], ["Zzyzx: Season 1: Pilot", "3/2/24"]]
    return "NetflixViewingHistory.csv", table("Title,Date", *rows).encode()


def plain(rated: Film, other: Film) -> Export:
    rows = [[film.title, film.year, stars] for film, stars in ((rated, "4,5"), (other, "1"))]
    return "mine.csv", table("title,year,stars", *rows).encode("utf-16")


EXPORTS: tuple[Callable[[Film, Film], Export], ...] = (
    letterboxd, imdb, trakt, movielens, tmdb, simkl, criticker, netflix, plain,
)  # fmt: skip
