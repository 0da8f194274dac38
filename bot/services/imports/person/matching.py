"""Recognises the films of a history from another place: by ids, then by title, year and director.

A film is only taken if no other film could be meant. Everything else is asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.services.catalogue.numerals import with_digits
from storage.catalogue.matching import spellings
from storage.catalogue.titles import bare_title, fold, normalise_title
from storage.histories.known_films import KnownFilm
from storage.imports.history import HistoryRow

Certainty = Literal["id", "year", "near", "likely", "none"]
"""How a film was recognised. "id": by its id at IMDb, TMDB or MovieLens. "year": by title and year.
"near": by title, and the year before or after. "likely": no other film of the catalogue has this
title, but the row has no year, or a short title and another year. "none": it was not."""
TELLING_CHARACTERS = 5
"""With fewer characters, a title whose year differs is not taken without being asked."""


@dataclass(frozen=True, slots=True)
class FilmMatch:
    """The film that a row is about.

    Attributes:
        film_id: the film; None if it was not recognised.
        certainty: how it was recognised.
    """

    film_id: int | None
    certainty: Certainty


NO_MATCH = FilmMatch(None, "none")


class HistoryMatcher:
    """Recognises films of a catalogue."""

    def __init__(self, films: Iterable[KnownFilm]) -> None:
        self._films = {film.id: film for film in films}
        self._by_id: dict[tuple[str, str], int] = {}
        self._names: dict[str, list[int]] = defaultdict(list)
        self._loose: dict[str, list[int]] = defaultdict(list)
        self._own: dict[str, list[int]] = defaultdict(list)
        for film in self._films.values():
            self._by_id |= dict.fromkeys(film.ids, film.id)
            titles = (*film.titles, *film.more_titles)
            for name in dict.fromkeys(map(normalise_title, film.titles)):
                self._own[name].append(film.id)
            for name in dict.fromkeys(map(normalise_title, titles)):
                self._names[name].append(film.id)
            for name in dict.fromkeys(map(_loose_key, titles)):
                self._loose[name].append(film.id)

    def match_all(self, rows: Sequence[HistoryRow]) -> list[FilmMatch]:
        """Returns the film of each row.

        If one row has a film's own year and another row the year before or after, they are two
        films, so the second row is not recognised. Rows of one film by their titles whose ids or
        years say that they are several films are not recognised either.
        """
        found = [self.match(row) for row in rows]
        exact = {one.film_id for one in found if one.certainty in ("id", "year")}
        places: dict[int, list[int]] = defaultdict(list)
        for place, one in enumerate(found):
            if one.certainty == "near" and one.film_id in exact:
                found[place] = NO_MATCH
            elif one.film_id is not None and one.certainty != "likely":
                places[one.film_id].append(place)
        for same in places.values():
            near = {rows[place].year for place in same if found[place].certainty == "near"}
            if len(near) > 1 or _have_other_ids([rows[place] for place in same]):
                for place in same:
                    if found[place].certainty != "id":
                        found[place] = NO_MATCH
        return found

    def match(self, row: HistoryRow) -> FilmMatch:
        """Returns the film of one row."""
        by_id = {self._by_id[one] for one in _ids(row) if one in self._by_id}
        titles = [name for title in (row.title, row.original_title) if title
                  for name in spellings(title)]  # fmt: skip
        names = {film for title in titles for film in self._names.get(normalise_title(title), ())}
        if len(by_id) > 1:
            by_id &= names
        if len(by_id) == 1:
            return FilmMatch(by_id.pop(), "id")
        if by_id or not titles:
            return NO_MATCH
        own = {film for title in titles for film in self._own.get(normalise_title(title), ())}
        possible = [self._films[film] for film in sorted(names) if self._fits(row, film)]
        if not any(_directors_agree(row, film) for film in possible):
            # Another film may have the title in another country.
            possible = [f for f in possible if f.id in own and _is_near(row, f)] or possible
        if row.year is None:
            return self._without_year(row, possible)
        groups: tuple[tuple[Certainty, list[KnownFilm]], ...] = (
            ("year", [film for film in possible if film.year == row.year]),
            ("near", [f for f in possible if f.year is not None and abs(f.year - row.year) == 1]),
        )
        for certainty, group in groups:
            if group:
                film = _the_one(row, group)
                if film is None:
                    return NO_MATCH
                sure = certainty == "year" or self._is_telling(row, film)
                return FilmMatch(film, certainty if sure else "likely")
        loose = {film for title in titles for film in self._loose.get(_loose_key(title), ())}
        group = [
            self._films[film]
            for film in sorted(loose)
            if self._films[film].year == row.year and self._fits(row, film)
        ]
        film = _the_one(row, group)
        return FilmMatch(film, "year") if film is not None else NO_MATCH

    def _without_year(self, row: HistoryRow, possible: Sequence[KnownFilm]) -> FilmMatch:
        directed = _the_one(row, [film for film in possible if _directors_agree(row, film)])
        if directed is not None:
            return FilmMatch(directed, "year")
        if len(possible) == 1:
            return FilmMatch(possible[0].id, "likely")
        return NO_MATCH

    def _is_telling(self, row: HistoryRow, film_id: int) -> bool:
        """True if a title tells a film from others although its year differs.

        A short title does not: another film of that title may not be in the catalogue.
        """
        long = len(normalise_title(row.title)) >= TELLING_CHARACTERS
        return long or bool(_directors_agree(row, self._films[film_id]))

    def _fits(self, row: HistoryRow, film_id: int) -> bool:
        """True unless an id or the directors say that a row is about another film."""
        film = self._films[film_id]
        ours = dict(film.ids)
        other = any(source in ours and ours[source] != name for source, name in _ids(row))
        return not other and _directors_agree(row, film) is not False


def _is_near(row: HistoryRow, film: KnownFilm) -> bool:
    """True if a film is of a row's year or of one next to it, or if the row has no year."""
    return row.year is None or (film.year is not None and abs(film.year - row.year) <= 1)


