"""Importing MovieLens folders matches or adds films. A second import changes nothing."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from bot.services.app import App
from bot.services.imports import movielens
from bot.services.imports.movielens import Licence
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.errors.said import said
from recommender.datasets.corpus import read_corpus
from recommender.errors import DatasetError
from storage.catalogue import films
from storage.catalogue.csv_rows import FilmRow
from storage.schema import external_ids
from tests.bot.folders import Film, Rating, write_csv, write_dat, write_item
from tests.clock import NOW
from tests.direct import dump
from tests.house import FEWEST_FILMS, stocked
from tests.starter import starter_catalogue

RATINGS: list[Rating] = [
    (1, 11, 4, 900000001),
    (1, 12, 5, 900000002),
    (2, 11, 2, 900000003),
    (2, 13, 3, 900000004),
]
WRITERS = {"csv": write_csv, "ml-1m": write_dat, "ml-100k": write_item}


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    await stocked(tmp_path / "data" / "matinee.sqlite3", FEWEST_FILMS)
    async with open_app(Settings(data=tmp_path / "data"), lambda: NOW) as app:
        yield app


@pytest.fixture(scope="module")
def starter() -> FilmRow:
    """A film of the starter catalogue with a plain title and a known runtime."""
    return next(
        film
        for film in starter_catalogue().films
        if film.title.isascii() and film.title.replace(" ", "").isalnum() and film.runtime
    )


@pytest.fixture
def listed(starter: FilmRow) -> list[Film]:
    """The starter film with id 11, and two invented films."""
    return [
        Film(11, f"{starter.title} ({starter.year})", ("Children's",)),
        Film(12, "Zzyzx Lantern, The (1971)", ("Sci-Fi", "Film-Noir")),
        Film(13, "Qwert Harbour (1983)", ("Comedy",)),
    ]


async def by_title(app: App) -> dict[str, films.Film]:
    async with app.db.read() as conn:
        return {film.title: film for film in await films.all_films(conn)}


@pytest.mark.parametrize("layout", WRITERS)
async def test_films_are_matched_or_added_and_ratings_kept(
    app: App, tmp_path: Path, starter: FilmRow, listed: list[Film], layout: str
) -> None:
    before = await by_title(app)
    folder = WRITERS[layout](tmp_path / "any name", listed, RATINGS)
    done = await movielens.import_folder(app, folder)
    assert (done.films, done.added, done.matched) == (3, 2, 1)
    assert (done.ratings, done.people) == (4, 2)
    after = await by_title(app)
    assert after.keys() - before.keys() == {"The Zzyzx Lantern", "Qwert Harbour"}
    assert after[starter.title] == before[starter.title], "a matched film keeps its facts"
    assert set(after["The Zzyzx Lantern"].genres) == {"Science Fiction", "Film Noir"}
    assert after["The Zzyzx Lantern"].year == 1971
    corpus = read_corpus(app.settings.corpus)
    kept = zip(
        corpus.people.ids(corpus.person).tolist(),
        corpus.films.ids(corpus.film).tolist(),
        corpus.stars.tolist(),
        strict=True,
    )
    ours = {11: after[starter.title].id, 12: after["The Zzyzx Lantern"].id}
    ours[13] = after["Qwert Harbour"].id
    assert set(kept) == {(-person, ours[film], stars) for person, film, stars, _ in RATINGS}


@pytest.mark.parametrize("layout", WRITERS)
async def test_a_second_import_changes_nothing(
    app: App, tmp_path: Path, listed: list[Film], layout: str
) -> None:
    folder = WRITERS[layout](tmp_path / "set", listed, RATINGS)
    await movielens.import_folder(app, folder)
    rows, corpus = dump(app.settings.database), app.settings.corpus.read_bytes()
    again = await movielens.import_folder(app, folder)
    assert (again.added, again.changed, again.matched) == (0, 0, 3)
    assert dump(app.settings.database) == rows
    assert app.settings.corpus.read_bytes() == corpus


async def test_free_tags_become_words_of_the_vocabulary(
    app: App, tmp_path: Path, listed: list[Film]
) -> None:
    async with app.db.read() as conn:
        vocabulary = await films.all_tags(conn)
    often = next(tag for tag in vocabulary if tag.synonyms)
    once = next(tag for tag in vocabulary if tag is not often)
    crowd = [(person, 12, often.synonyms[0].upper()) for person in range(1, 9)]
    tags = (*crowd, (1, 12, once.name), (2, 12, "seen at the drive-in"), (1, 11, once.name))
    known = await by_title(app)
    await movielens.import_folder(app, write_csv(tmp_path / "set", listed, RATINGS, tags))
    after = await by_title(app)
    assert dict(after["The Zzyzx Lantern"].tags) == {often.slug: 3, once.slug: 1}
    matched = next(title for title in after if title in known and title == listed[0].title[:-7])
    assert after[matched].tags == known[matched].tags


async def test_ml_100k_has_its_own_film_numbers_under_any_folder_name(
    app: App, tmp_path: Path, listed: list[Film]
) -> None:
    await movielens.import_folder(app, write_csv(tmp_path / "ml-100k", listed, RATINGS))
    others = [Film(12, "Vrooom Pilgrim (1962)", ("War",)), listed[1]]
    others[1] = Film(11, others[1].title, others[1].genres)
    ratings: list[Rating] = [(1, 12, 4, 900000001), (1, 11, 3, 900000002)]
    done = await movielens.import_folder(app, write_item(tmp_path / "old ones", others, ratings))
    assert (done.added, done.matched) == (1, 1)
    after = await by_title(app)
    corpus = read_corpus(app.settings.corpus)
    assert set(corpus.films.ids(corpus.film).tolist()) == {
        after["Vrooom Pilgrim"].id,
        after["The Zzyzx Lantern"].id,
    }


async def test_numbers_of_imdb_are_kept_as_ids_at_imdb(
    app: App, tmp_path: Path, listed: list[Film]
) -> None:
    known = {12: "0067777"}
    await movielens.import_folder(app, write_csv(tmp_path / "one", listed, RATINGS, imdb=known))
    folder = tmp_path / "tweets"
    folder.mkdir()
    text = "0067777::Another Name (2001)::Drama\n0000012::Zzyzx Sins (1975)::Adult\n"
    (folder / "movies.dat").write_text(text)
    (folder / "ratings.dat").write_text("1::0067777::9::1\n2::0000012::1::2\n")
    with pytest.raises(DatasetError, match="stars-or-points"):
        await movielens.import_folder(app, folder)
    done = await movielens.import_folder(app, folder, 10)
    assert (done.added, done.matched, done.ratings) == (1, 1, 2)
    films_by_title = await by_title(app)
    assert films_by_title["Zzyzx Sins"].adult
    assert not films_by_title["The Zzyzx Lantern"].adult
    corpus = read_corpus(app.settings.corpus)
    stars = dict(zip(corpus.films.ids(corpus.film).tolist(), corpus.stars.tolist(), strict=True))
    assert stars[films_by_title["The Zzyzx Lantern"].id] == 4.5
    async with app.db.read() as conn:
        links = set(await conn.execute(select(external_ids.c.source, external_ids.c.external_id)))
    assert {("imdb", "tt0067777"), ("imdb", "tt0000012"), ("imdb-numbers", "12")} <= links
    assert (await movielens.import_folder(app, folder, 10)).changed == 0


def test_a_licence_of_the_folder_is_shown(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("Do what you like.\n")
    assert movielens.licence(tmp_path) == Licence(own="Do what you like.")


async def test_data_sets_with_the_same_numbers_match_by_number(
    app: App, tmp_path: Path, listed: list[Film]
) -> None:
    await movielens.import_folder(app, write_csv(tmp_path / "new", listed, RATINGS))
    renamed = [*listed[:2], Film(13, "Harbour of Qwert (1984)", ("Comedy",))]
    done = await movielens.import_folder(app, write_dat(tmp_path / "1m", renamed, RATINGS))
    assert done.added == 0
    assert "Harbour of Qwert" in await by_title(app)


async def test_another_data_set_replaces_the_corpus(
    app: App, tmp_path: Path, listed: list[Film]
) -> None:
    await movielens.import_folder(app, write_csv(tmp_path / "one", listed, RATINGS))
    await movielens.import_folder(app, write_csv(tmp_path / "two", listed, RATINGS[:1]))
    assert len(read_corpus(app.settings.corpus)) == 1
    assert "Qwert Harbour" in await by_title(app), "films stay"


async def test_ratings_of_films_that_the_set_does_not_list_are_left_out(
    app: App, tmp_path: Path, listed: list[Film]
) -> None:
    stray: Rating = (3, 999, 5, 900000009)
    done = await movielens.import_folder(
        app, write_csv(tmp_path / "set", listed, [*RATINGS, stray])
    )
    assert (done.ratings, done.people) == (4, 2)


def tear(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def score_eleven(path: Path) -> None:
    path.write_text(path.read_text().replace(",5,", ",11,"))


@pytest.mark.parametrize(
    ("damage", "file", "complaint"),
    [
        (Path.unlink, "movies.csv", "movies.csv is missing"),
        (tear, "ratings.csv", "ratings.csv ends in the middle of line 5."),
        (tear, "links.csv", "Line 4 of links.csv is cut off"),
        (score_eleven, "ratings.csv", "ratings.csv line 3: I can't use a rating of 11 stars"),
    ],
)
async def test_a_damaged_folder_changes_nothing(
    app: App,
    tmp_path: Path,
    listed: list[Film],
    damage: Callable[[Path], None],
    file: str,
    complaint: str,
) -> None:
    await movielens.import_folder(app, write_csv(tmp_path / "good", listed, RATINGS))
    rows, corpus = dump(app.settings.database), app.settings.corpus.read_bytes()
    more = [*listed, Film(14, "Umbrella Fjord (1999)", ("Drama",))]
    folder = write_csv(tmp_path / "bad", more, [*RATINGS[:3], (9, 14, 5, 900000005)])
    damage(folder / file)
    with pytest.raises(DatasetError) as caught:
        await movielens.import_folder(app, folder)
    assert said(caught.value).startswith(complaint)
    assert dump(app.settings.database) == rows
    assert app.settings.corpus.read_bytes() == corpus


async def test_imported_people_are_never_members(
    app: App, tmp_path: Path, listed: list[Film]
) -> None:
    await movielens.import_folder(app, write_csv(tmp_path / "set", listed, RATINGS))
    corpus = read_corpus(app.settings.corpus)
    assert (np.asarray(corpus.people.ids_array) < 0).all()
    tables = [line for line in dump(app.settings.database) if line.startswith("INSERT")]
    assert not [
        line
        for line in tables
        if line.startswith(('INSERT INTO "ratings"', 'INSERT INTO "people"'))
    ]


README = """Summary
=======

Some words.

Usage License
=============

Only in the garden.

* Not on Sundays.

Citation
========

Cite us.
"""


@pytest.mark.parametrize("name", ["README.txt", "README"])
def test_the_data_sets_own_terms_are_shown(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(README, encoding="utf-8")
    found = movielens.licence(tmp_path)
    assert found.readme == tmp_path / name
    text = found.terms
    assert "Only in the garden." in text
    assert "Not on Sundays." in text
    assert "Cite us" not in text
    assert "Some words" not in text


def test_without_a_readme_the_terms_are_named(tmp_path: Path) -> None:
    assert movielens.licence(tmp_path) == Licence()
    (tmp_path / "README").write_text("Nothing about it.", encoding="utf-8")
    assert movielens.licence(tmp_path) == Licence(readme=tmp_path / "README")
