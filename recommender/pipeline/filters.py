"""What may be shown at all, and which wish to give up when nothing is left.

An unknown runtime fails a runtime limit unless nothing else is left. Where a room is family-safe,
films for adults and films of unknown audience stay out; only a catalogue that knows no audience at
all is taken as it is. Films marked adult are never shown unless allowed, and films the person has
rated never: neither can be loosened.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.data import ADULTS, UNKNOWN_AUDIENCE, Catalogue, Query
from recommender.errors import DataError
from recommender.numeric.arrays import Bools, Sparse

FilterName: TypeAlias = Literal["excluded", "genre", "never", "mood", "max_runtime", "family_safe"]


@dataclass(frozen=True)
class Loosen:
    """Giving up these filters together would leave so many films."""

    filters: tuple[FilterName, ...]
    films: int


@dataclass(frozen=True, eq=False)
class Passing:
    """films: (films,) bool, what may be shown; relaxed: whether films of unknown runtime were let
    in because nothing else was left; loosen: what to give up, where nothing at all is left."""

    films: Bools
    relaxed: bool
    loosen: tuple[Loosen, ...]


def passing(catalogue: Catalogue, query: Query) -> Passing:
    """Apply every filter of the query. Raises DataError for a row or column that is not there."""
    base, masks = _masks(catalogue, query)
    films = base.copy()
    for mask in masks.values():
        films &= mask
    if films.any() or not masks:
        return Passing(films, False, ())
    if "max_runtime" in masks:
        lenient = masks["max_runtime"] | np.isnan(catalogue.runtimes)
        relaxed = base & lenient
        for name, mask in masks.items():
            if name != "max_runtime":
                relaxed &= mask
        if relaxed.any():
            return Passing(relaxed, True, ())
    return Passing(films, False, _loosen(base, masks))


def _loosen(base: Bools, masks: dict[FilterName, Bools]) -> tuple[Loosen, ...]:
    """Every single filter whose loss leaves films, the most first; else the best pair, or more."""
    for size in range(1, len(masks) + 1):
        found = []
        for dropped in combinations(masks, size):
            left = base.copy()
            for name, mask in masks.items():
                if name not in dropped:
                    left &= mask
            if left.any():
                found.append(Loosen(dropped, int(left.sum())))
        if found:
            found.sort(key=lambda each: -each.films)
            return tuple(found) if size == 1 else (found[0],)
    return ()


def _masks(catalogue: Catalogue, query: Query) -> tuple[Bools, dict[FilterName, Bools]]:
    """What always holds, (films,), and each active filter's own mask."""
    n = len(catalogue)
    for rows in (query.films, query.excluded):
        _check(rows, n, "film")
    for columns in (query.genres, query.never):
        _check(columns, len(catalogue.genre_names), "genre")
    for columns in (query.mood, query.liked_tags, query.disliked_tags):
        _check(columns, len(catalogue.tag_names), "tag")
    base = np.ones(n, bool)
    base[query.films] = False
    if not query.allow_adult:
        base &= ~catalogue.adult
    masks: dict[FilterName, Bools] = {}
    if len(query.excluded):
        masks["excluded"] = np.ones(n, bool)
        masks["excluded"][query.excluded] = False
    if len(query.genres):
        masks["genre"] = _has_any(catalogue.genres, query.genres)
    if len(query.never):
        masks["never"] = ~_has_any(catalogue.genres, query.never)
    if len(query.mood):
        masks["mood"] = _has_any(catalogue.tags, query.mood)
    if query.max_runtime is not None:
        masks["max_runtime"] = catalogue.runtimes <= query.max_runtime
    if query.family_safe:
        known = bool((catalogue.audience != UNKNOWN_AUDIENCE).any())
        safe = (catalogue.audience != ADULTS) & ~catalogue.adult
        masks["family_safe"] = safe & (catalogue.audience != UNKNOWN_AUDIENCE) if known else safe
    return base, masks


def _has_any(matrix: Sparse, columns: npt.NDArray[np.integer]) -> Bools:
    wanted = np.zeros(matrix.shape[1])
    wanted[columns] = 1.0
    return np.asarray(np.asarray(matrix @ wanted).reshape(-1) > 0)


def _check(rows: npt.NDArray[np.integer], size: int, what: str) -> None:
    if len(rows) and int(rows.max()) >= size:
        raise DataError(f"The query names {what} row {int(rows.max())}, but there are only {size}.")
