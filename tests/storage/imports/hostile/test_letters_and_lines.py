"""Files in odd encodings, with odd lines and quotation marks, give the films that they list."""

import pytest

from tests.storage.imports import samples
from tests.storage.imports.hostile.checks import read, remarks

TITLES = ("Été perdu", "Amélie", "Noël à Zürich", "Señor “Ñ” – 8½")
HEADING = "title,year,rating\n"


def table(*titles: str, separator: str = ",") -> str:
    """Returns a table with a film for each title, rated 4."""
    lines = (
        separator.join(("title", "year", "rating")),
        *(f"{x}{separator}2001{separator}4" for x in titles),
    )
    return "\n".join(lines) + "\n"


def titles(name: str, data: str | bytes) -> list[str]:
    """Returns the titles of a file."""
    return [row.title for row in read(name, data).rows]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp1252", "utf-8-sig", "utf-32-be"])
def test_titles_survive_their_encoding(encoding: str) -> None:
    data = table(*TITLES).encode(encoding)
    if encoding == "utf-32-be":
        data = b"\0\0\xfe\xff" + data
    history = read("a.csv", data)
    assert tuple(row.title for row in history.rows) == TITLES
    assert not history.remarks


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_an_odd_byte_at_the_end_of_wide_letters_is_said(encoding: str) -> None:
    history = read("a.csv", table(*TITLES).encode(encoding) + b"\n")
    assert tuple(row.title for row in history.rows)[:3] == TITLES[:3]


def test_utf_8_that_breaks_in_the_middle_loses_one_letter_and_says_so() -> None:
    whole = table(*(f"Été {n}" for n in range(50))).encode()
    place = whole.index("Été 25".encode())
    history = read("a.csv", whole[: place + 1] + whole[place + 2 :])
    assert len(history.rows) == 50
    assert [row.title for row in history.rows if "\ufffd" in row.title] == ["\ufffdté 25"]
    assert remarks(history) == {"history-letters-lost": {"files": ["a.csv"]}}


def test_two_encodings_in_one_file_keep_most_letters() -> None:
    data = table(*(f"Été {n}" for n in range(20))).encode() + "Noël,2001,4\n".encode("cp1252")
    history = read("a.csv", data)
    assert [row.title for row in history.rows][-2:] == ["Été 19", "No\ufffdl"]
    assert list(remarks(history)) == ["history-letters-lost"]


def test_a_file_cut_off_inside_a_letter_is_read_without_its_last_line() -> None:
    data = (table("Rain", "Salt") + "Amé").encode()[:-1]
    history = read("a.csv", data)
    assert [row.title for row in history.rows] == ["Rain", "Salt"]
    assert history.skipped == {"torn": 1}
    assert history.read_rows == 3


@pytest.mark.parametrize(
    "title",
    [
        "🎬🍿 The Popcorn",
        "\u202eniaR",
        "\u200bRa\u200din\u200b",
        "Ra\u0301in",
        "אבג והגשם",
        "مطر",
        "𝕽𝖆𝖎𝖓",
        "@everyone",
        "<@&123456789012345678>",
        "`**_~~||Rain||~~_**`",
        "[Rain](https://example.org)",
        "'; drop table films; --",
        "../../etc/passwd",
        "{file} %s {0} {title}",
        "$(reboot) `id`",
        "<script>alert(1)</script>",
        "C:\\films\\new",
        "NULL",
        "NaN",
        "None",
        "1984",
        "-",
    ],
)
def test_titles_are_kept_as_they_are(title: str) -> None:
    assert titles("a.csv", table(f'"{title}"')) == [title]


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        (
            '=HYPERLINK(""https://example.org"",""Rain"")',
            '=HYPERLINK("https://example.org","Rain")',
        ),
        ("'=1+1", "=1+1"),
        ("'@SUM(A1)", "@SUM(A1)"),
        ("@SUM(A1)", "@SUM(A1)"),
        ("+1 Rain", "+1 Rain"),
        ("-Rain-", "-Rain-"),
        ("\tRain\t", "Rain"),
        ("\t=1+1", "=1+1"),
        ("Ra\x07in\x1b[2J", "Ra in [2J"),
        ("Two\r\nlines", "Two lines"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    ],
)
def test_formulas_and_control_characters_are_text(cell: str, title: str) -> None:
    padding = "Salt,2010,3\n" * 40  # else the control characters would be many
    (row, _) = read("a.csv", f'{HEADING}"{cell}",2011,4\n{padding}').rows
    assert (row.title, row.year, row.stars) == (title, 2011, 4)


