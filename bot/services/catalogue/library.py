"""The catalogue in memory, in which films, genres and moods are found by id or by what people type.

Suggestions must be quick while people type, so nothing here reads the disk.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.errors import Sorry
from bot.services.catalogue.labels import LabelledFilms
from bot.services.catalogue.search import MAX_CHOICES, TitleSearch, film_value
from bot.services.catalogue.tables import TitleTables
from bot.services.catalogue.words import (
    close_names,
    genre_words,
    language_code,
    language_name,
    meant,
    named_languages,
    plain_word,
)
from bot.services.notes import Note, note
from bot.services.view_models import Line
from bot.services.wording import shorten
from storage.catalogue.films import Film, Tag


@dataclass(frozen=True)
class Choice:
    """A suggestion for an option of a command.

    Attributes:
        name: the text that people see.
        value: what Discord sends if the suggestion is chosen.
    """

    name: str
    value: str


@dataclass(frozen=True)
class Library:
    """All films and tags.

    Attributes:
        films: the films by id.
        tags: the tags by slug (permanent key).
        fame: how well known each film is, by film id. The numbers are used only to sort films.
        whole: the library that has all these films and more, whose title tables serve this one too;
            None for tables of its own.
    """

    films: Mapping[int, Film]
    tags: Mapping[str, Tag]
    fame: Mapping[int, float]
    whole: "Library | None" = None

    def shown(self, adult_ok: bool) -> "Library":
        """Returns a library with only the films that may be shown or named in a channel.

        adult_ok: True in age-restricted channels; elsewhere films flagged adult are left out.
        """
        return self if adult_ok or self._without_adult is None else self._without_adult

    @cached_property
    def _without_adult(self) -> "Library | None":
        """The library without the films flagged adult; None if there are no such films."""
        films = {film_id: film for film_id, film in self.films.items() if not film.adult}
        if len(films) == len(self.films):
            return None
        return Library(films, self.tags, self.fame, self)

    def line(self, film_id: int, reason: Note | None = None) -> Line:
        """Returns a film in the form in which people see it.

        reason: why the film is shown; None for no reason.
        """
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
        """Returns "Title (Year)", with an addition if other films have the same title and year."""
        return self.labels.label(film_id)

    def tag_note(self, slug: str) -> Note:
        """Returns the name of a tag within a sentence, which the reader's language makes.

        slug: the tag's permanent key; a tag that the library does not have is called by it.
        """
        tag = self.tags.get(slug)
        return note("tag", slug=slug, name=tag.name if tag else slug)

    def film(self, film_id: int) -> Film:
        """Returns the film with this id. Raises Sorry if the library does not have it."""
        film = self.films.get(film_id)
        if film is None:
            raise Sorry("no-such-film")
        return film

    def prepare(self) -> None:
        """Computes the cached values that the first search needs."""
        self.titles.prepare()
        assert self.genres is not None
        assert self.moods is not None
        if self._without_adult is not None:
            self._without_adult.prepare()

    @cached_property
    def _ranked(self) -> tuple[Film, ...]:
        """The films that may be picked. Only their genres and languages are offered."""
        return tuple(film for film in self.films.values() if not film.only_named)

    @cached_property
    def genres(self) -> tuple[str, ...]:
        """All genres, in alphabetical order."""
        return tuple(sorted({genre for film in self._ranked for genre in film.genres}))

    @cached_property
    def genres_by_use(self) -> tuple[str, ...]:
        """All genres. The genre of the most films comes first."""
        counts = Counter(genre for film in self._ranked for genre in film.genres)
        return tuple(sorted(counts, key=lambda genre: (-counts[genre], genre)))

    def menu_genres(self, chosen: Collection[str]) -> tuple[str, ...]:
        """Returns the genres that a menu offers, sorted by name.

        A menu has a limited number of places. All chosen genres are in it. The other places go to
        the genres with the most films.

        chosen: the genres that the person has already chosen.
        """
        first = [genre for genre in self.genres_by_use if genre in chosen]
        rest = [genre for genre in self.genres_by_use if genre not in chosen]
        return tuple(sorted([*first, *rest][:MAX_CHOICES]))

    @cached_property
    def moods(self) -> tuple[Tag, ...]:
        """The mood tags that at least one film has, sorted by name."""
        return self.tags_of("mood")

    def tags_of(self, facet: str) -> tuple[Tag, ...]:
        """Returns the tags of one kind that at least one film has, sorted by name."""
        tags = (tag for tag in self.tags.values() if tag.facet == facet)
        return tuple(sorted((t for t in tags if t.slug in self._used), key=lambda tag: tag.name))

    @cached_property
    def _used(self) -> frozenset[str]:
        """The slugs of the tags that at least one film has."""
        return frozenset(slug for film in self.films.values() for slug, _ in film.tags)

    @cached_property
    def moods_by_use(self) -> tuple[str, ...]:
        """The names of the mood tags. The mood of the most films comes first."""
        counts = Counter(slug for film in self.films.values() for slug, _ in film.tags)
        moods = sorted(self.moods, key=lambda tag: (-counts[tag.slug], tag.name))
        return tuple(tag.name for tag in moods)

    @cached_property
    def labels(self) -> LabelledFilms:
        """The names of the films as people see them. No two are equal."""
        return LabelledFilms(self.films)

    @cached_property
    def titles(self) -> TitleSearch:
        """The search that finds films by what people type."""
        return TitleSearch(self.films, self._title_tables, self.labels)

    @cached_property
    def _title_tables(self) -> TitleTables:
        whole = self.whole
        return TitleTables(self.films, self.fame) if whole is None else whole.titles.tables

    def choices(self, typed: str) -> list[Choice]:
        """Returns suggestions of films for the text that was typed.

        The value of a suggestion has a form that no typed title can have.
        """
        found = self.titles.suggest(typed)
        return [Choice(self.name(film_id), film_value(film_id)) for film_id in found]

    def find(self, typed: str) -> Film:
        """Returns the film that a person chose in a command.

        typed: the value of a suggestion, or a title typed by hand.

        Raises Sorry, with the nearest titles, if it fits no film or more than one.
        """
        return self.films[self.titles.meant(typed)]

    def genre(self, typed: str) -> str:
        """Returns the genre that a person typed, also for other words such as "sci-fi".

        Raises Sorry, with the nearest genres, for an unknown genre.
        """
        return meant(typed, genre_words(self.genres), "genre", self.genres_by_use)

    def genre_choices(self, typed: str) -> list[Choice]:
        """Returns the suggestions while a person types a genre or another word for a genre."""
        names = [Choice(shorten(genre), shorten(genre)) for genre in self.genres_by_use]
        known = genre_words(self.genres).get(plain_word(typed))
        first = [choice for choice in names if choice.value == known]
        found = first + matching_choices(names, typed)
        close = [] if found else close_names(typed, self.genres_by_use)
        found += [choice for choice in names if choice.name in close]
        return list(dict.fromkeys(found))[:MAX_CHOICES]

    def mood(self, typed: str) -> Tag:
        """Returns the mood tag with this name, slug (permanent key) or synonym. Raises Sorry for an
        unknown one.
        """
        names: dict[str, str] = {}
        for tag in self.moods:
            words = (tag.name, tag.slug, *tag.synonyms)
            names |= dict.fromkeys(map(plain_word, words), tag.slug)
        return self.tags[meant(typed, names, "mood", self.moods_by_use)]

    def language(self, typed: str) -> str | None:
        """Returns the code of the language that a person typed; None if they typed "any".

        Raises Sorry, with the nearest languages, if no film is in that language.
        """
        return language_code(typed, self.languages)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages of the films. The language of the most films comes first."""
        counts = Counter(code for film in self._ranked for code in film.languages)
        return tuple(code for code, _ in counts.most_common())

    def language_choices(
        self, typed: str, name: Callable[[str], str] = language_name
    ) -> list[Choice]:
        """Returns the suggestions while a person types a language: by its name, also misspelt.

        name: returns the name that the person reads, from the code of a language.
        """
        codes = named_languages(self.languages)
        choices = {language_name(code): Choice(name(code), language_name(code)) for code in codes}
        found = matching_choices(choices.values(), typed)
        return found or [choices[near] for near in close_names(typed, list(choices))]


def matching_choices(choices: Iterable[Choice], typed: str) -> list[Choice]:
    """Returns the choices whose name contains the typed text.

    Those whose name begins with the text come first.
    """
    wanted = typed.strip().casefold()
    matches = [choice for choice in choices if wanted in choice.name.casefold()]
    matches.sort(key=lambda choice: not choice.name.casefold().startswith(wanted))
    return matches[:MAX_CHOICES]
