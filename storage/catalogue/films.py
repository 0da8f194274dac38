"""The stored catalogue: films, the vocabulary of tags, and merging a list of films into them.

A list made for Matinee (the one that comes with it, or an operator's own) is merged by the films'
permanent keys. Data sets are merged by `storage/catalogue/external.py`. A film never changes its
id.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.catalogue.entry import presentable
from storage.catalogue.external import ExternalFilm, ExternalMerge, merge_external
from storage.catalogue.film_rows import (
    LIST_COLUMNS,
    Film,
    MergeCount,
    Weights,
    ids_of,
    link,
    named,
    retag,
    select_films,
    titles_of,
    write,
)
from storage.catalogue.imdb.listed import store_listed_imdb
from storage.catalogue.imdb.only_named import IMDB
from storage.catalogue.matching import Named, match
from storage.database.code_order import CodeOrder
from storage.database.upsert import upsert
from storage.schema import external_ids, films, tags

__all__ = [
    "ExternalFilm",
    "ExternalMerge",
    "Film",
    "FilmLike",
    "MergeCount",
    "Tag",
    "TagLike",
    "Weights",
    "all_films",
    "all_tags",
    "get",
    "merge",
    "merge_external",
]

IMDB_ID = re.compile("tt[0-9]{5,12}", re.ASCII)
_FACTS = ("key", "title", "original_title", "year", "runtime", "audience", "adult", "poster")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of the vocabulary.

    Attributes:
        slug: permanent key.
        facet: kind of tag, such as "mood" or "theme".
        name: the tag's name as people read it.
        definition: what the tag means, in one line that gives no plot away.
        synonyms: other words that people type for the tag.
        phrase: how the tag reads in the name of a shelf (a micro-genre), such as "~ about grief";
            "~" marks the place of the word for the films. Empty if the tag has no phrase.
    """

    slug: str
    facet: str
    name: str
    definition: str
    synonyms: tuple[str, ...]
    phrase: str = ""


