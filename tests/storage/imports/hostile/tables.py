"""Tables that are too large, torn, or about something else."""

from storage.imports.history import HistoryLimits
from tests.storage.imports import samples
from tests.storage.imports.hostile.checks import HostileFile

HEADING = "title,year,rating\n"
DAMAGED_LIST = samples.LIST.replace('second line"', "second line")


def row_of_many() -> bytes:
    """Returns a table whose third line has a million cells."""
    return (HEADING + "Rain,2011,3\n" + "x," * 1_000_000 + "\n").encode()


def long_cell(size: int) -> bytes:
    """Returns a table with one cell of many letters."""
    return (HEADING + '"' + "x" * size + '",2011,3\n').encode()


def mixed_separators() -> bytes:
    """Returns a table whose heading has commas and whose rows have semicolons."""
    return (HEADING + "Rain;2011;3\n" * 20).encode()


def one_quote(rows: int = 5_000) -> bytes:
    """Returns a table with a quotation mark that opens in its third line and never closes."""
    return (HEADING + "Salt,2010,4\n" + '"Rain,2011,3\n' + "Tin,2019,2\n" * rows).encode()


def twice_a_column() -> bytes:
    """Returns a table with two columns for the rating."""
    return b"Title,Year,Rating,rating \nRain,2011,3,5\n"


def torn(rows: int = 9) -> bytes:
    """Returns a table most of whose lines have too many or too few cells."""
    lines = ["Rain,Then,Salt,2011,3" if n % 3 else "Tin" for n in range(rows)]
    return (HEADING + "\n".join(lines) + "\n").encode()


def netflix_of_two() -> bytes:
    """Returns what two people of one account watched."""
    other = "Bo,2024-03-01 20:00:00,01:00:00,,Rain,,TV,,,FR\n"
    return (samples.NETFLIX_FULL + other).encode()


