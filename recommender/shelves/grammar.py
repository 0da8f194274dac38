"""The grammar of shelf names: which words go before the films, which after, and what is no English.

Before the noun, from opinion to purpose as English orders adjectives: praise, mood, age, style,
country, occasion, what it is about, whence, where. After it one ending: about …, with …, for …;
or two: based on … or about …, then set in ….
"""

from collections.abc import Sequence
from typing import NamedTuple

FILMS = "~"  # stands for the noun in a phrase
BEFORE = ("praise", "mood", "era", "style", "country", "occasion", "theme", "source", "setting")
MAY_LEAD = ("based on ", "about ")  # endings that another may follow
MAY_FOLLOW = "set "  # and that other: "about grief set in Paris" can be read in one way only
LONGEST = 64  # characters
SMALL = frozenset(
    {"a", "about", "among", "and", "at", "based", "between", "by", "day", "ever", "for", "in"}
    | {"life", "made", "of", "on", "or", "out", "set", "that", "the", "their", "to", "with"}
)
STEM = 4  # letters by which two words are taken for the same
NOT_THE_SAME = frozenset(
    frozenset(pair)
    for pair in (
        ("animated", "animals"),
        ("films", "filmmaking"),
        ("police", "political"),
        ("heart", "heartwarming"),
    )
)
SAME_THING = frozenset(
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
"""Words that say one thing in two ways: a gangster film is a crime film."""
ADJUNCT_KINDS = ("theme", "source", "setting")
ADJUNCTS = frozenset({"auteur", "blockbuster", "cult"})
"""Nouns said as adjectives stand after those that are: "surreal cult films"."""
OPINIONS = frozenset({"undemanding"})  # occasions that are said like praise
TOPICS = frozenset({"neo-noir", "noir", "spoof"})
"""Styles that are said like topics: "late-night noir films"."""


class Word(NamedTuple):
    """One part of a shelf. kind: the tag's facet, or genre, country, era; phrase: with a "~" for
    the films, except a genre's noun ("dramas"), which has none; halves: of two genres, the keys of
    both."""

    key: str
    kind: str
    phrase: str
    halves: tuple[str, ...] = ()


def name_of(words: Sequence[Word]) -> str | None:
    """The shelf's name, "Bleak single-location thrillers", or None where it would be no English:
    a word said twice, endings that run into each other, or too long."""
    genre = next((word.phrase for word in words if word.kind == "genre"), FILMS)
    noun = genre.replace(FILMS, "films")
    before = [word for word in words if word.kind != "genre" and word.phrase.endswith(FILMS)]
    if len(genre.split()) > 2 and any(word.kind in ADJUNCT_KINDS for word in before):
        return None  # "monster science fiction horror films"
    before.sort(key=_place)
    endings = [word.phrase[2:] for word in words if word.phrase.startswith(FILMS + " ")]
    if not _endings_fit(endings):
        return None
    endings.sort(key=lambda ending: ending.startswith(MAY_FOLLOW))
    parts = [*_adjectives(before), noun, *endings]
    if _says_twice(parts):
        return None
    name = " ".join(parts)
    return name[0].upper() + name[1:] if len(name) <= LONGEST else None


def _place(word: Word) -> float:
    said, topic = word.phrase[:-2], BEFORE.index("theme")
    if said in OPINIONS:
        return BEFORE.index("mood") - 0.5
    if said in ADJUNCTS:
        return topic - 0.5
    return topic if said in TOPICS else BEFORE.index(word.kind)


def _adjectives(before: Sequence[Word]) -> list[str]:
    """As they stand before the noun; one of two words after an opinion needs a comma:
    "haunting, quietly frightening"."""
    said = [word.phrase[:-2] for word in before]
    for at in range(1, len(said)):
        opinion = before[at - 1].kind in ("praise", "mood")
        if opinion and before[at].kind in ("mood", "style") and " " in said[at]:
            said[at - 1] += ","
    return said


def _endings_fit(endings: Sequence[str]) -> bool:
    """At most one, or two of which the second cannot be read as part of the first."""
    if len(endings) < 2:
        return True
    lead = [ending for ending in endings if ending.startswith(MAY_LEAD)]
    follow = [ending for ending in endings if ending.startswith(MAY_FOLLOW)]
    return len(endings) == 2 and len(lead) == len(follow) == 1


def _says_twice(parts: Sequence[str]) -> bool:
    """Whether two words of a name are the same or one is in the other: "neo-noir films noirs"."""
    said = [
        word.strip(",'").lower()
        for part in parts
        for word in part.replace("-", " ").split()
        if word.lower() not in SMALL
    ]
    return any(_alike(word, other) for at, word in enumerate(said) for other in said[at + 1 :])


def _alike(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    stem = short[:STEM]
    inside = stem in long if len(stem) == STEM else long == short
    pair = frozenset({word, other})
    return pair in SAME_THING or (inside and pair not in NOT_THE_SAME)
