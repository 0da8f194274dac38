"""The starter catalogue as arrays, for tests that ask how films of it are alike or grouped."""

from functools import cache

from bot.services.arrays import catalogue
from recommender.data import Catalogue
from storage.catalogue.loader import FilmRow, load_catalogue
from storage.films import Film, Tag
from tests.storage.samples import NOW


def as_film(row: FilmRow, film_id: int) -> Film:
    return Film(
        id=film_id,
        key=row.key,
        title=row.title,
        original_title=row.original_title,
        aliases=row.aliases,
        year=row.year,
        runtime=row.runtime,
        countries=row.countries,
        languages=row.languages,
        directors=row.directors,
        cast=row.cast,
        genres=row.genres,
        audience=row.audience,
        adult=row.adult,
        poster=row.poster,
        source="starter",
        added_at=NOW,
        retired_at=None,
        tags=row.tags,
    )


@cache
def starter() -> tuple[tuple[Film, ...], tuple[Tag, ...], Catalogue]:
    """Films with their row as id, the vocabulary, and both as arrays."""
    file = load_catalogue()
    films = tuple(as_film(row, at) for at, row in enumerate(file.films))
    tags = tuple(
        Tag(tag.slug, tag.facet, tag.name, tag.definition, tag.synonyms, tag.phrase)
        for tag in file.tags
    )
    return films, tags, catalogue(films, tags)
