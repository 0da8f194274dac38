"""The tastes of the quiz: ten clusters of tags, each with a name in plain words.

The quiz asks first which tastes a person likes. The tags of these tastes are the first thing that
the recommender knows about the person. A test checks that every tag is in the vocabulary.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storage.catalogue.films import Film

EXAMPLES_PER_TASTE = 3


@dataclass(frozen=True)
class Taste:
    """A cluster of tags that people like together.

    Attributes:
        key: short name; answers of the quiz store it.
        name: what people read.
        tags: slugs of the tags.
    """

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

TASTES = {taste.key: taste for taste in _ALL}


def example_titles(famous: Iterable[Film]) -> Mapping[str, str]:
    """Returns taste key -> titles of at most EXAMPLES_PER_TASTE films of that taste, as one text.

    Films with several of the taste's tags come before films with one. famous: films, the best known
    first.
    """
    tagged = [(film.title, {slug for slug, _ in film.tags}) for film in famous if film.tags]
    return {key: _first_titles(tagged, set(taste.tags)) for key, taste in TASTES.items()}


def _first_titles(tagged: Sequence[tuple[str, set[str]]], wanted: set[str]) -> str:
    """Returns titles of the first films with two or more `wanted` tags, then with one, as text.

    tagged: (title, tags) of films.
    """
    both = [title for title, tags in tagged if len(tags & wanted) >= 2]
    one = [title for title, tags in tagged if len(tags & wanted) == 1]
    return " · ".join([*both, *one][:EXAMPLES_PER_TASTE])
