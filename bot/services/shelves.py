"""The quiz's shelves: ten clusters of tags that a person browses, each named in plain words.

The first question of the quiz; the tags of the shelves a person picks are the first thing known
about their taste. A test holds every tag to the vocabulary.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shelf:
    """A cluster: its key (stored in answers), its name, and the tags that make it."""

    key: str
    name: str
    tags: tuple[str, ...]


_ALL = (
    Shelf("warm", "Warm and funny", ("heartwarming", "feel-good", "witty", "charming", "kindness")),
    Shelf("tense", "Edge of the seat", ("tense", "suspenseful", "paranoid", "detectives", "heist")),
    Shelf("scary", "Lights out", ("terrifying", "eerie", "unsettling", "ghosts", "monsters")),
    Shelf(
        "moving",
        "Quietly devastating",
        ("bittersweet", "heartbreaking", "tender", "melancholy", "family-bonds"),
    ),
    Shelf(
        "wonder",
        "Other worlds",
        ("awe", "imagined-world", "far-future", "space-travel", "world-building"),
    ),
    Shelf(
        "strange",
        "Strange and dreamlike",
        ("dreamlike", "surreal", "mind-bending", "experimental", "darkly-funny"),
    ),
    Shelf("love", "Love, won and lost", ("romantic", "lost-love", "longing", "date-night")),
    Shelf(
        "big",
        "Big, loud and fast",
        ("exhilarating", "big-action", "fast-paced", "superheroes", "box-office-hit"),
    ),
    Shelf(
        "true",
        "True stories",
        ("true-story", "biography", "real-footage", "journalism", "politics"),
    ),
    Shelf(
        "animated",
        "Drawn by hand, and animated",
        ("hand-drawn", "anime", "computer-animated", "stop-motion", "whole-family"),
    ),
)

SHELVES = {shelf.key: shelf for shelf in _ALL}
