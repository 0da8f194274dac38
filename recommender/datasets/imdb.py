"""Reads the films of the tables that IMDb publishes, a piece at a time.

`recommender/datasets/imdb_lines.py` reads their lines.
"""

from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.datasets.imdb_lines import (
    TableReading,
    imdb_number,
    lines_about,
    pieces,
    text_of,
    whole_of,
)
from recommender.datasets.movielens import GENRE_NAMES

BASICS, RATINGS, AKAS, CREW = "title.basics", "title.ratings", "title.akas", "title.crew"
KINDS = ("movie", "tvMovie", "short", "tvShort", "video", "tvSpecial", "musicVideo")
"""The kinds of titles that may be read. Series, their episodes and games are no films."""

ADULT_GENRE = "Adult"
MAX_RUNTIME_MINUTES = 1500
VOTE_BITS = 26  # of the 64 bits of a number; the others are those of the id
MAX_VOTES = (1 << VOTE_BITS) - 1
NAMES_FIRST = ("US", "GB", "XWW")  # regions of titles in English; XWW is the whole world


class ImdbTitle(NamedTuple):
    """A film of title.basics.

    Attributes:
        number: the number in its id at IMDb: 79944 in tt0079944.
        votes: how many people rated it at IMDb; 0 if title.ratings does not say.
        title: the title that people know it by.
        original: the title in its own language.
        year: year of the first showing; None if unknown.
        runtime: minutes; None if unknown.
        genres: genres by their names in the catalogue, separated by "|".
        adult: True for pornography.
    """

    number: int
    votes: int
    title: str
    original: str
    year: int | None
    runtime: int | None
    genres: str
    adult: bool


@dataclass(frozen=True)
class Wanted:
    """Which films of the tables are read.

    Attributes:
        least_votes: how many people must have rated a film.
        kinds: the kinds, of `KINDS`.
        since: the first year; None for all, and for films whose year is unknown.
        adult: True to read pornography too.
    """

    least_votes: int
    kinds: tuple[str, ...]
    since: int | None = None
    adult: bool = False


