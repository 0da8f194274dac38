"""Ratings, years, days and ids without a meaning are left out and counted; their films stay."""

import json
from datetime import date

import pytest

from storage.imports.history import HistoryRow
from tests.storage.imports import samples
from tests.storage.imports.hostile.checks import read, remarks
from tests.storage.imports.hostile.trees import entry

DAY = date(2024, 3, 1)


@pytest.mark.parametrize(
    ("rating", "stars", "unread"),
    [
        ("11", None, 1),
        ("10.5", None, 1),
        ("-1", None, 1),
        ("+8", 4.0, 0),
        ("five", None, 1),
        ("NaN", None, 1),
        ("inf", None, 1),
        ("-inf", None, 1),
        ("1e309", None, 1),
        ("1e1", None, 1),
        ("9" * 400, None, 1),
        ("0x8", None, 1),
        ("8 8", None, 1),
        ("٨", None, 1),
        ("²", None, 1),
        ("=8", None, 1),
        ("8,5", 4.5, 0),
        ("8.5", 4.5, 0),
        ("0", None, 0),
        ("0.0", None, 0),
        ("", None, 0),
        (" ", None, 0),
        ("0.1", 0.5, 0),
        ("10", 5.0, 0),
        ("10.0", 5.0, 0),
    ],
)
def test_ratings_out_of_ten(rating: str, stars: float | None, unread: int) -> None:
    text = samples.IMDB_RATINGS.replace("tt9900001,9,", f'tt9900001,"{rating}",')
    row, other = read("ratings.csv", text).rows
    assert (row.title, row.stars, row.seen) == ("The Glass Orchard", stars, True)
    assert (row.given is None) == (row.stars is None)
    assert row.rated_on == (DAY if stars else None)
    assert other.stars == 1
    assert remarks(read("ratings.csv", text)).get("history-ratings-unread") == (
        {"n": 1} if unread else None
    )


@pytest.mark.parametrize(
    ("rating", "stars"), [("5.5", None), ("6", None), ("4,5", 4.5), ("0", None), ("-0", None)]
)
def test_ratings_out_of_five(rating: str, stars: float | None) -> None:
    text = samples.RATINGS.replace("zz1a,4.5", f'zz1a,"{rating}"')
    row, _ = read("ratings.csv", text).rows
    assert (row.stars, row.seen) == (stars, True)


@pytest.mark.parametrize("rating", ["11", -1, True, None, [8], {"8": 8}, 1e309, 10**30, "NaN", ""])
def test_ratings_of_json(rating: object) -> None:
    entries = [entry(rating=rating), entry(movie={"title": "Salt", "year": 2010, "ids": {}})]
    history = read("ratings-movies.json", json.dumps(entries))
    assert [(row.title, row.stars) for row in history.rows][-1] == ("Salt", 4)
    assert all(row.stars is None for row in history.rows[:-1])


@pytest.mark.parametrize(
    ("year", "meant"),
    [
        *(("0", None), ("99999", None), ("19980", None), ("text", None), ("-1998", None)),
        *(("1998.0", 1998), ("1998–2004", 1998), ("(1998)", 1998), ("1869", None), ("2151", None)),
        *(("١٩٩٨", 1998), ("1e3", None), ("2²11", None), ("", None), ("98", None)),
    ],
)
def test_years(year: str, meant: int | None) -> None:
    history = read("a.csv", f'title,year,rating\nRain,"{year}",4\n')
    assert history.rows == (
        HistoryRow("a.csv", 2, "Rain", meant, stars=4, given=history.rows[0].given, seen=True),
    )


@pytest.mark.parametrize(
    "value",
    [1e309, -1, 0, 10**30, "x" * 5_000, [1998], {"a": 1}, True, None, "\ud800", "tt", 2**31, 0.5],
)
def test_values_of_other_kinds_in_json(value: object) -> None:
    changed = [
        entry(movie={"title": "Rain", "year": value, "ids": {"imdb": value, "tmdb": value}}),
        entry(movie={"title": "Salt", "ids": value}),
        entry(movie={"title": value, "ids": {"tmdb": 7}}),
        entry(movie=value),
        entry(rated_at=value, movie={"title": "Tin", "ids": {}}),
        value,
    ]
    history = read("ratings-movies.json", json.dumps(changed))
    assert history.read_rows == 6
    by_title = {row.title: row for row in history.rows}
    assert by_title["Rain"].year is None
    assert by_title["Rain"].imdb is None
    assert by_title["Salt"].stars == 4
    assert by_title["Tin"].rated_on is None
    assert len(history.rows) + sum(history.skipped.values()) == 6
    for row in history.rows:
        row.title.encode()
        assert len(row.title) <= 1_000


