"""The catalogue in memory: films and tags by id and name, and a search that forgives typos.

Discord does not wait for suggestions, so the search never reads the disk.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from bot.errors import Sorry
from bot.services.view_models import Line
from storage.catalogue.films import Film, Tag
from storage.catalogue.titles import normalise_title

MAX_CHOICES = 25  # suggestions that Discord shows
MIN_TYPO_SCORE = 72.0  # similarity of titles, 0 to 100, from which one may be a typo of the other
MIN_CERTAIN_SCORE = 88.0  # similarity from which the nearest title is surely the one meant
_ID = re.compile("[0-9]{1,18}")
_YEAR = re.compile("[0-9]{4}")


@dataclass(frozen=True)
class Choice:
    """A suggestion for an option of a command: the name shown, and the value that Discord sends."""

    name: str
    value: str


@dataclass(frozen=True)
class Library:
    """All films and tags.

    Attributes:
        films: film id -> film.
        tags: slug -> tag.
        fame: film id -> how well known the film is. The numbers only serve to sort films.
    """

    films: Mapping[int, Film]
    tags: Mapping[str, Tag]
    fame: Mapping[int, float]

    def shown(self, adult_ok: bool) -> "Library":
        """Returns the library of the films that may be shown or named in a place.

        adult_ok: True in age-restricted channels; elsewhere films flagged adult are left out.
        """
        return self if adult_ok or self._without_adult is None else self._without_adult

    @cached_property
    def _without_adult(self) -> "Library | None":
        """The library without the films flagged adult; None if no film is."""
        films = {film_id: film for film_id, film in self.films.items() if not film.adult}
        return None if len(films) == len(self.films) else Library(films, self.tags, self.fame)

    def line(self, film_id: int, reason: str) -> Line:
        """Returns a film as people see it, with this reason."""
        film = self.films[film_id]
        return Line(
            film_id=film.id,
            title=film.title,
            year=film.year,
            runtime=film.runtime,
            genres=film.genres[:3],
            reason=reason,
            poster=film.poster,
        )

    def name(self, film_id: int) -> str:
        """Returns "Title (Year)"."""
        return self.line(film_id, "").name

    def film(self, film_id: int) -> Film:
        """Returns the film with this id. Raises Sorry if the library does not have it."""
        film = self.films.get(film_id)
        if film is None:
            raise Sorry("That film is not in my catalogue, or not one to show here.")
        return film

    def prepare(self) -> None:
        """Computes the cached values that the first search needs."""
        assert len(self._keys) == len(self._names)
        assert self.genres is not None
        assert self.moods is not None
        if self._without_adult is not None:
            self._without_adult.prepare()

    @cached_property
    def genres(self) -> tuple[str, ...]:
        """All genres, in alphabetical order."""
        return tuple(sorted({genre for film in self.films.values() for genre in film.genres}))

    @cached_property
    def moods(self) -> tuple[Tag, ...]:
        """The mood tags that some film has, sorted by name."""
        used = {slug for film in self.films.values() for slug, _ in film.tags}
        moods = (tag for tag in self.tags.values() if tag.facet == "mood" and tag.slug in used)
        return tuple(sorted(moods, key=lambda tag: tag.name))

    @cached_property
    def _names(self) -> dict[str, list[int]]:
        names: dict[str, list[int]] = {}
        for film in self.films.values():
            for title in (film.title, film.original_title, *film.aliases):
                key = normalise_title(title) if title else ""
                if key and film.id not in names.setdefault(key, []):
                    names[key].append(film.id)
        return names

    @cached_property
    def _keys(self) -> list[str]:
        return list(self._names)

    def search(self, typed: str, limit: int = MAX_CHOICES) -> list[int]:
        """Returns the ids of at most `limit` films for what was typed so far.

        Exact titles come first, then titles that begin with the typed text, then titles that
        contain it, then titles with typos. Within each of these groups the best known films come
        first. If a year was typed too ("Title (Year)"), films of that year come before all others.
        """
        wanted, year = _split_year(typed)
        if not wanted:
            return sorted(self.films, key=self._rank)[:limit]
        exact: list[int] = []
        begins: list[int] = []
        contains: list[int] = []
        for key, ids in self._names.items():
            if key == wanted:
                exact += ids
            elif key.startswith(wanted):
                begins += ids
            elif wanted in key:
                contains += ids
        found = [
            film_id
            for group in (exact, begins, contains)
            for film_id in sorted(group, key=self._rank)
        ]
        if len(found) < limit and len(wanted) > 2:
            found += [film_id for film_id, _ in self._close(wanted, limit)]
        ranked = list(dict.fromkeys(found))
        if year is not None:
            ranked.sort(key=lambda film_id: self.films[film_id].year != year)
        return ranked[:limit]

    def choices(self, typed: str) -> list[Choice]:
        """Returns suggestions for a film option. The value of each is the film's id."""
        return [Choice(self.name(film_id)[:100], str(film_id)) for film_id in self.search(typed)]

    def find(self, typed: str) -> Film:
        """Returns the film of a Discord option: the id of a suggestion, or a title typed by hand.

        Raises Sorry, with the nearest titles, if no film or more than one film is meant.
        """
        typed = typed.strip()
        by_id = self.films.get(int(typed)) if _ID.fullmatch(typed) else None
        if by_id is not None and not self._names.get(typed):
            return by_id
        wanted, year = _split_year(typed)
        same = self._names.get(wanted, [])
        if year is not None:
            same = [film_id for film_id in same if self.films[film_id].year == year] or same
        if len(same) == 1:
            return self.films[same[0]]
        if by_id is not None and not same:
            return by_id
        if same:
            names = _either([self.name(film_id) for film_id in sorted(same, key=self._rank)[:3]])
            raise Sorry(f"There is more than one film of that title. Did you mean {names}?")
        close = self._close(wanted, 3) if wanted else []
        if (
            close
            and close[0][1] >= MIN_CERTAIN_SCORE
            and (len(close) == 1 or close[1][1] < close[0][1])
        ):
            return self.films[close[0][0]]
        if close:
            names = _either([self.name(film_id) for film_id, _ in close])
            raise Sorry(f"I don't know “{typed[:80]}”. Did you mean {names}?")
        raise Sorry(
            f"I don't know “{typed[:80]}”. Start typing the title and pick a film from the list."
        )

    def genre(self, typed: str) -> str:
        """Returns the genre that was meant. Raises Sorry, listing genres, for an unknown genre."""
        return _meant(typed, {genre: genre for genre in self.genres}, "genre")

    def mood(self, typed: str) -> Tag:
        """Returns the mood tag with this name, slug or synonym. Raises Sorry for an unknown one."""
        names = {tag.name: tag.slug for tag in self.moods}
        for tag in self.moods:
            names |= dict.fromkeys((tag.slug, *tag.synonyms), tag.slug)
        return self.tags[_meant(typed, names, "mood", [tag.name for tag in self.moods])]

    def _close(self, wanted: str, limit: int) -> list[tuple[int, float]]:
        """Returns (film id, similarity 0 to 100) of titles close to `wanted`, the closest first."""
        hits = process.extract(
            wanted, self._keys, scorer=fuzz.WRatio, limit=limit, score_cutoff=MIN_TYPO_SCORE
        )
        hits = sorted(hits, key=lambda hit: -fuzz.ratio(wanted, hit[0]))
        return [
            (film_id, fuzz.ratio(wanted, key))
            for key, _, _ in hits
            for film_id in sorted(self._names[key], key=self._rank)
        ]

    def _rank(self, film_id: int) -> tuple[float, int]:
        return (-self.fame.get(film_id, 0.0), film_id)


