"""Matches the films of two lists by normalised title and year, one to one."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.catalogue.titles import normalise_title

_EPISODE = re.compile(
    r"\b(?:episode|part|chapter|vol\.?|volume)\s+[\divx]+\s*(?:[-–—:]\s+|:)(\S+\s+\S.*)$",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Named:
    """An entry of one of the two lists that are matched.

    Attributes:
        id: the entry's id in its list.
        titles: every title of the film, in every spelling.
        year: year of the first showing; None if unknown.
        imdb: id at IMDb; None if unknown. Entries with different ids never match.
    """

    id: int
    titles: tuple[str, ...]
    year: int | None
    imdb: str | None = None


def match(wanted: Sequence[Named], films: Sequence[Named]) -> dict[int, int]:
    """Matches the entries of two lists that are the same film.

    Returns ids in `films` by ids in `wanted`.

    Each entry has at most one match. Entries are first compared with films of the same year. The
    remaining entries are compared with films of the year before or after, because one list may have
    the year of the festival and the other the year of release. If several entries match a film, the
    first one gets it. Entries without a year never match, because many films share a title.

    Entries that still remain are compared with films of the same year by looser keys: without
    spaces ("Old Boy", "Oldboy"), and by the part after the name of a series ("Star Wars: Episode VI
    - Return of the Jedi"). A match in another year or by a looser key counts only if exactly one
    film fits.
    """
    by_key: dict[tuple[str, int], list[int]] = defaultdict(list)
    joined: dict[tuple[str, int], list[int]] = defaultdict(list)
    for film in films:
        if film.year is not None:
            for key in _keys(film.titles):
                by_key[key, film.year].append(film.id)
                joined[key.replace(" ", ""), film.year].append(film.id)
    imdb = {film.id: film.imdb for film in films}
    found: dict[int, int] = {}
    taken: set[int] = set()
    for apart in (0, 1):
        for item in wanted:
            if item.year is None or item.id in found:
                continue
            years = {item.year - apart, item.year + apart}
            free = {
                film_id: None
                for key in _keys(item.titles)
                for year in sorted(years)
                for film_id in by_key.get((key, year), ())
                if film_id not in taken and not _differ(item.imdb, imdb[film_id])
            }
            if free and (apart == 0 or len(free) == 1):
                found[item.id] = next(iter(free))
                taken.add(found[item.id])
    for item in wanted:
        if item.year is None or item.id in found:
            continue
        keys = [key.replace(" ", "") for key in _keys(item.titles)]
        fits = {film_id for key in keys for film_id in joined.get((key, item.year), ())}
        for tail in _keys(filter(None, map(_after_series, item.titles))):
            fits |= set(by_key.get((tail, item.year), ()))
        fits = {film_id for film_id in fits if not _differ(item.imdb, imdb[film_id])}
        if len(fits) == 1 and not fits & taken:
            found[item.id] = fits.pop()
            taken.add(found[item.id])
    return found


class Contenders:
    """Quickly finds the few entries of a long list that `match` might match with some films.

    films: the films.
    """

    def __init__(self, films: Iterable[Named]) -> None:
        self._years: dict[str, set[int]] = defaultdict(set)
        for film in films:
            if film.year is not None:
                for key in _keys(film.titles):
                    self._years[key.replace(" ", "")].add(film.year)

    def has(self, item: Named) -> bool:
        """True if `match` might match the entry with one of the films."""
        if item.year is None:
            return False
        tails = filter(None, map(_after_series, item.titles))
        keys = (key.replace(" ", "") for key in _keys((*item.titles, *tails)))
        near = {item.year - 1, item.year, item.year + 1}
        return any(not near.isdisjoint(self._years.get(key, ())) for key in keys)


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _after_series(title: str) -> str | None:
    """Returns the part of a title that follows the number of an episode; None without a number.

    For "Episode VI - Return of the Jedi" it returns "Return of the Jedi".
    """
    parted = _EPISODE.search(title)
    return parted[1] if parted else None


def spellings(title: str) -> tuple[str, ...]:
    """Returns the title, the part outside its brackets, and the parts inside them.

    Data sets often put a second title in brackets.
    """
    inside = [text.removeprefix("a.k.a. ") for text in _IN_BRACKETS.findall(title)]
    return (title, _IN_BRACKETS.sub("", title).strip(), *inside) if inside else (title,)


def _keys(titles: Iterable[str]) -> list[str]:
    keys = (normalise_title(title) for title in titles if title)
    return list(dict.fromkeys(key for key in keys if key))
