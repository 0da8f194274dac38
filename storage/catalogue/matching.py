"""Which film of the catalogue another list means: by normalised title and year, one to one."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.catalogue.titles import normalise_title

_IN_BRACKETS = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Named:
    """Something with an id of either list: every title that it goes by, and its year."""

    id: int
    titles: tuple[str, ...]
    year: int | None


def match(wanted: Sequence[Named], films: Sequence[Named]) -> dict[int, int]:
    """The id of the film meant by each wanted id, where there is one; no film is meant twice.

    The same year is tried for all first, then a year before or after, since lists differ by
    festival and release; the latter only where exactly one film fits. What comes earlier in
    either list goes first. Without a year nothing matches: titles alone mean too many films.
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
    """The title, and what stands before and inside its brackets: lists put other titles there."""
    inside = [text.removeprefix("a.k.a. ") for text in _IN_BRACKETS.findall(title)]
    return (title, _IN_BRACKETS.sub("", title).strip(), *inside) if inside else (title,)


def _keys(titles: Iterable[str]) -> list[str]:
    keys = (normalise_title(title) for title in titles if title)
    return list(dict.fromkeys(key for key in keys if key))
