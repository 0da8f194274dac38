"""Checks a loaded catalogue as an editor would: films with too few tags, films that look alike.

The loader refuses what cannot be read. The linter lists what can be read but should be corrected,
and counts films and tags by property (decade, country …). It returns data and prints nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from storage.catalogue.csv_rows import (
    CORE_FACETS,
    FACETS,
    FIRST_YEAR,
    GENRES,
    LAST_YEAR,
    MAX_RUNTIME_MINUTES,
    CatalogueFile,
    FilmRow,
    TagRow,
)

MIN_TAGS = 10  # a film should have at least this number of tags, of any facet (kind of tag)
MIN_CORE_TAGS = 8  # a film should have at least this number of tags whose facet is in CORE_FACETS
MAX_TAGS = 20  # a film should have at most this number of tags
MIN_CORE_FACETS = 4  # a film's tags should cover at least this number of CORE_FACETS
MIN_SYNONYM_JACCARD = 0.9  # two tags are near synonyms from this Jaccard index of their films
MIN_SYNONYM_FILMS = 5  # two tags with fewer films may share all of these films by chance
MIN_FILMS, MIN_COUNTRIES, MIN_LANGUAGES = 2_000, 45, 25  # the starter catalogue has at least these
FIRST_DECADE = 1920  # first decade with a film in the starter catalogue
MIN_FAR_SHARE = 1 / 3  # smallest share of films that are neither in English nor well known
BEST_KNOWN_FILMS = 300  # number of films that count as the best-known
FAME_OF_TAG = {"box-office-hit": 3, "best-picture": 2, "classic": 2, "crowd-pleaser": 2}
"""Tag -> how strongly it suggests that a film is well known. The tag's weight multiplies it."""
MIN_RUNTIME_MINUTES = 40  # the Academy (of the Oscars) calls shorter films short films


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct; str() is "films.csv line 17: what to do about it".

    Attributes:
        file: name of the file.
        line: the line's number, from 1.
        sentence: what is wrong and what to do about it.
    """

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file} line {self.line}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class BalanceTable:
    """For each value of one property, the number of films or tags that have it.

    Attributes:
        title: the property, such as "decades".
        rows: (value, number) pairs in the order in which they are printed.
        of_films: True if films are counted, False if tags are.
    """

    title: str
    rows: tuple[tuple[str, int], ...]
    of_films: bool = True


@dataclass(frozen=True, slots=True)
class LintReport:
    """The result of linting a catalogue.

    Attributes:
        problems: what to correct: first in the tags, then in the films, each by line number.
        films: number of films.
        tags: number of tags.
        balance: one table of counts for each property.
    """

    problems: tuple[Problem, ...]
    films: int
    tags: int
    balance: tuple[BalanceTable, ...]

    @property
    def ok(self) -> bool:
        """True if there is nothing to correct."""
        return not self.problems


def lint(catalogue: CatalogueFile) -> LintReport:
    """Returns everything worth correcting in a catalogue, and its counts by property."""
    vocabulary = {tag.slug: tag for tag in catalogue.tags}
    films_with: dict[str, set[str]] = defaultdict(set)
    for film in catalogue.films:
        for slug, _ in film.tags:
            films_with[slug].add(film.key)
    of_films = [
        Problem(catalogue.films_name, film.line, sentence)
        for film in catalogue.films
        for sentence in _film_sentences(film, vocabulary)
    ]
    of_films += [
        Problem(catalogue.films_name, line, sentence)
        for line, sentence in _indistinguishable(catalogue.films)
    ]
    found = (*_rare_tags(catalogue.tags, films_with), *_near_synonyms(catalogue.tags, films_with))
    of_tags = [Problem(catalogue.tags_name, line, sentence) for line, sentence in found]
    of_tags.sort(key=lambda problem: problem.line)
    of_films.sort(key=lambda problem: problem.line)
    return LintReport(
        problems=(*of_tags, *of_films),
        films=len(catalogue.films),
        tags=len(catalogue.tags),
        balance=_balance(catalogue),
    )


def shortfalls(catalogue: CatalogueFile) -> tuple[str, ...]:
    """Returns a sentence for each minimum (such as `MIN_FILMS`) that the films do not reach."""
    films = catalogue.films
    countries = {country for film in films for country in film.countries}
    languages = {language for film in films for language in film.languages}
    decades = {film.year // 10 * 10 for film in films}
    span = range(FIRST_DECADE, max(decades, default=0), 10)
    missing = [f"{decade}s" for decade in span if decade not in decades]
    genres = {genre for film in films for genre in film.genres}
    far = len(neither_english_nor_best_known(films))
    counts = (
        ("films", len(films), MIN_FILMS),
        ("countries", len(countries), MIN_COUNTRIES),
        ("languages", len(languages), MIN_LANGUAGES),
    )
    promises = (
        *((n < least, f"{n} {what}; there should be {least}.") for what, n, least in counts),
        (bool(missing), f"no film of the {', '.join(missing)}; add some."),
        (genres != set(GENRES), f"no film of {', '.join(sorted(set(GENRES) - genres))}; add some."),
        (
            far < MIN_FAR_SHARE * len(films),
            f"{far} films are not in English or little known; add some.",
        ),
    )
    return tuple(sentence for broken, sentence in promises if broken)


def neither_english_nor_best_known(films: Iterable[FilmRow]) -> tuple[FilmRow, ...]:
    """Returns films whose leading language is not English and that are not among the best-known."""
    films = tuple(films)
    best = set(best_known(films))
    return tuple(f for f in films if f.languages[:1] != ("en",) and f.key not in best)


def best_known(films: Iterable[FilmRow], count: int = BEST_KNOWN_FILMS) -> tuple[str, ...]:
    """Returns the keys of the `count` films whose tags suggest most fame, the best known first."""
    fame = {
        film.key: sum(FAME_OF_TAG.get(slug, 0) * weight for slug, weight in film.tags)
        for film in films
    }
    year = {film.key: film.year for film in films}
    return tuple(sorted(fame, key=lambda key: (-fame[key], -year[key], key))[:count])


# One film ----------------------------------------------------------------------------------------


def _film_sentences(film: FilmRow, vocabulary: Mapping[str, TagRow]) -> Iterator[str]:
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
    if len(film.tags) > MAX_TAGS:
        yield f"{name} has {len(film.tags)} tags; keep the {MAX_TAGS} that matter most."
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


# Films compared with each other ------------------------------------------------------------------


def _indistinguishable(films: Iterable[FilmRow]) -> Iterator[tuple[int, str]]:
    first: dict[tuple[frozenset[str], frozenset[str]], FilmRow] = {}
    for film in films:
        if not film.tags:
            continue
        alike = frozenset(slug for slug, _ in film.tags), frozenset(film.genres)
        other = first.setdefault(alike, film)
        if other is not film:
            yield (
                film.line,
                f'nobody could tell "{film.title}" ({film.year}) from "{other.title}" '
                f"({other.year}, line {other.line}): the same tags and genres; add what sets "
                "them apart.",
            )


# Tags compared by the films that have them -------------------------------------------------------


def _rare_tags(
    tags: Iterable[TagRow], films_with: Mapping[str, set[str]]
) -> Iterator[tuple[int, str]]:
    for tag in tags:
        used = len(films_with.get(tag.slug, ()))
        if used == 0:
            yield tag.line, f'no film has the tag "{tag.slug}"; use it or remove it.'
        elif used == 1:
            yield (
                tag.line,
                f'only one film has the tag "{tag.slug}", so it links nothing; use it again or '
                "remove it.",
            )


def _near_synonyms(
    tags: Iterable[TagRow], films_with: Mapping[str, set[str]]
) -> Iterator[tuple[int, str]]:
    used = [tag for tag in tags if len(films_with.get(tag.slug, ())) >= MIN_SYNONYM_FILMS]
    for one, other in combinations(sorted(used, key=lambda tag: len(films_with[tag.slug])), 2):
        few, many = films_with[one.slug], films_with[other.slug]
        if len(few) < MIN_SYNONYM_JACCARD * len(many):
            continue  # the numbers of films differ too much for synonyms
        shared = len(few & many)
        jaccard = shared / (len(few) + len(many) - shared)
        if jaccard >= MIN_SYNONYM_JACCARD:
            first, second = sorted((one, other), key=lambda tag: tag.line)
            yield (
                second.line,
                f'the tags "{first.slug}" and "{second.slug}" stand at nearly the same films '
                f"({jaccard:.0%}); merge them or tell them apart.",
            )


# Counts by property ------------------------------------------------------------------------------


def _balance(catalogue: CatalogueFile) -> tuple[BalanceTable, ...]:
    films = catalogue.films
    decades = Counter(f"{film.year // 10 * 10}s" for film in films)
    facet_of = {tag.slug: tag.facet for tag in catalogue.tags}
    given = Counter(facet_of.get(slug, "unknown") for film in films for slug, _ in film.tags)
    in_vocabulary = Counter(facet_of.values())
    outside = max(0, len(films) - BEST_KNOWN_FILMS)
    return (
        BalanceTable("decades", tuple(sorted(decades.items()))),
        _by_frequency("countries", (country for film in films for country in film.countries)),
        _by_frequency("languages", (language for film in films for language in film.languages)),
        _by_frequency("leading languages", (film.languages[0] for film in films if film.languages)),
        BalanceTable(
            "far and near",
            (
                ("leading language not English", sum(f.languages[:1] != ("en",) for f in films)),
                (f"outside the best-known {BEST_KNOWN_FILMS}", outside),
                ("neither in English nor best-known", len(neither_english_nor_best_known(films))),
            ),
        ),
        _by_frequency("genres", (genre for film in films for genre in film.genres)),
        _by_frequency("audiences", (film.audience or "unknown" for film in films)),
        BalanceTable("tags in the vocabulary", tuple((f, in_vocabulary[f]) for f in FACETS), False),
        BalanceTable("tags given to films", tuple((f, given[f]) for f in FACETS), False),
    )


def _by_frequency(title: str, values: Iterable[str]) -> BalanceTable:
    counts = Counter(values)
    return BalanceTable(title, tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))))
