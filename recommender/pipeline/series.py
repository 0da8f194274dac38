"""Series and editions of films, found from titles, so that similar films are not only sequels.

Two films belong to one series if a title says so: the same stem with a numeral ("Part II",
"Vol. 1", "³") or with subtitles ("Mad Max: Fury Road"), a plural ("Alien", "Aliens"), or a whole
title of two words or more inside a longer one ("Live Free or Die Hard"). If the stem alone does not
decide, years and genres must agree. A wrong bond between two films costs a good suggestion, while a
missed bond costs one place in a list. In doubt there is therefore no bond: the titles "Before
Sunrise" and "Before Sunset" are no more alike than "Star Wars" and "Star Trek", so these films are
kept apart.
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

MAX_GAP_YEARS = 40  # longest time between two films of a series
GENRE_GAP_YEARS = 15  # the same for bonds that only genres support
MAX_LONE_NUMERAL = 10  # larger numerals count only with a film numbered one less or one more
MIN_TITLE_LETTERS = 5  # shortest whole title that may begin a longer title of its series
EDITION_GAP_YEARS = 1  # longest time between editions of one film

# Words that continue the whole title of an earlier film, or come before it.
_SEQUEL_ENDINGS = {"returns", "reloaded", "revolutions", "begins", "rises", "rising", "forever"}
_SEQUEL_ENDINGS |= {"again", "continues", "resurrection", "reborn", "revisited", "strikes"}
_SEQUEL_ENDINGS |= {"reunion"}
_SEQUEL_STARTS = {"return", "revenge", "bride", "son", "daughter", "beneath", "escape", "conquest"}
_SEQUEL_STARTS |= {"curse", "battle", "dawn", "rise", "war", "after", "shadow", "beyond", "another"}
_SEQUEL_STARTS |= {"new", "next", "second", "more"}
# Words between such a start and the title, and words that only join a title to further words.
_LINK_WORDS = {"of", "from", "for", "to", "the"}
_JOINING_WORDS = {"and", "or", "of", "in", "at", "with", "for", "from"}


def series(catalogue: Catalogue) -> Rows:
    """Returns (films,) the lowest row of each film's series; a film without a series has its own
    row."""
    titles = [read_title(title) for title in catalogue.titles]
    films = _Films(titles, catalogue)
    bonds = [*_by_stem(films), *_by_name(films), *_by_plural(films), *_by_inclusion(films)]
    return _joined(len(titles), bonds)


def editions(catalogue: Catalogue) -> Rows:
    """Returns (films,) the lowest row among each film's editions: films with the same title whose
    years differ by at most one. A film of unknown year is its only edition."""
    found: dict[Words, list[int]] = defaultdict(list)
    for row, title in enumerate(catalogue.titles):
        if np.isfinite(catalogue.years[row]):
            found[read_title(title).whole].append(row)
    bonds = []
    for whole, rows in found.items():
        rows.sort(key=lambda row: float(catalogue.years[row]))
        bonds += [
            pair for pair in pairwise(rows) if whole and _gap(catalogue, *pair) <= EDITION_GAP_YEARS
        ]
    return _joined(len(catalogue), bonds)


@dataclass(frozen=True, eq=False)
class SpreadList:
    """Similar films after limits on series and editions.

    Attributes:
        rows: (n,) rows of the films to show, best first.
        same_series: (n,) True if a film is of the series of the film asked about.
        left_out: rows of further films of that series, best first.
    """

    rows: Rows
    same_series: npt.NDArray[np.bool_]
    left_out: Rows


def spread_out(
    ranked: Rows, film: int, series: Rows, editions: Rows, n: int, max_per_series: int = 2
) -> SpreadList:
    """Returns the first n of the ranked films, with at most `max_per_series` of any series and only
    the first of several editions. Other editions of the film itself are left out.

    ranked: (k,) rows, the most alike first. film: row of the film asked about. series, editions:
    (films,) from the functions of these names.
    """
    shown: list[int] = []
    left_out: list[int] = []
    seen = {int(editions[film])}
    count: dict[int, int] = defaultdict(int)
    for row in ranked.tolist():
        if int(editions[row]) in seen:
            continue
        group = int(series[row])
        fits = count[group] < max_per_series
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
    """Parsed titles with the years and genres that support a bond.

    Attributes:
        titles: one for each film row.
        years: (films,) release years, NaN if unknown.
        genres: columns of each film's genres.
        named: rows of the films whose whole title is a stem, by stem.
        stems: rows of the films by stem.
    """

    def __init__(self, titles: Sequence[Title], catalogue: Catalogue) -> None:
        self.titles, self.years = titles, catalogue.years
        genres = catalogue.genres
        cells = np.split(genres.indices, genres.indptr[1:-1])
        self.genres = [frozenset(row.tolist()) for row in cells]
        self.named: dict[Words, list[int]] = defaultdict(list)
        self.stems: dict[Words, list[int]] = defaultdict(list)
        for row, title in enumerate(titles):
            if title.stem:
                self.stems[title.stem].append(row)
            if title.stem and title.whole == title.stem:
                self.named[title.stem].append(row)

    def age(self, row: int) -> tuple[float, Words]:
        """Returns a sort key: by year, films of unknown year last, then by title."""
        year = float(self.years[row])
        return (year if np.isfinite(year) else np.inf, self.titles[row].whole)

    def akin(self, one: int, other: int, closely: bool = False) -> bool:
        """Returns True if two films share a genre, or if the genres of either are unknown. closely:
        they must share two genres and at least half of all that either has."""
        first, second = self.genres[one], self.genres[other]
        common = len(first & second)
        if closely:
            return common >= 2 and 2 * common >= len(first | second)
        return common > 0 or not first or not second

    def follows(self, one: int, other: int, within: int) -> bool:
        """Returns True if the film `one` came out 0 to `within` years after `other`."""
        return bool(0 <= self.years[one] - self.years[other] <= within)


def _by_stem(films: _Films) -> Iterator[Bond]:
    """Yields bonds between the numbered and subtitled films of one stem, and between them and the
    earlier film whose whole title is that stem."""
    for stem, rows in films.stems.items():
        numbers = {films.titles[row].numeral for row in rows}
        marked = [row for row in rows if _marks_series(films.titles[row], numbers, len(rows))]
        firsts = [(first, row) for row in marked for first in _first(films, row)]
        yield from firsts
        if not firsts and len(stem) < 2 and len(marked) < 3 and len(numbers - {None}) < 2:
            continue  # one word in common does not make a series
        marked.sort(key=films.age)
        for one, other in pairwise(marked):
            if films.follows(other, one, MAX_GAP_YEARS) and films.akin(one, other):
                yield one, other


def _marks_series(title: Title, numbers: set[int | None], films: int) -> bool:
    """Returns True if the title's numeral or subtitle speaks for a series.

    numbers: the numerals of all films of the stem, None for films without one. films: their number.
    """
    if title.numeral is None:
        return title.subtitled
    has_neighbour = bool({title.numeral - 1, title.numeral + 1} & numbers)
    return has_neighbour or title.numeral <= 3 or (films > 2 and title.numeral <= MAX_LONE_NUMERAL)


def _first(films: _Films, later: int) -> list[int]:
    """Returns the rows of the films that a later film continues, among those whose whole title is
    its stem.

    If several qualify, those closest in genre win, then the latest earlier ones. A film of long ago
    must share genres closely, unless the later title has a numeral.
    """
    title = films.titles[later]
    found = []
    for row in films.named[title.stem]:
        if row == later or not films.follows(later, row, MAX_GAP_YEARS):
            continue
        akin, closely = films.akin(later, row), films.akin(later, row, closely=True)
        sure = title.numeral is not None or films.follows(later, row, GENRE_GAP_YEARS)
        if closely or (akin and sure):
            earlier = bool(films.years[row] < films.years[later])
            found.append(((closely, earlier, float(films.years[row])), row))
    best = max((key for key, _ in found), default=None)
    return [row for key, row in found if key == best]


def _by_name(films: _Films) -> Iterator[Bond]:
    """Yields bonds between films whose titles begin with the same name of two words or more,
    followed by "and the"."""
    found: dict[Words, list[int]] = defaultdict(list)
    for row, title in enumerate(films.titles):
        for at in range(2, len(title.whole) - 2):
            if title.whole[at : at + 2] == ("and", "the"):
                found[title.whole[:at]].append(row)
                break
    for rows in found.values():
        rows.sort(key=films.age)
        for one, other in pairwise(rows):
            if films.years[other] - films.years[one] <= MAX_GAP_YEARS / 2 and films.akin(
                one, other
            ):
                yield one, other


def _by_plural(films: _Films) -> Iterator[Bond]:
    """Yields bonds between a title and its plural, if the plural came out before every numbered
    film of the stem."""
    for stem, rows in films.named.items():
        for other in films.named.get((*stem[:-1], f"{stem[-1]}s"), ()):
            numbered = [films.years[row] for row in films.stems[stem] if films.titles[row].numeral]
            if numbered and min(numbered) < films.years[other]:
                continue
            for row in rows:
                if films.follows(other, row, GENRE_GAP_YEARS) and films.akin(
                    row, other, closely=True
                ):
                    yield row, other


def _by_inclusion(films: _Films) -> Iterator[Bond]:
    """Yields bonds between a film and a longer title that contains its whole title.

    It may be contained at the start, or at the end after words of return or of a series.
    """
    for row, title in enumerate(films.titles):
        for part in _parts(films, title.whole):
            for other in films.named.get(part, ()):
                near = films.follows(row, other, GENRE_GAP_YEARS)
                if other != row and near and films.akin(row, other, closely=True):
                    yield other, row


def _parts(films: _Films, whole: Words) -> Iterator[Words]:
    """Yields the starts and ends of a title that may be the whole title of another film."""
    for at in range(1, len(whole)):
        start, end = whole[:at], whole[at:]
        long = (
            at > 1 and whole[at] not in _JOINING_WORDS and len("".join(start)) >= MIN_TITLE_LETTERS
        )
        if long or whole[at] in _SEQUEL_ENDINGS:
            yield start
        returns = start[0] in _SEQUEL_STARTS and set(start[1:]) <= _LINK_WORDS
        numbered = any(films.titles[row].numeral for row in films.stems.get(end, ()))
        if len(end) > 1 and (returns or numbered):
            yield end


def _gap(catalogue: Catalogue, one: int, other: int) -> float:
    """Returns the years between two films."""
    return abs(float(catalogue.years[one] - catalogue.years[other]))


def _joined(count: int, bonds: Sequence[Bond]) -> Rows:
    """Returns (count,) the lowest row that each row is connected to by bonds (union-find)."""
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
