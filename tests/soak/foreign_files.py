"""The files of every service, each with one real film among films that nobody knows."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from storage.catalogue.films import Film
from tests.storage.imports import samples


@dataclass(frozen=True)
class ForeignFile:
    """A file as a service writes it.

    Attributes:
        kind: what it is, in few words that fit a file's name.
        name: its name.
        content: what is in it.
        told: what its preview has to say, among other things.
        fate: what becomes of the real film: "rated", "seen" or "wanted".
    """

    kind: str
    name: str
    content: bytes
    told: tuple[str, ...]
    fate: str


_UNKNOWN = "2024-03-02,Été perdu,1967,https://boxd.it/zz3c\n"
_REVIEW = "2024-06-12,Été perdu,1967,https://boxd.it/zzzz9c,2,,Slow,,2024-06-12\n"
_OLD = (
    '"3","tt9900003","Wed Feb 22 00:00:00 2012","","","Été perdu","Feature Film","Luc Exemple",'
    '"4","7.1","91","1967","drama","12","1967-05-10","http://x"\n'
)
_RATED = (
    "4,tt9900003,2024-01-08,2024-01-08,,Lost Summer,Été perdu,https://x,Movie,6.0,91,1967,Drama,"
    "300,1967-05-10,Luc Exemple,4,2024-01-08\n"
)
"""Rows about films that nobody knows, for files that have no such row in the samples."""


def about(text: str, film: Film, imdb: str) -> str:
    """Returns a sample with a real film in place of its first one.

    film: has one director, and a title without commas and quotation marks.
    imdb: its id at IMDb; "" without one.
    """
    number = imdb.removeprefix("tt")
    return (
        text.replace("990001,9900001,9900001", f",{number},")  # MovieLens
        .replace('"imdb":"tt9900001","tmdb":9900001', f'"imdb":"{imdb}"' if imdb else '"imdb":null')
        .replace("tt9900001", imdb)
        .replace("9900001", "")
        .replace("The Glass Orchard", film.title)
        .replace("Ana Example", film.directors[0])
        .replace("1998", str(film.year))
    )


def without(text: str, column: str) -> str:
    """Returns a CSV without one of its columns."""
    rows = list(csv.reader(io.StringIO(text)))
    place = rows[0].index(column)
    out = io.StringIO()
    csv.writer(out).writerows(row[:place] + row[place + 1 :] for row in rows)
    return out.getvalue()


def with_original_title(text: str) -> str:
    """Returns a list of IMDb as it is written since June 2024: with one more column."""
    rows = list(csv.reader(io.StringIO(text)))
    place = rows[0].index("Title") + 1
    out = io.StringIO()
    writer = csv.writer(out)
    for at, row in enumerate(rows):
        writer.writerow([*row[:place], row[place - 1] if at else "Original Title", *row[place:]])
    return out.getvalue()


def every_file(film: Film, imdb: str) -> tuple[ForeignFile, ...]:
    """Returns a file of each format.

    film, imdb: as for `about`.
    """

    def file(kind: str, name: str, text: str, *told: str, fate: str = "rated") -> ForeignFile:
        return ForeignFile(kind, name, about(text, film, imdb).encode(), told, fate)

    def pack(kind: str, files: Mapping[str, str], *told: str, fate: str) -> ForeignFile:
        content = s.zipped({name: about(text, film, imdb) for name, text in files.items()})
        return ForeignFile(kind, f"{kind}.zip", content, told, fate)

    s = samples
    older_ratings = without(s.IMDB_RATINGS, "Original Title")
    newer_list = with_original_title(s.IMDB_LIST)
    tmdb_wishes = s.TMDB_RATINGS.replace(",9,", ",,").replace(",6.5,", ",,").replace(",8,", ",,")
    wishlist = s.MOVIELENS_WISHLIST + "990001,9900001,9900001,3.6,The Glass Orchard (1998)\n"
    netflix_full = s.NETFLIX_FULL + "Ana,2024-03-05 20:00:00,01:00:00,,Zzyzx,,TV,01:00:00,,FR\n"
    movary = s.MOVARY + "Été perdu,1967,,,2024-02-29,,\n"
    ours, theirs = "history from Letterboxd", "history from IMDb"
    of_ten, of_hundred = "9 out of 10 becomes ★ 4.5", "85 out of 100 becomes ★ 4.5"
    return (
        pack("letterboxd", s.LETTERBOXD, ours, "1 list", fate="rated"),
        file("letterboxd-ratings", "ratings.csv", s.RATINGS, ours, "1 new rating"),
        file("letterboxd-watched", "watched.csv", s.WATCHED, ours, "1 film you've seen",
             fate="seen"),
        file("letterboxd-diary", "diary.csv", s.DIARY, ours, "1 new rating"),
        file("letterboxd-reviews", "reviews.csv", s.REVIEWS + _REVIEW, ours, "1 new rating"),
        file("letterboxd-watchlist", "watchlist.csv", s.WATCHLIST, ours, "for later",
             fate="wanted"),
        file("letterboxd-likes", "films.csv", s.LIKES + _UNKNOWN, ours, "1 like without stars"),
        file("letterboxd-list", "quiet-watchlist.csv", s.LIST, ours, "for later", fate="wanted"),
        file("imdb-ratings", "ratings.csv", s.IMDB_RATINGS, theirs, of_ten, "1 series"),
        file("imdb-ratings-to-2024", "ratings.csv", older_ratings, theirs, of_ten, "1 series"),
        file("imdb-ratings-2016", "ratings.csv", s.IMDB_2016 + _OLD, theirs, of_ten, "1 episode"),
        file("imdb-list", "noir.csv", newer_list + _RATED, theirs, of_ten,
             "1 film that isn't marked"),
        file("imdb-watchlist", "WATCHLIST.csv", newer_list, theirs, of_ten, "1 game"),
        file("imdb-watchlist-to-2024", "WATCHLIST.csv", s.IMDB_LIST, theirs, of_ten, "1 game"),
        pack("trakt", s.TRAKT_NEWER, "history from Trakt", "1 episode", fate="seen"),
        pack("trakt-older", s.TRAKT_OLDER, "history from Trakt", "1 episode", fate="seen"),
        file("movielens", "movielens-ratings.csv", s.MOVIELENS_RATINGS, "history from MovieLens"),
        file("movielens-wishlist", "movielens-wishlist.csv", wishlist, "history from MovieLens",
             fate="wanted"),
        file("tmdb", "ratings.csv", s.TMDB_RATINGS, "history from TMDB", of_ten, "1 series"),
        file("tmdb-watchlist", "watchlist.csv", tmdb_wishes, "history from TMDB", "1 series",
             fate="wanted"),
        file("simkl", "SimklBackup.csv", s.SIMKL, "history from Simkl", of_ten, "1 series"),
        file("criticker", "ratings.csv", s.CRITICKER_CSV, "history from Criticker",
             "8 out of 10 becomes ★ 4"),
        file("criticker-xml", "ratings.xml", s.CRITICKER_XML, "history from Criticker", of_hundred),
        file("netflix", "NetflixViewingHistory.csv", s.NETFLIX_SHORT, "history from Netflix",
             "5 episodes", "not sure about 2 films in this file", fate="seen"),
        file("netflix-full", "ViewingActivity.csv", netflix_full, "history from Netflix",
             "1 trailer", "1 film you only watched for minutes", "1 of those", fate="seen"),
        file("movary", "history.csv", movary, "history from Movary", fate="seen"),
        file("plain", "mine.csv", s.PLAIN, "Your film history", "1 film that isn't marked"),
    )  # fmt: skip
