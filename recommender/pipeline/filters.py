"""Decides which films may be shown, and which filters to suggest dropping if no film passes.

A film passes a mood if its tags fit the mood well (`STRONG_MOOD`). If few films do, films that fit
the mood a little pass too. A film of unknown runtime does not pass a runtime limit, except if no
other film passes. A family-safe query excludes films for adults and films of unknown audience. If
the catalogue does not know the audience of any film, such a query excludes only films marked adult.
Two rules always hold and cannot be dropped: films marked adult are shown only if the query allows
them, and films that the person has rated are never shown.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.data import ADULTS, UNKNOWN_AUDIENCE, Catalogue, Query
from recommender.errors import DataError
from recommender.numeric.arrays import Bools, Sparse

STRONG_MOOD = 2.0
"""A film fits a mood well if one of the mood's tags has at least this weight (0 to 3)."""

MIN_IN_MOOD = 20
"""If fewer films than this fit a mood well, films that fit it a little pass too."""

FilterName: TypeAlias = Literal[
    "excluded", "genre", "never", "mood", "language", "years", "max_runtime", "family_safe"
]


@dataclass(frozen=True)
class Loosen:
    """Filters that the person could drop to get films, if no film passes all filters.

    Attributes:
        filters: the filters to drop together.
        films: number of films that would then pass.
    """

    filters: tuple[FilterName, ...]
    films: int


@dataclass(frozen=True, eq=False)
class FilteredFilms:
    """The films that pass a query's filters.

    Attributes:
        films: (films,) True if a film may be shown.
        relaxed: True if films of unknown runtime may be shown because no other film passes.
        loosen: sets of filters that could be dropped; empty if any film passes.
    """

    films: Bools
    relaxed: bool
    loosen: tuple[Loosen, ...]


def apply_filters(catalogue: Catalogue, query: Query) -> FilteredFilms:
    """Returns the films that pass every filter of the query.

    Raises DataError if the query names a row or column that the catalogue does not have.
    """
    base, masks = _masks(catalogue, query)
    films = base.copy()
    for mask in masks.values():
        films &= mask
    if films.any() or not masks:
        return FilteredFilms(_well_in_mood(catalogue, query, films), False, ())
    if "max_runtime" in masks:
        lenient = masks["max_runtime"] | np.isnan(catalogue.runtimes)
        relaxed = base & lenient
        for name, mask in masks.items():
            if name != "max_runtime":
                relaxed &= mask
        if relaxed.any():
            return FilteredFilms(relaxed, True, ())
    return FilteredFilms(films, False, _loosen(base, masks))


def _well_in_mood(catalogue: Catalogue, query: Query, films: Bools) -> Bools:
    """Returns (films,) True for the passing films that fit the query's mood well.

    If too few fit it well, returns all passing films. films: (films,) True for the films that pass.
    """
    if not len(query.mood):
        return films
    wanted = np.zeros(len(catalogue.tag_names), np.bool_)
    wanted[query.mood] = True
    tags = catalogue.tags
    before = np.append(0, np.cumsum(wanted[tags.indices] & (tags.data >= STRONG_MOOD)))
    well = films & (before[tags.indptr[1:]] > before[tags.indptr[:-1]])
    return well if int(well.sum()) >= MIN_IN_MOOD else films


def _loosen(base: Bools, masks: dict[FilterName, Bools]) -> tuple[Loosen, ...]:
    """Returns filters that the person could drop to get films, if no film passes all filters.

    They are all single filters without which some films pass, the one that gives most films first.
    If no single filter is enough, the result has one set of filters to drop together: the smallest
    set that is enough and, among sets of that size, the one that gives most films. It is empty if
    no film passes even without filters.

    base: (films,) True if a film passes the rules that always hold. masks: for each filter,
    (films,) True if a film passes it.
    """
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
    """Returns which films pass the rules that always hold, and which films pass each filter.

    Each array is (films,) of True and False. Filters that the query does not use are left out.
    """
    n = len(catalogue)
    for rows in (query.films, query.excluded, query.looks, *query.chosen):
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
    if len(query.languages):
        masks["language"] = _in_language(catalogue, query.languages)
    if query.years is not None:
        first, last = query.years
        masks["years"] = (catalogue.years >= first) & (catalogue.years <= last)
    if query.max_runtime is not None:
        masks["max_runtime"] = catalogue.runtimes <= query.max_runtime
    if query.family_safe:
        has_audiences = bool((catalogue.audience != UNKNOWN_AUDIENCE).any())
        safe = (catalogue.audience != ADULTS) & ~catalogue.adult
        known = catalogue.audience != UNKNOWN_AUDIENCE
        masks["family_safe"] = safe & known if has_audiences else safe
    return base, masks


def _in_language(catalogue: Catalogue, columns: npt.NDArray[np.integer]) -> Bools:
    """Returns (films,) True for the films whose leading language is one of the given ones.

    If no film has it as its leading language, returns the films that have it at all. columns:
    columns of the fact "language". Raises DataError if the catalogue has no such column.
    """
    spoken = catalogue.fact("language")
    _check(columns, len(spoken.values) if spoken else 0, "language")
    assert spoken is not None
    leading = spoken.matrix.copy()
    leading.data = np.where(leading.data == 1.0, leading.data, 0.0)
    films = _has_any(leading, columns)
    return films if films.any() else _has_any(spoken.matrix, columns)


def _has_any(matrix: Sparse, columns: npt.NDArray[np.integer]) -> Bools:
    """Returns (films,) True if a film has a value above 0 in any of the given columns of a matrix.

    matrix: (films, columns).
    """
    wanted = np.zeros(matrix.shape[1])
    wanted[columns] = 1.0
    return np.asarray(np.asarray(matrix @ wanted).reshape(-1) > 0)


def _check(rows: npt.NDArray[np.integer], size: int, what: str) -> None:
    """Raises DataError if any row is `size` or more. what: the noun for the message.

    rows: row numbers. size: number of rows that exist.
    """
    if len(rows) and int(rows.max()) >= size:
        raise DataError("query-row-unknown", what=what, row=int(rows.max()), count=size)
