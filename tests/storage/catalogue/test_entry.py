"""One rule says what may enter the catalogue, and what is in it already fits into messages."""

from pathlib import Path

import pytest
from sqlalchemy import update

from storage.catalogue import films
from storage.catalogue.entry import MAX_SHOWN_TITLE, is_poster, presentable, problem
from storage.catalogue.films import ExternalFilm
from storage.catalogue.loader import load_catalogue
from storage.database.engine import Database
from storage.errors import CatalogueError
from storage.schema import films as table
from tests.starter import starter_catalogue
from tests.storage.samples import NOW, add_films

UNFIT = (
    ("", 1999, "title-empty"),
    (" \u200b\u3164", 1999, "title-empty"),
    ("x" * 5000, 1999, "count=5000"),
    ("Two\nlines", 1999, "title-control-character"),
    ("Half\ue000", 1999, "title-control-character"),
    ("film#17", 1999, "title-like-number"),
    ("Zero", 0, "year-out-of-range"),
    ("Far", 9999, "year-out-of-range"),
)


@pytest.mark.parametrize(("title", "year", "cause"), UNFIT)
async def test_no_import_lets_it_in(
    db: Database, tmp_path: Path, title: str, year: int, cause: str
) -> None:
    assert cause in str(problem(title, year))
    row = ExternalFilm("movielens", "7", title, year)
    with pytest.raises(CatalogueError, match=r"film-unfit .id=7") as refused:
        async with db.write() as conn:
            await films.merge_external(conn, [ExternalFilm("movielens", "1", "A", 1990), row], NOW)
    assert cause in str(refused.value)
    async with db.read() as conn:
        assert await films.all_films(conn) == ()
    if "\n" not in title:
        listed = tmp_path / "mine.csv"
        listed.write_text(f"title,year,genres,tags\n{title},{year},Drama,\n", encoding="utf-8")
        with pytest.raises(CatalogueError, match=r"file=mine\.csv, line=2"):
            load_catalogue(listed)


def test_genres_and_other_titles_are_checked_too() -> None:
    assert problem("Fine", None, other_titles=["Also"], genres=["War"]) is None
    assert "genre" in str(problem("Fine", 1999, genres=["x" * 41]))
    assert "genre" in str(problem("Fine", 1999, genres=[" "]))
    assert "empty" in str(problem("Fine", 1999, other_titles=[" "]))


async def test_what_an_earlier_version_let_in_is_shown_safely(db: Database) -> None:
    async with db.write() as conn:
        await add_films(conn, 3)
        for film_id, title in ((1, ""), (2, "y" * 5000), (3, "abc\u202edef\n# head")):
            let_in = {"title": title, "year": 9999, "poster": "https://", "genres": ["", "Drama"]}
            await conn.execute(update(table).where(table.c.id == film_id).values(let_in))
        found = await films.all_films(conn)
    assert [film.title for film in found] == [
        "Film 1", "y" * (MAX_SHOWN_TITLE - 1) + "…", "abc def # head",
    ]  # fmt: skip
    assert {(film.year, film.poster, film.genres) for film in found} == {(None, None, ("Drama",))}
    assert all(presentable(film) is film for film in found)


def test_the_starter_catalogue_needs_no_mending() -> None:
    for row in starter_catalogue().films:
        others = filter(None, (row.original_title, *row.aliases))
        assert problem(row.title, row.year, other_titles=others, genres=row.genres) is None
        assert len(row.title) <= MAX_SHOWN_TITLE


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("https://example.org/a.jpg", True),
        ("https://", False),
        ("https://nowhere", False),
        ("https://example.org/a b.jpg", False),
        ("https://example.org:99999999/a.jpg", False),
        ("http://example.org/a.jpg", False),
        ("https://example.org/" + "a" * 600, False),
    ],
)
def test_posters_are_addresses_of_pictures(address: str, fits: bool) -> None:
    assert is_poster(address) is fits