class TagLike(Protocol):
    """The facts of a tag that `merge` reads; `Tag` documents them."""

    @property
    def slug(self) -> str: ...
    @property
    def facet(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def definition(self) -> str: ...
    @property
    def synonyms(self) -> Sequence[str]: ...
    @property
    def phrase(self) -> str: ...


class FilmLike(Protocol):
    """The facts of a film that `merge` reads. `storage.catalogue.csv_rows.FilmRow` documents
    them.
    """

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def original_title(self) -> str | None: ...
    @property
    def aliases(self) -> Sequence[str]: ...
    @property
    def year(self) -> int | None: ...
    @property
    def runtime(self) -> int | None: ...
    @property
    def countries(self) -> Sequence[str]: ...
    @property
    def languages(self) -> Sequence[str]: ...
    @property
    def directors(self) -> Sequence[str]: ...
    @property
    def cast(self) -> Sequence[str]: ...
    @property
    def genres(self) -> Sequence[str]: ...
    @property
    def audience(self) -> str | None: ...
    @property
    def adult(self) -> bool: ...
    @property
    def poster(self) -> str | None: ...
    @property
    def imdb(self) -> str | None: ...
    @property
    def tags(self) -> Sequence[tuple[str, int]]: ...


async def all_films(conn: AsyncConnection) -> tuple[Film, ...]:
    """Returns the films of the catalogue, sorted by id, without films that an import took out.

    If an earlier version stored a fact that no message can show, it is corrected in the result.
    """
    return tuple(map(presentable, await select_films(conn, films.c.retired_at.is_(None))))


async def get(conn: AsyncConnection, film_id: int) -> Film | None:
    """Returns the film, even if it was taken out of the catalogue; None if the id is unknown."""
    found = await select_films(conn, films.c.id == film_id)
    return found[0] if found else None


async def imdb_id(conn: AsyncConnection, film_id: int) -> str | None:
    """Returns the film's id at IMDb, such as "tt0079944"; None if it is not known."""
    rows = await conn.execute(
        select(external_ids.c.external_id)
        .where(external_ids.c.film_id == film_id, external_ids.c.source == "imdb")
        .order_by(CodeOrder(external_ids.c.external_id))
    )
    return next((name for name in rows.scalars() if IMDB_ID.fullmatch(name)), None)


async def tmdb_id(conn: AsyncConnection, film_id: int) -> str | None:
    """Returns the film's id at TMDB, such as "862"; None if it is not known."""
    rows = await conn.execute(
        select(external_ids.c.external_id)
        .where(external_ids.c.film_id == film_id, external_ids.c.source == "tmdb")
        .order_by(CodeOrder(external_ids.c.external_id))
    )
    return next((name for name in rows.scalars() if name.isdecimal()), None)


async def all_tags(conn: AsyncConnection) -> tuple[Tag, ...]:
    """Returns all tags, sorted by their permanent keys (slugs)."""
    rows = await conn.execute(select(tags).order_by(CodeOrder(tags.c.slug)))
    return tuple(
        Tag(row.slug, row.facet, row.name, row.definition, tuple(row.synonyms), row.phrase)
        for row in rows
    )


async def merge(
    conn: AsyncConnection,
    rows: Sequence[FilmLike],
    *,
    source: str,
    now: datetime,
    tags: Sequence[TagLike] = (),
) -> MergeCount:
    """Store a list of films, so that the stored films of this list equal `rows`; returns the
    counts.

    Films are recognised by their keys. Stored films that are not in `rows` stay. If a new row
    matches a film that came from a data set (by title and year), that film keeps its id and gets
    the facts of the row. A row whose key belongs to another list is skipped. Merging the same rows
    again writes nothing.

    rows: the films of the list.
    source: name of the list.
    now: the present time, with a zone.
    tags: tags to store first. Each tag of a row must be stored already or be among `tags`.
    """
    await _merge_tags(conn, tags)
    stored = {film.key: film for film in await select_films(conn, films.c.source == source)}
    taken = set((await conn.execute(select(films.c.key))).scalars()) - stored.keys()
    ours = [row for row in rows if row.key not in taken]
    stored |= await _adopted(conn, [row for row in ours if row.key not in stored], source)
    new = [row for row in ours if row.key not in stored]
    changed = [row for row in ours if row.key in stored and not _same(stored[row.key], row, source)]
    await write(conn, films, [_facts(row, source) | {"added_at": now} for row in new])
    for row in changed:
        facts = _facts(row, source) | {"retired_at": None}
        await conn.execute(update(films).where(films.c.id == stored[row.key].id).values(facts))
    ids = {key: film.id for key, film in stored.items()}
    ids |= await ids_of(conn, [row.key for row in new])
    await retag(conn, {ids[row.key]: row.tags for row in (*new, *changed)})
    imdb = {row.imdb: ids[row.key] for row in ours if row.imdb is not None}
    if imdb:
        linked = await conn.execute(
            select(external_ids.c.external_id).where(external_ids.c.source == "imdb")
        )
        present = set(linked.scalars())
        links = [("imdb", name, film_id) for name, film_id in imdb.items() if name not in present]
        await link(conn, links)
    await store_listed_imdb(conn, source, imdb)
    return MergeCount(len(new), len(changed), len(rows) - len(new) - len(changed))


async def _adopted(conn: AsyncConnection, rows: Sequence[FilmLike], source: str) -> dict[str, Film]:
    """Returns the stored film for each row that matches a film of a data set, by the row's key.

    rows: the films of a list.
    source: the list's name.
    """
    if not rows:
        return {}
    datasets = select(external_ids.c.source).distinct()
    others = await select_films(conn, films.c.source != source, films.c.source.in_(datasets))
    if not others:
        return {}
    by_id = {film.id: film for film in others}
    ids = select(external_ids.c.external_id, external_ids.c.film_id)
    linked = {
        name: by_id[film_id]
        for name, film_id in await conn.execute(ids.where(external_ids.c.source == IMDB))
        if film_id in by_id and by_id[film_id].source == IMDB
    }
    found = {row.key: linked[row.imdb] for row in rows if row.imdb in linked}
    taken = {film.id for film in found.values()}
    imdb = {film.id: name for name, film in linked.items()}
    wanted = [
        Named(at, titles_of(row), row.year, row.imdb)
        for at, row in enumerate(rows)
        if row.key not in found
    ]
    free = [replace(named(each), imdb=imdb.get(each.id)) for each in others if each.id not in taken]
    return found | {rows[at].key: by_id[film_id] for at, film_id in match(wanted, free).items()}


def _facts(row: FilmLike, source: str) -> dict[str, Any]:
    facts: dict[str, Any] = {name: getattr(row, name) for name in _FACTS}
    return facts | {name: list(getattr(row, name)) for name in LIST_COLUMNS} | {"source": source}


def _same(film: Film, row: FilmLike, source: str) -> bool:
    stored: dict[str, Any] = {name: getattr(film, name) for name in _FACTS}
    stored |= {name: list(getattr(film, name)) for name in LIST_COLUMNS} | {"source": film.source}
    return (
        film.retired_at is None
        and stored == _facts(row, source)
        and dict(film.tags) == dict(row.tags)
    )


async def _merge_tags(conn: AsyncConnection, rows: Sequence[TagLike]) -> None:
    stored = {tag.slug: tag for tag in await all_tags(conn)} if rows else {}
    for row in rows:
        tag = Tag(row.slug, row.facet, row.name, row.definition, tuple(row.synonyms), row.phrase)
        if stored.get(row.slug) != tag:
            facts = {
                "facet": tag.facet,
                "name": tag.name,
                "definition": tag.definition,
                "synonyms": list(tag.synonyms),
                "phrase": tag.phrase,
            }
            await conn.execute(
                upsert(conn, tags)
                .values(slug=tag.slug, **facts)
                .on_conflict_do_update(index_elements=["slug"], set_=facts)
            )
