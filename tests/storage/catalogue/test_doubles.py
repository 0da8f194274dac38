"""Films that an import doubled, or joined by mistake: what becomes of their ids elsewhere."""

from datetime import datetime

from sqlalchemy import insert, select

from storage.catalogue import films
from storage.catalogue.film_rows import LIST_COLUMNS, link
from storage.catalogue.films import ExternalFilm
from storage.database.engine import Database
from storage.schema import external_ids
from storage.schema import films as table
from tests.storage.samples import NOW, VOCABULARY, Row

OLDBOY = Row("oldboy-2003", "Oldboy", 2003)


async def added(db: Database, key: str, title: str, year: int, source: str) -> int:
    """Adds a film as an earlier version did; returns its id."""
    lists: dict[str, list[str]] = {name: [] for name in LIST_COLUMNS}
    row = {"key": key, "title": title, "year": year, "adult": False, "source": source}
    async with db.write() as conn:
        added_at: dict[str, datetime] = {"added_at": NOW}
        made = await conn.execute(
            insert(table).values(row | lists | added_at).returning(table.c.id)
        )
        return int(made.scalar_one())


async def links(db: Database) -> dict[tuple[str, str], int]:
    async with db.read() as conn:
        rows = await conn.execute(select(external_ids))
        return {(row.source, row.external_id): row.film_id for row in rows}


async def listed(db: Database, *rows: Row) -> dict[str, int]:
    """Merges a list of films; returns their ids by key."""
    async with db.write() as conn:
        await films.merge(conn, rows, source="starter", now=NOW, tags=VOCABULARY)
        return {film.key: film.id for film in await films.all_films(conn)}


async def test_the_ids_of_a_retired_double_lead_to_the_film_that_stays(db: Database) -> None:
    """Old Boy was added beside Oldboy. Another data set and IMDb's id lead to it."""
    oldboy = (await listed(db, OLDBOY))["oldboy-2003"]
    double = await added(db, "movielens:7", "Old Boy", 2003, "movielens")
    names = [("movielens", "7"), ("ml-100k", "70"), ("imdb", "tt0364569"), ("tmdb", "670")]
    async with db.write() as conn:
        await link(conn, [(source, name, double) for source, name in names])
        row = ExternalFilm("movielens", "7", "Old Boy", 2003)  # it names no other ids
        merged = await films.merge_external(conn, [row], NOW)
    assert merged.film_ids == {"7": oldboy}
    assert await links(db) == dict.fromkeys(names, oldboy)
    async with db.write() as conn:
        other = ExternalFilm("ml-100k", "70", "Old Boy", 2003)
        assert (await films.merge_external(conn, [other], NOW)).film_ids == {"70": oldboy}


async def test_a_film_keeps_its_own_id_in_a_data_set(db: Database) -> None:
    """Two ids of one data set never lead to the same film."""
    oldboy = (await listed(db, OLDBOY))["oldboy-2003"]
    double = await added(db, "movielens:7", "Old Boy", 2003, "movielens")
    async with db.write() as conn:
        await link(conn, [("movielens", "7", double), ("ml-100k", "70", double)])
        await link(conn, [("ml-100k", "71", oldboy)])
        await films.merge_external(conn, [ExternalFilm("movielens", "7", "Old Boy", 2003)], NOW)
    assert await links(db) == {("movielens", "7"): oldboy, ("ml-100k", "71"): oldboy}


async def test_a_film_whose_list_gives_the_same_imdb_id_is_not_split(db: Database) -> None:
    """Its titles differ in a vowel sign, which earlier versions ignored; its id says it is one."""
    row = ExternalFilm("movielens", "9", "दोल", 1990, imdb="tt0099409")
    film = (await listed(db, Row("dil-1990", "दिल", 1990, imdb="tt0099409")))["dil-1990"]
    async with db.write() as conn:
        assert (await films.merge_external(conn, [row], NOW)).film_ids == {"9": film}
        again = await films.merge_external(conn, [row], NOW)
    assert again.film_ids == {"9": film}
    assert again.count.unchanged == 1


async def test_an_imdb_id_that_only_the_data_set_gave_proves_nothing(db: Database) -> None:
    film = (await listed(db, Row("dil-1990", "दिल", 1990)))["dil-1990"]
    async with db.write() as conn:
        await link(conn, [("movielens", "9", film), ("imdb", "tt0000009", film)])
        row = ExternalFilm("movielens", "9", "दोल", 1990, imdb="tt0000009")
        merged = await films.merge_external(conn, [row], NOW)
    assert merged.film_ids["9"] != film
