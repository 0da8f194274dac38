"""Exports with strange names, folders and neighbours are read by the rules of docs/imports.md."""

import functools
from datetime import date

import pytest

from storage.imports.history import HistoryRow
from tests.storage.imports import samples
from tests.storage.imports.hostile import zips
from tests.storage.imports.hostile.checks import HostileFile, read, refused, remarks
from tests.storage.imports.hostile.texts import LOGIN_PAGE, PNG
from tests.storage.imports.samples import zipped

SERIES = "Const,Your Rating,Date Rated,Title,URL,Title Type,Year\n" + "".join(
    f"tt00000{n},8,2024-01-01,Show {n},https://x,{kind},2020\n"
    for n, kind in enumerate(("TV Series", "TV Mini Series", "TV Episode", "Podcast Series"), 10)
)


def states(row: HistoryRow) -> tuple[bool, bool, bool]:
    """Returns (seen, wanted, liked)."""
    return row.seen, row.wanted, row.liked


def test_a_list_of_series_has_no_films_and_says_why() -> None:
    history = read("ratings.csv", SERIES)
    assert (history.rows, history.read_rows) == ((), 4)
    assert history.skipped == {"series": 2, "episode": 1, "other": 1}


def test_a_film_list_from_a_spreadsheet() -> None:
    lines = ("sep=;", "No;Film;Year;Rating;;;", "1;Rain;2011;4,5;;;", "2;Salt;2010;3;;;", ";;;;;;")
    text = "\ufeff" + "\r\n".join(lines) + "\r\n"
    assert [(row.title, row.stars) for row in read("films-2024.csv", text).rows] == [
        ("Rain", 4.5),
        ("Salt", 3),
    ]


def test_a_list_of_imdb_whose_first_film_is_rated_is_still_a_list() -> None:
    history = read("noir.csv", samples.IMDB_LIST)
    assert [(row.title, *states(row)) for row in history.rows] == [
        ("The Glass Orchard", True, False, False)
    ]
    assert history.skipped == {"listed": 1, "game": 1}
    watchlist = read("WATCHLIST.csv", samples.IMDB_LIST)
    assert [(row.title, *states(row)) for row in watchlist.rows] == [
        ("The Glass Orchard", True, True, False),
        ("Rain, Then Salt", False, True, False),
    ]


@pytest.mark.parametrize("version", ["v7", "v8", "", "v7\r"])
def test_heads_of_lists(version: str) -> None:
    text = samples.LIST.replace("v7", version)
    history = read("watchlist.csv", text)
    assert [states(row) for row in history.rows] == [(False, True, False)] * 2


def test_a_list_without_its_first_line() -> None:
    history = read("to-watch.csv", samples.LIST.partition("\n")[2])
    assert [row.title for row in history.rows] == ["The Glass Orchard", "Rain, Then Salt"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *(("watchlist.csv", (False, True, False)), ("My Watch List (2).csv", (False, True, False))),
        *(("watched.csv", (True, False, False)), ("LIKES.CSV", (False, False, True))),
        *(
            ("likes/films.csv", (False, False, True)),
            ("watched/watchlist.csv", (False, True, False)),
        ),
        ("watchlist/watched.csv", (True, False, False)),
    ],
)
def test_one_heading_under_many_names(name: str, said: tuple[bool, bool, bool]) -> None:
    assert {states(row) for row in read(name, samples.WATCHED).rows} == {said}


@pytest.mark.parametrize(
    "name",
    [
        "unwatched.csv",
        "not-watched.csv",
        "never seen.csv",
        "no likes.csv",
        "1.csv",
        "\u202e",
        "a/b/",
    ],
)
def test_names_that_say_nothing_are_refused(name: str) -> None:
    file = HostileFile("", name, samples.WATCHED.encode, "history-which-list")
    refused(file)


def test_a_plain_file_called_films_is_not_a_list_of_liked_films() -> None:
    (row,) = read("films.csv", "title,rating\nRain,4\n").rows
    assert states(row) == (True, False, False)
    refused(HostileFile("", "films.csv", lambda: b"title,year\nRain,2011\n", "history-which-list"))
    refused(
        HostileFile(
            "",
            "films.csv",
            samples.IMDB_LIST.replace(",9,2024-03-01", ",,").encode,
            "history-which-list",
        )
    )


