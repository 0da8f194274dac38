"""The languages in which kinds of films have names, and the one for the present language."""

from collections.abc import Mapping, Sequence

from bot.wording.shelves.english import English
from bot.wording.speech import spoken
from bot.wording.speech.pseudo import PSEUDO, pseudo
from recommender.shelves.naming import FilmLanguage
from recommender.shelves.words import Word


class MarkedEnglish:
    """English names in the marks of the pseudo-locale, for tests. It is a `FilmLanguage`."""

    def shelf(self, words: Sequence[Word]) -> str:
        """Returns the marked name of a shelf (list of films)."""
        return pseudo(_ENGLISH.shelf(words))

    def favourites(self, member: str, mood: Word) -> str:
        """Returns the marked name of a member's favourites of one mood."""
        return pseudo(_ENGLISH.favourites(member, mood))

    def tag(self, slug: str, name: str) -> str:
        """Returns the marked name of a tag."""
        return pseudo(_ENGLISH.tag(slug, name))

    def genre(self, name: str) -> str:
        """Returns the marked name of a genre."""
        return pseudo(_ENGLISH.genre(name))


_ENGLISH = English()
FILM_LANGUAGES: Mapping[str, FilmLanguage] = {"en": _ENGLISH, PSEUDO: MarkedEnglish()}
"""The object that names kinds of films in each language, by the language's code."""


def film_language() -> FilmLanguage:
    """Returns the object that names kinds of films in the present language.

    It is English for a language that has no such object.
    """
    return FILM_LANGUAGES.get(spoken().code, _ENGLISH)
