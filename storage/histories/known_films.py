"""What is known about the films of the catalogue that helps to recognise them in other lists."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.catalogue.matching import spellings
from storage.schema import external_ids, films


@dataclass(frozen=True, slots=True)
class KnownFilm:
    """A film of the catalogue.

    Attributes:
        id: its id.
        title: the title that people know it by.
        titles: every title of its own, in every spelling.
        year: year of the first showing; None if unknown.
        directors: names.
        ids: (source, id there) pairs; the sources are "imdb", "tmdb" and data sets.
        more_titles: the titles that IMDb's tables add, in every spelling.
    """

    id: int
    title: str
    titles: tuple[str, ...]
    year: int | None
    directors: tuple[str, ...]
    ids: tuple[tuple[str, str], ...]
    more_titles: tuple[str, ...] = ()


async def known_films(conn: AsyncConnection) -> tuple[KnownFilm, ...]:
    """Returns the films of the catalogue, sorted by id."""
    ids: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for source, name, film_id in await conn.execute(
        select(external_ids.c.source, external_ids.c.external_id, external_ids.c.film_id)
    ):
        ids[film_id].append((source, name))
    columns = films.c
    rows = await conn.execute(
        select(
            columns.id,
            columns.title,
            columns.original_title,
            columns.aliases,
            columns.more_titles,
            columns.year,
            columns.directors,
        )
        .where(columns.retired_at.is_(None))
        .order_by(columns.id)
    )
    return tuple(
        KnownFilm(
            row.id,
            row.title,
            _spelt((row.title, row.original_title or "", *row.aliases)),
            row.year,
            tuple(row.directors),
            tuple(ids[row.id]),
            _spelt(row.more_titles),
        )
        for row in rows
    )


def _spelt(titles: Iterable[str]) -> tuple[str, ...]:
    return tuple(spelling for title in titles if title for spelling in spellings(title))
