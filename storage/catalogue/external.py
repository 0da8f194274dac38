"""Merges data sets that have their own film ids, such as MovieLens, into the catalogue.

Films are matched by the data set's ids, then by IMDb and TMDB ids, then by title and year. Films
without a match are added. Merging the same rows again writes nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.catalogue.entry import problem
from storage.catalogue.film_rows import (
    LIST_COLUMNS,
    Film,
    MergeCount,
    Weights,
    ids_of,
    link,
    move_links,
    named,
    retag,
    select_films,
    titles_of,
    used_films,
    write,
)
from storage.catalogue.imdb.listed import listed_imdb
from storage.catalogue.imdb.only_named import IMDB
from storage.catalogue.matching import Named, match, spellings
from storage.catalogue.titles import is_folded
from storage.errors import CatalogueError, StorageError
from storage.schema import external_ids, films

_MERGED = ("title", "aliases", "year", "genres", "adult")
"""The columns of a film that are written again each time the data set from which the film came is
merged.
"""

_BLANK: dict[str, Any] = {name: [] for name in LIST_COLUMNS} | {"adult": False}


@dataclass(frozen=True, slots=True)
class ExternalFilm:
    """A film of a data set.

    Attributes:
        external_source: name of the data set.
        external_id: the film's id in the data set.
        title: title.
        year: year of the first showing; None if unknown.
        aliases: other titles.
        genres: the film's genres, by their names in the catalogue.
        tags: (slug, weight) pairs; a slug is the permanent key of a tag in the catalogue's
            vocabulary.
        imdb: IMDb id; None if unknown.
        tmdb: TMDB id; None if unknown.
        adult: True if the film may only be shown in age-restricted channels.
    """

    external_source: str
    external_id: str
    title: str
    year: int | None
    aliases: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    tags: Weights = ()
    imdb: str | None = None
    tmdb: str | None = None
    adult: bool = False


@dataclass(frozen=True, slots=True)
class ExternalMerge:
    """What merging a data set did.

    Attributes:
        count: how many films are new, changed and unchanged.
        film_ids: for each film's id in the data set, its id in the catalogue."""

    count: MergeCount
    film_ids: Mapping[str, int]


async def merge_external(
    conn: AsyncConnection, rows: Sequence[ExternalFilm], now: datetime
) -> ExternalMerge:
    """Store the films of one data set; returns what changed.

    If a film matches a stored film, the two are joined; otherwise the film is added. A stored film
    that is matched gets the data set's ids and keeps its title, year, genres and tags. A film of
    IMDb's tables, which have no tags, gets those of the data set too. However, if its facts came
    from this data set before, the new facts replace them. Two films of the data set never match the
    same stored film. Raises ValueError if the rows come from more than one data set
    or repeat an id. Raises CatalogueError if a film may not enter the catalogue. Nothing is written
    in either case.

    rows: the films of the data set.
    now: the present time, with a zone."""
    for row in rows:
        unfit = problem(row.title, row.year, other_titles=row.aliases, genres=row.genres)
        if unfit:
            problem_of_film = StorageError("film-unfit", id=row.external_id, problem=unfit)
            raise CatalogueError(row.external_source, None, problem_of_film)
    sources = {row.external_source for row in rows}
    if len(sources) > 1 or len({row.external_id for row in rows}) < len(rows):
        raise ValueError("rows of one data set are merged at a time, each id once")
    source = next(iter(sources), "")
    links = {
        (link.source, link.external_id): link.film_id
        for link in await conn.execute(select(external_ids))
    }
    stored = {film.id: film for film in await select_films(conn)}
    found = await _unlink(conn, rows, source, links, stored, now)
    matched = _match(rows, source, links, stored, found)
    new = [row for row in rows if row.external_id not in matched]
    facts = [_external_facts(row) for row in new]
    await write(conn, films, [_BLANK | fact | {"added_at": now} for fact in facts])
    ids = await ids_of(conn, [fact["key"] for fact in facts])
    matched |= {row.external_id: ids[fact["key"]] for row, fact in zip(new, facts, strict=True)}
    changed: set[int] = set()
    retagged: dict[int, Weights] = {ids[_external_key(row)]: row.tags for row in new}
    fresh_links: list[tuple[str, str, int]] = []
    for row in rows:
        film_id = matched[row.external_id]
        fresh = [
            (kind, name, film_id)
            for kind, name in ((source, row.external_id), ("imdb", row.imdb), ("tmdb", row.tmdb))
            if name and (kind, name) not in links
        ]
        fresh_links += fresh
        film = stored.get(film_id)
        if film is None:
            continue
        if fresh:
            changed.add(film_id)
        if film.source == IMDB and row.tags and dict(film.tags) != dict(row.tags):
            changed.add(film_id)  # IMDb's tables have no tags, so nobody else's are lost
            retagged[film_id] = row.tags
        if film.source == source and not _is_same(film, row):
            changed.add(film_id)
            retagged[film_id] = row.tags
            values = {name: _external_facts(row)[name] for name in _MERGED}
            await conn.execute(update(films).where(films.c.id == film_id).values(values))
    await link(conn, fresh_links)
    await retag(conn, retagged)
    count = MergeCount(len(new), len(changed), len(rows) - len(new) - len(changed))
    return ExternalMerge(count, matched)