def test_deleted_and_orphaned_films_are_not_opened_even_if_they_are_rubbish() -> None:
    files = dict(samples.LETTERBOXD)
    files |= {"deleted/x.csv": zips.xlsx(), "orphaned/y.csv": PNG, "profile.csv": b"\0\1\2" * 99}
    history = read("letterboxd.zip", zipped(files, "me/"))
    assert {row.title for row in history.rows}.isdisjoint({"Deleted Film", "Orphaned Film"})
    assert len(history.rows) == 5
    assert list(remarks(history)) == ["history-lists-left-out"]


@pytest.mark.parametrize("folder", ["a/", "a/b c/d/", "экспорт/", "./"])
def test_a_folder_that_was_zipped_again(folder: str) -> None:
    history = read("x.zip", zipped(samples.LETTERBOXD, folder))
    assert (history.source, len(history.rows)) == ("letterboxd", 5)
    assert history.rows[0].file.startswith(folder)


def test_rubbish_beside_a_history_is_passed_over_and_named() -> None:
    files: dict[str, str | bytes] = {
        "ratings.csv": samples.IMDB_RATINGS,
        "readme.txt": "Thank you",
        "page.csv": LOGIN_PAGE,
        "empty.csv": "",
        "other.json": '{"a": 1}',
        "feed.xml": "<rss/>",
        "poster.png": PNG,
    }
    history = read("x.zip", zipped(files))
    assert (history.source, len(history.rows)) == ("imdb", 2)
    assert remarks(history)["history-files-left-out"] == {
        "files": ["readme.txt", "page.csv", "other.json", "feed.xml"]
    }


def test_empty_files_of_trakt_are_passed_over_without_a_word() -> None:
    files = samples.TRAKT_NEWER | {"ratings-shows.json": "[]", "lists-favorites.json": " [ ]\n"}
    history = read("trakt.zip", zipped(files))
    assert (len(history.rows), history.remarks) == (3, ())


def test_names_of_a_zip_are_shortened_when_they_are_said() -> None:
    long = "x" * 3_000
    files = {f"{n}{long}.txt": "Thank you" for n in range(12)} | {
        "ratings.csv": samples.IMDB_RATINGS
    }
    read("a.zip", zipped(files))
    damaged = functools.partial(zipped, {f"{long}/{long}.csv": 'title,rating\n"Rain,4\n'})
    refused(HostileFile("", "a.zip", damaged, "history-quote-open", {"line": 2}))


@pytest.mark.parametrize(
    "name",
    ["x" * 5_000 + ".csv", "{n}.csv", "\u202evsc.csv", "a\n\0\x1b[31m.csv", "%s %(file)s.csv"],
)
def test_odd_names_of_files_are_said_whole_and_short(name: str) -> None:
    refused(HostileFile("", name, lambda: b"\x89PNG", "history-is-picture"))


def test_headings_are_shortened_when_they_are_said() -> None:
    heading = ",".join(f"{'y' * 500}{n}\x07" for n in range(50))
    refused(HostileFile("", "a.csv", (heading + "\n1\n").encode, "history-format-unknown"))
    profiles = "".join(
        f"{'z' * 900}{n},2024-03-01 20:00:00,01:00:00,,Rain,,TV,,,FR\n" for n in range(9)
    )
    netflix = (samples.NETFLIX_FULL + profiles).encode
    refused(HostileFile("", "a.csv", netflix, "history-several-people"))
    twice = ("title,rating,Title" + "-" * 5_000 + "\nRain,4,1\n").encode
    refused(HostileFile("", "a.csv", twice, "history-column-twice"))


def test_two_files_of_one_name_in_a_zip() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zips.duplicated()
    history = read("a.zip", data)
    assert [row.title for row in history.rows] == ["Salt"]


def test_a_stored_archive_beside_a_history_is_not_counted_as_its_files() -> None:
    assert len(read("a.zip", zips.stored_inside()).rows) == 2


def test_a_row_that_shares_ids_with_two_films_makes_them_one() -> None:
    text = (
        "title,imdb id,tmdb id,movielens id,rating,date,watchlist\n"
        "Rain,tt0000001,,,3,2024-01-01,\nSalt,,2,,,,yes\nTin,tt0000003,,4,2,,\n"
        "Rain,tt0000001,2,,4,2024-02-01,\nRain,,2,,,2024-03-01,\nHail,,,5,1,,\nTin,tt0000003,,5,,,\n"
    )
    history = read("a.csv", text)
    assert [(row.title, row.imdb, row.tmdb, row.stars) for row in history.rows] == [
        ("Rain", "tt0000001", 2, 4.0),
        ("Tin", "tt0000003", None, 1.0),
    ]
    assert states(history.rows[0]) == (True, True, False)
    assert history.rows[0].seen_on == date(2024, 3, 1)
