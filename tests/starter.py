"""The starter catalogue: as it is read, and as arrays with its shelves.

Each is computed once for all tests of a process.
"""

from dataclasses import dataclass
from functools import cache, cached_property

from bot.cli.evaluate import starter as reading
from bot.cli.evaluate.starter import Starter
from recommender.shelves.catalogue_words import CatalogueWords
from recommender.shelves.shelves import Shelves
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
