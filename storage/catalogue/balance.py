"""Counts the films and tags of a catalogue by property: year, country, series, weight of tags …

The command `matinee catalogue check` prints the counts. The films of each series are listed in
`series.csv`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources

from storage.catalogue.csv_rows import AUDIENCES, FACETS, CatalogueFile, FilmRow
from storage.catalogue.csv_table import read_table
from storage.catalogue.titles import match_key

BEST_KNOWN_FILMS = 300  # number of films that count as the best-known
FILMS_OF_A_LONG_SERIES = 4  # series with fewer films have no row in the table of series
FAME_OF_TAG = {"box-office-hit": 3, "best-picture": 2, "classic": 2, "crowd-pleaser": 2}
"""For each tag of praise, how strongly it suggests that a film is well known. The number is
multiplied by the tag's weight.
"""


@dataclass(frozen=True, slots=True)
class BalanceTable:
    """A table of counts: for each value of one property, the number of films or tags that have it.

    Attributes:
        title: the property, such as "decades".
        rows: (value, number) pairs in the order in which they are printed.
        of_films: True if films are counted, False if tags are.
    """

    title: str
    rows: tuple[tuple[str, int], ...]
    of_films: bool = True


def balance(catalogue: CatalogueFile) -> tuple[BalanceTable, ...]:
    """Returns one table of counts for each property."""
    films = catalogue.films
    years = Counter(str(film.year) for film in films)
    decades = Counter(f"{film.year // 10 * 10}s" for film in films)
    facet_of = {tag.slug: tag.facet for tag in catalogue.tags}
    given = Counter(facet_of.get(slug, "unknown") for film in films for slug, _ in film.tags)
    in_vocabulary = Counter(facet_of.values())
    outside = max(0, len(films) - BEST_KNOWN_FILMS)
    return (
        BalanceTable("years", tuple(sorted(years.items()))),
        BalanceTable("decades", tuple(sorted(decades.items()))),
        _by_frequency("countries", (country for film in films for country in film.countries)),
        _by_frequency("languages", (language for film in films for language in film.languages)),
        _by_frequency("leading-languages", (film.languages[0] for film in films if film.languages)),
        BalanceTable(
            "far-and-near",
            (
                ("leading-language-not-english", sum(f.languages[:1] != ("en",) for f in films)),
                ("outside-the-best-known", outside),
                ("neither-in-english-nor-best-known", len(neither_english_nor_best_known(films))),
            ),
        ),
        _series(films),
        _by_frequency("genres", (genre for film in films for genre in film.genres)),
        _by_frequency("audiences", (film.audience or "unknown" for film in films)),
        BalanceTable("adult-content", (("adult", sum(film.adult for film in films)),)),
        *_weights(films),
        *_warnings(films, facet_of),
        BalanceTable("tags-in-the-vocabulary", tuple((f, in_vocabulary[f]) for f in FACETS), False),
        BalanceTable("tags-given-to-films", tuple((f, given[f]) for f in FACETS), False),
    )


def load_series() -> Mapping[str, tuple[tuple[str, int], ...]]:
    """Returns the films of each series, as pairs of title and year, by the name of the series.

    A series is a number of films that belong together, such as a film and its sequels. A film may
    be in several.
    """
    columns = ("series", "title", "year")
    file = resources.files("storage.catalogue") / "series.csv"
    found: dict[str, list[tuple[str, int]]] = {}
    for _, cells in read_table(file, columns, columns):
        found.setdefault(cells["series"], []).append((cells["title"], int(cells["year"])))
    return {name: tuple(films) for name, films in found.items()}


def _series(films: Iterable[FilmRow]) -> BalanceTable:
    """Returns the number of films of each series that has at least `FILMS_OF_A_LONG_SERIES`, and
    how many films belong to any series.
    """
    there = {match_key(film.title, film.year) for film in films}
    of_series = {
        name: {match_key(title, year) for title, year in listed} & there
        for name, listed in load_series().items()
    }
    long = Counter({name: len(some) for name, some in of_series.items()})
    rows = sorted(long.items(), key=lambda pair: (-pair[1], pair[0]))
    return BalanceTable(
        "series",
        (
            ("in-any-series", len(set().union(*of_series.values()))),
            *((name, count) for name, count in rows if count >= FILMS_OF_A_LONG_SERIES),
        ),
    )


def _weights(films: Iterable[FilmRow]) -> tuple[BalanceTable, ...]:
    """Returns two tables about the weights (1 to 3) with which films carry their tags.

    The first counts films by their number of tags of weight 3. The second counts the tags of each
    weight.
    """
    defining = Counter(sum(weight == 3 for _, weight in film.tags) for film in films)
    given = Counter(weight for film in films for _, weight in film.tags)
    return (
        BalanceTable(
            "tags-of-weight-3-at-a-film", tuple((str(n), defining[n]) for n in sorted(defining))
        ),
        BalanceTable("weights", tuple((str(weight), given[weight]) for weight in (1, 2, 3)), False),
    )


def _warnings(films: Iterable[FilmRow], facet_of: dict[str, str]) -> tuple[BalanceTable, ...]:
    """Returns the number of films with each sensitive tag, for all films and by audience.

    facet_of: for each tag, its facet (kind of tag).
    """
    films = tuple(films)
    sensitive = [slug for slug, facet in facet_of.items() if facet == "sensitive"]
    having = {
        slug: Counter(film.audience or "unknown" for film in films if slug in dict(film.tags))
        for slug in sensitive
    }
    return (
        BalanceTable("warnings", tuple((slug, having[slug].total()) for slug in sensitive)),
        BalanceTable(
            "films-with-a-warning-by-audience",
            tuple(
                (
                    audience,
                    sum(
                        film.audience == audience and any(slug in having for slug, _ in film.tags)
                        for film in films
                    ),
                )
                for audience in AUDIENCES
            ),
        ),
    )


def _by_frequency(title: str, values: Iterable[str]) -> BalanceTable:
    counts = Counter(values)
    return BalanceTable(title, tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))))


def neither_english_nor_best_known(films: Iterable[FilmRow]) -> tuple[FilmRow, ...]:
    """Returns the films that are not among `best_known` and whose leading language is not
    English.
    """
    films = tuple(films)
    best = set(best_known(films))
    return tuple(f for f in films if f.languages[:1] != ("en",) and f.key not in best)


def best_known(films: Iterable[FilmRow], count: int = BEST_KNOWN_FILMS) -> tuple[str, ...]:
    """Returns the keys of the `count` best-known films, the best known first.

    How well a film is known is judged by its tags.
    """
    fame = {
        film.key: sum(FAME_OF_TAG.get(slug, 0) * weight for slug, weight in film.tags)
        for film in films
    }
    year = {film.key: film.year for film in films}
    return tuple(sorted(fame, key=lambda key: (-fame[key], -year[key], key))[:count])
