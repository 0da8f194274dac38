"""Names of shelves in English, such as "Bleak films set in space".

A shelf is a list of films of one kind. Before the noun, words follow the English order of
adjectives, from opinion to purpose: mood, praise, age, style, country, occasion, setting, theme,
source. After the noun come the endings (about …, with …, set in …).
"""

from collections.abc import Sequence
from functools import lru_cache

from bot.wording.shelves.english_words import DEMONYMS, GENRE_WORDS, LOWER_NOUNS
from recommender.shelves.words import Word

FILMS = "~"  # the place of the noun in a phrase
ADJECTIVE_ORDER = (
    "mood",
    "praise",
    "era",
    "style",
    "country",
    "occasion",
    "setting",
    "theme",
    "source",
)
SECOND_ENDING = "set "  # an ending that starts so follows another: "about grief set in Paris"
ADJUNCTS = frozenset({"auteur", "blockbuster", "cult"})
"""Tags that are nouns used as adjectives. They follow real adjectives: "surreal cult films"."""
OPINIONS = frozenset({"undemanding"})  # occasions that come first, like opinions
TOPICS = frozenset({"neo-noir", "noir", "spoof"})
"""Tags of style that are put where a theme would be in a name: "late-night noir films"."""


class English:
    """Names kinds of films in English. It is a `FilmLanguage`."""

    def shelf(self, words: Sequence[Word]) -> str:
        """Returns the name of a shelf (list of films), such as "Bleak thrillers"."""
        return _shelf(tuple(words))

    def favourites(self, member: str, mood: Word) -> str:
        """Returns the name of a member's favourites of one mood: "June's bleak favourites"."""
        return f"{member}'s {_phrase(mood).replace(FILMS, 'favourites')}"

    def tag(self, slug: str, name: str) -> str:
        """Returns the name of a tag within a sentence. The catalogue has English names."""
        return name

    def genre(self, name: str) -> str:
        """Returns the name of a genre within a sentence: "science fiction"."""
        return name.lower()


@lru_cache(maxsize=2048)
def _shelf(words: tuple[Word, ...]) -> str:
    phrases = {word: _phrase(word) for word in words if word.kind != "genre"}
    nouns = [_genre(word) for word in words if word.kind == "genre"]
    noun = nouns[0] if nouns else "films"
    before = [word for word, phrase in phrases.items() if phrase.endswith(FILMS)]
    before.sort(key=lambda word: _place(word.kind, phrases[word][:-2]))
    endings = [phrase[2:] for phrase in phrases.values() if not phrase.endswith(FILMS)]
    endings.sort(key=lambda ending: ending.startswith(SECOND_ENDING))
    kinds = [word.kind for word in before]
    adjectives = _with_commas(kinds, [phrases[word][:-2] for word in before])
    name = " ".join([*adjectives, noun, *endings])
    return name[0].upper() + name[1:]


def _phrase(word: Word) -> str:
    """Returns the phrase of a word that is no genre, with "~" in the place of the noun."""
    if word.kind == "country":
        code = word.key.removeprefix("in-")
        return f"{DEMONYMS.get(code, code)} ~"
    return word.phrase or f"{word.key} ~"  # a decade's key is "1970s"


def _genre(word: Word) -> str:
    """Returns the noun for a genre or a pair of genres: "romantic comedies"."""
    if not word.halves:
        own = GENRE_WORDS[word.key]
        return own.noun or f"{own.adjective} films"
    lower, higher = sorted(word.halves, key=lambda half: GENRE_WORDS[half].rank)
    if word.halves in LOWER_NOUNS:
        lower, higher = higher, lower
    return f"{GENRE_WORDS[lower].adjective} {GENRE_WORDS[higher].noun}"


def _place(kind: str, adjective: str) -> float:
    """Returns a sort key: how far to the right an adjective comes before the noun.

    kind: the kind of its word.
    """
    theme = ADJECTIVE_ORDER.index("theme")
    if adjective in OPINIONS:
        return ADJECTIVE_ORDER.index("mood") - 0.5
    if adjective in ADJUNCTS:
        return theme - 0.5
    return theme if adjective in TOPICS else ADJECTIVE_ORDER.index(kind)


def _with_commas(kinds: Sequence[str], adjectives: Sequence[str]) -> list[str]:
    """Returns the adjectives before a noun, with commas where they need them.

    An adjective of two words needs a comma before it if it follows an opinion: "haunting, quietly
    frightening".

    kinds: the kind of each adjective's word.
    """
    found = list(adjectives)
    for at in range(1, len(found)):
        opinion = kinds[at - 1] in ("praise", "mood")
        if opinion and kinds[at] in ("mood", "style") and " " in found[at]:
            found[at - 1] += ","
    return found
