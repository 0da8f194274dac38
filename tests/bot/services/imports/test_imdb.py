"""Importing IMDb's tables adds films, or gives known films an id and titles; never a double.

A second import changes nothing, and one that was killed goes on to the same end.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import Sorry
from bot.services.imports import imdb, movielens
from bot.services.imports.imdb import SCRATCH_NAME, ImdbChoice, ImdbImport, Step
from bot.settings import Settings
from bot.wiring import open_app, open_stored
from bot.wording.cli.imdb import imported, step
from recommender.datasets.imdb import AKAS, BASICS, CREW, RATINGS
from recommender.errors import DatasetError
from storage.catalogue import films
from storage.catalogue.csv_rows import FilmRow
from storage.catalogue.film_rows import Film
from storage.database.engine import Database
from tests import direct
from tests.bot.folders import Film as ListedFilm
from tests.bot.folders import write_csv
from tests.bot.imdb_tables import Row, made_rows, write_tables
from tests.clock import NOW
from tests.direct import rows
from tests.house import FEWEST_FILMS, stocked
from tests.starter import starter_catalogue

CHOICE = ImdbChoice(least_votes=100)


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database, FEWEST_FILMS)
    return settings


@pytest.fixture(scope="module")
def known() -> list[FilmRow]:
    """Films of the catalogue with short plain titles, one director and no id at IMDb."""
    return [
        film
        for film in starter_catalogue().films[:FEWEST_FILMS]
        if film.imdb is None
        and film.title.isascii()
        and film.title.replace(" ", "").isalpha()
        and len(film.directors) == 1
        and film.runtime
    ]


async def run(
    settings: Settings,
    folder: Path,
    choice: ImdbChoice = CHOICE,
    stop: tuple[Step, int] | None = None,
) -> ImdbImport:
    """Imports tables. stop: after how many reports of which step it ends, as if killed."""
    reports = 0

    def progress(name: Step, done: int, total: int) -> None:
        nonlocal reports
        assert 0 <= done <= total
        if stop is not None and name == stop[0]:
            reports += 1
            if reports == stop[1]:
                raise _Killed

    async with open_stored(settings, lambda: NOW) as (db, _):
        return await imdb.import_folder(db, settings, lambda: NOW, folder, choice, progress)


class _Killed(Exception):
    """Ends an import in the middle."""


async def stored(settings: Settings) -> dict[str, Film]:
    """Returns the films by title."""
    async with open_stored(settings, lambda: NOW) as (db, _):
        return {film.title: film for film in await all_films(db)}


async def all_films(db: Database) -> Sequence[Film]:
    async with db.read() as conn:
        return await films.all_films(conn)


def ids(settings: Settings) -> dict[str, int]:
    """Returns the film id by the id at IMDb."""
    found = "select external_id, film_id from external_ids where source = 'imdb'"
    return dict(rows(settings.database, found))


def dump(settings: Settings) -> list[str]:
    """Returns what is in the database."""
    return direct.dump(settings.database)


async def test_films_are_added_with_what_the_tables_know(
    settings: Settings, tmp_path: Path, known: list[FilmRow]
) -> None:
    akas = [("Saltgarten", "DE", "imdbDisplay", "0"), ("Salt  Orchard", "US", "\\N", "0")]
    rows = [
        Row("tt60000001", "Salt Orchard", "Garten aus Salz", akas=akas, directors="nm0000001"),
        Row("tt60000002", "Fern", year="\\N", runtime="\\N", genres="Short,Biography,Sci-Fi"),
        Row("tt60000003", known[0].title, year=str(known[0].year), directors="nm0000001"),
        Row("tt60000004", "film#7"),
    ]
    folder = write_tables(tmp_path / "tables", rows, packed=True)
    result = await run(settings, folder)
    assert (result.films, result.added, result.changed, result.damaged) == (4, 2, 1, 0)
    found = await stored(settings)
    orchard, fern = found["Salt Orchard"], found["Fern"]
    assert orchard.original_title == "Garten aus Salz"
    assert orchard.more_titles == ("Saltgarten",)
    assert (orchard.year, orchard.runtime, orchard.votes) == (1999, 100, 5000)
    assert orchard.directors == known[0].directors, "the catalogue tells who nm0000001 is"
    assert (fern.year, fern.runtime, fern.genres) == (None, None, ("Science Fiction",))
    assert orchard.only_named
    assert ids(settings)["tt60000001"] == orchard.id
    assert "(new: 2, already in your catalogue: 2, updated: 1)" in imported(result)
    assert not (settings.data / SCRATCH_NAME).exists()


async def test_a_known_film_gets_an_id_and_titles_and_is_never_doubled(
    settings: Settings, tmp_path: Path, known: list[FilmRow]
) -> None:
    same, next_year, other, twins, spelt = known[:5]
    before = await stored(settings)
    spaced = f"{spelt.title[:1]} {spelt.title[1:]}"
    rows = [
        Row("tt60000001", same.title, "Ganz anders", year=str(same.year)),
        Row("tt60000002", next_year.title, year=str(next_year.year + 1),
            runtime=str((next_year.runtime or 0) + 5)),
        Row("tt60000003", other.title, year=str(other.year + 1), runtime="20"),
        Row("tt60000004", twins.title, year=str(twins.year), votes=200),
        Row("tt60000005", twins.title, year=str(twins.year), votes=900),
        Row("tt60000006", "Anders", spaced, year=str(spelt.year)),
    ]  # fmt: skip
    result = await run(settings, write_tables(tmp_path / "tables", rows))
    assert (result.added, result.changed) == (2, 4)
    film_ids, after = ids(settings), await stored(settings)
    assert film_ids["tt60000001"] == before[same.title].id
    assert film_ids["tt60000002"] == before[next_year.title].id
    assert film_ids["tt60000003"] not in {film.id for film in before.values()}, "another film"
    assert film_ids["tt60000005"] == before[twins.title].id, "the better known one"
    assert film_ids["tt60000006"] == before[spelt.title].id
    assert after[same.title].more_titles == ("Ganz anders",)
    assert replace(after[same.title], more_titles=()) == before[same.title]
    assert not after[same.title].only_named
    async with open_app(settings, lambda: NOW) as app:
        library = app.live.served.library
        assert library.find("ganz anders").id == before[same.title].id
        assert library.find(twins.title).id == before[twins.title].id
        assert library.name(before[twins.title].id) == f"{twins.title} ({twins.year})"
        assert library.find(f"{other.title} ({other.year + 1})").id == film_ids["tt60000003"]


async def test_a_second_import_changes_nothing_and_new_tables_only_what_differs(
    settings: Settings, tmp_path: Path, known: list[FilmRow]
) -> None:
    rows = [*made_rows(3000, 5, [(film.title, film.year) for film in known])]
    folder = write_tables(tmp_path / "tables", rows)
    first = await run(settings, folder)
    assert first.added > 100
    assert first.changed > 5
    before = dump(settings)
    again = await run(settings, folder)
    assert (again.films, again.added, again.changed) == (first.films, 0, 0)
    assert dump(settings) == before
    chosen = next(row for row in rows if row.kind == "movie" and (row.votes or 0) > 1000)
    rows[rows.index(chosen)] = chosen._replace(votes=(chosen.votes or 0) + 1)
    newer = await run(settings, write_tables(tmp_path / "newer", rows))
    assert newer.changed == (0 if chosen.adult == "1" else 1)


async def test_own_titles_count_first_and_absent_tables_take_nothing_away(
    settings: Settings, tmp_path: Path, known: list[FilmRow]
) -> None:
    film, before, who = known[0], await stored(settings), "nm0000001"
    akas = [(name, "DE", "imdbDisplay", "0") for name in (film.title, "Saltgarten")]
    rows = [
        Row("tt60000001", "Salt Orchard", year=str(film.year), akas=akas, directors=who),
        Row("tt60000002", film.title, year=str(film.year), votes=200, akas=akas, directors=who),
    ]
    await run(settings, write_tables(tmp_path / "tables", rows))
    assert ids(settings)["tt60000002"] == before[film.title].id, "the other one is better known"
    orchard, rest = (await stored(settings))["Salt Orchard"], dump(settings)
    assert (orchard.votes, orchard.directors) == (5000, film.directors)
    fewer = write_tables(tmp_path / "fewer", rows, without=(RATINGS, AKAS, CREW))
    await run(settings, fewer, ImdbChoice(least_votes=0))
    assert dump(settings) == rest


async def test_an_import_that_was_killed_in_every_step_goes_on(
    settings: Settings, tmp_path: Path, known: list[FilmRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imdb, "BATCH", 20)
    monkeypatch.setattr("recommender.datasets.imdb_lines.PIECE", 20_000)
    rows = made_rows(800, 6, [(film.title, film.year) for film in known])
    folder = write_tables(tmp_path / "tables", rows)
    whole = Settings(data=tmp_path / "whole")
    await stocked(whole.database, FEWEST_FILMS)
    await run(whole, folder)
    steps: tuple[Step, ...] = ("ratings", "titles", "akas", "crew", "compare", "merge", "merge")
    for name in steps:
        with pytest.raises(_Killed):
            await run(settings, folder, stop=(name, 2 if name in ("titles", "merge") else 1))
    await run(settings, folder)
    assert dump(settings) == dump(whole)


async def test_a_finished_table_is_not_read_again(settings: Settings, tmp_path: Path) -> None:
    folder = write_tables(tmp_path / "tables", made_rows(500, 7))
    with pytest.raises(_Killed):
        await run(settings, folder, stop=("crew", 1))
    read: set[Step] = set()
    async with open_stored(settings, lambda: NOW) as (db, _):
        work = imdb.import_folder(
            db, settings, lambda: NOW, folder, CHOICE, lambda name, *_: read.add(name)
        )
        await work
    assert read == {"crew", "compare", "merge"}
    with pytest.raises(_Killed):
        await run(settings, folder, stop=("crew", 1))
    (settings.data / SCRATCH_NAME).write_bytes(b"damaged")
    assert (await run(settings, folder)).added == 0


async def test_tables_may_be_absent(settings: Settings, tmp_path: Path) -> None:
    rows = [Row("tt60000001", "Salt Orchard", votes=None)]
    folder = write_tables(tmp_path / "tables", rows, without=(RATINGS, AKAS, CREW))
    with pytest.raises(DatasetError) as votes:
        await run(settings, folder)
    assert votes.value.key == "imdb-without-votes"
    result = await run(settings, folder, ImdbChoice(least_votes=0))
    assert (result.added, result.absent) == (1, (RATINGS, AKAS, CREW))
    assert "title.akas" in imported(result)
    (folder / f"{BASICS}.tsv").unlink()
    with pytest.raises(DatasetError) as nothing:
        await run(settings, folder)
    assert nothing.value.key == "imdb-without-films"


async def test_one_import_at_a_time_and_kinds_of_films_only(
    settings: Settings, tmp_path: Path
) -> None:
    folder = write_tables(tmp_path / "tables", made_rows(200, 8))
    results = await asyncio.gather(
        run(settings, folder), run(settings, folder), return_exceptions=True
    )
    refused = [each for each in results if isinstance(each, Sorry)]
    assert [each.key for each in refused] == ["imdb-import-running"]
    with pytest.raises(Sorry) as kind:
        imdb.checked(ImdbChoice(kinds=("movie", "tvEpisode")))
    assert kind.value.key == "no-kind-of-film"
    assert len({step(name) for name in ("ratings", "titles", "akas", "crew", "merge")}) == 5


async def test_lists_and_data_sets_that_come_later_find_the_film(
    settings: Settings, tmp_path: Path
) -> None:
    rows = [
        Row("tt0000011", "Salt Orchard", akas=[("Zitronengarten", "DE", "\\N", "0")]),
        Row("tt0000012", "Paper Wolf"),
    ]
    await run(settings, write_tables(tmp_path / "tables", rows))
    film_ids = ids(settings)
    listed = [ListedFilm(5, "Quite Another Name (1999)", ("Drama",))]
    folder = write_csv(
        tmp_path / "ml", listed, [(1, 5, 4, 900000001)], ((1, 5, "dreamlike"),), {5: "0000011"}
    )
    row = starter_catalogue().films[0]
    own = replace(row, key="mine", title="A Third Name", year=1999, imdb="tt0000012")
    async with open_app(settings, lambda: NOW) as app:
        result = await movielens.import_folder(app, folder)
        assert (result.added, result.matched) == (0, 1)
        async with app.db.write() as conn:
            count = await films.merge(conn, [own], source="list:mine", now=NOW)
            after = {film.id: film for film in await films.all_films(conn)}
        assert (count.added, count.changed) == (0, 1)
    orchard, wolf = after[film_ids["tt0000011"]], after[film_ids["tt0000012"]]
    assert orchard.title == "Salt Orchard"
    assert [slug for slug, _ in orchard.tags] == ["dreamlike"]
    assert (wolf.title, wolf.source) == ("A Third Name", "list:mine")
    assert not orchard.only_named
    assert not wolf.only_named
