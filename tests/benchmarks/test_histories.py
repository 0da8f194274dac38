"""The speed of reading film histories: 50,000 rows of each format.

The figures are processor time of one thread. `make benchmark` prints them.
"""

import json
import time
from collections.abc import Callable

import pytest

from storage.imports.reader import read_history
from tests.storage.imports.samples import zipped

pytestmark = pytest.mark.benchmark_run
ROWS = 50_000


def letterboxd() -> bytes:
    """Returns an export whose diary, ratings and watched films are 50,000 rows together."""
    films = [
        f'2024-01-01,"Film, {n}",{1950 + n % 70},https://boxd.it/{n}' for n in range(ROWS // 3)
    ]
    diary = [f"{film},{n % 10 / 2 + 0.5},,,2023-01-02" for n, film in enumerate(films)]
    heading = "Date,Name,Year,Letterboxd URI"
    return zipped(
        {
            "watched.csv": "\n".join([heading, *films, ""]),
            "ratings.csv": "\n".join([f"{heading},Rating", *(f"{film},4" for film in films), ""]),
            "diary.csv": "\n".join([f"{heading},Rating,Rewatch,Tags,Watched Date", *diary, ""]),
        }
    )


def imdb() -> bytes:
    """Returns ratings of IMDb."""
    heading = (
        "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,"
        "Runtime (mins),Year,Genres,Num Votes,Release Date,Directors"
    )
    rows = (
        f'tt{n + 1:07},{n % 10 + 1},2024-03-01,"Film, {n}","Film, {n}",https://www.imdb.com/title/'
        f'tt{n + 1:07}/,Movie,7.1,104,{1950 + n % 70},"Drama, Mystery",1200,1998-09-04,Ana Example'
        for n in range(ROWS)
    )
    return "\n".join([heading, *rows, ""]).encode()


def trakt() -> bytes:
    """Returns a history of Trakt."""
    rows = [
        {
            "id": n,
            "watched_at": "2024-02-28T20:15:00.000Z",
            "action": "watch",
            "type": "movie",
            "movie": {"title": f"Film {n}", "year": 1998, "ids": {"trakt": n, "tmdb": n + 1}},
        }
        for n in range(ROWS)
    ]
    return json.dumps(rows).encode()


def criticker() -> bytes:
    """Returns the XML of Criticker."""
    films = (
        f"<film><filmid>{n}</filmid><filmname>Film {n} (1998)</filmname>"
        f"<imdbid>tt{n + 1:07}</imdbid><rating>{n % 101}</rating><quote/>"
        "<reviewdate>Mar 01 2024, 08:00</reviewdate></film>"
        for n in range(ROWS)
    )
    return f"<recentratings>{''.join(films)}</recentratings>".encode()


def netflix() -> bytes:
    """Returns the short list of Netflix; two of three rows are episodes."""
    rows = (
        f'"Show {n % 500}: Season {n % 9}: Part {n}","{n % 12 + 1}/{n % 28 + 1}/23"'
        if n % 3
        else f'"Film {n}","{n % 12 + 1}/{n % 28 + 1}/23"'
        for n in range(ROWS)
    )
    return "\n".join(["Title,Date", *rows, ""]).encode()


def plain() -> bytes:
    """Returns a plain file."""
    rows = (f"Film {n},1998,{n % 10 + 1},yes,2024-01-02" for n in range(ROWS))
    return "\n".join(["title,year,rating,watched,date", *rows, ""]).encode()


@pytest.mark.parametrize("made", [letterboxd, imdb, trakt, criticker, netflix, plain])
def test_reading_fifty_thousand_rows(made: Callable[[], bytes]) -> None:
    data = made()
    start = time.process_time()
    history = read_history("watched.csv", data)
    seconds = time.process_time() - start
    assert history.read_rows >= ROWS - 2
    print(f"\n{made.__name__}: {history.read_rows:,} rows in {seconds:.2f} s")