async def _unlink(
    conn: AsyncConnection,
    rows: Sequence[ExternalFilm],
    source: str,
    links: dict[tuple[str, str], int],
    stored: dict[int, Film],
    now: datetime,
) -> dict[str, int]:
    """Undo two mistakes of earlier imports, so that the films concerned can be matched again. First
    mistake: a film was joined with a film whose title differs in accents or other marks, which
    earlier versions ignored. Second mistake: a film was added although the catalogue already had
    it. This is undone only if the added film was never shown, rated or marked; it then counts as
    taken out of the catalogue. Returns, for each film with the second mistake, the catalogue's id
    of the right film, by the id in the data set.

    rows: the films of the data set.
    source: name of the data set.
    links: film id by (source, external id), for all stored ids. Wrong entries are removed from it.
    stored: the films that may be matched, by id. Films that are taken out are removed from it.
    now: the present time, with a zone.
    """
    listed = await listed_imdb(conn)
    lost = {
        row.external_id
        for row in rows
        if (film := stored.get(links.get((source, row.external_id), 0))) is not None
        and film.source != source
        and not (row.imdb in listed and links.get(("imdb", row.imdb or "")) == film.id)
        and is_folded(_spellings(row), titles_of(film))
    }
    used = await used_films(conn)
    doubles: dict[str, Film] = {}
    for row in rows:
        film = stored.get(links.get((source, row.external_id), 0))
        if film is not None and film.source == source and film.id not in used:
            doubles[row.external_id] = film
    taken = {film_id for (kind, _), film_id in links.items() if kind == source}
    wanted = [
        Named(at, _spellings(row), row.year, row.imdb)
        for at, row in enumerate(rows)
        if row.external_id in doubles
    ]
    found = match(wanted, _free(links, stored, taken, source))
    for at, kept_id in found.items():
        film = doubles[rows[at].external_id]
        lost.add(rows[at].external_id)
        del stored[film.id]
        await conn.execute(update(films).where(films.c.id == film.id).values(retired_at=now))
        await move_links(conn, links, film.id, kept_id)
    gone = {(source, name): links[source, name] for name in lost if (source, name) in links}
    for row in rows:
        if row.external_id in lost:
            for kind, name in (("imdb", row.imdb), ("tmdb", row.tmdb)):
                if name and links.get((kind, name)) == gone.get((source, row.external_id), 0):
                    gone[kind, name] = links[kind, name]
    for kind, name in gone:
        del links[kind, name]
        await conn.execute(
            delete(external_ids).where(
                external_ids.c.source == kind, external_ids.c.external_id == name
            )
        )
    return {rows[at].external_id: film_id for at, film_id in found.items()}


def _match(
    rows: Sequence[ExternalFilm],
    source: str,
    links: Mapping[tuple[str, str], int],
    stored: Mapping[int, Film],
    found: Mapping[str, int],
) -> dict[str, int]:
    """Returns the catalogue's film id for each row that has a match, by the row's id in the data
    set.

    rows: the films of the data set.
    source: name of the data set.
    links: film id by (source, external id), for all stored ids.
    stored: the films that may be matched, by id.
    found: matches that are already known, in the form of the result."""
    matched = dict(found) | {
        row.external_id: links[source, row.external_id]
        for row in rows
        if (source, row.external_id) in links
    }
    taken = {film_id for (kind, _), film_id in links.items() if kind == source}
    taken |= set(found.values())
    for row in rows:
        for kind, name in (("imdb", row.imdb), ("tmdb", row.tmdb)):
            film_id = links.get((kind, name or ""))
            if row.external_id not in matched and film_id is not None and film_id not in taken:
                matched[row.external_id] = film_id
                taken.add(film_id)
    left = [row for row in rows if row.external_id not in matched]
    wanted = [Named(at, _spellings(row), row.year, row.imdb) for at, row in enumerate(left)]
    free = _free(links, stored, taken)
    return matched | {left[at].external_id: film_id for at, film_id in match(wanted, free).items()}


def _free(
    links: Mapping[tuple[str, str], int],
    stored: Mapping[int, Film],
    taken: Collection[int],
    source: str = "",
) -> list[Named]:
    """Returns the stored films that a film of a data set may still be matched with.

    links: film id by (source, external id), for all stored ids.
    stored: the films that may be matched, by id.
    taken: ids of the films that are already matched with a film of the data set.
    source: films that came from this source are left out; "" for films of all sources."""
    imdb = {film_id: name for (kind, name), film_id in links.items() if kind == "imdb"}
    return [
        replace(named(film), imdb=imdb.get(film.id))
        for film in stored.values()
        if film.id not in taken and film.retired_at is None and film.source != source
    ]


def _spellings(row: ExternalFilm) -> tuple[str, ...]:
    return tuple(name for title in (row.title, *row.aliases) for name in spellings(title))


def _external_key(row: ExternalFilm) -> str:
    return f"{row.external_source}:{row.external_id}"


def _external_facts(row: ExternalFilm) -> dict[str, Any]:
    return {
        "key": _external_key(row),
        "title": row.title,
        "year": row.year,
        "aliases": list(row.aliases),
        "genres": list(row.genres),
        "adult": row.adult,
        "source": row.external_source,
    }


def _is_same(film: Film, row: ExternalFilm) -> bool:
    stored = {name: getattr(film, name) for name in _MERGED}
    stored |= {name: list(stored[name]) for name in ("aliases", "genres")}
    new = {name: _external_facts(row)[name] for name in _MERGED}
    return stored == new and dict(film.tags) == dict(row.tags)
