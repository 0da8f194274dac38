"""Builds the English names of shelves, which are lists of films such as "Bleak films set in space".

The module puts the words in order and refuses words that do not go together. Before the noun, words
follow the English order of adjectives, from opinion to purpose: mood, praise, age, style, country,
occasion, setting, theme, source. After the noun there is at most one ending (about …, with …, for
…), or two: "based on …" or "about …", followed by "set in …".
"""

from collections.abc import Sequence
from typing import NamedTuple

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
FIRST_ENDINGS = ("based on ", "about ")  # a second ending may follow an ending that starts so
SECOND_ENDING = "set "  # start of a second ending: "about grief set in Paris"
MAX_NAME_LENGTH = 64  # characters
SMALL_WORDS = frozenset(
    {"a", "about", "among", "and", "at", "based", "between", "by", "day", "ever", "for", "in"}
    | {"life", "made", "of", "on", "or", "out", "set", "that", "the", "their", "to", "with"}
)
STEM_LETTERS = 4  # words with this many first letters in common count as the same
DIFFERENT_WORDS = frozenset(
    frozenset(pair)
    for pair in (
        ("animated", "animals"),
        ("films", "filmmaking"),
        ("police", "political"),
        ("heart", "heartwarming"),
    )
)
SYNONYMS = frozenset(
    frozenset(pair)
    for pair in (
        ("camera", "documentaries"),
        ("crime", "gangster"),
        ("crime", "heist"),
        ("crime", "killers"),
        ("crime", "police"),
        ("crime", "prison"),
        ("animated", "drawn"),
        ("animated", "motion"),
        ("action", "superhero"),
        ("detective", "mysteries"),
        ("detective", "mystery"),
        ("frightening", "terrifying"),
        ("ireland", "irish"),
    )
)
"""Pairs of words that mean the same in a name: a gangster film is a crime film."""
ADJUNCT_KINDS = ("theme", "source", "setting")
ADJUNCTS = frozenset({"auteur", "blockbuster", "cult"})
"""Tags that are nouns used as adjectives. They follow real adjectives: "surreal cult films"."""
OPINIONS = frozenset({"undemanding"})  # occasions that come first, like opinions
TOPICS = frozenset({"neo-noir", "noir", "spoof"})
"""Tags of style that are put where a theme would be in a name: "late-night noir films"."""


class Word(NamedTuple):
    """A word of the name of a shelf (list of films), such as a tag or a genre.

    Attributes:
        key: unique key, part of the shelf's key.
        kind: the facet (group) of a tag, or "genre", "country" or "era".
        phrase: English phrase with "~" in the place of the films. A genre's noun ("dramas") has no
            "~".
        halves: for a pair of genres, the keys of both; otherwise empty.
    """

    key: str
    kind: str
    phrase: str
    halves: tuple[str, ...] = ()


def name_of(words: Sequence[Word]) -> str | None:
    """Returns the name that words give a list of films, such as "Bleak single-location thrillers".

    Returns None if the name would not be good English: a word occurs twice, an ending could be read
    as part of another, or the name is too long.
    """
    genre = next((word.phrase for word in words if word.kind == "genre"), FILMS)
    noun = genre.replace(FILMS, "films")
    before = [word for word in words if word.kind != "genre" and word.phrase.endswith(FILMS)]
    if len(genre.split()) > 2 and any(word.kind in ADJUNCT_KINDS for word in before):
        return None  # "monster science fiction horror films"
    before.sort(key=_place)
    endings = [word.phrase[2:] for word in words if word.phrase.startswith(FILMS + " ")]
    if not _endings_fit(endings):
        return None
    endings.sort(key=lambda ending: ending.startswith(SECOND_ENDING))
    parts = [*_adjectives(before), noun, *endings]
    if _repeats_itself(parts):
        return None
    name = " ".join(parts)
    return name[0].upper() + name[1:] if len(name) <= MAX_NAME_LENGTH else None


def _place(word: Word) -> float:
    """Returns a sort key: how far to the right a word comes before the noun."""
    adjective, theme = word.phrase[:-2], ADJECTIVE_ORDER.index("theme")
    if adjective in OPINIONS:
        return ADJECTIVE_ORDER.index("mood") - 0.5
    if adjective in ADJUNCTS:
        return theme - 0.5
    return theme if adjective in TOPICS else ADJECTIVE_ORDER.index(word.kind)


def _adjectives(before: Sequence[Word]) -> list[str]:
    """Returns the adjectives of the words before the noun, with commas where they need them.

    An adjective of two words needs a comma before it if it follows an opinion: "haunting, quietly
    frightening".
    """
    adjectives = [word.phrase[:-2] for word in before]
    for at in range(1, len(adjectives)):
        opinion = before[at - 1].kind in ("praise", "mood")
        if opinion and before[at].kind in ("mood", "style") and " " in adjectives[at]:
            adjectives[at - 1] += ","
    return adjectives


def _endings_fit(endings: Sequence[str]) -> bool:
    """Returns True if the endings of a name, such as "set in space", can follow one another.

    No ending or one ending is always possible. Two are possible only if the first begins with
    "based on" or "about" and the second with "set", since any other could be misread as part of the
    first.
    """
    if len(endings) < 2:
        return True
    first = [ending for ending in endings if ending.startswith(FIRST_ENDINGS)]
    second = [ending for ending in endings if ending.startswith(SECOND_ENDING)]
    return len(endings) == 2 and len(first) == len(second) == 1


def _repeats_itself(parts: Sequence[str]) -> bool:
    """Returns True if two words of a name mean nearly the same, as in "neo-noir film noirs".

    parts: the words and phrases of the name.
    """
    words = [
        word.strip(",'").lower()
        for part in parts
        for word in part.replace("-", " ").split()
        if word.lower() not in SMALL_WORDS
    ]
    return any(_alike(word, other) for at, word in enumerate(words) for other in words[at + 1 :])


def _alike(word: str, other: str) -> bool:
    """Returns True if two words mean the same, or if one contains the first letters of the other.

    Words shorter than `STEM_LETTERS` must be equal.
    """
    short, long = sorted((word, other), key=len)
    stem = short[:STEM_LETTERS]
    inside = stem in long if len(stem) == STEM_LETTERS else long == short
    pair = frozenset({word, other})
    return pair in SYNONYMS or (inside and pair not in DIFFERENT_WORDS)
