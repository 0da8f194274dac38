"""Merges the rows about one film: viewings, a rating and a place on the watchlist become one row.

Rows belong to one film if they share an id, or if other rows connect their ids. Rows without an id
belong to a film of the same title and year, unless they have other directors. Two films that share
title and year have ids or directors, and stay two.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from storage.imports.counting import ReadingCounts
from storage.imports.history import HistoryRow

_Name = tuple[str, int | None]


def merge(rows: Sequence[HistoryRow], counts: ReadingCounts) -> tuple[HistoryRow, ...]:
    """Returns one row for each film, in the order of their first rows.

    Rows without a title and an id are counted as nameless and left out. So are, as listed, rows
    that are neither seen, nor wanted, nor liked.

    A row without an id whose title and year several films share is left out if all of them are
    seen, and counted as ambiguous: it adds only a date.
    """
    films: list[HistoryRow] = []
    group_of = _groups(rows)
    by_group: dict[object, int] = {}
    by_name: dict[_Name, list[int]] = {}
    for row in rows:
        ids = _ids(row)
        if not (ids or row.title):
            counts.skipped["nameless"] += 1
            continue
        if not (row.seen or row.wanted or row.liked):
            counts.skipped["listed"] += 1
            continue
        name = (row.title.casefold(), row.year)
        group = group_of(ids[0]) if ids else None
        place = by_group.get(group)
        if place is None and row.title:
            same = [each for each in by_name.get(name, []) if _may_be(films[each], row)]
            if not ids and len(same) > 1:
                if row.seen and all(films[each].seen for each in same):
                    counts.ambiguous += 1
                    continue
            elif len(same) == 1 and (not ids or not _ids(films[same[0]])):
                place = same[0]
        if place is None:
            place = len(films)
            films.append(row)
            if row.title:
                by_name.setdefault(name, []).append(place)
        else:
            films[place] = _merged(films[place], row)
        if ids:
            by_group.setdefault(group, place)
    return tuple(films)


def _groups(rows: Sequence[HistoryRow]) -> Callable[[object], object]:
    """Returns a function that returns one and the same id for all ids of a film."""
    nearer: dict[object, object] = {}  # id -> another id of its film, nearer to the one

    def group_of(each: object) -> object:
        while (other := nearer.get(each, each)) != each:
            nearer[each] = nearer.get(other, other)
            each = other
        return each

    for row in rows:
        first, *others = _ids(row) or [None]
        for each in others:
            one, other = group_of(first), group_of(each)
            if one != other:
                nearer[other] = one
    return group_of


def _ids(row: HistoryRow) -> list[object]:
    """Returns the ids of a row, each different from those of other services."""
    ids: list[object] = []
    if row.imdb:
        ids.append(row.imdb)
    if row.letterboxd:
        ids.append(row.letterboxd)
    if row.tmdb:
        ids.append(row.tmdb)
    if row.movielens:
        ids.append(("movielens", row.movielens))
    return ids


def _may_be(film: HistoryRow, row: HistoryRow) -> bool:
    """True unless the directors of a film and of a row of the same title say that it is another."""
    theirs, ours = ({name.casefold() for name in one.directors} for one in (row, film))
    return not theirs or not ours or bool(theirs & ours)


def _merged(film: HistoryRow, row: HistoryRow) -> HistoryRow:
    """Returns one row from two about one film. The newer rating counts, or else the later."""
    rated = row if row.given and (not film.given or _rated(row) >= _rated(film)) else film
    return replace(
        film,
        title=film.title or row.title,
        year=film.year or row.year,
        original_title=film.original_title or row.original_title,
        directors=film.directors or row.directors,
        imdb=film.imdb or row.imdb,
        tmdb=film.tmdb or row.tmdb,
        movielens=film.movielens or row.movielens,
        letterboxd=film.letterboxd or row.letterboxd,
        kind="film" if "film" in (film.kind, row.kind) else "unknown",
        stars=rated.stars,
        given=rated.given,
        rated_on=rated.rated_on,
        rated_at=rated.rated_at,
        seen=film.seen or row.seen,
        wanted=film.wanted or row.wanted,
        liked=film.liked or row.liked,
        seen_on=_latest(film.seen_on, row.seen_on),
        added_on=_latest(film.added_on, row.added_on),
    )


def _rated(row: HistoryRow) -> tuple[date, datetime]:
    """Returns when a row was rated, for comparing; a row without a date counts as oldest."""
    return row.rated_on or date.min, row.rated_at or datetime.min.replace(tzinfo=UTC)


def _latest(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else one or other
