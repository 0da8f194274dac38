"""Finds films by what people type: suggestions while they type, and the one film that they mean.

A title that is typed in full is found by its key, a normalised form
(`storage/catalogue/titles.py`). A mistyped title is accepted only if it cannot be the title of
another film: "Iron Man 2" is never taken for "Iron Man".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.errors import Sorry
from bot.services.catalogue.labels import LabelledFilms
from bot.services.notes import Note, quoted
from storage.catalogue.films import Film
from storage.catalogue.titles import bare_title, normalise_title

MAX_CHOICES = 25  # suggestions that Discord shows
MAX_NAMED = 3  # films that a question or an excuse names
MIN_TYPO_SCORE = 72.0  # similarity of titles, 0 to 100, from which one may be a typo of the other
MIN_TYPO_LETTERS = 8  # shorter titles are too easily another film's with one letter changed
MIN_WORD_LETTERS = 4  # the same for one word of a title
MAX_TYPOS = 2  # words of a title that may have a typo each
FILM_VALUE = re.compile(r"film#([0-9]{1,18})", re.ASCII)
"""The form of the text that Discord sends for a chosen suggestion. `storage/catalogue/entry.py`
refuses titles of this form.
"""
_YEAR_IN_BRACKETS = re.compile(r"(.*)\(([0-9]{4})\)", re.DOTALL)
_YEAR_AT_END = re.compile(r"(.*\S)[ ,]+([0-9]{4})", re.DOTALL)
_NUMBER_WORDS = frozenset({
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "first", "second", "third", "fourth", "fifth", "sixth", "seventh",
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xx",
})  # fmt: skip


def film_value(film_id: int) -> str:
    """Returns the value of a suggestion for a film. It has a form that no title has."""
    return f"film#{film_id}"


@dataclass(frozen=True)
class TitleSearch:
    """Finds films by their titles.

    Attributes:
        films: the films by id.
        fame: how well known each film is, by film id. The numbers are used only to sort films.
        labels: the films' names as people see them, each different from the others.
    """

    films: Mapping[int, Film]
    fame: Mapping[int, float]
    labels: LabelledFilms

    def prepare(self) -> None:
        """Computes the cached values that the first search needs."""
        assert len(self._bare_keys) == len(self._bare)
        assert self._levels is not None
        assert self._words is not None

    def suggest(self, typed: str, limit: int = MAX_CHOICES) -> list[int]:
        """Returns the ids of at most `limit` films for what was typed so far.

        Exact titles come first, then titles that begin with the typed text, titles with one typo,
        titles that contain it, and titles with more typos. Within each of these groups the best
        known films come first. If a year was typed too ("Title (Year)"), films of that year come
        before all others.
        """
        text, year = _split_year(typed)
        wanted = bare_title(text)
        if not wanted:
            return sorted(self.films, key=self._rank)[:limit]
        exact: list[int] = []
        begins: list[int] = []
        contains: list[int] = []
        for key, ids in self._bare.items():
            if key == wanted:
                exact += ids
            elif key.startswith(wanted):
                begins += ids
            elif wanted in key:
                contains += ids
        slips = self._slips(wanted) if len(wanted) > 2 else []
        groups = [exact, begins, slips, contains]
        found = [film_id for group in groups for film_id in sorted(group, key=self._rank)]
        close = self._close(wanted, limit) if len(found) < limit and len(wanted) > 2 else []
        labelled = self.labels.by_label.get(typed.strip().casefold())
        ranked = list(dict.fromkeys([*([labelled] if labelled else []), *found, *close]))
        if year is not None:
            ranked.sort(key=lambda film_id: self.films[film_id].year != year)
        return ranked[:limit]

    def meant(self, typed: str) -> int:
        """Returns the id of the film that a person chose in a command.

        Raises Sorry, with the nearest films, if the text fits no film or more than one.

        typed: the value of a suggestion, or a title typed by hand.
        """
        typed = typed.strip()
        value = FILM_VALUE.fullmatch(typed)
        if value is not None:
            if int(value[1]) not in self.films:
                raise Sorry("no-such-film")
            return int(value[1])
        labelled = self.labels.by_label.get(typed.casefold())
        if labelled is not None:
            return labelled
        text, year = _split_year(typed)
        same = self._same(text, year)
        if not same and (dated := _YEAR_AT_END.fullmatch(typed)):
            same = self._same(dated[1], int(dated[2]))
        if len(same) > 1:
            raise Sorry("title-of-several", films=self._names(same))
        found = same or self._mistyped(normalise_title(text), year)
        if found:
            return found[0]
        nearest = self.suggest(typed, MAX_NAMED)
        if nearest:
            raise Sorry("unknown-title-near", typed=typed[:80], films=self._names(nearest))
        raise Sorry("unknown-title", typed=typed[:80])

    @cached_property
    def _levels(self) -> tuple[dict[str, list[int]], ...]:
        """Tables in which a typed title is looked up, in this order. Each has the ids of films by a
        text.

        The texts of the first table are titles in lower case. Those of the second and third are the
        keys (normalised forms) of titles, and those of the last are the keys of `bare_title`. The
        first table that has the typed title decides.
        """
        written: dict[str, list[int]] = {}
        titles: dict[str, list[int]] = {}
        names: dict[str, list[int]] = {}
        for film in self.films.values():
            _put(written, film.title.casefold(), film.id)
            _put(titles, normalise_title(film.title), film.id)
            for title in _titles(film):
                _put(names, normalise_title(title), film.id)
        return written, titles, names, self._bare

    @cached_property
    def _bare(self) -> dict[str, list[int]]:
        bare: dict[str, list[int]] = {}
        for film in self.films.values():
            for title in _titles(film):
                _put(bare, bare_title(title), film.id)
        return bare

    @cached_property
    def _bare_keys(self) -> list[str]:
        return list(self._bare)

    @cached_property
    def _words(self) -> frozenset[str]:
        """All words of all titles."""
        return frozenset(word for key in self._levels[2] for word in key.split())

    @cached_property
    def _joined(self) -> dict[str, list[int]]:
        """The ids of films by the key of a title (its normalised form) without spaces."""
        joined: dict[str, list[int]] = {}
        for key, ids in self._levels[2].items():
            for film_id in ids:
                _put(joined, key.replace(" ", ""), film_id)
        return joined

    def _same(self, text: str, year: int | None) -> list[int]:
        """Returns the ids of the films with exactly this title.

        year: the films are of this year, or of the year before or after; None for films of any
            year.
        """
        key = normalise_title(text)
        asked = (text.strip().casefold(), key, key, key)
        for wanted, level in zip(asked, self._levels, strict=True):
            found = self._of_year(level.get(wanted, ()) if wanted else (), year)
            if found:
                return sorted(found, key=self._rank)
        return []

    def _of_year(self, ids: Iterable[int], year: int | None) -> list[int]:
        """Returns the films of this year; without such films, those of a year next to it or
        unknown.
        """
        if year is None:
            return list(ids)
        years = {film_id: self.films[film_id].year for film_id in ids}
        same = [film_id for film_id, made in years.items() if made == year]
        return same or [
            film_id for film_id, made in years.items() if made is None or abs(made - year) == 1
        ]

    def _mistyped(self, wanted: str, year: int | None) -> list[int]:
        """Returns the film whose title was surely meant although it was mistyped; [] if this is not
        sure.

        wanted: the key (normalised form) of the typed title.
        year: the typed year; None if no year was typed.
        """
        if len(wanted) < MIN_TYPO_LETTERS:
            return []
        found = self._joined.get(wanted.replace(" ", ""), [])
        if not found:
            names = self._levels[2]
            hits = process.extract(
                wanted, names.keys(), scorer=OSA.distance, score_cutoff=MAX_TYPOS, limit=MAX_CHOICES
            )
            found = [
                film_id
                for key, _, _ in hits
                if self._is_typo(wanted, key)
                for film_id in names[key]
            ]
        found = list(dict.fromkeys(self._of_year(found, year)))
        return found if len(found) == 1 else []

    def _is_typo(self, wanted: str, key: str) -> bool:
        """True if a typed title is very probably another title with a typo in a word or two.

        It is no typo if a changed word is a word of another title, has a number, is only longer or
        shorter at its end ("Alien", "Aliens"), or begins with another letter.

        wanted: the key (normalised form) of the typed title.
        key: the key of the other title.
        """
        words, others = wanted.split(), key.split()
        if len(words) != len(others):
            return False
        differing = [(a, b) for a, b in zip(words, others, strict=True) if a != b]
        return 0 < len(differing) <= MAX_TYPOS and all(
            min(len(typed), len(word)) >= MIN_WORD_LETTERS
            and typed not in self._words
            and not _is_number(typed)
            and OSA.distance(typed, word) == 1
            and typed[0] == word[0]
            and not typed.startswith(word)
            and not word.startswith(typed)
            for typed, word in differing
        )

    def _slips(self, wanted: str) -> list[int]:
        """Returns the films whose title's key differs from `wanted` by one letter or two exchanged
        letters.
        """
        hits = process.extract(
            wanted, self._bare_keys, scorer=OSA.distance, score_cutoff=1, limit=MAX_CHOICES
        )
        return [film_id for key, _, _ in hits for film_id in self._bare[key]]

    def _close(self, wanted: str, limit: int) -> list[int]:
        """Returns at most `limit` films whose title's key resembles `wanted`, the most similar
        first.
        """
        hits = process.extract(
            wanted, self._bare_keys, scorer=fuzz.WRatio, limit=limit, score_cutoff=MIN_TYPO_SCORE
        )
        hits = sorted(hits, key=lambda hit: -fuzz.ratio(wanted, hit[0]))
        return [
            film_id for key, _, _ in hits for film_id in sorted(self._bare[key], key=self._rank)
        ]

    def _names(self, ids: Sequence[int]) -> list[Note]:
        """Returns the names of the first MAX_NAMED films of `ids`, in quotation marks."""
        return [quoted(self.labels.label(film_id)) for film_id in ids[:MAX_NAMED]]

    def _rank(self, film_id: int) -> tuple[float, int]:
        return (-self.fame.get(film_id, 0.0), film_id)


def _titles(film: Film) -> tuple[str, ...]:
    return tuple(title for title in (film.title, film.original_title, *film.aliases) if title)


def _put(index: dict[str, list[int]], key: str, film_id: int) -> None:
    if key and film_id not in (ids := index.setdefault(key, [])):
        ids.append(film_id)


def _is_number(word: str) -> bool:
    return word in _NUMBER_WORDS or any(sign.isnumeric() for sign in word)


def _split_year(typed: str) -> tuple[str, int | None]:
    """Returns the title and the year of "Title (Year)"; the year is None if none was typed."""
    found = _YEAR_IN_BRACKETS.fullmatch(typed.strip())
    return (found[1].strip(), int(found[2])) if found and found[1].strip() else (typed, None)
