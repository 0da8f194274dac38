"""Checks one film of a catalogue as an editor would.

Each rule looks at one film alone. `storage/catalogue/linter.py` compares films and tags with each
other.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from storage.catalogue.csv_rows import (
    CORE_FACETS,
    FIRST_YEAR,
    LAST_YEAR,
    MAX_RUNTIME_MINUTES,
    FilmRow,
    TagRow,
)
from storage.catalogue.places import SET_ELSEWHERE, mistaken_place
from storage.errors import StorageError

MIN_TAGS = 10  # a film should have at least this number of tags, of any facet (kind of tag)
MIN_CORE_TAGS = 8  # a film should have at least this number of tags whose facet is in CORE_FACETS
MAX_TAGS = 20  # a film should have at most this number of tags; sensitive ones are not counted
MAX_DEFINING_TAGS = 6  # a film should have at most this number of tags of weight 3
MIN_CORE_FACETS = 4  # a film's tags should cover at least this number of CORE_FACETS
MIN_RUNTIME_MINUTES = 40  # the Academy (of the Oscars) calls shorter films short films
NEVER_FOR_EVERYONE = frozenset(
    {
        "body-horror",
        "drug-use",
        "genocide",
        "gore",
        "graphic-violence",
        "homophobia-shown",
        "self-harm",
        "sexual-content",
        "sexual-violence",
        "strong-language",
        "suicide",
        "war-atrocities",
    }
)
"""Sensitive tags that a film with the audience "everyone" must not have, at any weight."""

MAX_WEIGHT_FOR_EVERYONE = {"child-harm": 2, "domestic-abuse": 1, "torture": 1}
"""For some sensitive tags, the greatest weight allowed for a film with the audience "everyone"."""

WELL_KNOWN_TAGS = ("best-picture", "box-office-hit")
"""Tags that suggest that many people have seen a film."""


def film_problems(film: FilmRow, vocabulary: Mapping[str, TagRow]) -> Iterator[StorageError]:
    """Yields each mistake in a film.

    vocabulary: the tags by their keys (slugs).
    """
    name = f"“{film.title}” ({film.year})"
    unknown = [slug for slug, _ in film.tags if slug not in vocabulary]
    for slug in unknown:
        yield StorageError("tag-not-in-vocabulary", film=name, tag=slug)
    facets = Counter(vocabulary[slug].facet for slug, _ in film.tags if slug in vocabulary)
    core = {facet: facets[facet] for facet in CORE_FACETS if facets[facet]}
    if len(film.tags) < MIN_TAGS or sum(core.values()) < MIN_CORE_TAGS:
        yield (
            StorageError(
                "few-tags",
                film=name,
                count=len(film.tags),
                core=sum(core.values()),
                facets=tuple(CORE_FACETS),
                least=MIN_TAGS,
                least_core=MIN_CORE_TAGS,
            )
        )
    described = len(film.tags) - facets["sensitive"]
    if described > MAX_TAGS:
        yield StorageError("many-tags", film=name, count=described, most=MAX_TAGS)
    defining = sum(weight == 3 for _, weight in film.tags)
    if defining > MAX_DEFINING_TAGS:
        yield (
            StorageError("many-defining-tags", film=name, count=defining, most=MAX_DEFINING_TAGS)
        )
    if film.tags and len(core) < MIN_CORE_FACETS:
        yield (
            StorageError(
                "few-facets",
                film=name,
                facets=tuple(core),
                others=tuple(facet for facet in CORE_FACETS if facet not in core),
            )
        )
    if film.tags and all(weight < 3 for _, weight in film.tags):
        yield StorageError("no-defining-tag", film=name)
    if not FIRST_YEAR <= film.year <= LAST_YEAR:
        yield StorageError("impossible-year", film=name)
    if film.runtime is not None and not MIN_RUNTIME_MINUTES <= film.runtime <= MAX_RUNTIME_MINUTES:
        yield StorageError("impossible-runtime", film=name, runtime=film.runtime)
    for column in ("countries", "languages", "directors", "genres"):
        if not getattr(film, column):
            yield StorageError("film-lacks-column", film=name, column=column)
    if film.audience is None:
        yield StorageError("no-audience", film=name)
    yield from _contradictions(name, film)


def _contradictions(name: str, film: FilmRow) -> Iterator[StorageError]:
    """Yields a problem for each pair of the film's facts that cannot both be true.

    name: the film's title and year.
    """
    weights = dict(film.tags)
    if film.audience == "everyone":
        found = [
            slug
            for slug, weight in film.tags
            if slug in NEVER_FOR_EVERYONE or weight > MAX_WEIGHT_FOR_EVERYONE.get(slug, 3)
        ]
        if found:
            yield (StorageError("not-for-everyone", film=name, tags=tuple(found)))
    if film.adult and film.audience != "adults":
        yield StorageError("adult-without-audience", film=name)
    if film.audience == "adults" and weights.keys() & {"with-children", "whole-family"}:
        yield StorageError("adults-with-children", film=name)
    known = [slug for slug in WELL_KNOWN_TAGS if slug in weights]
    if "hidden-gem" in weights and known:
        yield StorageError("gem-and-hit", film=name, tags=tuple(known))
    mistaken = None if film.key in SET_ELSEWHERE else mistaken_place(film.countries, weights)
    if mistaken is not None:
        yield (StorageError("other-country", film=name, tag=mistaken[1], other=mistaken[0]))
