"""The shelves of the catalogue that is served now, and how much people like each.

A shelf is a set of films with a name, such as "Bleak single-location thrillers". After a new model
is fitted or films are imported, the shelves, and the model of how much people like each, are
computed again when they are first needed. This is done in another process, so that answers are not
late. The shelves depend only on the catalogue and are cached for each catalogue.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot.services.catalogue import arrays
from bot.services.catalogue.library import Choice, matching_choices
from bot.services.serving.live_model import LiveModel, Served
from bot.services.serving.shelf_process import found_shelves
from bot.services.view_models import Line
from recommender.data import Catalogue, join
from recommender.datasets.corpus import read_corpus
from recommender.shelves.affinity import AffinityModel, fit_affinity, membership_over
from recommender.shelves.catalogue_words import CatalogueWords, catalogue_words
from recommender.shelves.naming import FilmLanguage
from recommender.shelves.shelves import Shelf, Shelves
from storage.catalogue.films import Film, Tag
from storage.catalogue.places import set_abroad
from storage.database.engine import Database
from storage.feedback import ratings
from storage.feedback.ratings import RatingRow

log = logging.getLogger(__name__)

REMEMBERED_CATALOGUES = 2  # of this number of catalogues the shelves are remembered


@dataclass(frozen=True)
class Shelving:
    """The shelves (named sets of films) for the model that answers, and how much people like each.

    Attributes:
        served: the model that the shelves belong to.
        shelves: the shelves; their films are rows of the model's catalogue.
        groups: the model that says how much a person likes each shelf.
    """

    served: Served
    shelves: Shelves
    groups: AffinityModel

    def column(self, key: str) -> int | None:
        """Returns the index in `shelves` of the shelf (a named set of films) with this key; None if
        unknown.
        """
        columns = (at for at, shelf in enumerate(self.shelves.shelves) if shelf.key == key)
        return next(columns, None)

    def best_of(self, film_id: int, among: Sequence[int] = ()) -> Shelf | None:
        """Returns the shelf (a named set of films) to name beside a film; None if it is on none.

        If the film is on several shelves, it is the one with the most films in `among` (film ids),
        and the first of these if several have equally many.
        """
        rows = self.served.model.catalogue.films
        film = rows.row(film_id)
        if film < 0:
            return None
        on = self._shelves_of(film)
        others = {*rows.rows(list(among)).tolist()} - {-1, film}
        shared = Counter(at for other in others for at in self._shelves_of(other))
        best = max(on, key=lambda at: shared[at], default=None)
        return None if best is None else self.shelves.shelves[best]

    def _shelves_of(self, film: int) -> list[int]:
        """Returns the indices of the shelves that a film is on, ascending. film: its row."""
        membership = self.shelves.membership
        begin, end = membership.indptr[film : film + 2]
        return sorted(membership.indices[begin:end].tolist())

    def choices(self, typed: str, language: FilmLanguage) -> list[Choice]:
        """Returns suggestions while a person types the name of a shelf (a named set of films).

        The value of each is the shelf's key.

        language: names the shelves.
        """
        names = (Choice(language.shelf(one.words), one.key) for one in self.shelves.shelves)
        return matching_choices(names, typed)


class LiveShelves:
    """Holds the `Shelving` (the named sets of films) of the model that answers now.

    It is computed once for each model.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._shelving: Shelving | None = None
        self._tasks: set[asyncio.Task[Shelving]] = set()

    def ready(self, served: Served) -> Shelving | None:
        """Returns the shelves (named sets of films) for this model, without waiting.

        None if they are not computed yet.
        """
        shelving = self._shelving
        return shelving if shelving is not None and shelving.served is served else None

    def card_shelf(self, served: Served, lines: Sequence[Line]) -> Shelf | None:
        """Returns the shelf (a named set of films) to show on a card (a message of films).

        None if the shelves are not computed yet, or if the first film is on no shelf.

        served: the model that answers.
        lines: the films of the card, its main film first.
        """
        shelving = self.ready(served)
        headline, *further = [line.film_id for line in lines]
        return shelving.best_of(headline, further) if shelving else None

    async def soon(
        self, db: Database, live: LiveModel, corpus: Path, seconds: float
    ) -> Shelving | None:
        """Returns the shelves (named sets of films) if they are ready within `seconds`, else None.

        If they are not, the computation goes on for the next call. Use this for answers that must
        be quick, such as the suggestions while a person types.

        corpus: the file of imported ratings.
        """
        task = asyncio.create_task(self.get(db, live, corpus), name="shelving")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        done, _ = await asyncio.wait({task}, timeout=seconds)
        return task.result() if done else None

    async def get(self, db: Database, live: LiveModel, corpus: Path) -> Shelving:
        """Returns the shelves (named sets of films), after computing them if necessary.

        They are for the model that answers now.

        corpus: the file of imported ratings.
        """
        async with self._lock:
            served = live.served
            shelving = self.ready(served)
            if shelving is None:
                began = time.monotonic()
                shelves = await _shelves_of(served)
                async with db.read() as conn:
                    rows = await ratings.snapshot(conn)
                shelving = await asyncio.to_thread(_compute, served, shelves, rows, corpus)
                log.info("%d shelves in %.1f s", len(shelves), time.monotonic() - began)
                self._shelving = shelving
            return shelving