def test_formulas_in_every_other_field_are_no_values() -> None:
    heading = "title,year,imdb id,tmdb id,stars,watched,date,directors,original title\n"
    formulas = "=1998+1,=tt1,+603,=4+1,@x,=TODAY(),=A1,+B2\n"
    history = read(
        "a.csv", f"{heading}Rain,{formulas}Salt,2011,tt0000002,604,4,yes,2024-03-01,Ana,Sal\n"
    )
    rain, salt = history.rows if len(history.rows) == 2 else (None, history.rows[0])
    assert (salt.title, salt.year, salt.imdb, salt.tmdb, salt.stars) == (
        *("Salt", 2011, "tt0000002", 604, 4),
    )
    assert rain is None
    assert history.skipped == {"listed": 1}
    assert remarks(history)["history-ratings-unread"] == {"n": 1}


def test_halves_of_characters_in_json_become_spaces() -> None:
    text = samples.TRAKT_RATINGS.replace("Rain, Then", "Rain\\ud83d\\u0000\\udfff Then")
    (row,) = read("ratings-movies.json", text).rows
    assert row.title == "Rain  Then Salt" or row.title == "Rain Then Salt"
    row.title.encode()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\r", "\r\r\n", "\u2028\n", "\x0b\n"])
def test_line_ends_of_any_kind(end: str) -> None:
    assert titles("a.csv", table(*"ABC").replace("\n", end)) == ["A", "B", "C"]


def test_lines_of_different_length_are_counted() -> None:
    lines = ("A,2001,4,,,", "B", "C,2001,4,5", "D,2001,4", ",,,,", "E,2001", "F,2001,4", "G,2001,4")
    history = read("a.csv", HEADING + "\n".join(lines) + "\n")
    assert [row.title for row in history.rows] == ["A", "D", "F", "G"]
    assert (history.skipped, history.read_rows) == ({"torn": 3}, 7)


def test_a_few_lines_with_other_separators_are_torn() -> None:
    history = read("a.csv", table(*"ABCDE") + "F;2001;4\nG\t2001\t4\n")
    assert [row.title for row in history.rows] == [*"ABCDE"]
    assert history.skipped == {"torn": 2}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_first_line_that_names_the_separator(separator: str) -> None:
    text = f"sep={separator}\n" + table("A", "B", separator=separator)
    assert titles("a.csv", text) == ["A", "B"]


def test_quotation_marks_that_stand_alone_are_text() -> None:
    lines = ('5" of Rain,2001,4', 'The "Orchard",2001,4', '"Salt" Road,2001,4', "'Tin',2001,4")
    assert titles("a.csv", HEADING + "\n".join(lines) + "\n") == [
        '5" of Rain',
        'The "Orchard"',
        "Salt Road",
        "'Tin'",
    ]


def test_columns_in_any_order_and_dress() -> None:
    assert titles("a.csv", " YOUR_RATING , -Title- ,\ufeffRelease Year\n4,Rain,2011\n") == ["Rain"]


def test_a_long_title_is_cut() -> None:
    (row,) = read("a.csv", table("x" * 90_000)).rows
    assert row.title == "x" * 1_000


def test_columns_in_brackets() -> None:
    assert titles("a.csv", "[title],[year],[rating]\nRain,2011,4\n") == ["Rain"]
