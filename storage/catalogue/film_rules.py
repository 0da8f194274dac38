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


def film_sentences(film: FilmRow, vocabulary: Mapping[str, TagRow]) -> Iterator[str]:
    """Yields a sentence for each mistake in a film: what is wrong and what to do about it.

    vocabulary: the tags by their keys (slugs).
    """
    name = f'"{film.title}" ({film.year})'
    unknown = [slug for slug, _ in film.tags if slug not in vocabulary]
    for slug in unknown:
        yield f'{name} has the tag "{slug}", which is not in the vocabulary; correct or remove it.'
    facets = Counter(vocabulary[slug].facet for slug, _ in film.tags if slug in vocabulary)
    core = {facet: facets[facet] for facet in CORE_FACETS if facets[facet]}
    if len(film.tags) < MIN_TAGS or sum(core.values()) < MIN_CORE_TAGS:
        yield (
            f"{name} has {len(film.tags)} tags, {sum(core.values())} of them of "
            f"{', '.join(CORE_FACETS)}; give it at least {MIN_TAGS} and {MIN_CORE_TAGS}."
        )
    described = len(film.tags) - facets["sensitive"]
    if described > MAX_TAGS:
        yield f"{name} has {described} tags; keep the {MAX_TAGS} that matter most."
    defining = sum(weight == 3 for _, weight in film.tags)
    if defining > MAX_DEFINING_TAGS:
        yield (
            f"{name} has {defining} tags of weight 3; keep the {MAX_DEFINING_TAGS} that define it."
        )
    if film.tags and len(core) < MIN_CORE_FACETS:
        yield (
            f"{name} is described by {', '.join(core) or 'nothing'} only; add tags of "
            f"{', '.join(facet for facet in CORE_FACETS if facet not in core)}."
        )
    if film.tags and all(weight < 3 for _, weight in film.tags):
        yield f"{name} has no tag of weight 3; say what defines it."
    if not FIRST_YEAR <= film.year <= LAST_YEAR:
        yield f"{name} cannot be of that year; correct it."
    if film.runtime is not None and not MIN_RUNTIME_MINUTES <= film.runtime <= MAX_RUNTIME_MINUTES:
        yield f"{name} cannot take {film.runtime} minutes; correct it or leave it empty."
    for column in ("countries", "languages", "directors", "genres"):
        if not getattr(film, column):
            yield f"{name} has no {column}; fill them in."
    if film.audience is None:
        yield f"{name} has no audience; without one it is left out where family-safe."
    yield from _contradictions(name, film)


def _contradictions(name: str, film: FilmRow) -> Iterator[str]:
    """Yields a sentence for each pair of the film's facts that cannot both be true.

    name: the film's title and year, for the sentence.
    """
    weights = dict(film.tags)
    if film.audience == "everyone":
        found = [
            slug
            for slug, weight in film.tags
            if slug in NEVER_FOR_EVERYONE or weight > MAX_WEIGHT_FOR_EVERYONE.get(slug, 3)
        ]
        if found:
            yield (
                f"{name} is marked for everyone and has {', '.join(found)}; correct the audience "
                "or the tags."
            )
    if film.adult and film.audience != "adults":
        yield f"{name} has adult content; its audience can only be adults."
    if film.audience == "adults" and weights.keys() & {"with-children", "whole-family"}:
        yield f"{name} is for adults and tagged for children; correct the audience or the tags."
    known = [slug for slug in WELL_KNOWN_TAGS if slug in weights]
    if "hidden-gem" in weights and known:
        yield f"{name} is a hidden gem and has {', '.join(known)}; few or many have seen it."
    mistaken = None if film.key in SET_ELSEWHERE else mistaken_place(film.countries, weights)
    if mistaken is not None:
        yield (
            f'{name} was made in the countries of the tag "{mistaken[1]}", but has the tag '
            f'"{mistaken[0]}"; correct it, or give it both.'
        )