@pytest.mark.parametrize(
    "day",
    [
        *("2024-02-30", "2024-13-01", "0000-00-00", "9999-12-31", "10000-01-01", "31/02/2024"),
        *("yesterday", "45352", "1709251200", "2024-W09", "2024-03", "24:00", "Foo 1 2024", "-"),
        *("2024", "1899-12-31", "2151-01-01", "=TODAY()"),
    ],
)
def test_impossible_days_are_left_out_and_counted(day: str) -> None:
    text = samples.RATINGS.replace("2024-03-01", day)
    row, other = read("ratings.csv", text).rows
    assert (row.title, row.stars, row.rated_on) == ("The Glass Orchard", 4.5, None)
    assert other.rated_on == date(2024, 3, 2)
    assert remarks(read("ratings.csv", text)) == {"history-dates-unclear": {"n": 1}}


@pytest.mark.parametrize(
    "moment",
    ["2024-03-01T25:61:00Z", "2024-03-01T08:00:00+99:00", "2024-03-01T99:99", "2024-03-01 T"],
)
def test_impossible_times_leave_their_day(moment: str) -> None:
    (row,) = read("ratings-movies.json", json.dumps([entry(rated_at=moment)])).rows
    assert (row.rated_on, row.rated_at) == (DAY, None)


@pytest.mark.parametrize(
    "moment",
    ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "1900-01-01T00:00:00+10:00"],
)
def test_times_at_the_ends_of_the_calendar(moment: str) -> None:
    (row,) = read("ratings-movies.json", json.dumps([entry(rated_at=moment)])).rows
    assert row.rated_at is None
    assert row.rated_on in (None, date(1900, 1, 1))


def test_dates_of_three_kinds_in_one_file() -> None:
    lines = (
        *(
            "A,4,2024-03-01",
            "B,4,1/3/24",
            "C,4,13/2/24",
            "D,4,01.03.2024",
            "E,4,Mar 01 2024, 08:00",
        ),
        *("F,4,5-6-2024", "G,4,5-5-2024"),
    )
    text = "title,rating,date\n" + "\n".join(
        ",".join((line[:1], "4", f'"{line[4:]}"')) for line in lines
    )
    history = read("a.csv", text + "\n")
    assert [row.seen_on for row in history.rows] == [DAY] * 2 + [
        *(date(2024, 2, 13), DAY, DAY, None, date(2024, 5, 5))
    ]
    assert remarks(history) == {"history-dates-unclear": {"n": 1}}


def test_dates_that_contradict_each_other_are_all_left_out() -> None:
    text = "title,rating,date\nA,4,13/2/24\nB,4,2/13/24\nC,4,2024-03-01\nD,4,2/2/24\n"
    history = read("a.csv", text)
    assert [row.seen_on for row in history.rows] == [None, None, DAY, None]
    assert remarks(history) == {"history-dates-unclear": {"n": 3}}


@pytest.mark.parametrize(
    ("imdb", "meant"),
    [
        *(("tt0000000", None), ("tt", None), ("nm0000001", None), ("tt12345678901", None)),
        *(
            ("xtt1234567", None),
            ("tt1234567x", None),
            ("-1", None),
            ("0", None),
            ("tt٣٣٣٣٣٣٣", None),
        ),
        *(("TT1234567", "tt1234567"), ("1234567", "tt1234567"), ("tt7", "tt0000007")),
        ("https://www.imdb.com/title/tt1234567/?ref_=x", "tt1234567"),
    ],
)
def test_ids(imdb: str, meant: str | None) -> None:
    (row,) = read("a.csv", f'title,imdb id,rating\nRain,"{imdb}",4\n').rows
    assert row.imdb == meant


@pytest.mark.parametrize("tmdb", ["0", "-5", "1e5", "9" * 30, str(2**31), "603.5", "six", "０"])
def test_impossible_ids_of_tmdb_are_none(tmdb: str) -> None:
    (row,) = read("a.csv", f"title,tmdb id,rating\nRain,{tmdb},4\n").rows
    assert row.tmdb is None
