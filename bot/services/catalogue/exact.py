"""Finds the films whose title is exactly what was typed, apart from how it is written.

Films that are only named are found only if no other film has the title, or none in that year.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.services.catalogue.numerals import with_digits
from bot.services.catalogue.tables import TitleTables
from storage.catalogue.films import Film
from storage.catalogue.titles import bare_title, normalise_title

_YEAR_AT_END = re.compile(r"(.*\S)[ ,]+([0-9]{4})", re.DOTALL)


@dataclass(frozen=True)
class ExactTitles:
    """Finds films by their whole titles.

    Attributes:
        films: the films by id.
        tables: the titles of these films. Others may be in them, and are never found.
    """

    films: Mapping[int, Film]
    tables: TitleTables

    def same(self, text: str, year: int | None) -> list[int]:
        """Returns the ids of the films with exactly this title.

        year: the films are of this year, or of the year before or after; None for films of any
            year.
        """
        found = self._same_of(text, year, only_named=False)
        if found and (year is None or self._has_year(found, year)):
            return found
        named = self._same_of(text, year, only_named=True)
        return named if not found or self._has_year(named, year) else found

    def _same_of(self, text: str, year: int | None, *, only_named: bool) -> list[int]:
        """Returns the films with this title that are only named, or all others.

        If some have the title as their own, those that have it from IMDb's tables are left out.
        """
        key = normalise_title(text)
        tables = self.tables
        levels = (tables.titles, tables.names, tables.bare)
        for table, asked in (
            (tables.written, text.strip().casefold()),
            *((t, key) for t in levels),
        ):
            ids = (each for each in table.get(asked, ()) if self._is_named(each) == only_named)
            found = self.of_year(ids, year)
            if found:
                own = [each for each in found if _is_own(asked, self.films[each])]
                return sorted(own or found, key=tables.rank)
        return []

    def _is_named(self, film_id: int) -> bool:
        return film_id in self.films and self.films[film_id].only_named

    def _has_year(self, ids: Iterable[int], year: int | None) -> bool:
        return any(self.films[film_id].year == year for film_id in ids)

    def dated(self, typed: str) -> list[int]:
        """Returns the ids of the films of a title and year, typed without brackets."""
        dated = _YEAR_AT_END.fullmatch(typed.strip())
        return self.same(dated[1], int(dated[2])) if dated else []

    def numbered(self, wanted: str) -> list[int]:
        """Returns the ids of the films whose title differs only in how its numbers are written.

        wanted: the bare key of the typed title.
        """
        plain = with_digits(wanted)
        tables = self.tables
        others = tables.bare.get(plain, ()) if plain != wanted else ()
        return sorted({*tables.numbered.get(plain, ()), *others}, key=tables.rank)

    def renumbered(self, wanted: str, year: int | None) -> list[int]:
        """Returns the one film whose title differs only in how its numbers are written, or []."""
        found = better_known(self.films, self.of_year(self.numbered(wanted), year))
        return found if len(found) == 1 else []

    def of_year(self, ids: Iterable[int], year: int | None) -> list[int]:
        """Returns the films of this year; without such films, those of a year next to it or
        unknown.
        """
        ids = [film_id for film_id in ids if film_id in self.films]
        if year is None:
            return ids
        years = {film_id: self.films[film_id].year for film_id in ids}
        same = [film_id for film_id, made in years.items() if made == year]
        return same or [
            film_id for film_id, made in years.items() if made is None or abs(made - year) == 1
        ]


def better_known(films: Mapping[int, Film], ids: Iterable[int]) -> list[int]:
    """Returns the films that are not only named, or all films if each is only named."""
    ids = list(ids)
    return [film_id for film_id in ids if not films[film_id].only_named] or ids


def _is_own(asked: str, film: Film) -> bool:
    """True if a film has a title without the titles that IMDb's tables add. asked: its key."""
    titles = (film.title, film.original_title or "", *film.aliases)
    return any(asked in (normalise_title(title), bare_title(title)) for title in titles)
