"""Each service's files become the films, stars and days that docs/imports.md promises."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from storage.imports.history import History, HistoryRow, OnScale, Source
from storage.imports.reader import read_history
from tests.storage.imports import samples as files


def read(name: str, data: str | bytes) -> History:
    """Returns the history in a file."""
    return read_history(name, data.encode() if isinstance(data, str) else data)


def said_of(row: HistoryRow) -> dict[str, object]:
    """Returns what a row says, without where it is, its kind and the rating as given."""
    blank = HistoryRow("", 0, "")
    return {
        each.name: getattr(row, each.name)
        for each in fields(row)
        if each.name not in ("file", "line", "title", "kind", "given")
        and getattr(row, each.name) != getattr(blank, each.name)
    }


def told(history: History) -> dict[str, dict[str, object]]:
    """Returns what a history says about each film, by title."""
    assert len({row.title for row in history.rows}) == len(history.rows)
    return {row.title: said_of(row) for row in history.rows}


@pytest.mark.parametrize("folder", ["", "letterboxd-ana-2026-02-01-10-00-utc/"])
def test_letterboxd_export(folder: str) -> None:
    history = read("letterboxd.zip", files.zipped(files.LETTERBOXD, folder))
    assert history.source == "letterboxd"
    assert told(history) == {
        "The Glass Orchard": {
            "year": 1998,
            "letterboxd": "https://boxd.it/zz1a",
            "stars": 4.5,
            "seen": True,
            "wanted": True,
            "liked": True,
            "seen_on": date(2024, 6, 10),
            "rated_on": date(2024, 3, 1),
            "added_on": date(2024, 4, 2),
        },
        "Rain, Then Salt": {
            "year": 2011,
            "letterboxd": "https://boxd.it/zz2b",
            "seen": True,
            "seen_on": date(2024, 6, 12),
        },
        "Été perdu": {
            "year": 1967,
            "letterboxd": "https://boxd.it/zz3c",
            "stars": 0.5,
            "seen": True,
            "rated_on": date(2024, 3, 2),
        },
        "Untitled Heist": {"letterboxd": "https://boxd.it/zz4d", "seen": True},
        "Harbour of Tin": {
            "year": 2019,
            "letterboxd": "https://boxd.it/zz5e",
            "wanted": True,
            "added_on": date(2024, 4, 1),
        },
    }
    assert [(remark.key, remark.data) for remark in history.remarks] == [
        ("history-lists-left-out", {"n": 1})
    ]
    assert not history.skipped


def test_a_diary_alone_keeps_its_ratings_and_its_links_are_no_films() -> None:
    history = read("diary.csv", files.DIARY)
    assert told(history)["The Glass Orchard"] == {
        "year": 1998,
        "stars": 3.0,
        "seen": True,
        "seen_on": date(2024, 6, 10),
        "rated_on": date(2024, 6, 11),
    }


def test_films_of_one_name_and_year_stay_two() -> None:
    watched = files.WATCHED + "2024-03-05,Été perdu,1967,https://boxd.it/zz9z\n"
    diary = files.DIARY + "2024-06-12,Été perdu,1967,https://boxd.it/zzzz4d,,,,2024-06-12\n"
    history = read("x.zip", files.zipped({"watched.csv": watched, "diary.csv": diary}))
    assert [row.seen_on for row in history.rows if row.title == "Été perdu"] == [None, None]
    assert [remark.key for remark in history.remarks] == ["history-diary-ambiguous"]


@pytest.mark.parametrize(
    ("name", "seen", "wanted", "liked"),
    [
        ("watched.csv", True, False, False),
        ("watchlist (2).csv", False, True, False),
        ("letterboxd_watch_list.csv", False, True, False),
        ("likes/films.csv", False, False, True),
        ("films.csv", False, False, True),
    ],
)
def test_names_tell_what_letterboxd_files_with_one_heading_are(
    name: str, seen: bool, wanted: bool, liked: bool
) -> None:
    row = read(name, files.WATCHED).rows[0]
    assert (row.seen, row.wanted, row.liked) == (seen, wanted, liked)
    assert read(name, files.LIST).rows[0].wanted == wanted


@pytest.mark.parametrize("name", ["ratings.csv", "1f0c.csv"])
def test_imdb_ratings(name: str) -> None:
    history = read(name, files.IMDB_RATINGS)
    assert told(history) == {
        "The Glass Orchard": {
            "year": 1998,
            "original_title": "The Glass Orchard",
            "directors": ("Ana Example",),
            "imdb": "tt9900001",
            "stars": 4.5,
            "seen": True,
            "rated_on": date(2024, 3, 1),
        },
        "Lost Summer": {
            "year": 1967,
            "original_title": "Été perdu",
            "directors": ("Luc Exemple", "Mia Exemple"),
            "imdb": "tt99000031",
            "stars": 1.0,
            "seen": True,
            "rated_on": date(2024, 3, 2),
        },
    }
    assert {row.kind for row in history.rows} == {"film"}
    assert (history.skipped, history.read_rows) == ({"series": 1}, 3)
    assert history.scales == (OnScale(9, 10, 4.5),)


def test_an_imdb_list_is_a_watchlist_only_by_its_name() -> None:
    watchlist = told(read("WATCHLIST.csv", files.IMDB_LIST))
    assert watchlist["Rain, Then Salt"] == {
        "year": 2011,
        "directors": ("Bo Example",),
        "imdb": "tt9900002",
        "wanted": True,
        "added_on": date(2024, 1, 6),
    }
    assert watchlist["The Glass Orchard"]["stars"] == 4.5
    other = read("noir.csv", files.IMDB_LIST)
    assert list(told(other)) == ["The Glass Orchard"]
    assert other.skipped == {"listed": 1, "game": 1}
    checkins = told(read("checkins.csv", files.IMDB_LIST))
    assert checkins["Rain, Then Salt"]["seen_on"] == date(2024, 1, 6)


@pytest.mark.parametrize("name", ["unwatched.csv", "not-seen.csv", "films i never watched.csv"])
def test_names_with_not_say_nothing(name: str) -> None:
    assert read(name, files.IMDB_LIST).skipped == {"listed": 1, "game": 1}


def test_imdb_before_2017() -> None:
    history = read("ratings.csv", files.IMDB_2016)
    assert told(history) == {
        "The Glass Orchard": {
            "year": 1998,
            "directors": ("Ana Example",),
            "imdb": "tt9900001",
            "stars": 4.5,
            "seen": True,
            "rated_on": date(2012, 2, 22),
        }
    }
    assert history.skipped == {"episode": 1}


@pytest.mark.parametrize("layout", [files.TRAKT_OLDER, files.TRAKT_NEWER])
def test_trakt(layout: Mapping[str, str]) -> None:
    history = read("trakt.zip", files.zipped(layout))
    assert history.source == "trakt"
    assert told(history) == {
        "The Glass Orchard": {
            "year": 1998,
            "imdb": "tt9900001",
            "tmdb": 9900001,
            "seen": True,
            "seen_on": date(2024, 5, 1),
        },
        "Rain, Then Salt": {
            "year": 2011,
            "tmdb": 9900002,
            "stars": 4.5,
            "seen": True,
            "rated_on": date(2024, 3, 1),
            "rated_at": datetime(2024, 3, 1, 8, tzinfo=UTC),
        },
        "Été perdu": {
            "year": 1967,
            "imdb": "tt9900003",
            "wanted": True,
            "added_on": date(2024, 3, 4),
        },
    }
    assert history.skipped == {"episode": 1}


def test_trakt_csv() -> None:
    history = read(
        "x.csv",
        "type,action,title,year,imdb_id,watched_at,rating,season,episode\n"
        "movie,watch,The Glass Orchard,1998,tt9900001,unknown,9,,\n"
        "episode,watch,Pilot,2020,,2024-01-01T10:00:00Z,,1,1\n",
    )
    assert history.source == "trakt"
    assert told(history) == {
        "The Glass Orchard": {"year": 1998, "imdb": "tt9900001", "stars": 4.5, "seen": True}
    }
    assert history.skipped == {"episode": 1}
    assert not history.remarks


def test_movielens() -> None:
    assert told(read("movielens-ratings.csv", files.MOVIELENS_RATINGS)) == {
        "The Glass Orchard": {
            "year": 1998,
            "imdb": "tt9900001",
            "tmdb": 9900001,
            "movielens": 990001,
            "stars": 4.5,
            "seen": True,
        },
        "Rain, Then Salt": {
            "year": 2011,
            "imdb": "tt0900002",
            "movielens": 990002,
            "stars": 3.0,
            "seen": True,
        },
    }
    (wish,) = read("movielens-wishlist.csv", files.MOVIELENS_WISHLIST).rows
    assert (wish.wanted, wish.seen, wish.stars) == (True, False, None)


def test_tmdb_takes_the_own_rating_and_rounds_it() -> None:
    history = read("ratings.csv", files.TMDB_RATINGS)
    stars = {title: said["stars"] for title, said in told(history).items()}
    assert stars == {"The Glass Orchard": 4.5, "Rain, Then Salt": 3.5}
    assert history.rows[0].rated_at == datetime(2024, 3, 1, 8, tzinfo=UTC)
    assert history.skipped == {"series": 1}
    assert [(each.key, each.data) for each in history.remarks] == [
        ("history-stars-rounded", {"n": 1})
    ]


def test_simkl() -> None:
    history = read("simkl.csv", files.SIMKL)
    assert told(history) == {
        "The Glass Orchard": {
            "year": 1998,
            "imdb": "tt9900001",
            "tmdb": 9900001,
            "stars": 4.5,
            "seen": True,
            "seen_on": date(2023, 12, 18),
        },
        "Rain, Then Salt": {"year": 2011, "tmdb": 9900002, "wanted": True},
    }
    assert history.skipped == {"series": 1}


def test_criticker_xml_on_the_scale_to_100() -> None:
    history = read("ratings.xml", files.CRITICKER_XML)
    assert told(history) == {
        "The Glass Orchard": {
            "year": 1998,
            "imdb": "tt9900001",
            "stars": 4.5,
            "seen": True,
            "rated_on": date(2024, 3, 1),
        },
        "Rain & Salt": {"year": 2011, "stars": 0.5, "seen": True, "rated_on": date(2024, 3, 12)},
    }
    assert history.scales[0].best == 100


def test_criticker_csv_on_the_scale_to_10() -> None:
    history = read("ratings.csv", files.CRITICKER_CSV)
    assert [row.given for row in history.rows] == [OnScale(8, 10, 4.0), OnScale(3, 10, 1.5)]
    assert [(each.key, each.data) for each in history.remarks] == [
        ("history-scale-guessed", {"best": 10})
    ]


def test_netflix_counts_as_seen_without_series() -> None:
    history = read("NetflixViewingHistory.csv", files.NETFLIX_SHORT)
    assert told(history) == {
        "The Glass Orchard": {"seen": True, "seen_on": date(2024, 3, 1)},
        "Mission: Tin: Salt": {"seen": True, "seen_on": date(2023, 12, 31)},
    }
    assert history.skipped == {"episode": 5}


def test_netflix_in_full_counts_sittings_together() -> None:
    history = read("ViewingActivity.csv", files.NETFLIX_FULL)
    assert told(history) == {"The Glass Orchard": {"seen": True, "seen_on": date(2024, 3, 2)}}
    assert history.skipped == {"trailer": 1, "started": 1}


def test_movary() -> None:
    history = read("history.csv", files.MOVARY)
    assert (history.source, history.rows[0].seen_on) == ("movary", date(2024, 2, 28))


def test_the_plain_file() -> None:
    history = read("films.csv", files.PLAIN)
    assert history.source == "plain"
    assert told(history) == {
        "The Glass Orchard": {
            "year": 1998,
            "stars": 4.5,
            "seen": True,
            "seen_on": date(2024, 2, 28),
            "rated_on": date(2024, 2, 28),
        },
        "Rain; Then Salt": {"year": 2011, "wanted": True, "added_on": date(2024, 3, 1)},
        "Été perdu": {"year": 1967, "seen": True},
    }
    assert history.skipped == {"listed": 1}


@pytest.mark.parametrize(
    ("heading", "cell", "given"),
    [
        ("stars", "4", OnScale(4, 5, 4.0)),
        ("rating", "4", OnScale(4, 5, 4.0)),
        ("rating", "8", OnScale(8, 10, 4.0)),
        ("rating", "80", OnScale(80, 100, 4.0)),
        ("rating", "3/4", OnScale(3, 4, 4.0)),
        ("rating", "8 of 10", OnScale(8, 10, 4.0)),
        ("rating", "80%", OnScale(80, 100, 4.0)),
        ("rating", "★★★½", OnScale(3.5, 5, 3.5)),
        ("rating10", "4", OnScale(4, 10, 2.0)),
        ("rating100", "4", OnScale(4, 100, 0.5)),
        ("rating", "0", None),
        ("stars", "6", None),
        ("stars", "five", None),
    ],
)
def test_ratings_of_the_plain_file(heading: str, cell: str, given: OnScale | None) -> None:
    (row,) = read("x.csv", f"title,{heading}\nThe Glass Orchard,{cell}\n").rows
    assert row.given == given


def test_the_column_scale_counts() -> None:
    history = read("x.csv", "title,rating,scale\nThe Glass Orchard,4,10\nRain,4,5\n")
    assert [row.stars for row in history.rows] == [2.0, 4.0]


@pytest.mark.parametrize(
    ("cell", "seen", "day"),
    [
        ("yes", True, None),
        ("TRUE", True, None),
        ("2", True, None),
        ("2024-02-28", True, date(2024, 2, 28)),
        ("3/4/24", True, None),
        ("no", False, None),
        ("0", False, None),
        ("planned", False, None),
    ],
)
def test_the_column_watched(cell: str, seen: bool, day: date | None) -> None:
    history = read("x.csv", f"title,watched,watchlist\nRain,{cell},yes\n")
    (row,) = history.rows
    assert (row.seen, row.seen_on, row.wanted) == (seen, day, True)


@pytest.mark.parametrize("source", ["letterboxd", "plain"])
def test_own_and_letterboxd_import_files(source: Source) -> None:
    data = {
        "letterboxd": "imdbID,Title,Year,Rating10,WatchedDate,Rewatch\n"
        "tt9900001,The Glass Orchard,1998,9,2024-02-28,false\n",
        "plain": "title,year,stars,rated_at\n"
        "The Glass Orchard,1998,4.5,2024-02-28T23:30:00+00:00\n",
    }[source]
    history = read("x.csv", data)
    (row,) = history.rows
    assert history.source == source
    assert (row.stars, row.rated_on, row.seen) == (4.5, date(2024, 2, 28), True)
