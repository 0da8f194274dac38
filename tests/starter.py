"""The starter catalogue as arrays with its shelves, computed once for all tests of a process."""

from dataclasses import dataclass
from functools import cache, cached_property

from bot.cli.evaluate import starter as reading
from bot.cli.evaluate.starter import Starter
from recommender.shelves.shelves import Shelves, Vocables


@dataclass(frozen=True)
class CachedStarter(Starter):
    """The starter catalogue with its words and shelves cached."""

    @cached_property
    def _words(self) -> Vocables:
        return super().words()

    @cached_property
    def _shelves(self) -> Shelves:
        return super().shelves()

    def words(self) -> Vocables:
        return self._words

    def shelves(self) -> Shelves:
        return self._shelves


@cache
def starter() -> CachedStarter:
    """Reads the starter catalogue, once for each process."""
    read = reading.starter()
    return CachedStarter(read.films, read.tags, read.world)