def matching_choices(choices: Iterable[Choice], typed: str) -> list[Choice]:
    """Returns the choices whose name contains what was typed, those that begin with it first."""
    wanted = typed.strip().casefold()
    matches = [choice for choice in choices if wanted in choice.name.casefold()]
    matches.sort(key=lambda choice: not choice.name.casefold().startswith(wanted))
    return matches[:MAX_CHOICES]


def _meant(
    typed: str, names: Mapping[str, str], kind: str, listed: Sequence[str] | None = None
) -> str:
    """Returns the value of the name that is meant by the typed text, which may have typos.

    names: name -> value. kind: what the names are, for the error. listed: the names that the error
    lists; None for all of `names`. Raises Sorry if the text resembles no name.
    """
    folded = {name.casefold(): value for name, value in names.items()}
    wanted = typed.strip().casefold()
    if wanted in folded:
        return folded[wanted]
    close = process.extractOne(wanted, list(folded), scorer=fuzz.ratio, score_cutoff=MIN_TYPO_SCORE)
    if close is not None:
        return folded[close[0]]
    some = ", ".join(list(listed or names)[:12])
    raise Sorry(f"I know no {kind} called “{typed[:60]}”. Try one of these: {some}.")


def _split_year(typed: str) -> tuple[str, int | None]:
    """Returns the normalised title, and the year of a "Title (Year)"; None without a year."""
    text = typed.strip()
    if text.endswith(")") and text[-6:-5] == "(" and _YEAR.fullmatch(text[-5:-1]):
        return normalise_title(text[:-6]), int(text[-5:-1])
    return normalise_title(text), None


def _either(names: Sequence[str]) -> str:
    """Returns "“a”", "“a” or “b”", "“a”, “b” or “c”"."""
    marked = [f"“{name}”" for name in names]
    return " or ".join([", ".join(marked[:-1]), marked[-1]]) if len(marked) > 1 else marked[0]
