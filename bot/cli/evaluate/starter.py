"""The starter catalogue without a database: its films numbered by row, for measuring."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.services.catalogue import arrays
from bot.services.serving.live_shelves import words_of
from recommender.data import Catalogue, Interactions, interactions
from recommender.datasets.movielens import MovieLens
from recommender.shelves.catalogue_words import CatalogueWords
from recommender.shelves.shelves import ShelfConfig, Shelves, find_shelves
from storage.catalogue.csv_rows import FilmRow
from storage.catalogue.film_rows import named
from storage.catalogue.films import Film, Tag
from storage.catalogue.loader import load_catalogue
from storage.catalogue.matching import Named, match

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Starter:
    """films: with their row as id; world: the same as arrays."""

    films: tuple[Film, ...]
    tags: tuple[Tag, ...]
    world: Catalogue

    def words(self) -> CatalogueWords:
        """What its shelves can be made of."""
        return words_of(
            self.world, {tag.slug: tag for tag in self.tags}, dict(enumerate(self.films))
        )

    def shelves(self) -> Shelves:
        """Its shelves."""
        return find_shelves(self.world, self.words(), ShelfConfig())

    def ratings(self, data: MovieLens) -> Interactions:
        """A data set's ratings of the films that both know, over the starter's rows."""
        theirs = [Named(film.id, (film.title, *film.aliases), film.year) for film in data.films]
        means = match(theirs, [named(film) for film in self.films])
        keep = [at for at, film in enumerate(data.film.tolist()) if film in means]
        rows = [means[film] for film in data.film[keep].tolist()]
        return interactions(
            data.person[keep], rows, data.stars[keep], data.when[keep], films=self.world.films
        )


def starter() -> Starter:
    """Read it. Raises CatalogueError."""
    file = load_catalogue()
    films = tuple(_film(row, at) for at, row in enumerate(file.films))
    tags = tuple(
        Tag(tag.slug, tag.facet, tag.name, tag.definition, tag.synonyms, tag.phrase)
        for tag in file.tags
    )
    return Starter(films, tags, arrays.catalogue(films, tags))


def _film(row: FilmRow, at: int) -> Film:
    return Film(
        id=at,
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
        added_at=_NEVER,
        retired_at=None,
        tags=row.tags,
    )
