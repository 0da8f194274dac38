"""The tastes of the quiz: ten kinds of films.

The quiz first asks which tastes a person likes. The kinds of films and the tags that belong to
these tastes are the first thing that the recommender knows about the person. A test checks that the
catalogue that comes with Matinee has every tag, genre, language and example.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from storage.catalogue.csv_rows import GENRE_WORDS
from storage.catalogue.films import Film

EXAMPLES_PER_TASTE = 3
KOREAN = ("ko",)
INDIAN = ("hi", "ta", "te", "ml", "bn", "mr", "ur", "pa")
WORLD = (
    *("fr", "ja", "es", "de", "it", "ru", "zh", "sv", "fa", "yue", "pt", "da", "pl", "cs", "nl"),
    *("hu", "no", "tr", "ro", "sr", "he", "el", "th", "fi", "is", "ar", "wo", "ka"),
)


ART_TAGS = (
    *("all-time-great", "landmark", "auteur", "film-club", "festival-winner"),
    *("contemplative", "long-takes", "experimental"),
)
KIND_TAGS = 2  # a film of a kind has at least this number of its tags, or all of them


@dataclass(frozen=True)
class Kind:
    """One kind of films in a taste. A film of the kind meets each condition that is not empty.

    Attributes:
        genres: names of genres; the film has at least one.
        languages: ISO codes of languages; the film's first language is in this list.
        tags: slugs (permanent keys) of tags; the film has at least KIND_TAGS tags of this list, or
            all if the list is shorter.
    """

    genres: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taste:
    """A taste: one of the choices of the quiz, such as warm and funny films.

    Attributes:
        key: short name; answers of the quiz store it.
        kinds: the kinds of films that are of the taste, such as animated films and anime. People of
            the taste love films of any kind here.
        examples: keys of well-known films of the taste.
        tags: slugs (permanent keys) of the tags that films of the taste usually have.
    """

    key: str
    kinds: tuple[Kind, ...]
    examples: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


OFFERED = (
    Taste(
        "warm",
        (Kind(genres=("Comedy",)),),
        ("groundhog-day-1993", "amelie-2001", "paddington-2-2017"),
        tags=("heartwarming", "feel-good", "witty", "charming", "kindness", "hilarious"),
    ),
    Taste(
        "tense",
        (Kind(genres=("Thriller", "Crime")),),
        ("se7en-1995", "heat-1995", "knives-out-2019"),
        tags=("tense", "suspenseful", "paranoid", "detectives", "heist"),
    ),
    Taste(
        "scary",
        (Kind(genres=("Horror",)),),
        ("the-shining-1980", "scream-1996", "get-out-2017"),
        tags=("terrifying", "eerie", "unsettling"),
    ),
    Taste(
        "wonder",
        (Kind(genres=(GENRE_WORDS["scifi"], "Fantasy")),),
        ("blade-runner-1982", "the-matrix-1999", "the-lord-of-the-rings-the-two-towers-2002"),
        tags=("imagined-world", "far-future", "space-travel", "world-building"),
    ),
    Taste(
        "love",
        (Kind(genres=("Romance",)),),
        ("titanic-1997", "casablanca-1942", "before-sunrise-1995"),
        tags=("romantic", "lost-love", "longing", "bittersweet"),
    ),
    Taste(
        "big",
        (Kind(genres=("Action",)),),
        ("die-hard-1988", "mad-max-fury-road-2015", "gladiator-2000"),
        tags=("exhilarating", "big-action", "fast-paced", "superheroes"),
    ),
    Taste(
        "animated",
        (Kind(genres=("Animation",)), Kind(tags=("anime",))),
        ("toy-story-1995", "spirited-away-2001", "akira-1988"),
    ),
    Taste(
        "asian",
        (Kind(languages=KOREAN), Kind(languages=INDIAN)),
        ("parasite-2019", "oldboy-2003", "3-idiots-2009"),
    ),
    Taste(
        "world",
        (Kind(languages=WORLD), Kind(languages=(*WORLD, *KOREAN, *INDIAN), tags=ART_TAGS)),
        ("city-of-god-2002", "seven-samurai-1954", "persona-1966"),
    ),
    Taste(
        "documentaries",
        (Kind(genres=("Documentary",)),),
        ("man-on-wire-2008", "hoop-dreams-1994", "march-of-the-penguins-2005"),
    ),
)
"""The tastes that the quiz offers. Discord shows at most ten choices of this kind."""

FORMER = (
    Taste(
        "moving",
        (Kind(tags=("bittersweet", "heartbreaking", "tender", "melancholy", "family-bonds")),),
        tags=("bittersweet", "heartbreaking", "tender", "melancholy", "family-bonds"),
    ),
    Taste(
        "strange",
        (Kind(tags=("dreamlike", "surreal", "mind-bending", "experimental", "darkly-funny")),),
        tags=("dreamlike", "surreal", "mind-bending", "experimental", "darkly-funny"),
    ),
    Taste(
        "true",
        (Kind(tags=("true-story", "biography", "real-footage", "journalism", "politics")),),
        tags=("true-story", "biography", "real-footage", "journalism", "politics"),
    ),
)
"""Tastes that the quiz offered in earlier versions. A person who chose one keeps it until they fill
in the form again.
"""

TASTES = {taste.key: taste for taste in (*OFFERED, *FORMER)}


def example_titles(
    famous: Sequence[Film], members: Mapping[str, Collection[int]]
) -> Mapping[str, str]:
    """Returns the titles of at most EXAMPLES_PER_TASTE films of each taste, as one text, by taste
    key.

    The titles are those of the taste's own examples. If the catalogue lacks an example, the best
    known film of the taste takes its place, unless it is an example of another taste.

    famous: films, the best known first.
    members: the ids of the films of each taste, by taste key.
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
