"""The starter catalogue: as it is read, and as arrays with its shelves.

Each is computed once for all tests of a process.
"""

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cache, cached_property

from bot.cli.evaluate import starter as reading
from bot.cli.evaluate.starter import Starter
from bot.services.catalogue.library import Library
from recommender.shelves.catalogue_words import CatalogueWords
from recommender.shelves.shelves import Shelves
from storage.catalogue.films import Film
from storage.catalogue.loader import CatalogueFile, load_catalogue


@dataclass(frozen=True)
class CachedStarter(Starter):
    """The starter catalogue with its words and shelves cached."""

    @cached_property
    def _words(self) -> CatalogueWords:
        return super().words()

    @cached_property
    def _shelves(self) -> Shelves:
        return super().shelves()

    def words(self) -> CatalogueWords:
        return self._words

    def shelves(self) -> Shelves:
        return self._shelves


@cache
def starter() -> CachedStarter:
    """Reads the starter catalogue, once for each process."""
    read = reading.starter()
    return CachedStarter(read.films, read.tags, read.world)


@cache
def starter_catalogue() -> CatalogueFile:
    """Reads the films and tags of the starter catalogue, once for each process."""
    return load_catalogue()


@cache
def starter_library() -> Library:
    """Returns the starter catalogue as the bot searches it. Its films are equally famous."""
    facts = {field.name for field in fields(Film)}
    films = {}
    for film_id, row in enumerate(starter_catalogue().films, start=1):
        known = {name: getattr(row, name) for name in row.__slots__ if name in facts}
        films[film_id] = Film(
            id=film_id,
            source="starter",
            added_at=datetime(2026, 1, 1, tzinfo=UTC),
            retired_at=None,
            **known,
        )
    return Library(films, {}, {})