def _the_one(row: HistoryRow, films: Sequence[KnownFilm]) -> int | None:
    """Returns the id of the one film that a row can be about; None if there are several or none."""
    named = [film for film in films if _people(row.directors) & _people(film.directors)]
    directed = [film for film in films if _directors_agree(row, film)]
    group = named or directed or films
    return group[0].id if len(group) == 1 else None


def _ids(row: HistoryRow) -> list[tuple[str, str]]:
    """Returns a row's (source, id there) pairs."""
    ids = (("imdb", row.imdb), ("tmdb", row.tmdb), ("movielens", row.movielens))
    return [(source, str(name)) for source, name in ids if name]


def _have_other_ids(rows: Sequence[HistoryRow]) -> bool:
    """True if two rows have different ids at the same place, so that they are two films."""
    kinds = zip(*((one.imdb, one.tmdb, one.movielens, one.letterboxd) for one in rows), strict=True)
    return len(rows) > 1 and any(len(set(filter(None, kind))) > 1 for kind in kinds)


def _directors_agree(row: HistoryRow, film: KnownFilm) -> bool | None:
    """True if a row and a film share a director; None if the directors of one are unknown."""
    if not row.directors or not film.directors:
        return None
    theirs, ours = map(_people, (row.directors, film.directors))
    return bool(theirs & ours) or bool(_last_names(theirs) & _last_names(ours))


def _people(names: Iterable[str]) -> set[str]:
    return {" ".join(fold(name).replace(".", " ").split()) for name in names}


def _last_names(names: Iterable[str]) -> set[str]:
    return {name.rpartition(" ")[2] for name in names}


def _loose_key(title: str) -> str:
    """Returns a title's key without spaces and signs, and with its numbers in digits."""
    return with_digits(bare_title(title)).replace(" ", "")
