"""How likeness_to_film films are to one film: by tags, by the people who love them, by genre.

A measure that cannot speak of the film hands over to the next: tags, then people, then genres.
What films share counts for less the further apart they were made: a love story of 1935 and one of
2015 may have every tag in common and are still watched by other people in other moods.
"""

from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.data import Catalogue
from recommender.models.als import FactorModel
from recommender.models.tags import Measure, TagModel

LIKENESS_LOSS_PER_DECADE = (
    0.25  # what a decade between two films takes: four decades halve their likeness
)
UNKNOWN_DECADES_APART = 3.0  # decades apart where a year is not known

Likeness: TypeAlias = Literal["cosine", "jaccard", "pearson", "people", "both"]


def likeness_to_film(
    catalogue: Catalogue,
    tags: TagModel,
    factors: FactorModel | None,
    film: int,
    measure: Likeness,
) -> tuple[npt.NDArray[np.float64], str]:
    """(films,) likeness to one film, NaN where unknown, and the measure that found it: the one
    asked for, or "cosine", "people" or "genres" in its place."""
    people = None if factors is None else factors.similar(film)
    if people is not None and np.isnan(people).all():
        people = None
    if not tags.tagged[film]:
        return (_by_genre(catalogue, film), "genres") if people is None else (people, "people")
    if people is not None and measure == "people":
        return people, "people"
    by: Measure = measure if measure in ("jaccard", "pearson") else "cosine"
    likeness = tags.similar(film, by) * _sure(tags, film) * _same_time(catalogue, film)
    if people is not None and measure == "both":
        return (np.nan_to_num(likeness) + np.nan_to_num(people)) / 2, "both"
    return likeness, by


def _sure(tags: TagModel, film: int) -> npt.NDArray[np.float64]:
    """(films,) s / (s + 1) for s shared tags: one tag in common is thin evidence of likeness."""
    pattern = tags.vectors.copy()
    pattern.data = np.ones_like(pattern.data)
    mine = pattern[[film]].toarray().reshape(-1)
    common = np.asarray(pattern @ mine, np.float64)
    return np.asarray(common / (common + 1.0))


def _by_genre(catalogue: Catalogue, film: int) -> npt.NDArray[np.float64]:
    """(films,) genre Jaccard, less for every decade between the films."""
    mine = catalogue.genres[[film]].toarray().reshape(-1)
    common = np.asarray(catalogue.genres @ mine, np.float64)
    size = np.asarray(catalogue.genres @ np.ones(len(catalogue.genre_names)), np.float64)
    shared = common / np.maximum(size + mine.sum() - common, 1.0)
    return np.asarray(shared * _same_time(catalogue, film))


def _same_time(catalogue: Catalogue, film: int) -> npt.NDArray[np.float64]:
    """(films,) what the years between leave of a likeness: 1 in the same year."""
    apart = np.abs(catalogue.years - catalogue.years[film]) / 10
    return np.asarray(
        1.0 / (1.0 + LIKENESS_LOSS_PER_DECADE * np.nan_to_num(apart, nan=UNKNOWN_DECADES_APART))
    )
