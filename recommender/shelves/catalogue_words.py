"""The words that names of shelves (lists of films) can be made of, and the films that each fits.

A word is a tag, a genre, a pair of genres, a film's leading country, or a decade.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from recommender.data import Catalogue
from recommender.errors import DataError
from recommender.numeric.arrays import Bools
from recommender.shelves.words import COUNTRIES, GENRE_PAIRS, GENRES, Word, genre_key

MIN_TAG_WEIGHT = 2  # weight from which a tag fits a film
MIN_WEIGHT_OF_FACET = {"source": 1, "theme": 3}
"""For some facets (groups of tags), the least weight with which a tag fits a film. For whether a
film is based on a book, a low weight is enough. For "films about grief", only films that grief
defines fit.
"""


@dataclass(frozen=True, eq=False)
class CatalogueWords:
    """Every word that the name of a shelf (list of films) can be made of.

    Attributes:
        words: the words, each with a unique key.
        fits: (films, words) True if a word fits a film.
        halves: for the column of each pair of genres, the columns of the two genres.
    """

    words: tuple[Word, ...]
    fits: Bools
    halves: Mapping[int, tuple[int, ...]]


def catalogue_words(
    catalogue: Catalogue, phrases: Mapping[str, str], countries: Sequence[str | None]
) -> CatalogueWords:
    """Returns the words for names of lists of films: tags, genres, countries and decades.

    A word that fits no film of the catalogue is left out. phrases: how the catalogue words each tag
    in a name, by the tag's key; it is handed on to languages. Tags without a phrase are left out.
    countries: (films,) ISO code of each film's leading country, None if unknown. Raises DataError
    if countries and films differ in number.
    """
    films = len(catalogue)
    if len(countries) != films:
        raise DataError("countries-differ-in-length")
    found: list[tuple[Word, Bools]] = []
    tags = catalogue.tags.tocsc()
    for column, (tag, facet) in enumerate(
        zip(catalogue.tag_names, catalogue.tag_facets, strict=True)
    ):
        if phrase := phrases.get(tag, ""):
            min_weight = MIN_WEIGHT_OF_FACET.get(facet, MIN_TAG_WEIGHT)
            part = slice(int(tags.indptr[column]), int(tags.indptr[column + 1]))
            fits = np.zeros(films, bool)
            fits[tags.indices[part][tags.data[part] >= min_weight]] = True
            found.append((Word(tag, facet, phrase), fits))
    found += _genres(catalogue)
    codes = np.array([country or "" for country in countries])
    for code in COUNTRIES:
        found.append((Word(f"in-{code}", "country"), codes == code))
    for first in range(1880, 2100, 10):
        made = (catalogue.years >= first) & (catalogue.years < first + 10)
        if made.any():
            found.append((Word(f"{first}s", "era"), made))
    found = [(word, fits) for word, fits in found if fits.any()]
    column_of = {word.key: column for column, (word, _) in enumerate(found)}
    return CatalogueWords(
        tuple(word for word, _ in found),
        np.column_stack([fits for _, fits in found]) if found else np.zeros((films, 0), bool),
        {
            column_of[word.key]: tuple(column_of[half] for half in word.halves)
            for word, _ in found
            if word.halves
        },
    )


def _genres(catalogue: Catalogue) -> list[tuple[Word, Bools]]:
    """Returns the genres, and the pairs of genres that are a kind of films.

    Each comes with an array (films,) that is True for the films of that genre, or of both genres.
    """
    has = {
        genre: catalogue.genres[:, [column]].toarray().reshape(-1) > 0
        for column, genre in enumerate(catalogue.genre_names)
        if genre in GENRES
    }
    found = [(Word(genre_key(genre), "genre"), fits) for genre, fits in has.items()]
    for one, other in combinations(sorted(has), 2):
        halves = (genre_key(one), genre_key(other))
        if halves in GENRE_PAIRS:
            key = f"{halves[0]}-{halves[1].removeprefix('g-')}"
            found.append((Word(key, "genre", halves=halves), has[one] & has[other]))
    return found
