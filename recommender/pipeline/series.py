"""Series and editions, told from titles, so that "similar" is not only the sequels.

Two films are taken as of one series where a title says so: the same stem with a numeral ("Part II",
"Vol. 1", "³") or with subtitles ("Mad Max: Fury Road"), a plural ("Alien", "Aliens"), or a whole
title of two words or more inside a longer one ("Live Free or Die Hard"). What a stem alone leaves
open, years and genres must bear out. A wrong bond costs a good suggestion while a missed one costs
a place in a list, so doubt means no bond: "Before Sunrise" and "Before Sunset" share no more of a
title than "Star Wars" and "Star Trek", and stay apart.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.data import Catalogue
from recommender.numeric.arrays import Rows
from recommender.pipeline.titles import Title, Words, read_title

Bond: TypeAlias = tuple[int, int]

APART = 40  # years without a film after which a series is over
NEAR = 15  # the same where only genres bear a bond out
HIGHEST = 10  # numeral up to which a film needs no neighbour with the numeral before or after
SHORTEST = 5  # letters of a title that may begin another
EDITION = 1  # years between editions of one film

_AFTERWARDS = {"returns", "reloaded", "revolutions", "begins", "rises", "rising", "forever"}
_AFTERWARDS |= {"again", "continues", "resurrection", "reborn", "revisited", "strikes", "reunion"}
_BEFORE = {"return", "revenge", "bride", "son", "daughter", "beneath", "escape", "conquest"}
_BEFORE |= {"curse", "battle", "dawn", "rise", "war", "after", "shadow", "beyond", "another"}
_BEFORE |= {"new", "next", "second", "more"}
_LINKS = {"of", "from", "for", "to", "the"}
_JOINING = {"and", "or", "of", "in", "at", "with", "for", "from"}


def series(catalogue: Catalogue) -> Rows:
    """(films,) the lowest row of the series each film belongs to; its own where it has none."""
    titles = [read_title(title) for title in catalogue.titles]
    films = _Films(titles, catalogue)
    bonds = [*_by_stem(films), *_by_name(films), *_by_plural(films), *_by_inclusion(films)]
    return _joined(len(titles), bonds)


def editions(catalogue: Catalogue) -> Rows:
    """(films,) the lowest row of the films of the same title and year, give or take one; films of
    unknown year stand alone."""
    found: dict[Words, list[int]] = defaultdict(list)
    for row, title in enumerate(catalogue.titles):
        if np.isfinite(catalogue.years[row]):
            found[read_title(title).whole].append(row)
    bonds = []
    for whole, rows in found.items():
        rows.sort(key=lambda row: float(catalogue.years[row]))
        bonds += [pair for pair in pairwise(rows) if whole and _gap(catalogue, *pair) <= EDITION]
    return _joined(len(catalogue), bonds)


@dataclass(frozen=True, eq=False)
class SpreadList:
    """rows: (n,) films to show, best first; same_series: (n,) whether each is of the series of the
    film asked about; left_out: further films of that series, best first."""

    rows: Rows
    same_series: npt.NDArray[np.bool_]
    left_out: Rows


def spread_out(
    ranked: Rows, film: int, series: Rows, editions: Rows, n: int, most: int = 2
) -> SpreadList:
    """The first n of films ranked by likeness to one film, with at most `most` of any series, and
    of several editions only the first; other editions of the film itself are left out."""
    shown: list[int] = []
    left_out: list[int] = []
    seen = {int(editions[film])}
    count: dict[int, int] = defaultdict(int)
    for row in ranked.tolist():
        if int(editions[row]) in seen:
            continue
        group = int(series[row])
        fits = count[group] < most
        if fits and len(shown) < n:
            shown.append(row)
            count[group] += 1
        elif not fits and group == series[film]:
            left_out.append(row)
        else:
            continue
        seen.add(int(editions[row]))
    rows = np.array(shown, np.int64)
    return SpreadList(rows, series[rows] == series[film], np.array(left_out, np.int64))


class _Films:
    """Titles with the years and genres that bear a bond out."""

    def __init__(self, titles: Sequence[Title], catalogue: Catalogue) -> None:
        self.titles, self.years = titles, catalogue.years
        genres = catalogue.genres
        cells = np.split(genres.indices, genres.indptr[1:-1])
        self.genres = [frozenset(row.tolist()) for row in cells]
        self.named: dict[Words, list[int]] = defaultdict(list)  # films that are nothing but a stem
        self.stems: dict[Words, list[int]] = defaultdict(list)
        for row, title in enumerate(titles):
            if title.stem:
                self.stems[title.stem].append(row)
            if title.stem and title.whole == title.stem:
                self.named[title.stem].append(row)

    def age(self, row: int) -> tuple[float, Words]:
        """To sort by: years, the unknown last, then titles."""
        year = float(self.years[row])
        return (year if np.isfinite(year) else np.inf, self.titles[row].whole)

    def akin(self, one: int, other: int, closely: bool = False) -> bool:
        """Whether genres agree: one in common, or, closely, two that are half of all."""
        mine, theirs = self.genres[one], self.genres[other]
        common = len(mine & theirs)
        if closely:
            return common >= 2 and 2 * common >= len(mine | theirs)
        return common > 0 or not mine or not theirs

    def follows(self, one: int, other: int, within: int) -> bool:
        """Whether a film came after another, within so many years."""
        return bool(0 <= self.years[one] - self.years[other] <= within)


def _by_stem(films: _Films) -> Iterator[Bond]:
    """Numbered and subtitled films of one stem, and the film that bears the bare stem before."""
    for stem, rows in films.stems.items():
        numbers = {films.titles[row].numeral for row in rows}
        told = [row for row in rows if _counts(films.titles[row], numbers, len(rows))]
        firsts = [(first, row) for row in told for first in _first(films, row)]
        yield from firsts
        if not firsts and len(stem) < 2 and len(told) < 3 and len(numbers - {None}) < 2:
            continue  # one common word is no series yet
        told.sort(key=films.age)
        for one, other in pairwise(told):
            if films.follows(other, one, APART) and films.akin(one, other):
                yield one, other


def _counts(title: Title, numbers: set[int | None], films: int) -> bool:
    """Whether numeral or subtitle speak for a series that has these numerals."""
    if title.numeral is None:
        return title.subtitled
    beside = bool({title.numeral - 1, title.numeral + 1} & numbers)
    return beside or title.numeral <= 3 or (films > 2 and title.numeral <= HIGHEST)


def _first(films: _Films, later: int) -> list[int]:
    """The film of the bare stem that a film continues, if any: of several the most akin, then the
    last before. One of long ago must be closely akin where there is no numeral."""
    title = films.titles[later]
    found = []
    for row in films.named[title.stem]:
        if row == later or not films.follows(later, row, APART):
            continue
        akin, closely = films.akin(later, row), films.akin(later, row, closely=True)
        sure = title.numeral is not None or films.follows(later, row, NEAR)
        if closely or (akin and sure):
            earlier = bool(films.years[row] < films.years[later])
            found.append(((closely, earlier, float(films.years[row])), row))
    best = max((key for key, _ in found), default=None)
    return [row for key, row in found if key == best]


def _by_name(films: _Films) -> Iterator[Bond]:
    """Films that begin with a name of two words or more and go on "and the"."""
    found: dict[Words, list[int]] = defaultdict(list)
    for row, title in enumerate(films.titles):
        for at in range(2, len(title.whole) - 2):
            if title.whole[at : at + 2] == ("and", "the"):
                found[title.whole[:at]].append(row)
                break
    for rows in found.values():
        rows.sort(key=films.age)
        for one, other in pairwise(rows):
            if films.years[other] - films.years[one] <= APART / 2 and films.akin(one, other):
                yield one, other


def _by_plural(films: _Films) -> Iterator[Bond]:
    """A plural that comes before anything numbered of the stem."""
    for stem, rows in films.named.items():
        for other in films.named.get((*stem[:-1], f"{stem[-1]}s"), ()):
            numbered = [films.years[row] for row in films.stems[stem] if films.titles[row].numeral]
            if numbered and min(numbered) < films.years[other]:
                continue
            for row in rows:
                if films.follows(other, row, NEAR) and films.akin(row, other, closely=True):
                    yield row, other


def _by_inclusion(films: _Films) -> Iterator[Bond]:
    """A whole title at the start or, after words of return or of a series, at the end of a longer
    one."""
    for row, title in enumerate(films.titles):
        for part in _parts(films, title.whole):
            for other in films.named.get(part, ()):
                near = films.follows(row, other, NEAR)
                if other != row and near and films.akin(row, other, closely=True):
                    yield other, row


def _parts(films: _Films, whole: Words) -> Iterator[Words]:
    """The starts and ends of a title that may be another's whole one."""
    for at in range(1, len(whole)):
        head, tail = whole[:at], whole[at:]
        long = at > 1 and whole[at] not in _JOINING and len("".join(head)) >= SHORTEST
        if long or whole[at] in _AFTERWARDS:
            yield head
        back = head[0] in _BEFORE and set(head[1:]) <= _LINKS
        numbered = any(films.titles[row].numeral for row in films.stems.get(tail, ()))
        if len(tail) > 1 and (back or numbered):
            yield tail


def _gap(catalogue: Catalogue, one: int, other: int) -> float:
    return abs(float(catalogue.years[one] - catalogue.years[other]))


def _joined(count: int, bonds: Sequence[Bond]) -> Rows:
    """(count,) the lowest row that bonds lead to from each."""
    leads = list(range(count))

    def end(row: int) -> int:
        while leads[row] != row:
            leads[row] = leads[leads[row]]
            row = leads[row]
        return row

    for one, other in bonds:
        low, high = sorted((end(one), end(other)))
        leads[high] = low
    return np.array([end(row) for row in range(count)], np.int64)
