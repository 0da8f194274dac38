"""Says which words go together on a shelf (a list of films that all of its words fit).

Every word has a role. A shelf may have several words that describe films: bleak, French, of the
seventies. It has only one word that names a subject, an origin, a place or a feature, because
people would read a second one as a part of the first. A place may follow a subject or an origin.
Words with nearly the same meaning are never together. These rules use the keys and facets (groups)
of tags. They do not use the names that people read.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Literal, TypeAlias

from recommender.shelves.words import Word

Role: TypeAlias = Literal["quality", "subject", "origin", "place", "feature"]
"""The role of a word. "quality": it describes films. "subject": what they are about. "origin": what
they are based on. "place": where or when they are set. "feature": anything else that they have.
"""

ROLE_OF_FACET: dict[str, Role] = {
    "occasion": "feature",
    "setting": "place",
    "source": "origin",
    "theme": "subject",
}
"""The role of a tag by its facet (group). All other words are qualities."""

ROLE_OF_TAG: dict[str, Role] = {
    **dict.fromkeys(
        # Occasions, settings, sources and themes that say how films are
        [
            "background-friendly",
            "big-city",
            "biography",
            "body-swap",
            "christmas",
            "coming-of-age",
            "conspiracy",
            "courtroom",
            "date-night",
            "detectives",
            "disaster",
            "dystopia",
            "espionage",
            "gangsters",
            "haunted-house",
            "heist",
            "home-invasion",
            "kaiju",
            "late-night",
            "lgbtq",
            "martial-arts",
            "mecha",
            "mistaken-identity",
            "monsters",
            "pirates",
            "police",
            "politics",
            "portal-fantasy",
            "post-apocalypse",
            "prison",
            "revenge",
            "samurai",
            "small-town",
            "sport",
            "suburbia",
            "superheroes",
            "survival",
            "time-loop",
            "time-travel",
            "travel",
            "true-crime",
            "underdogs",
            "vampires",
            "zombies",
        ],
        "quality",
    ),
    **dict.fromkeys(
        # Praise and style that films have
        [
            "acting-prize",
            "all-time-great",
            "best-international",
            "best-picture",
            "big-action",
            "choreographed-fights",
            "debut",
            "documentary-feel",
            "great-score",
            "great-villain",
            "guessing",
            "long-takes",
            "memorable-songs",
            "nonlinear",
            "one-night",
            "practical-effects",
            "shoestring",
            "two-hander",
        ],
        "feature",
    ),
}
"""Tags whose role is another than that of their facet."""

ALIKE_WORDS = (
    ("africa", "in-ZA"),
    ("american-south", "in-ZA", "south-asia", "southeast-asia"),
    ("american-west", "g-western", "spaghetti-western"),
    ("anime", "computer-animated", "g-animation", "hand-drawn", "stop-motion"),
    ("australia-nz", "in-AU", "in-NZ"),
    ("big-action", "g-action", "superheroes"),
    ("britain", "in-GB"),
    ("canada", "in-CA"),
    ("child-and-creature", "childhood", "childrens-book", "with-children"),
    ("china", "in-CN"),
    (
        "cold-war",
        "g-war",
        "postwar",
        "vietnam-war",
        "what-war-does",
        "world-war-one",
        "world-war-two",
    ),
    ("date-night", "late-night", "one-night"),
    ("detectives", "g-mystery"),
    ("documentary-feel", "feel-good"),
    ("documentary-feel", "g-documentary"),
    ("dreamlike", "dreams"),
    ("eighties", "1980s"),
    ("family-bonds", "family-secrets", "found-family", "g-family"),
    ("feel-good", "good-cry"),
    ("fifties", "1950s"),
    ("filmmaking", "g-film-noir", "neo-noir", "noir"),
    ("folk-horror", "g-horror"),
    ("friendship", "with-friends"),
    ("g-crime", "gangsters", "heist", "police", "prison", "psychopaths", "true-crime"),
    ("g-drama", "melodrama"),
    ("g-fantasy", "portal-fantasy"),
    ("g-music", "g-musical", "music-making", "stage-musical"),
    ("g-mystery", "mysterious"),
    ("g-romance", "romantic"),
    ("german-lands", "in-AT", "in-DE"),
    ("greece", "in-GR"),
    ("haunted-house", "haunting"),
    ("haunted-house", "hotel-or-house"),
    ("hong-kong", "in-HK"),
    ("imagination", "imagined-world", "magic", "magical-realism", "world-building"),
    ("in-ES", "in-PT", "spain-and-portugal"),
    ("in-CH", "switzerland"),
    ("in-IE", "ireland"),
    ("in-IN", "india"),
    ("in-IR", "iran"),
    ("in-IT", "italy"),
    ("in-JP", "japan"),
    ("in-KR", "korea"),
    ("in-MX", "mexico"),
    ("in-RU", "russia"),
    ("in-TW", "taiwan"),
    ("in-UA", "ukraine"),
    ("in-VN", "vietnam-war"),
    ("in-space", "space-travel"),
    ("inventions", "inventive-editing"),
    ("long-evening", "long-takes"),
    ("magical-realism", "other-realities", "social-realism", "true-story"),
    ("memorable-songs", "memory"),
    ("mental-strain", "mind-bending"),
    ("middle-ages", "whole-family"),
    ("nineties", "1990s"),
    ("one-night", "weeknight-short"),
    ("power", "powerhouse-acting"),
    ("seventies", "1970s"),
    ("short-story", "weeknight-short"),
    ("sixties", "1960s"),
    ("stage-musical", "theatre-life"),
    ("suggestion", "terrifying"),
    ("surreal", "true-story"),
)
"""Groups of keys of words that mean nearly the same: a gangster film is a crime film."""

APART_WORDS = (
    ("bold-colours", "childrens-book", "with-children"),
    ("class-divide", "classic"),
    ("comic-book", "coming-of-age"),
    ("contemplative", "latin-america"),
    ("ensemble-cast", "suspenseful"),
    ("g-comedy", "television"),
)
"""Groups of keys of words that are kept apart although they mean different things."""

KIN = (*ALIKE_WORDS, *APART_WORDS)
"""Groups of keys. Two words of one group are never on the same shelf. Shelves are chosen one after
another. If a group changes, many shelves change.
"""

BROAD = frozenset({"hotel-or-house", "latin-america", "nineteenth-century"})
"""Places and times whose names are long. A shelf with one of them has at most one other word."""

HEAVY_GENRES = frozenset(
    {("g-animation", "g-family"), ("g-animation", "g-fantasy"), ("g-horror", "g-science-fiction")}
)
"""Pairs of genres with long names. Science fiction, alone or in a pair, is treated so too. Themes,
settings and sources cannot describe such genres: "monster science fiction films".
"""

NARROWING_KINDS = ("setting", "source", "theme")


def _kin() -> dict[str, frozenset[str]]:
    """Returns, for each key of `KIN`, the keys of words that are never on a shelf with it."""
    found: dict[str, set[str]] = defaultdict(set)
    for group in KIN:
        for key in group:
            found[key] |= {*group} - {key}
    return {key: frozenset(others) for key, others in found.items()}


_KIN = _kin()


def role_of(word: Word) -> Role:
    """Returns the role of a word. The role of a genre is "quality"."""
    return ROLE_OF_TAG.get(word.key) or ROLE_OF_FACET.get(word.kind, "quality")


def go_together(words: Sequence[Word]) -> bool:
    """Returns True if words of different kinds may be on one shelf (list of films)."""
    added = {role for word in words if (role := role_of(word)) != "quality"}
    number = sum(role_of(word) != "quality" for word in words)
    if number > 1 and (number > 2 or added not in ({"subject", "place"}, {"origin", "place"})):
        return False
    if len(words) > 2 and any(word.key in BROAD for word in words):
        return False
    narrowing = any(word.kind in NARROWING_KINDS and role_of(word) == "quality" for word in words)
    if narrowing and any(_heavy(word) for word in words):
        return False
    return not any(_akin(one, other) for one, other in combinations(words, 2))


def _heavy(word: Word) -> bool:
    keys = word.halves or (word.key,)
    return "g-science-fiction" in keys or keys in HEAVY_GENRES


def _akin(one: Word, other: Word) -> bool:
    """Returns True if two words, or a half of a pair of genres and a word, mean nearly the same."""
    others = other.halves or (other.key,)
    return any(key in _KIN.get(half, ()) for half in one.halves or (one.key,) for key in others)
