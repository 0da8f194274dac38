"""Likeness of films to one film: by tags, by the people who love them, or by genres.

If the film has no tags, the people who rated it are used, and if nobody rated it, its genres. A
likeness of tags or genres is smaller the more years lie between the two films. A love story of 1935
and one of 2015 may share every tag, but they are watched by different people in different moods.
"""

from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.data import Catalogue
from recommender.models.als import FactorModel
from recommender.models.tags import Measure, TagModel

LIKENESS_LOSS_PER_DECADE = 0.25  # a likeness is divided by 1 + 0.25 × decades apart
UNKNOWN_DECADES_APART = 3.0  # decades assumed between two films if a year is unknown

Likeness: TypeAlias = Literal["cosine", "jaccard", "pearson", "people", "both"]


def likeness_to_film(
    catalogue: Catalogue,
    tags: TagModel,
    factors: FactorModel | None,
    film: int,
    measure: Likeness,
) -> tuple[npt.NDArray[np.float64], str]:
    """Returns (films,) the likeness of every film to one film, and the name of the measure used.

    A likeness is NaN if it is unknown. If the requested measure cannot be computed for this film,
    "cosine", "people" or "genres" is used. factors: the factor model, or None if there are no
    ratings. film: row of the film. measure: the requested measure; "people" compares who loves the
    films, "both" is the mean of "cosine" and "people", and all others compare tags.
    """
    people = None if factors is None else factors.similar(film)
    if people is not None and np.isnan(people).all():
        people = None
    if not tags.tagged[film]:
        return (_by_genre(catalogue, film), "genres") if people is None else (people, "people")
    if people is not None and measure == "people":
        return people, "people"
    by: Measure = measure if measure in ("jaccard", "pearson") else "cosine"
    likeness = tags.similar(film, by) * _evidence(tags, film) * _era_factor(catalogue, film)
    if people is not None and measure == "both":
        return (np.nan_to_num(likeness) + np.nan_to_num(people)) / 2, "both"
    return likeness, by


def _evidence(tags: TagModel, film: int) -> npt.NDArray[np.float64]:
    """Returns (films,) s / (s + 1) for films that share s tags with one film. A likeness is
    multiplied by it, because one shared tag is little evidence."""
    pattern = tags.vectors.copy()
    pattern.data = np.ones_like(pattern.data)
    own = pattern[[film]].toarray().reshape(-1)
    common = np.asarray(pattern @ own, np.float64)
    return np.asarray(common / (common + 1.0))


def _by_genre(catalogue: Catalogue, film: int) -> npt.NDArray[np.float64]:
    """Returns (films,) the Jaccard likeness of each film's genres to those of one film, times
    `_era_factor`."""
    own = catalogue.genres[[film]].toarray().reshape(-1)
    common = np.asarray(catalogue.genres @ own, np.float64)
    size = np.asarray(catalogue.genres @ np.ones(len(catalogue.genre_names)), np.float64)
    shared = common / np.maximum(size + own.sum() - common, 1.0)
    return np.asarray(shared * _era_factor(catalogue, film))


def _era_factor(catalogue: Catalogue, film: int) -> npt.NDArray[np.float64]:
    """Returns (films,) a factor on the likeness of each film to one film: 1 if they are of the same
    year, and smaller the more years lie between them."""
    apart = np.abs(catalogue.years - catalogue.years[film]) / 10
    return np.asarray(
        1.0 / (1.0 + LIKENESS_LOSS_PER_DECADE * np.nan_to_num(apart, nan=UNKNOWN_DECADES_APART))
    )
