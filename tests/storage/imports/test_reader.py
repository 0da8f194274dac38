"""Files of every encoding and container are read or refused with the reason."""

import io
import zipfile

import pytest

from storage.imports.history import HistoryLimits, UnreadableHistory
from storage.imports.reader import read_history
from tests.storage.imports import samples as files

SMALL = HistoryLimits(rows=3, columns=20, entries=3, size=5_000, unpacked=8_000)
PLAIN = "title,year,rating\nThe Glass Orchard,1998,4\n"


def refusal(name: str, data: str | bytes, limits: HistoryLimits | None = None) -> str:
    """Returns the key of the error with which a file is refused."""
    with pytest.raises(UnreadableHistory) as caught:
        read_history(
            name, data.encode() if isinstance(data, str) else data, limits=limits or HistoryLimits()
        )
    return caught.value.key


def office(*names: str) -> bytes:
    """Returns a zip with empty files, as programs for offices write."""
    return files.zipped(dict.fromkeys(names, ""))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(encoding: str, separator: str, end: str) -> None:
    text = end.join(
        separator.join(cells)
        for cells in (
            ("Title", "Year", "Rating"),
            ("Été perdu", "1967", "4.5"),
            ("Rain", "2011", ""),
        )
    )
    first, second = read_history("x.csv", (text + end).encode(encoding)).rows
    assert (first.title, first.year, first.stars) == ("Été perdu", 1967, 4.5)
    assert (second.title, second.stars, second.seen) == ("Rain", None, True)


def test_wide_letters_without_a_mark() -> None:
    text = "title,rating\n" + "七人の侍,5\n" * 500
    assert read_history("x.csv", text.encode("utf-16-le")).rows[0].title == "七人の侍"


def test_a_few_wrong_bytes_spoil_nothing_else() -> None:
    data = "title,rating\nÉté perdu,4\nAmélie,3\nNoël,2\n".encode() + b"caf\xe9,3\n"
    history = read_history("x.csv", data)
    assert [row.title for row in history.rows] == ["Été perdu", "Amélie", "Noël", "caf�"]
    assert [remark.key for remark in history.remarks] == ["history-letters-lost"]


def test_quotes_in_both_manners() -> None:
    doubled = 'title,rating\n"The ""Orchard""",4\n'
    slashed = 'title,rating\n"The \\"Orchard\\"",4\n'
    assert (
        read_history("x.csv", doubled.encode()).rows == read_history("x.csv", slashed.encode()).rows
    )
    loose = read_history("x.csv", b'title,rating\nThe "Orchard,4\n"Rain" Salt,3\n')
    assert [row.title for row in loose.rows] == ['The "Orchard', "Rain Salt"]


def test_lines_that_do_not_fit_are_left_out() -> None:
    history = read_history("x.csv", b"title,year,rating\nA, B,1998,4\nC,1999,3\nD,2000,2\nE,200")
    assert [row.title for row in history.rows] == ["C", "D"]
    assert history.skipped == {"torn": 2}
    assert refusal("x.csv", "title;year;rating\nA,1998,4\nB,1999,3\nC;2000;4\n") == "history-torn"


