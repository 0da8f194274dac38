"""The interface of a language that names kinds of films.

The recommender finds lists of films (shelves) by facts. Each list has a few words: tags, genres, a
country, a decade. A `FilmLanguage` makes a name of them and decides about the order of the words,
their gender and their number. The caller that shows lists to people has one for each language.
"""

from collections.abc import Sequence
from typing import Protocol

from recommender.shelves.words import Word


class FilmLanguage(Protocol):
    """Names kinds of films in one language. Every method returns a name, whatever the words are."""

    def shelf(self, words: Sequence[Word]) -> str:
        """Returns the name of a shelf (list of films), such as "Bleak films set in space"."""

    def favourites(self, member: str, mood: Word) -> str:
        """Returns the name of a member's favourites of one mood: "June's bleak favourites"."""

    def tag(self, slug: str, name: str) -> str:
        """Returns the name of a tag within a sentence.

        slug: its permanent key.
        name: its name in the catalogue.
        """

    def genre(self, name: str) -> str:
        """Returns the name of a genre within a sentence: "science fiction".

        name: its name in the catalogue, "Science Fiction".
        """
