"""Reads a MovieLens folder as input for models: a catalogue of its films, and its ratings.

The catalogue holds only what the folder holds: titles, years, genres, and the free tags as people
wrote them. The weight of a tag is the number of people who gave it, at most 3.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recommender.data import FREE_FACET, Catalogue, Interactions, Vocabulary, interactions
from recommender.datasets.movielens import STARS, MovieLens, read_movielens
from recommender.errors import DataError
from recommender.numeric.arrays import Sparse, sparse

MAX_TAG_WEIGHT = 3


@dataclass(frozen=True, eq=False)
class Folder:
    """A data set of ratings with a catalogue of its own films.

    Attributes:
        name: name of the folder.
        catalogue: the films.
        ratings: one rating for each pair of person and film, in the order of the file. The film
            rows are rows of the catalogue.
        repeats: number of ratings that a later rating of the same person and film replaced.
        strays: number of ratings of films that the folder's list of films does not have.
    """

    name: str
    catalogue: Catalogue
    ratings: Interactions
    repeats: int
    strays: int


def read_folder(path: Path, scale: int = STARS) -> Folder:
    """Returns the data set in a folder of any MovieLens layout.

    scale: `STARS` if the ratings are stars up to 5, `TEN_POINTS` if they go from 1 to 10. Raises
    DatasetError if it cannot be read, and DataError if it has no films or no ratings.
    """
    data = read_movielens(path, scale)
    return folder_of(data, catalogue_of(data))


def folder_of(data: MovieLens, catalogue: Catalogue) -> Folder:
    """Returns a data set of ratings together with a catalogue of its films.

    catalogue: the films, under their ids in the data set. Raises DataError if there are no films,
    or if nobody rated one.
    """
    if not data.films:
        raise DataError("data-without-films", data=data.name)
    given = interactions(data.person, data.film, data.stars, data.when, films=catalogue.films)
    if not len(given):
        raise DataError("data-without-ratings", data=data.name)
    ratings = given.newest()
    return Folder(
        data.name, catalogue, ratings, len(given) - len(ratings), len(data.stars) - len(given)
    )


def catalogue_of(data: MovieLens) -> Catalogue:
    """Returns the catalogue of a data set.

    Films are in the order of the file, genres and tags in alphabetical order.
    """
    films = data.films
    genres = tuple(sorted({genre for film in films for genre in film.genres}))
    tags = tuple(sorted({tag for film in films for tag, _ in film.tags}))
    genre_at = {name: at for at, name in enumerate(genres)}
    tag_at = {name: at for at, name in enumerate(tags)}
    genre_cells = [
        (row, genre_at[genre], 1) for row, film in enumerate(films) for genre in set(film.genres)
    ]
    tag_cells = [
        (row, tag_at[tag], min(count, MAX_TAG_WEIGHT))
        for row, film in enumerate(films)
        for tag, count in film.tags
    ]
    n = len(films)
    return Catalogue(
        films=Vocabulary([film.id for film in films]),
        titles=tuple(film.title for film in films),
        years=np.array([np.nan if film.year is None else film.year for film in films], np.float64),
        runtimes=np.full(n, np.nan),
        genres=_table(genre_cells, n, len(genres)),
        genre_names=genres,
        tags=_table(tag_cells, n, len(tags)),
        tag_names=tags,
        tag_facets=(FREE_FACET,) * len(tags),
        audience=np.full(n, -1, np.int8),
        adult=np.zeros(n, np.bool_),
    )


def _table(cells: list[tuple[int, int, int]], rows: int, columns: int) -> Sparse:
    """Returns a (rows, columns) matrix of (row, column, weight) cells."""
    rows_at, columns_at, weights = np.array(cells, np.int64).reshape(-1, 3).T
    return sparse((weights.astype(np.float32), (rows_at, columns_at)), (rows, columns))
