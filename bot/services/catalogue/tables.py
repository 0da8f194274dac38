"""Tables of all titles of the films, in which a typed title is looked up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.services.catalogue.index import HashedTexts, TextIndex
from bot.services.catalogue.numerals import with_digits
from storage.catalogue.films import Film
from storage.catalogue.titles import bare_key, normalise_title

Table = Mapping[str, tuple[int, ...]]
"""The ids of films by a text, the best known film first."""


@dataclass(frozen=True)
class TitleTables:
    """The films by their titles. In each table the titles of the best known films come first.

    Attributes:
        films: the films by id.
        fame: how well known each film is, by film id. The numbers are used only to sort films.
    """

    films: Mapping[int, Film]
    fame: Mapping[int, float]

    def prepare(self) -> None:
        """Computes the tables and indexes."""
        self.bare_index.prepare()
        self.name_index.within("", 0)
        for table in (self.written, self.titles, self.numbered, self._spaceless):
            assert table is not None
        assert self.words is not None

    @cached_property
    def by_fame(self) -> list[int]:
        """The ids of the films. The best known come first."""
        return sorted(self.films, key=self.rank)

    def rank(self, film_id: int) -> tuple[bool, float, int]:
        """Returns what films are sorted by: those that are only named last, and of each kind the
        best known first.
        """
        film = self.films[film_id]
        fame = float(film.votes or 0) if film.only_named else self.fame.get(film_id, 0.0)
        return (film.only_named, -fame, film_id)

    @cached_property
    def written(self) -> Table:
        """The films by title in lower case."""
        found: dict[str, tuple[int, ...]] = {}
        for film_id in self.by_fame:
            _put(found, self.films[film_id].title.casefold(), film_id)
        return found

    @cached_property
    def titles(self) -> Table:
        """The films by the key (normalised form) of their title."""
        found: dict[str, tuple[int, ...]] = {}
        for film_id in self.by_fame:
            _put(found, normalise_title(self.films[film_id].title), film_id)
        return found

    @cached_property
    def names(self) -> Table:
        """The films by the keys of all their titles."""
        found: dict[str, tuple[int, ...]] = {}
        for film_id in self.by_fame:
            for title in titles_of(self.films[film_id]):
                _put(found, normalise_title(title), film_id)
        return found

    @cached_property
    def bare(self) -> Table:
        """The films by the keys of `bare_title` of all their titles."""
        found: dict[str, tuple[int, ...]] = {}
        for key, ids in self.names.items():  # most keys and ids are those of `names`
            bare = bare_key(key)
            known = found.get(bare)
            found[bare] = ids if known is None else self._ranked({*known, *ids})
        return found

    def joined(self, text: str) -> list[int]:
        """Returns the ids of the films with a title whose key is `text` but for spaces.

        text: a key without its spaces.
        """
        keys = (self.name_index.texts[number] for number in self._spaceless.having(text))
        same = (key for key in keys if key.replace(" ", "") == text)
        return [film_id for key in same for film_id in self.names[key]]

    @cached_property
    def _spaceless(self) -> HashedTexts:
        return HashedTexts.of(key.replace(" ", "") for key in self.names)

    @cached_property
    def numbered(self) -> Table:
        """The films by the bare key with its numbers in digits, where that is another text."""
        found: dict[str, tuple[int, ...]] = {}
        for key in self.bare:
            other = with_digits(key)
            if key != other:
                for film_id in self.names.get(key) or self.bare[key]:
                    _put(found, other, film_id)
        return found

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of all titles."""
        return frozenset(word for key in self.names for word in key.split())

    @cached_property
    def bare_index(self) -> TextIndex:
        """The index of the keys of `bare`."""
        return TextIndex(tuple(self.bare))

    @cached_property
    def name_index(self) -> TextIndex:
        """The index of the keys of `names`."""
        return TextIndex(tuple(self.names))

    def _ranked(self, ids: Iterable[int]) -> tuple[int, ...]:
        return tuple(sorted(ids, key=self.rank))


def titles_of(film: Film) -> tuple[str, ...]:
    """Returns all titles of a film."""
    titles = (film.title, film.original_title, *film.aliases, *film.more_titles)
    return tuple(title for title in titles if title)


def _put(table: dict[str, tuple[int, ...]], key: str, film_id: int) -> None:
    ids = table.get(key, ())
    if key and film_id not in ids:
        table[key] = (*ids, film_id)
