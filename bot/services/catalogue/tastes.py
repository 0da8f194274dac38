"""The quiz's shelves: ten clusters of tags that a person browses, each named in plain words.

The first question of the quiz; the tags of the shelves a person picks are the first thing known
about their taste. A test holds every tag to the vocabulary.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storage.catalogue.films import Film

EXAMPLES = 3


@dataclass(frozen=True)
class Taste:
    """A cluster: its key (stored in answers), its name, and the tags that make it."""

    key: str
    name: str
    tags: tuple[str, ...]


_ALL = (
    Taste("warm", "Warm and funny", ("heartwarming", "feel-good", "witty", "charming", "kindness")),
    Taste("tense", "Edge of the seat", ("tense", "suspenseful", "paranoid", "detectives", "heist")),
    Taste("scary", "Lights out", ("terrifying", "eerie", "unsettling", "ghosts", "monsters")),
    Taste(
        "moving",
        "Quietly devastating",
        ("bittersweet", "heartbreaking", "tender", "melancholy", "family-bonds"),
    ),
    Taste(
        "wonder",
        "Other worlds",
        ("awe", "imagined-world", "far-future", "space-travel", "world-building"),
    ),
    Taste(
        "strange",
        "Strange and dreamlike",
        ("dreamlike", "surreal", "mind-bending", "experimental", "darkly-funny"),
    ),
    Taste("love", "Love, won and lost", ("romantic", "lost-love", "longing", "date-night")),
    Taste(
        "big",
        "Big, loud and fast",
        ("exhilarating", "big-action", "fast-paced", "superheroes", "box-office-hit"),
    ),
    Taste(
        "true",
        "True stories",
        ("true-story", "biography", "real-footage", "journalism", "politics"),
    ),
    Taste(
        "animated",
        "Drawn by hand, and animated",
        ("hand-drawn", "anime", "computer-animated", "stop-motion", "whole-family"),
    ),
)

TASTES = {shelf.key: shelf for shelf in _ALL}


def examples(famous: Iterable[Film]) -> Mapping[str, str]:
    """Shelf -> three films that have most of its tags. `famous`: films, the best known first."""
    tagged = [(film.title, {slug for slug, _ in film.tags}) for film in famous if film.tags]
    return {key: _first(tagged, set(shelf.tags)) for key, shelf in TASTES.items()}


def _first(tagged: Sequence[tuple[str, set[str]]], wanted: set[str]) -> str:
    """Titles of the first films with two of the tags, then of those with one."""
    both = [title for title, tags in tagged if len(tags & wanted) >= 2]
    one = [title for title, tags in tagged if len(tags & wanted) == 1]
    return " · ".join([*both, *one][:EXAMPLES])
