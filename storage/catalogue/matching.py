"""Matches the films of two lists by normalised title and year, one to one."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.catalogue.titles import normalise_title

_IN_BRACKETS = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Named:
    """An entry of one of the two lists that are matched.

    Attributes:
        id: the entry's id in its list.
        titles: every title of the film, in every spelling.
        year: year of the first showing; None if unknown.
    """

    id: int
    titles: tuple[str, ...]
    year: int | None


def match(wanted: Sequence[Named], films: Sequence[Named]) -> dict[int, int]:
    """Returns id in `wanted` -> id in `films` for the entries that have a match, one to one.

    Entries are first compared with films of the same year. Entries left over are compared with
    films of the year before or after, because one list may give the year of the festival and the
    other the year of release; such a match counts only if exactly one film fits. If several entries
    match a film, the first entry gets it. Entries without a year never match, because many films
    share a title.
    """
    by_key: dict[tuple[str, int], list[int]] = defaultdict(list)
    for film in films:
        if film.year is not None:
            for key in _keys(film.titles):
                by_key[key, film.year].append(film.id)
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
                if film_id not in taken
            }
            if free and (apart == 0 or len(free) == 1):
                found[item.id] = next(iter(free))
                taken.add(found[item.id])
    return found


def spellings(title: str) -> tuple[str, ...]:
    """Returns the title, the part outside its brackets, and the parts inside them.

    Data sets often put a second title in brackets.
    """
    inside = [text.removeprefix("a.k.a. ") for text in _IN_BRACKETS.findall(title)]
    return (title, _IN_BRACKETS.sub("", title).strip(), *inside) if inside else (title,)


def _keys(titles: Iterable[str]) -> list[str]:
    keys = (normalise_title(title) for title in titles if title)
    return list(dict.fromkeys(key for key in keys if key))
