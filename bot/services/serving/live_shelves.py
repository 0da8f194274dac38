"""The live shelves: made from the catalogue that is served, and what people are drawn to.

They follow the served model: after a refit or an import both are made anew, off the event loop, at
the first use. The shelves of one catalogue are the same whoever asks, so they are kept by it.
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.services.catalogue import arrays
from bot.services.catalogue.library import Choice, Library, matching
from bot.services.serving.live_model import Served
from recommender.data import Catalogue, join
from recommender.datasets.corpus import read_corpus
from recommender.evaluation.ranking.shelf_order import standing_over
from recommender.shelves.affinity import AffinityModel, fit_affinity
from recommender.shelves.catalogue_words import CatalogueWords, catalogue_words
from recommender.shelves.shelves import Shelf, ShelfConfig, Shelves, find_shelves
from storage.catalogue.films import Film, Tag
from storage.feedback import ratings
from storage.feedback.ratings import RatingRow

if TYPE_CHECKING:
    from bot.services.app import App

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shelving:
    """The shelves of a served model, and who is drawn to them."""

    served: Served
    shelves: Shelves
    groups: AffinityModel

    def column(self, key: str) -> int | None:
        """The shelf of a key; None where there is none any more."""
        found = (at for at, shelf in enumerate(self.shelves.shelves) if shelf.key == key)
        return next(found, None)

    def best_of(self, film_id: int, among: Sequence[int] = ()) -> Shelf | None:
        """The shelf to name a film by: of those it stands on the one with the most of the films
        `among`, then the one found first."""
        rows = self.served.model.catalogue.films
        film = rows.row(film_id)
        others = set(rows.rows(list(among)).tolist()) - {-1, film}
        on = [shelf for shelf in self.shelves.shelves if film in shelf.films]
        return max(on, key=lambda shelf: len(others & set(shelf.films)), default=None)

    def choices(self, typed: str) -> list[Choice]:
        """Autocomplete for a shelf: value is its key."""
        names = (Choice(shelf.name, shelf.key) for shelf in self.shelves.shelves)
        return matching(names, typed)


class LiveShelves:
    """The shelving of the served model, made once for each."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._made: Shelving | None = None
        self._waited_for: set[asyncio.Task[Shelving]] = set()

    def ready(self, served: Served) -> Shelving | None:
        """The shelving where it is made already, for answers that will not wait for it."""
        made = self._made
        return made if made is not None and made.served is served else None

    async def soon(self, app: "App", seconds: float) -> Shelving | None:
        """The shelving if it is made within so many seconds, for answers that Discord does not wait
        for; otherwise it goes on being made, and the next one finds it."""
        task = asyncio.create_task(self.get(app), name="shelving")
        self._waited_for.add(task)
        task.add_done_callback(self._waited_for.discard)
        done, _ = await asyncio.wait({task}, timeout=seconds)
        return task.result() if done else None

    async def get(self, app: "App") -> Shelving:
        """The shelving of what is served now."""
        async with self._lock:
            served = app.live.served
            made = self.ready(served)
            if made is None:
                async with app.db.read() as conn:
                    rows = await ratings.snapshot(conn)
                made = await asyncio.to_thread(_make, served, rows, app.settings.corpus)
                self._made = made
            return made


def _make(served: Served, rows: Sequence[RatingRow], corpus: Path) -> Shelving:
    began = time.monotonic()
    world = served.model.catalogue
    shelves = shelves_of(world, served.library)
    everyone = join(arrays.ratings(rows, world.films), read_corpus(corpus))
    standing = standing_over(shelves.membership, world.films.rows(everyone.films.ids_array))
    groups = replace(fit_affinity(everyone, standing), membership=shelves.membership)
    log.info("%d shelves in %.1f s", len(shelves), time.monotonic() - began)
    return Shelving(served, shelves, groups)


def shelves_of(world: Catalogue, library: Library) -> Shelves:
    """The shelves of a catalogue, remembered while it stays as it is."""
    return _found(_Known(world, words_of(world, library.tags, library.films)))


def words_of(
    world: Catalogue, tags: Mapping[str, Tag], films: Mapping[int, Film]
) -> CatalogueWords:
    """What shelves of a catalogue can be made of: tags as they are said, and leading countries."""
    phrases = {tag: tags[tag].phrase for tag in world.tag_names}
    rows = (films[film] for film in world.films.ids_array.tolist())
    return catalogue_words(
        world, phrases, [film.countries[0] if film.countries else None for film in rows]
    )


@dataclass(frozen=True, eq=False)
class _Known:
    """All that shelves are made of, equal where its content is."""

    world: Catalogue
    words: CatalogueWords

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Known)
            and self.words.words == other.words.words
            and np.array_equal(self.words.fits, other.words.fits)
            and np.array_equal(self.world.adult, other.world.adult)
            and np.array_equal(self.world.films.ids_array, other.world.films.ids_array)
        )

    def __hash__(self) -> int:
        return hash((self.words.words, self.words.fits.tobytes()))


@lru_cache(maxsize=2)
def _found(known: _Known) -> Shelves:
    return find_shelves(known.world, known.words, ShelfConfig())
