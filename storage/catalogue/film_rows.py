"""Rows of the film tables, in and out: what the lists and the data sets that are merged share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Table, bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.catalogue.matching import Named, spellings
from storage.database.upsert import upsert
from storage.schema import external_ids, film_tags, films

Weights = tuple[tuple[str, int], ...]
"""(tag slug, weight) pairs: weight 1 touches, 2 fits, 3 defines"""


@dataclass(frozen=True, slots=True)
class Film:
    """A film: `runtime` in minutes, `tags` by falling weight, `source` the list of its facts."""

    id: int
    key: str
    title: str
    original_title: str | None
    aliases: tuple[str, ...]
    year: int | None
    runtime: int | None
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    directors: tuple[str, ...]
    cast: tuple[str, ...]
    genres: tuple[str, ...]
    audience: str | None
    adult: bool
    poster: str | None
    source: str
    added_at: datetime
    retired_at: datetime | None
    tags: Weights = ()


LISTS = ("aliases", "countries", "languages", "directors", "cast", "genres")
"""the columns of a film that hold several words"""


@dataclass(frozen=True, slots=True)
class MergeCount:
    """How many films of a list were new, different from before, or as before."""

    added: int
    changed: int
    unchanged: int


class Titled(Protocol):
    """Anything with the titles of a film."""

    @property
    def title(self) -> str: ...
    @property
    def original_title(self) -> str | None: ...
    @property
    def aliases(self) -> Sequence[str]: ...


def titles_of(film: Titled) -> tuple[str, ...]:
    """Every title that the film goes by."""
    given = (film.title, film.original_title or "", *film.aliases)
    return tuple(spelling for title in given for spelling in spellings(title))


def named(film: Film) -> Named:
    """The film as `storage/catalogue/matching.py` takes it."""
    return Named(film.id, titles_of(film), film.year)


async def select_films(conn: AsyncConnection, *where: ColumnElement[bool]) -> tuple[Film, ...]:
    """The films that fulfil every condition, by id."""
    weighted: dict[int, list[tuple[str, int]]] = defaultdict(list)
    pairs = select(film_tags).join(films).where(*where)
    for film_id, slug, weight in await conn.execute(
        pairs.order_by(film_tags.c.film_id, film_tags.c.weight.desc(), film_tags.c.tag_slug)
    ):
        weighted[film_id].append((slug, weight))
    found = []
    for row in await conn.execute(select(films).where(*where).order_by(films.c.id)):
        facts = dict(row._mapping)
        facts |= {name: tuple(facts[name]) for name in LISTS}
        found.append(Film(**facts, tags=tuple(weighted.get(row.id, ()))))
    return tuple(found)


async def ids_of(conn: AsyncConnection, keys: Sequence[str]) -> dict[str, int]:
    """key -> id, for those of the keys that exist."""
    if not keys:
        return {}
    wanted = set(keys)
    rows = await conn.execute(select(films.c.key, films.c.id))
    return {key: film_id for key, film_id in rows if key in wanted}


async def retag(conn: AsyncConnection, given: Mapping[int, Iterable[tuple[str, int]]]) -> None:
    """Give each film (by id) these tags and no others."""
    if not given:
        return
    statement = delete(film_tags).where(film_tags.c.film_id == bindparam("of_film"))
    await conn.execute(statement, [{"of_film": film_id} for film_id in given])
    await write(
        conn,
        film_tags,
        [
            {"film_id": film_id, "tag_slug": slug, "weight": weight}
            for film_id, pairs in given.items()
            for slug, weight in dict(pairs).items()
        ],
    )


async def link(conn: AsyncConnection, links: Sequence[tuple[str, str, int]]) -> None:
    """Keep external ids; one that another film has already stays with that film."""
    if links:
        await conn.execute(
            upsert(conn, external_ids).on_conflict_do_nothing(),
            [
                {"source": source, "external_id": name, "film_id": film_id}
                for source, name, film_id in links
            ],
        )


async def write(conn: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert new rows."""
    if rows:
        await conn.execute(insert(table), list(rows))