def test_cells_are_taken_out_of_what_protects_them() -> None:
    text = 'title,imdb,rating\n\'=1+1,"=""tt0000123""",4\n"Two\nlines",,3\n'
    first, second = read_history("x.csv", text.encode()).rows
    assert (first.title, first.imdb, second.title) == ("=1+1", "tt0000123", "Two lines")


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("a.csv", b"", "history-empty"),
        ("a.csv", b"\0" * 50, "history-empty"),
        ("a.csv", "\n\n", "history-empty"),
        ("a.csv", "title,rating\n", "history-without-films"),
        ("a.pdf", b"%PDF-1.7", "history-is-pdf"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "history-is-picture"),
        ("a.heic", b"\0\0\0\x18ftypheic", "history-is-picture"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..", "history-is-spreadsheet"),
        ("a.csv", office("[Content_Types].xml", "xl/workbook.xml"), "history-is-spreadsheet"),
        ("a.docx", office("[Content_Types].xml", "word/document.xml"), "history-is-document"),
        (
            "a.ods",
            files.zipped(
                {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}
            ),
            "history-is-spreadsheet",
        ),
        ("a.gz", b"\x1f\x8b\x08", "history-is-archive"),
        ("a.csv", b"SQLite format 3\0", "history-is-database"),
        ("a.csv", "<!DOCTYPE html><html></html>", "history-is-page"),
        ("a.csv", "a,b\0,c", "history-not-text"),
        ("a.csv", b"\x81\x8d,\x8f\x9d" * 9, "history-encoding-unknown"),
        (
            "a.csv",
            "title,rating\nСталкер,5\nЗеркало,4\n".encode("cp1251"),
            "history-encoding-unknown",
        ),
        ("a.csv", "title,rating\n七人の侍,5\n".encode("shift_jis"), "history-encoding-unknown"),
        ("a.csv", b"PK", "history-format-unknown"),
        ("a.xml", "<films/>", "history-xml-unknown"),
        ("a.xml", "<recentratings><film>", "history-xml-damaged"),
        (
            "a.xml",
            '<!DOCTYPE r [<!ENTITY a "aa">]><recentratings>&a;</recentratings>',
            "history-xml-entities",
        ),
        ("a.json", "[" * 100_000, "history-json-damaged"),
        ("a.json", '{"a": 1}', "history-json-unknown"),
        ("a.csv", "The Glass Orchard,1998,5\nRain,2011,4\n", "history-format-unknown"),
        ("a.csv", "title,author,rating\nBook,Ana,4\n", "history-not-films"),
        ("a.csv", "title,year\nRain,2011\n", "history-which-list"),
        ("a.csv", files.WATCHED, "history-which-list"),
        ("a.csv", files.LIST, "history-which-list"),
        ("noir.csv", files.IMDB_LIST.replace(",9,2024-03-01", ",,"), "history-which-list"),
        ("a.csv", "userId,movieId,rating,timestamp\n1,1,4,1\n", "history-is-data-set"),
        ("a.csv", "title,rating,Title\nRain,4,Salt\n", "history-column-twice"),
        ("a.csv", 'title,rating\n"Rain,4\nSalt,3\n', "history-quote-open"),
        ("a.csv", "title,rating" + ",x" * 1_000_000, "history-line-of-many"),
        ("a.csv", "title,rating" + ",x" * 500, "history-many-columns"),
        ("a.csv", "title,rating\n" + "x" * 100_001 + ",4\n", "history-cell-too-long"),
        ("a.csv", "title,rating\n" + "x" * 200_000 + ",4\n", "history-cell-too-long"),
        (
            "a.csv",
            files.NETFLIX_FULL + "Bo,2024-03-01 20:00:00,01:00:00,,Rain,,TV,,,FR\n",
            "history-several-people",
        ),
    ],
)
def test_what_is_no_history_is_refused_with_the_reason(
    name: str, data: str | bytes, key: str
) -> None:
    assert refusal(name, data) == key


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"x" * 5_001, "history-too-large"),
        (PLAIN.encode() + b"Rain,2011,3\n" * 3, "history-too-many-rows"),
        (files.zipped({f"{name}.csv": PLAIN for name in "abcd"}), "history-zip-many"),
        (PLAIN.encode() + b"\n" * 40, "history-too-many-rows"),
        (b"[" + b"[]," * 40 + b"[]]", "history-too-many-rows"),
        (files.zipped({"a.csv": PLAIN + " " * 5_000}), "history-too-large"),
        (files.zipped({"a.csv": PLAIN + " " * 4_900, "b.csv": " " * 4_900}), "history-zip-large"),
    ],
)
def test_limits(data: bytes, key: str) -> None:
    assert refusal("a", data, SMALL) == key


def test_a_bomb_is_not_unpacked() -> None:
    assert refusal("a.zip", files.zipped({"ratings.csv": b"0" * 24_000_000})) == "history-zip-bomb"


@pytest.mark.parametrize("name", ["../ratings.csv", "/ratings.csv", "a/../../b.csv", "C:\\a.csv"])
def test_names_that_lead_out_of_a_zip_are_refused(name: str) -> None:
    assert refusal("a.zip", files.zipped({name: PLAIN})) == "history-zip-names"


def test_other_zips() -> None:
    assert refusal("a.zip", files.zipped({"a.zip": b"PK"})) == "history-zip-in-zip"
    assert refusal("a.zip", files.zipped({"a.mp3": b"x"})) == "history-zip-nothing"
    assert refusal("a.zip", files.zipped({"a.csv": "Artist\nAna\n"})) == "history-format-unknown"
    mixed = {"imdb.csv": files.IMDB_RATINGS, "ratings.csv": files.RATINGS}
    assert refusal("a.zip", files.zipped(mixed)) == "history-of-several"
    whole = files.zipped(files.LETTERBOXD)
    assert refusal("a.zip", whole[: len(whole) // 2]) == "history-zip-damaged"
    locked = bytearray(files.zipped({"a.csv": PLAIN}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert refusal("a.zip", bytes(locked)) == "history-zip-locked"


def test_a_zip_of_one_file_and_of_others_beside_it() -> None:
    inside = {"my/ratings.csv": files.IMDB_RATINGS, "my/notes.txt": "hello", "my/.DS_Store": "x"}
    history = read_history("a.zip", files.zipped(inside))
    assert (history.source, history.rows[0].file) == ("imdb", "my/ratings.csv")
    assert [remark.data for remark in history.remarks] == [{"files": ["my/notes.txt"]}]
    inside["my/plan.csv"] = "title,year\nRain,2011\n"
    history = read_history("a.zip", files.zipped(inside))
    assert [remark.data for remark in history.remarks] == [
        {"files": ["my/notes.txt", "my/plan.csv"]}
    ]
    written = io.BytesIO(files.zipped({"__MACOSX/._ratings.csv": b"\0\5", "ratings.csv": PLAIN}))
    assert zipfile.is_zipfile(written)
    assert len(read_history("a.zip", written.getvalue()).rows) == 1