def _compute(served: Served, shelves: Shelves, rows: Sequence[RatingRow], corpus: Path) -> Shelving:
    world = served.model.catalogue
    everyone = join(arrays.ratings(rows, world.films), read_corpus(corpus))
    membership = membership_over(shelves.membership, world.films.rows(everyone.films.ids_array))
    groups = replace(fit_affinity(everyone, membership), membership=shelves.membership)
    return Shelving(served, shelves, groups)


async def _shelves_of(served: Served) -> Shelves:
    """Returns the shelves (named sets of films) of the catalogue that is served.

    Those of the last catalogues are remembered by the catalogues' content.
    """
    world, library = served.model.catalogue, served.library
    words = await asyncio.to_thread(words_of, world, library.tags, library.films)
    source = _ShelfSource(world, words)
    if source not in _remembered:
        _remembered[source] = await found_shelves(world, words)
        for oldest in list(_remembered)[:-REMEMBERED_CATALOGUES]:
            del _remembered[oldest]
    return _remembered[source]


def words_of(
    world: Catalogue, tags: Mapping[str, Tag], films: Mapping[int, Film]
) -> CatalogueWords:
    """Returns the words that names of shelves (sets of films) can be made of.

    They are tags, genres, countries and decades. The word of a tag is its phrase. The word of a
    country fits a film only if the country is the first in the film's list and the film is not set
    abroad: a Danish film about Indonesia is on no shelf of Danish films.

    tags: the tags by slug (permanent key).
    films: the films by id.
    """
    phrases = {tag: tags[tag].phrase for tag in world.tag_names}
    rows = (films[film] for film in world.films.ids_array.tolist())
    return catalogue_words(world, phrases, [_country(film) for film in rows])


def _country(film: Film) -> str | None:
    """Returns the code of a film's leading country, None for a film that is set abroad."""
    leading = film.countries[0] if film.countries else None
    return None if set_abroad(leading, (slug for slug, _ in film.tags)) else leading


@dataclass(frozen=True, eq=False)
class _ShelfSource:
    """The key of a cache: everything that the shelves (named sets of films) depend on.

    Equal contents are equal keys.

    Attributes:
        world: the catalogue.
        words: the words that shelf names can be made of (tags, genres, countries, decades).
    """

    world: Catalogue
    words: CatalogueWords

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _ShelfSource)
            and self.words.words == other.words.words
            and np.array_equal(self.words.fits, other.words.fits)
            and np.array_equal(self.world.adult, other.world.adult)
            and np.array_equal(self.world.films.ids_array, other.world.films.ids_array)
        )

    def __hash__(self) -> int:
        return hash((self.words.words, self.words.fits.tobytes()))


_remembered: dict[_ShelfSource, Shelves] = {}
