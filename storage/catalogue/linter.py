"""Checks a loaded catalogue as an editor would: films with too few tags, films that look alike.

The loader refuses what cannot be read. The linter lists what can be read but should be corrected,
and counts films and tags by property (decade, country …). It returns data and prints nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from storage.catalogue.balance import BalanceTable, balance, neither_english_nor_best_known
from storage.catalogue.csv_rows import GENRES, CatalogueFile, FilmRow, TagRow
from storage.catalogue.film_rules import film_problems
from storage.catalogue.places import COUNTRIES_OF_PLACE, COUNTRY_NAMES
from storage.errors import CatalogueError, StorageError

MIN_SYNONYM_JACCARD = 0.9  # two tags are near synonyms from this Jaccard index of their films
MIN_SYNONYM_FILMS = 5  # two tags with fewer films may share all of these films by chance
MIN_FILMS, MIN_COUNTRIES, MIN_LANGUAGES = 2_000, 45, 25  # the starter catalogue has at least these
FIRST_DECADE = 1920  # first decade with a film in the starter catalogue
MIN_FAR_SHARE = 1 / 3  # smallest share of films that are neither in English nor well known


@dataclass(frozen=True, slots=True)
class LintReport:
    """The result of linting a catalogue.

    Attributes:
        problems: what to correct: first in the tags, then in the films, each by line number.
        films: number of films.
        tags: number of tags.
        balance: one table of counts for each property.
    """

    problems: tuple[CatalogueError, ...]
    films: int
    tags: int
    balance: tuple[BalanceTable, ...]

    @property
    def ok(self) -> bool:
        """True if there is nothing to correct."""
        return not self.problems


def lint(catalogue: CatalogueFile) -> LintReport:
    """Returns everything to correct in a catalogue, and its counts by property."""
    vocabulary = {tag.slug: tag for tag in catalogue.tags}
    films_with: dict[str, set[str]] = defaultdict(set)
    for film in catalogue.films:
        for slug, _ in film.tags:
            films_with[slug].add(film.key)
    of_films = [
        CatalogueError(catalogue.films_name, film.line, problem)
        for film in catalogue.films
        for problem in film_problems(film, vocabulary)
    ]
    of_films += [
        CatalogueError(catalogue.films_name, line, problem)
        for line, problem in _indistinguishable(catalogue.films)
    ]
    found = (
        *_rare_tags(catalogue.tags, films_with),
        *_near_synonyms(catalogue.tags, films_with),
        *_misfiled_countries(catalogue.tags),
    )
    of_tags = [CatalogueError(catalogue.tags_name, line, problem) for line, problem in found]
    of_tags.sort(key=lambda problem: problem.line or 0)
    of_films.sort(key=lambda problem: problem.line or 0)
    return LintReport(
        problems=(*of_tags, *of_films),
        films=len(catalogue.films),
        tags=len(catalogue.tags),
        balance=balance(catalogue),
    )


def shortfalls(catalogue: CatalogueFile) -> tuple[StorageError, ...]:
    """Returns a problem for each minimum (such as `MIN_FILMS`) that the films do not reach."""
    films = catalogue.films
    countries = {country for film in films for country in film.countries}
    languages = {language for film in films for language in film.languages}
    decades = {film.year // 10 * 10 for film in films}
    span = range(FIRST_DECADE, max(decades, default=0), 10)
    missing = tuple(f"{decade}s" for decade in span if decade not in decades)
    genres = {genre for film in films for genre in film.genres}
    far = len(neither_english_nor_best_known(films))
    found = []
    for key, count, least in (
        ("few-films", len(films), MIN_FILMS),
        ("few-countries", len(countries), MIN_COUNTRIES),
        ("few-languages", len(languages), MIN_LANGUAGES),
    ):
        if count < least:
            found.append(StorageError(key, n=count, least=least))
    if missing:
        found.append(StorageError("decades-missing", decades=missing))
    if genres != set(GENRES):
        found.append(StorageError("genres-missing", genres=tuple(sorted(set(GENRES) - genres))))
    if far < MIN_FAR_SHARE * len(films):
        found.append(StorageError("few-far-films", n=far))
    return tuple(found)


# Films compared with each other ------------------------------------------------------------------


def _indistinguishable(films: Iterable[FilmRow]) -> Iterator[tuple[int, StorageError]]:
    first: dict[tuple[frozenset[str], frozenset[str]], FilmRow] = {}
    for film in films:
        if not film.tags:
            continue
        alike = frozenset(slug for slug, _ in film.tags), frozenset(film.genres)
        other = first.setdefault(alike, film)
        if other is not film:
            yield (
                film.line,
                StorageError(
                    "films-indistinguishable",
                    title=film.title,
                    year=str(film.year),
                    other=other.title,
                    other_year=str(other.year),
                    line=str(other.line),
                ),
            )


# Tags compared by the films that have them -------------------------------------------------------


def _rare_tags(
    tags: Iterable[TagRow], films_with: Mapping[str, set[str]]
) -> Iterator[tuple[int, StorageError]]:
    for tag in tags:
        used = len(films_with.get(tag.slug, ()))
        if used == 0:
            yield tag.line, StorageError("tag-unused", tag=tag.slug)
        elif used == 1:
            yield (
                tag.line,
                StorageError("tag-used-once", tag=tag.slug),
            )


def _near_synonyms(
    tags: Iterable[TagRow], films_with: Mapping[str, set[str]]
) -> Iterator[tuple[int, StorageError]]:
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
                StorageError("tags-alike", tag=first.slug, other=second.slug, share=jaccard),
            )


# Countries as words for tags ---------------------------------------------------------------------


def _misfiled_countries(tags: Iterable[TagRow]) -> Iterator[tuple[int, StorageError]]:
    """Yields (line, problem) for each country that is a synonym of the wrong place tag.

    A place tag covers a region. The tag is wrong if the country is not in that region.

    tags: the vocabulary.
    """
    for tag in tags:
        if tag.slug not in COUNTRIES_OF_PLACE:
            continue
        for word in (tag.name, *tag.synonyms):
            code = COUNTRY_NAMES.get(word.lower())
            if code is not None and code not in COUNTRIES_OF_PLACE[tag.slug]:
                yield (
                    tag.line,
                    StorageError("country-as-word", word=word, tag=tag.slug),
                )