@dataclass(frozen=True, eq=False)
class Votes:
    """The votes of the films that have enough votes.

    Attributes:
        packed: (n,) the number of a film and its votes in one number, ascending.
    """

    packed: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def of(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Returns (films,) the votes of films; -1 for a film that has too few or none.

        numbers: (films,) the numbers of the films.
        """
        if not len(self.packed):
            return np.full(len(numbers), -1, np.int64)
        first = np.searchsorted(self.packed, numbers << VOTE_BITS)
        found = self.packed[np.minimum(first, len(self.packed) - 1)]
        return np.where(found >> VOTE_BITS == numbers, found & MAX_VOTES, -1)


def read_votes(reading: TableReading, least: int) -> Iterator[Votes | None]:
    """Yields None after each piece of title.ratings, and at the end the votes.

    least: films with fewer votes are left out.
    """
    packed = array("q")
    for places, lines in pieces(reading, ("tconst", "numVotes")):
        width, (at_id, at_votes) = places
        for line, cells in enumerate(lines):
            if len(cells) != width or not cells[at_votes].isdigit():
                reading.skip(line)
                continue
            votes = int(cells[at_votes])
            if votes < least:
                continue
            number = imdb_number(cells[at_id])
            if number is None:
                reading.skip(line)
            else:
                packed.append(number << VOTE_BITS | min(votes, MAX_VOTES))
        yield None
    found = np.frombuffer(packed, np.int64) if packed else np.zeros(0, np.int64)
    found.sort()
    yield Votes(found)


def read_titles(
    reading: TableReading, wanted: Wanted, votes: Votes | None
) -> Iterator[list[ImdbTitle]]:
    """Yields the wanted films of each piece of title.basics.

    votes: the votes of the films that have enough; None if no table says them.
    """
    columns = ("tconst", "titleType", "primaryTitle", "originalTitle", "isAdult", "startYear")
    kinds = {kind.encode() for kind in wanted.kinds}
    for places, lines in pieces(reading, (*columns, "runtimeMinutes", "genres")):
        width, (at_id, at_kind, at_title, at_original, at_adult, at_year, *rest) = places
        at_runtime, at_genres = rest
        found: list[ImdbTitle] = []
        for line, cells in enumerate(lines):
            if len(cells) != width:
                reading.skip(line)
                continue
            if cells[at_kind] not in kinds:
                continue
            genres = cells[at_genres].decode("utf-8", "replace").split(",")
            adult = cells[at_adult] == b"1" or ADULT_GENRE in genres
            year = whole_of(cells[at_year])
            if adult and not wanted.adult:
                continue
            if wanted.since is not None and (year is None or year < wanted.since):
                continue
            number = imdb_number(cells[at_id])
            title = text_of(cells[at_title])
            if number is None or title is None:
                reading.skip(line)
                continue
            minutes = whole_of(cells[at_runtime])
            found.append(
                ImdbTitle(
                    number,
                    0,
                    title,
                    text_of(cells[at_original]) or title,
                    year,
                    minutes if minutes and minutes <= MAX_RUNTIME_MINUTES else None,
                    "|".join(GENRE_NAMES.get(name, name) for name in genres if name != "\\N"),
                    adult,
                )
            )
        yield _voted(found, wanted, votes)


def read_other_titles(
    reading: TableReading, films: npt.NDArray[np.int64], regions: Collection[str]
) -> Iterator[list[tuple[int, int, str]]]:
    """Yields (film's number, order, title) for the other titles of films in each piece of
    title.akas.

    Titles with a lower order are to be kept first: that in the film's own language, then those of
    `regions`, then those in English, then all others, as in the table.

    films: (films,) the numbers of the films, ascending.
    """
    columns = ("titleId", "ordering", "title", "region", "types", "isOriginalTitle")
    wanted = {region.encode() for region in regions}
    english = {region.encode() for region in NAMES_FIRST}
    for (width, places), lines in pieces(reading, columns):
        at_id, at_order, at_title, at_region, at_types, at_original = places
        found: list[tuple[int, int, str]] = []
        for line, cells in lines_about(films, reading, width, at_id, lines):
            title, order = text_of(cells[at_title]), whole_of(cells[at_order])
            if title is None or order is None:
                reading.skip(line)
                continue
            if b"working" in cells[at_types]:  # a title that the film had only while it was made
                continue
            region = cells[at_region]
            group = 0 if cells[at_original] == b"1" else 1 if region in wanted else 3
            group = 2 if group > 1 and region in english else group
            number = imdb_number(cells[at_id])
            assert number is not None
            found.append((number, group * 100_000 + min(order, 99_999), title))
        yield found


def read_directors(
    reading: TableReading, films: npt.NDArray[np.int64]
) -> Iterator[list[tuple[int, str]]]:
    """Yields (film's number, ids of its directors separated by commas) for films in each piece of
    title.crew.

    films: (films,) the numbers of the films, ascending.
    """
    for (width, (at_id, at_people)), lines in pieces(reading, ("tconst", "directors")):
        found: list[tuple[int, str]] = []
        for _, cells in lines_about(films, reading, width, at_id, lines):
            people, number = text_of(cells[at_people]), imdb_number(cells[at_id])
            if people is not None and number is not None:
                found.append((number, people))
        yield found


def _voted(films: list[ImdbTitle], wanted: Wanted, votes: Votes | None) -> list[ImdbTitle]:
    """Returns the films with enough votes, and with their votes."""
    if votes is None:
        return films
    given = votes.of(np.array([film.number for film in films], np.int64)).tolist()
    return [
        film._replace(votes=max(0, count))
        for film, count in zip(films, given, strict=True)
        if count >= wanted.least_votes or wanted.least_votes <= 0
    ]
