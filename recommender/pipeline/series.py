"""Finds series and editions of films from titles, so that similar films are not only sequels.

Titles are split into a stem (what is left without numeral and subtitle), a numeral and a subtitle.
Two films belong to one series if their titles say so, in one of three ways. They have the same
stem, and one has a numeral ("Part II", "Vol. 1", "³") or a subtitle ("Mad Max: Fury Road"). One is
the plural of the other ("Alien", "Aliens"). Or one, of at least two words, is inside the other
("Die Hard" in "Live Free or Die Hard"). If the stem alone does not decide, years and genres must
agree.

Each pair of films of one series is called a bond; bonds that share a film make one series. A wrong
bond hides a good suggestion, while a missed bond only wastes one place in a list. In doubt there is
therefore no bond. For example, "Before Sunrise" and "Before Sunset" get no bond, because their
titles are as different as those of "Star Wars" and "Star Trek".
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from recommender.data import Catalogue
from recommender.numeric.arrays import Rows
from recommender.pipeline.titles import Title, Words, read_title

Bond: TypeAlias = tuple[int, int]

MAX_GAP_YEARS = 40  # longest time between two films of a series
GENRE_GAP_YEARS = 15  # the same if the title alone is not enough and genres must agree
MAX_LONE_NUMERAL = 10  # a larger numeral counts only if another film has the number before or after
MIN_TITLE_LETTERS = 5  # shortest whole title that may begin a longer title of its series
EDITION_GAP_YEARS = 1  # longest time between editions of one film

# Words that continue the whole title of an earlier film, or come before it.
_SEQUEL_ENDINGS = {"returns", "reloaded", "revolutions", "begins", "rises", "rising", "forever"}
_SEQUEL_ENDINGS |= {"again", "continues", "resurrection", "reborn", "revisited", "strikes"}
_SEQUEL_ENDINGS |= {"reunion"}
_SEQUEL_STARTS = {"return", "revenge", "bride", "son", "daughter", "beneath", "escape", "conquest"}
_SEQUEL_STARTS |= {"curse", "battle", "dawn", "rise", "war", "after", "shadow", "beyond", "another"}
_SEQUEL_STARTS |= {"new", "next", "second", "more"}
# Words that may be between such a start and the title ("Return of the …").
_LINK_WORDS = {"of", "from", "for", "to", "the"}
# Words that join a title to further words: "Title and …" is not a sequel of "Title".
_JOINING_WORDS = {"and", "or", "of", "in", "at", "with", "for", "from"}


def series(catalogue: Catalogue) -> Rows:
    """Returns (films,) a number for each film's series: the lowest film row in that series.

    A film that belongs to no series has the number of its own row.
    """
    titles = [read_title(title) for title in catalogue.titles]
    films = _Films(titles, catalogue)
    bonds = [*_by_stem(films), *_by_name(films), *_by_plural(films), *_by_inclusion(films)]
    return _joined(len(titles), bonds)


def editions(catalogue: Catalogue) -> Rows:
    """Returns (films,) a number for each film: the lowest film row among the editions of the film.

    Editions are films with the same title whose years differ by at most `EDITION_GAP_YEARS`. A film
    of unknown year has no other editions.
    """
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


class _Films:
    """Parsed titles, years and genres, from which series are found.

    The stem of a title is what is left without its numeral and subtitle: "Alien" in "Alien 3".

    Attributes:
        titles: the parsed title of each film row.
        years: (films,) release years, NaN if unknown.
        genres: for each film row, the columns of its genres.
        named: for each stem, rows of the films whose title is that stem without numeral or
            subtitle.
        stems: for each stem, rows of all films with that stem.
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
        """Returns a sort key for a film: its year, unknown years last, and then its title."""
        year = float(self.years[row])
        return (year if np.isfinite(year) else np.inf, self.titles[row].whole)

    def akin(self, one: int, other: int, closely: bool = False) -> bool:
        """Returns True if two films share a genre, or if the genres of either are unknown.

        closely: the films must share two genres, and at least half of all genres that the two have.
        """
        first, second = self.genres[one], self.genres[other]
        common = len(first & second)
        if closely:
            return common >= 2 and 2 * common >= len(first | second)
        return common > 0 or not first or not second

    def follows(self, one: int, other: int, within: int) -> bool:
        """Returns True if one film came out 0 to `within` years after another.

        one: row of the later film. other: row of the earlier film.
        """
        return bool(0 <= self.years[one] - self.years[other] <= within)


def _by_stem(films: _Films) -> Iterator[Bond]:
    """Yields pairs of films of one series whose titles have the same stem.

    The stem is what is left without numeral and subtitle: "Alien" in "Alien 3". A pair has two
    successive films with a numeral or subtitle, or such a film and the earlier film whose title is
    the stem alone.
    """
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
    """Returns True if the title's numeral or subtitle shows that the film belongs to a series.

    numbers: the numerals of all films whose titles are the same without numeral and subtitle; None
    for a film without a numeral. films: how many such films there are.
    """
    if title.numeral is None:
        return title.subtitled
    has_neighbour = bool({title.numeral - 1, title.numeral + 1} & numbers)
    return has_neighbour or title.numeral <= 3 or (films > 2 and title.numeral <= MAX_LONE_NUMERAL)


def _first(films: _Films, later: int) -> list[int]:
    """Returns the rows of the earlier films that a later film continues.

    Such a film has as its whole title the stem of the later title (what is left without numeral and
    subtitle). If several films have it, those that share most genres win, and among these the
    latest that came out in an earlier year. If the later title has no numeral, a film more than
    `GENRE_GAP_YEARS` older must share most genres with it. later: row of the later film.
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
    """Yields pairs of films whose titles begin with the same two words or more and then "and the".

    *Harry Potter and the …* is an example.
    """
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
    """Yields pairs of films whose titles differ only by a plural s (*Alien*, *Aliens*).

    A pair is left out if a film with the first title and a numeral came out before the plural one.
    """
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
    """Yields pairs of films in which the later, longer title contains the whole title of the
    earlier film.

    Only starts and ends of the longer title count, and of these only those that `_parts` yields.
    """
    for row, title in enumerate(films.titles):
        for part in _parts(films, title.whole):
            for other in films.named.get(part, ()):
                near = films.follows(row, other, GENRE_GAP_YEARS)
                if other != row and near and films.akin(row, other, closely=True):
                    yield other, row


def _parts(films: _Films, whole: Words) -> Iterator[Words]:
    """Yields the parts of a title that may be the title of an earlier film of its series.

    These are starts and ends of the title, such as "Batman" for "Batman Returns". A start counts if
    it is long enough, or if a word such as "returns" follows. An end counts if it has two words or
    more, and either words such as "return of" precede it or a film of that title has a numeral.
    whole: the words of the title.
    """
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
    """Returns how many years apart two films came out. one, other: film rows."""
    return abs(float(catalogue.years[one] - catalogue.years[other]))


def _joined(count: int, bonds: Sequence[Bond]) -> Rows:
    """Joins rows into groups and returns (count,) the lowest row in the group of each row.

    Two rows are in one group if pairs connect them, directly or through other rows. count: number
    of rows. bonds: the pairs of rows.
    """
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
