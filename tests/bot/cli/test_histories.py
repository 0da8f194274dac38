"""`matinee import history` and `matinee export history`, as an operator uses them."""

import io
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.bot.command import matinee
from tests.house import FEW_FILMS, stocked

PERSON = ("--person", "4242")
HISTORY = "title,year,rating,date\n{title},{year},4.5,2024-01-02\nZzyzx Lantern,1971,3,2024-01-02\n"


async def test_a_history_comes_in_goes_out_and_is_undone(tmp_path: Path) -> None:
    database = tmp_path / "data" / "matinee.sqlite3"
    await stocked(database, FEW_FILMS)
    with closing(sqlite3.connect(database)) as conn:
        title, year = conn.execute(
            "select title, year from films where retired_at is null"
            " and title not glob '*[^A-Za-z ]*' and length(title) > 8"
            " and title in (select title from films group by 1 having count(*) = 1)"
            " order by id limit 1"
        ).fetchone()

    def stored() -> list[tuple[str, float]]:
        with closing(sqlite3.connect(database)) as conn:
            return conn.execute(
                "select title, stars from ratings join films on films.id = film_id"
            ).fetchall()

    with closing(sqlite3.connect(database)) as conn, conn:
        conn.execute(
            "insert into imports (id, person_id, at, state, source, file, told, done_to,"
            " made_profile) values (7, 4242, '2024-01-01 00:00:00', 'waiting', 'plain', 'a.csv',"
            " '{}', -1, 0)"
        )

    def waiting() -> list[tuple[int, str]]:
        with closing(sqlite3.connect(database)) as conn:
            return conn.execute("select id, state from imports").fetchall()

    (tmp_path / "mine.csv").write_text(HISTORY.format(title=title, year=year), encoding="utf-8")
    looked = matinee(tmp_path, "import", "history", "mine.csv", *PERSON)
    assert looked.code == 0, looked.err
    assert "mine.csv has 2 lines. I know 1 of the films in it." in looked.out
    assert "I'm not sure about 1 film in this file, so I'll leave it out." in looked.out
    assert "To import this history, run the command again with --apply." in looked.out
    assert "This person has started to import a.csv and hasn't finished. With --apply" in looked.out
    assert stored() == []
    assert waiting() == [(7, "waiting")], "the file that the person looks at stays"
    (tmp_path / "series.csv").write_text("title,rating,type\nZzyzx,4,series\n", encoding="utf-8")
    failed = matinee(tmp_path, "import", "history", "series.csv", *PERSON, "--apply")
    assert "There's no film in series.csv that I can import." in failed.sentence
    assert waiting() == [(7, "waiting")], "it is only forgotten for a file that is applied"
    done = matinee(tmp_path, "import", "history", "mine.csv", *PERSON, "--apply")
    assert "I've imported 1 rating from mine.csv." in done.out
    assert "had started to import a.csv and hadn't finished. I've forgotten that file." in done.out
    number = done.out.partition("--undo ")[2].partition(".")[0]
    assert waiting() == [(int(number), "applied")]
    assert stored() == [(title, 4.5)]
    gone = matinee(tmp_path, "export", "history", *PERSON, "--to", "out.zip")
    assert gone.code == 0, gone.err
    with zipfile.ZipFile(io.BytesIO((tmp_path / "out.zip").read_bytes())) as pack:
        (name,) = pack.namelist()
        assert f",{title},{year}," in pack.read(name).decode()
    undone = matinee(tmp_path, "import", "history", *PERSON, "--undo", number)
    assert undone.code == 0, undone.err
    assert stored() == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Give me either a file to read, or --undo"),
        (("nothing.csv",), "I can't read nothing.csv"),
        (("notes.txt",), "notes.txt"),
        (
            ("series.csv", "--apply"),
            "There's no film in series.csv that I can import. Choose another file.",
        ),
        (("--undo", "99"), "I don't have that file any more."),
    ],
)
async def test_what_cannot_be_done_is_said(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    await stocked(tmp_path / "data" / "matinee.sqlite3", FEW_FILMS)
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    (tmp_path / "series.csv").write_text("title,rating,type\nZzyzx,4,series\n", encoding="utf-8")
    assert sentence in matinee(tmp_path, "import", "history", *arguments, *PERSON).sentence
    with closing(sqlite3.connect(tmp_path / "data" / "matinee.sqlite3")) as conn:
        assert conn.execute("select count(*) from imports").fetchone() == (0,)