TABLES = (
    HostileFile(
        "a heading of a million",
        "a.csv",
        lambda: HEADING.encode().strip() + b",x" * 1_000_000 + b"\n",
        "history-line-of-many",
        {"line": 1},
    ),
    HostileFile("a row of a million", "a.csv", row_of_many, "history-line-of-many", {"line": 3}),
    HostileFile(
        "101 columns",
        "a.csv",
        lambda: (HEADING.strip() + ",x" * 98 + "\nRain,2011,3" + ",1" * 98 + "\n").encode(),
        "history-many-columns",
        {"line": 1, "most": 100},
    ),
    HostileFile(
        "a cell of 30 MB",
        "a.csv",
        lambda: long_cell(30_000_000),
        "history-too-large",
        {"megabytes": 25},
    ),
    HostileFile(
        "a cell of 20 MB",
        "a.csv",
        lambda: long_cell(20_000_000),
        "history-cell-too-long",
        {"line": 2, "most": 100_000},
    ),
    HostileFile(
        "a cell of 101 KB",
        "a.csv",
        lambda: long_cell(100_001),
        "history-cell-too-long",
        {"line": 2, "most": 100_000},
    ),
    HostileFile(
        "a line without end",
        "a.csv",
        lambda: HEADING.encode() + b"x" * 20_000_000,
        "history-cell-too-long",
        {"line": 2},
    ),
    HostileFile(
        "200,001 rows",
        "a.csv",
        lambda: HEADING.encode() + b"Rain,2011,3\n" * 200_001,
        "history-too-many-rows",
        {"most": 200_000},
    ),
    HostileFile(
        "20 MB of blank lines",
        "a.csv",
        lambda: HEADING.encode() + b"\n" * 20_000_000,
        "history-too-many-rows",
    ),
    HostileFile("open quotation mark", "a.csv", one_quote, "history-quote-open", {"line": 3}),
    HostileFile(
        "open quotation mark above very many lines",
        "a.csv",
        lambda: one_quote(20_000),
        "history-cell-too-long",
        {"line": 3, "most": 100_000},
    ),
    HostileFile(
        "a cell of many lines that closes",
        "a.csv",
        lambda: (HEADING + '"' + "Rain\n" * 1_100 + '",2011,3\n').encode(),
        "history-row-of-many-lines",
        {"line": 2},
    ),
    HostileFile(
        "open quotation mark at the end",
        "a.csv",
        lambda: (HEADING + "Rain,2011,3\n" * 5 + '"Salt,2010,4').encode(),
        "history-quote-open",
        {"line": 7},
    ),
    HostileFile("separators mixed by line", "a.csv", mixed_separators, "history-torn", {"n": 20}),
    HostileFile(
        "one torn file of two",
        "a.zip",
        lambda: samples.zipped({"a.csv": HEADING + "Rain,2011,3\n" * 99, "b.csv": torn()}),
        "history-torn",
        {"file": "b.csv", "n": 9},
    ),
    HostileFile("text in brackets", "a.txt", lambda: b"[Intro]\nRain\n", "history-format-unknown"),
    HostileFile("torn lines", "a.csv", torn, "history-torn", {"n": 9}),
    HostileFile("a column twice", "a.csv", twice_a_column, "history-column-twice"),
    HostileFile("only a heading", "ratings.csv", HEADING.encode, "history-without-films"),
    HostileFile(
        "only a heading, without line end",
        "r.csv",
        lambda: b"title,rating",
        "history-without-films",
    ),
    HostileFile(
        "only a heading of IMDb's",
        "r.csv",
        lambda: samples.IMDB_RATINGS.splitlines()[0].encode(),
        "history-without-films",
    ),
    HostileFile(
        "rows without heading",
        "r.csv",
        lambda: b"The Glass Orchard,1998,4\nRain,2011,3\n",
        "history-format-unknown",
        {"columns": ["The Glass Orchard", "1998", "4"]},
    ),
    HostileFile(
        "rows without heading, first row rated",
        "imdb.csv",
        lambda: "".join(samples.IMDB_LIST.splitlines(keepends=True)[1:]).encode(),
        "history-format-unknown",
    ),
    HostileFile(
        "prose",
        "notes.txt",
        lambda: b"Dear diary,\n\ntoday I saw a film.\n",
        "history-format-unknown",
    ),
    HostileFile(
        "a long first line", "a.csv", lambda: b"y" * 90_000 + b"\n1\n", "history-format-unknown"
    ),
    HostileFile("digits", "a.txt", lambda: b"1 2 3\n4 5 6\n", "history-format-unknown"),
    HostileFile(
        "books",
        "books.csv",
        lambda: b"Title,Author,ISBN,My Rating,Date Read\nRain,Ana,123,4,2024/01/01\n",
        "history-not-films",
    ),
    HostileFile(
        "research data",
        "ratings.csv",
        lambda: b"userId,movieId,rating,timestamp\n1,1,4.0,964982703\n",
        "history-is-data-set",
    ),
    HostileFile(
        "several people",
        "n.csv",
        netflix_of_two,
        "history-several-people",
        {"profiles": ["Ana", "Bo"]},
    ),
    HostileFile(
        "a list of no known meaning", "quiet-films.csv", samples.LIST.encode, "history-which-list"
    ),
    HostileFile(
        "a list whose first lines are torn",
        "quiet.csv",
        DAMAGED_LIST.encode,
        "history-quote-open",
        {"line": 3},
    ),
    HostileFile(
        "a list without films",
        "watchlist.csv",
        lambda: samples.LIST[: samples.LIST.index("1,The")].encode(),
        "history-without-films",
    ),
    HostileFile(
        "watchlist renamed", "my-films.csv", samples.WATCHLIST.encode, "history-which-list"
    ),
    HostileFile("not seen", "not-seen.csv", samples.WATCHLIST.encode, "history-which-list"),
    HostileFile("titles alone", "a.csv", lambda: b"title\nRain\n", "history-which-list"),
    HostileFile(
        "more rows than allowed in all",
        "a.zip",
        lambda: samples.zipped({f"{n}.csv": HEADING + "Rain,2011,3\n" * 3 for n in range(3)}),
        "history-too-many-rows",
        {"most": 8},
        HistoryLimits(rows=8),
    ),
)
"""Tables that are refused."""
