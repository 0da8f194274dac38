"""Finds films by what people type: suggestions while they type, and the one film that they mean.

A title that is typed in full is found by its key, a normalised form
(`storage/catalogue/titles.py`). A mistyped title is accepted only if it cannot be the title of
another film: "Iron Man 2" is never taken for "Iron Man".
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.errors import Sorry
from bot.services.catalogue.exact import ExactTitles, better_known
from bot.services.catalogue.labels import LabelledFilms
from bot.services.catalogue.numerals import is_number
from bot.services.catalogue.tables import TitleTables
from bot.services.notes import Note, quoted
from storage.catalogue.films import Film
from storage.catalogue.titles import bare_title, normalise_title

MAX_CHOICES = 25  # suggestions that Discord shows
MAX_NAMED = 3  # films that a question or an excuse names
MIN_TYPO_SCORE = 72.0  # similarity of titles, 0 to 100, from which one may be a typo of the other
MIN_TYPO_LETTERS = 8  # shorter titles are too easily another film's with one letter changed
MIN_WORD_LETTERS = 4  # the same for one word of a title
MAX_TYPOS = 2  # words of a title that may have a typo each
MAX_JUDGED = 400  # titles that share letters with the typed text and are compared with it
LITERAL_GROUPS = 5  # groups of suggestions whose titles are, or begin with, the typed text
MAX_DATED = 1000  # films of any year among which those of a typed year are found
FILM_VALUE = re.compile(r"film#([0-9]{1,18})", re.ASCII)
"""The form of the text that Discord sends for a chosen suggestion. `storage/catalogue/entry.py`
refuses titles of this form.
"""
_YEAR_IN_BRACKETS = re.compile(r"(.*)\(([0-9]{4})\)", re.DOTALL)


def film_value(film_id: int) -> str:
    """Returns the value of a suggestion for a film. It has a form that no title has."""
    return f"film#{film_id}"


@dataclass(frozen=True)
class TitleSearch:
    """Finds films by their titles.

    Attributes:
        films: the films by id.
        tables: the titles of these films. Others may be in them, and are never found.
        labels: the films' names as people see them, each different from the others.
    """

    films: Mapping[int, Film]
    tables: TitleTables
    labels: LabelledFilms

    @cached_property
    def _exact(self) -> ExactTitles:
        return ExactTitles(self.films, self.tables)

    def prepare(self) -> None:
        """Computes the cached values that the first search needs."""
        self.tables.prepare()
        assert self.labels.by_label is not None

    def suggest(self, typed: str, limit: int = MAX_CHOICES) -> list[int]:
        """Returns the ids of at most `limit` films for what was typed so far.

        The films that `meant` finds for the typed text come first ("Heat" before "The Heat"), then
        exact titles, titles that begin with the typed text, titles with one typo, titles that
        contain it, and titles with more typos. Within each of these groups the best known films
        come first. If a year was typed too ("Title (Year)"), films of that year come
        before all others. Numbers in digits, words and Roman numerals are the same. Films that are
        only named come after all others whose title is, or begins with, the typed text.
        """
        text, year = _split_year(typed)
        wanted = bare_title(text)
        if not wanted:
            return list(islice(self._shown(self.tables.by_fame), limit))
        enough = limit if year is None else MAX_DATED
        labelled = self.labels.by_label.get(typed.strip().casefold())
        found = dict.fromkeys([] if labelled is None else [labelled])
        first, literal = len(found), 0
        for place, group in enumerate(self._groups(typed, wanted, enough)):
            found |= dict.fromkeys(self._shown(group()))
            literal = len(found) if place < LITERAL_GROUPS else literal
            if len(found) >= enough:
                break
        ranked = list(found)
        ranked[first:literal] = sorted(
            ranked[first:literal], key=lambda film_id: self.films[film_id].only_named
        )
        if year is not None:
            ranked.sort(key=lambda film_id: self.films[film_id].year != year)
        return ranked[:limit]

    def _groups(self, typed: str, wanted: str, most: int) -> Iterator[Callable[[], Iterable[int]]]:
        """Yields functions that return the ids of films that fit, the best group first.

        typed: the typed text.
        wanted: its title's bare key.
        most: how many films of a group are needed.
        """
        index = self.tables.bare_index
        yield lambda: self._exact.same(typed, None)
        yield lambda: self.tables.bare.get(wanted, ())
        yield lambda: self._exact.dated(typed)
        yield lambda: self._exact.numbered(wanted)
        yield lambda: self._first(index.beginning(wanted), most)
        if len(wanted) > 2:
            yield lambda: self._slips(wanted)
        yield lambda: self._first(index.containing(wanted), most)
        if len(wanted) > 2:
            yield lambda: self._close(wanted, most)

    def _first(self, numbers: Iterable[int], most: int) -> list[int]:
        """Returns the `most` best known films of some titles.

        numbers: of the titles in the index of bare keys, the best known title first.
        """
        found: set[int] = set()
        best: set[int] = set()
        for number in numbers:
            ids = list(self._shown(self.tables.bare[self.tables.bare_index.texts[number]]))
            found.update(ids)
            best.update(ids[:1])
            if len(best) >= most:
                break
        return sorted(found, key=self.tables.rank)[:most]

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
        same = self._exact.same(text, year) or self._exact.dated(typed)
        if len(same) > 1:
            raise Sorry("title-of-several", films=self._names(same))
        found = (
            same
            or self._exact.renumbered(bare_title(text), year)
            or self._mistyped(normalise_title(text), year)
        )
        if found:
            return found[0]
        nearest = self.suggest(typed, MAX_NAMED)
        if nearest:
            raise Sorry("unknown-title-near", typed=typed[:80], films=self._names(nearest))
        raise Sorry("unknown-title", typed=typed[:80])

    def _mistyped(self, wanted: str, year: int | None) -> list[int]:
        """Returns the film whose title was surely meant although it was mistyped; [] if this is not
        sure.

        wanted: the key (normalised form) of the typed title.
        year: the typed year; None if no year was typed.
        """
        if len(wanted) < MIN_TYPO_LETTERS:
            return []
        names = self.tables.names
        found = self.tables.joined(wanted.replace(" ", ""))
        if not found:
            index = self.tables.name_index
            near = [index.texts[number] for number in index.within(wanted, MAX_TYPOS)]
            hits = process.extract(
                wanted, near, scorer=OSA.distance, score_cutoff=MAX_TYPOS, limit=MAX_CHOICES
            )
            found = [
                film_id
                for key, _, _ in hits
                if self._is_typo(wanted, key)
                for film_id in names[key]
            ]
        found = better_known(self.films, dict.fromkeys(self._exact.of_year(found, year)))
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
            and typed not in self.tables.words
            and not is_number(typed)
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
        near = self._texts(self.tables.bare_index.within(wanted, 1))
        hits = process.extract(wanted, near, scorer=OSA.distance, score_cutoff=1, limit=MAX_CHOICES)
        found = {film_id for key, _, _ in hits for film_id in self.tables.bare[key]}
        return sorted(found, key=self.tables.rank)

    def _close(self, wanted: str, limit: int) -> list[int]:
        """Returns the films with the titles whose keys resemble `wanted`, the most similar first.

        limit: the most titles by each of two measures.
        """
        near = self._texts(self.tables.bare_index.sharing(wanted, MAX_JUDGED))
        hits = [
            hit
            for scorer in (fuzz.WRatio, fuzz.ratio)  # the first also knows parts of titles
            for hit in process.extract(
                wanted, near, scorer=scorer, limit=limit, score_cutoff=MIN_TYPO_SCORE
            )
        ]
        hits.sort(key=lambda hit: -fuzz.ratio(wanted, hit[0]))
        return [film_id for key, _, _ in hits for film_id in self.tables.bare[key]]

    def _texts(self, numbers: Iterable[int]) -> list[str]:
        """Returns the bare keys with these numbers in their index."""
        texts = self.tables.bare_index.texts
        return [texts[number] for number in numbers]

    def _shown(self, ids: Iterable[int]) -> Iterator[int]:
        """Yields the ids of films that this search has."""
        return (film_id for film_id in ids if film_id in self.films)

    def _names(self, ids: Sequence[int]) -> list[Note]:
        """Returns the names of the first MAX_NAMED films of `ids`, in quotation marks."""
        return [quoted(self.labels.label(film_id)) for film_id in ids[:MAX_NAMED]]


def _split_year(typed: str) -> tuple[str, int | None]:
    """Returns the title and the year of "Title (Year)"; the year is None if none was typed."""
    found = _YEAR_IN_BRACKETS.fullmatch(typed.strip())
    return (found[1].strip(), int(found[2])) if found and found[1].strip() else (typed, None)
