"""What people read about a file with their film history."""

import pytest

from bot.wording.errors.said import said
from storage.imports.history import HistoryRemark, UnreadableHistory
from storage.imports.reader import read_history


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        (
            "films.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "films.xls is a spreadsheet. Save it as CSV (UTF-8), then upload that.",
        ),
        (
            "films.csv",
            b"foo;bar\n1;2\n",
            "I don't know what's in films.csv. Its first line says foo and bar, but I need "
            "column names "
            "like title, year, and rating.",
        ),
        (
            "a.csv",
            b"title,year\nRain,2011\n",
            "I can't tell whether a.csv lists films you've seen or films you want to see. Rename "
            "it to watched.csv or watchlist.csv, then upload it again.",
        ),
        (
            "a.csv",
            b"title;rating\nRain,4\n",
            "I can't read a.csv, because 1 line doesn't fit the column headings at the top. It may "
            "mix two separators, like commas and semicolons. Try exporting it again.",
        ),
        (
            "a.csv",
            b'title,rating\nRain,4\n"Salt,3\n',
            "There's a quotation mark on line 3 of a.csv that's never closed. Close it, or "
            "export the "
            "file again.",
        ),
    ],
)
def test_refusals(name: str, data: bytes, text: str) -> None:
    with pytest.raises(UnreadableHistory) as caught:
        read_history(name, data)
    assert said(caught.value) == text


@pytest.mark.parametrize(
    ("remark", "text"),
    [
        (
            HistoryRemark("history-scale-guessed", {"best": 10}),
            "None of your ratings are above 10, so I treated them as out of 10.",
        ),
        (
            HistoryRemark("history-dates-unclear", {"n": 1204}),
            "I left out 1,204 dates, because I can't tell which days they mean.",
        ),
        (
            HistoryRemark("history-files-left-out", {"files": ["a.csv", "b_b.csv"]}),
            "I left out a.csv and b\\_b.csv, because I couldn't tell what was inside.",
        ),
    ],
)
def test_remarks(remark: HistoryRemark, text: str) -> None:
    assert said(remark, markdown=True) == text
