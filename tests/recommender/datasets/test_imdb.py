"""IMDb's tables are read without quoting, a piece at a time, and as far as they are wanted."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender.datasets import imdb, imdb_lines
from recommender.datasets.imdb import AKAS, BASICS, CREW, RATINGS, ImdbTitle, Wanted
from recommender.datasets.imdb_lines import TableReading, imdb_number, table
from recommender.errors import DatasetError
from tests.bot.imdb_tables import Row, made_rows, write_tables

ALL = Wanted(least_votes=0, kinds=("movie",))


def titles(folder: Path, wanted: Wanted = ALL) -> list[ImdbTitle]:
    votes = None
    if path := table(folder, RATINGS):
        *_, votes = imdb.read_votes(TableReading(path), wanted.least_votes)
    path = table(folder, BASICS)
    assert path is not None
    return [film for piece in imdb.read_titles(TableReading(path), wanted, votes) for film in piece]


def names(folder: Path, wanted: Wanted = ALL) -> list[str]:
    return [film.title for film in titles(folder, wanted)]


def test_cells_are_read_as_they_are(tmp_path: Path) -> None:
    wolf = "Wolf, The; 'x' |"
    write_tables(
        tmp_path,
        [
            Row("tt0000007", '"Salt', '"Sel" d\'été', year="\\N", runtime="\\N", genres="\\N"),
            Row("tt10000007", wolf, genres="Sci-Fi,Drama", votes=70),
            Row("tt0000009", "雨\u2028夜", runtime="90000", votes=None),
        ],
    )
    assert titles(tmp_path) == [
        ImdbTitle(7, 5000, '"Salt', '"Sel" d\'été', None, None, "", False),
        ImdbTitle(10000007, 70, *[wolf] * 2, 1999, 100, "Science Fiction|Drama", False),
        ImdbTitle(9, 0, "雨 夜", "雨 夜", 1999, None, "Drama", False),
    ]  # fmt: skip


def test_only_what_is_wanted_is_read(tmp_path: Path) -> None:
    rows = [
        Row("tt0000001", "Film"),
        Row("tt0000002", "Episode", kind="tvEpisode"),
        Row("tt0000003", "Series", kind="tvSeries"),
        Row("tt0000004", "Video", kind="video"),
        Row("tt0000005", "Flagged", adult="1"),
        Row("tt0000006", "Genre", genres="Adult,Drama"),
        Row("tt0000007", "Old", year="1930"),
        Row("tt0000008", "Undated", year="\\N"),
        Row("tt0000009", "Little known", votes=9),
        Row("tt0000010", "Unrated", votes=None),
    ]
    write_tables(tmp_path, rows)
    common = ["Film", "Old", "Undated"]
    assert names(tmp_path, replace(ALL, least_votes=10)) == common
    assert names(tmp_path, replace(ALL, least_votes=9)) == [*common, "Little known"]
    assert names(tmp_path) == [*common, "Little known", "Unrated"]
    assert names(tmp_path, replace(ALL, since=1999)) == ["Film", "Little known", "Unrated"]
    assert names(tmp_path, replace(ALL, kinds=("video",))) == ["Video"]
    assert names(tmp_path, replace(ALL, adult=True))[1:3] == ["Flagged", "Genre"]
    flags = [film.adult for film in titles(tmp_path, replace(ALL, adult=True))]
    assert flags[:4] == [False, True, True, False]
    assert set(imdb.KINDS).isdisjoint({"tvEpisode", "tvSeries", "tvMiniSeries", "videoGame"})


def test_packed_tables_and_small_pieces_give_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [*made_rows(400, seed=3)]
    wanted = replace(ALL, least_votes=40)
    plain = titles(write_tables(tmp_path / "plain", rows), wanted)
    assert len(plain) > 10
    monkeypatch.setattr(imdb_lines, "PIECE", 1000)
    packed = write_tables(tmp_path / "packed", rows, packed=True)
    assert titles(packed, wanted) == plain
    numbers = np.array(sorted(film.number for film in plain), np.int64)
    for name, read in ((AKAS, read_akas), (CREW, imdb.read_directors)):
        found = [
            [each for piece in read(TableReading(path), numbers) for each in piece]
            for folder in ("plain", "packed")
            if (path := table(tmp_path / folder, name))
        ]
        assert found[0] == found[1]
        assert {each[0] for each in found[0]} <= set(numbers.tolist())
        assert found[0]


def read_akas(reading: TableReading, films: np.ndarray) -> object:
    return imdb.read_other_titles(reading, films, ("BR",))


def test_other_titles_to_keep_first(tmp_path: Path) -> None:
    akas = [
        ("Zitrone", "DE", "\\N", "0"),
        ("Lemon", "US", "imdbDisplay", "0"),
        ("Limão", "BR", "imdbDisplay", "0"),
        ("Project L", "US", "working", "0"),
        ("檸檬", "\\N", "original", "1"),
    ]
    write_tables(tmp_path, [Row("tt0000001", "Lemon", akas=akas)])
    path = table(tmp_path, AKAS)
    assert path is not None
    [found] = imdb.read_other_titles(TableReading(path), np.array([1], np.int64), ("BR",))
    assert [title for *_, title in sorted(found)] == ["檸檬", "Limão", "Lemon", "Zitrone"]


def test_damaged_lines_are_counted_and_left_out(tmp_path: Path) -> None:
    cut, wrong = "tt0000003\tmovie\tCut off", "tt03\tmovie\tShort\tShort\t0\t1999\t\\N\t9\tDrama"
    write_tables(tmp_path, [Row("tt0000001", "Whole")], damaged=["", cut, wrong])
    path = table(tmp_path, BASICS)
    assert path is not None
    with path.open("ab") as file:
        file.write(b"tt0000005\tmovie\t\xff\xfe\t\xff\t0\t1999\t\\N\t9\tDrama\n")
    reading = TableReading(path)
    found = [film for piece in imdb.read_titles(reading, ALL, None) for film in piece]
    assert [film.title for film in found] == ["Whole"]
    assert (reading.lines, reading.damaged, reading.first_damaged) == (5, 4, 3)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (b"tt0079944", 79944),
        (b"tt10079944", 10079944),
        (b"tt00079944", None),
        (b"tt079944", None),
        (b"nm0079944", None),
        ("tt００79944".encode(), None),
        (b"\\N", None),
        (b"", None),
    ],
)
def test_ids(text: bytes, number: int | None) -> None:
    assert imdb_number(text) == number


def test_a_table_that_is_no_table_or_is_cut_off_is_refused(tmp_path: Path) -> None:
    packed = write_tables(tmp_path, made_rows(3000, seed=1), packed=True)
    path = table(packed, BASICS)
    assert path is not None
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(DatasetError) as cut:
        titles(packed)
    assert (cut.value.key, cut.value.data["file"]) == ("table-damaged", path.name)
    path.write_bytes(b"\x1f\x8bno gzip at all")
    with pytest.raises(DatasetError):
        titles(packed)
    path.write_text("tconst\ttitleType\nx\ty\n")
    with pytest.raises(DatasetError) as column:
        titles(packed)
    assert column.value.key == "heading-column-missing"
