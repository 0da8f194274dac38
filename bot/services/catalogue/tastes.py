"""The tastes of the quiz: ten kinds of films, each with a name in plain words.

The quiz asks first which tastes a person likes. The tags, genres and languages of these tastes are
the first thing that the recommender knows about the person. A test checks that the catalogue that
comes with Matinee has every tag, genre, language and example.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from storage.catalogue.films import Film

EXAMPLES_PER_TASTE = 3
KOREAN_AND_INDIAN = ("ko", "hi", "ta", "te", "ml", "bn", "mr", "ur", "pa")
WORLD = (
    *("fr", "ja", "es", "de", "it", "ru", "zh", "sv", "fa", "yue", "pt", "da", "pl", "cs", "nl"),
    *("hu", "no", "tr", "ro", "sr", "he", "el", "th", "fi", "is", "ar", "wo", "ka"),
)


@dataclass(frozen=True)
class Taste:
    """A kind of films that people like together.

    `bot.services.catalogue.arrays.taste_films` says which films are of a taste.

    Attributes:
        key: short name; answers of the quiz store it.
        name: what people read.
        examples: keys of well-known films of the taste.
        tags: slugs of the tags.
        genres: names of the genres.
        languages: ISO codes of the languages. Only a film's first language counts.
    """

    key: str
    name: str
    examples: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


OFFERED = (
    Taste(
        "warm",
        "Warm and funny",
        ("groundhog-day-1993", "amelie-2001", "paddington-2-2017"),
        tags=("heartwarming", "feel-good", "witty", "charming", "kindness", "hilarious"),
        genres=("Comedy",),
    ),
    Taste(
        "tense",
        "Thrillers and crime",
        ("se7en-1995", "heat-1995", "knives-out-2019"),
        tags=("tense", "suspenseful", "paranoid", "detectives", "heist"),
        genres=("Thriller", "Crime"),
    ),
    Taste(
        "scary",
        "Horror",
        ("the-shining-1980", "scream-1996", "get-out-2017"),
        tags=("terrifying", "eerie", "unsettling"),
        genres=("Horror",),
    ),
    Taste(
        "wonder",
        "Science fiction and fantasy",
        ("blade-runner-1982", "the-matrix-1999", "the-lord-of-the-rings-the-two-towers-2002"),
        tags=("imagined-world", "far-future", "space-travel", "world-building"),
        genres=("Science Fiction", "Fantasy"),
    ),
    Taste(
        "love",
        "Love, won and lost",
        ("titanic-1997", "casablanca-1942", "before-sunrise-1995"),
        tags=("romantic", "lost-love", "longing", "bittersweet"),
        genres=("Romance",),
    ),
    Taste(
        "big",
        "Action, big and loud",
        ("die-hard-1988", "mad-max-fury-road-2015", "gladiator-2000"),
        tags=("exhilarating", "big-action", "fast-paced", "superheroes"),
        genres=("Action",),
    ),
    Taste(
        "animated",
        "Animation and anime",
        ("toy-story-1995", "spirited-away-2001", "akira-1988"),
        genres=("Animation",),
    ),
    Taste(
        "asian",
        "Korean and Indian cinema",
        ("parasite-2019", "oldboy-2003", "3-idiots-2009"),
        languages=KOREAN_AND_INDIAN,
    ),
    Taste(
        "world",
        "World cinema",
        ("city-of-god-2002", "seven-samurai-1954", "persona-1966"),
        languages=WORLD,
    ),
    Taste(
        "documentaries",
        "Documentaries",
        ("man-on-wire-2008", "hoop-dreams-1994", "march-of-the-penguins-2005"),
        genres=("Documentary",),
    ),
)
"""The tastes that the quiz offers. Discord shows at most ten choices of this kind."""

FORMER = (
    Taste(
        "moving",
        "Quietly devastating",
        tags=("bittersweet", "heartbreaking", "tender", "melancholy", "family-bonds"),
    ),
    Taste(
        "strange",
        "Strange and dreamlike",
        tags=("dreamlike", "surreal", "mind-bending", "experimental", "darkly-funny"),
    ),
    Taste(
        "true",
        "True stories",
        tags=("true-story", "biography", "real-footage", "journalism", "politics"),
    ),
)
"""The tastes that the quiz once offered. They count for whoever chose them, until that person fills
in the form again."""

TASTES = {taste.key: taste for taste in (*OFFERED, *FORMER)}


def example_titles(
    famous: Sequence[Film], members: Mapping[str, Collection[int]]
) -> Mapping[str, str]:
    """Returns taste key -> titles of at most EXAMPLES_PER_TASTE films of that taste, as one text.

    They are the taste's examples. The best known films of the taste that are no example of another
    take the places of examples that the catalogue lacks. famous: films, the best known first.
    members: taste key -> ids of the films of the taste.
    """
    by_key = {film.key: film for film in famous}
    named = {key for taste in OFFERED for key in taste.examples}
    found: dict[str, str] = {}
    for taste in OFFERED:
        shown = [by_key[key] for key in taste.examples if key in by_key]
        if len(shown) < EXAMPLES_PER_TASTE:
            own = members[taste.key]
            others = (film for film in famous if film.id in own and film.key not in named)
            shown += islice(others, EXAMPLES_PER_TASTE - len(shown))
            named |= {film.key for film in shown}
        found[taste.key] = " · ".join(film.title for film in shown)
    return found
