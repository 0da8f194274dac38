"""Turns the ranking model into named arrays and back, and moves it to another catalogue.

The ranking model is a weighted sum (blend) of several models.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from recommender.content.learned import with_learned_tags
from recommender.content.model import fit_content
from recommender.data import MIN_PEOPLE, Catalogue
from recommender.hybrid.assembly import assemble_ranking
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.model import RankingModel
from recommender.models.als import FactorModel
from recommender.models.item_item import ItemItemModel, assemble_item_item
from recommender.models.newcomer import NewcomerModel, assemble_newcomer
from recommender.models.popularity import Popularity
from recommender.models.tags import fit_tags
from recommender.numeric.arrays import Bools, Sparse

NEWCOMER = {
    "mean": "mean",
    "loadings": "loadings",
    "rest": "rest",
    "liked": "liked",
    "heard": "covered",
}
"""For each stored array of the newcomer model, its name in the file (after "newcomer_") and the
attribute of `NewcomerModel`."""


def arrays(model: RankingModel) -> dict[str, npt.NDArray[Any]]:
    """Returns the arrays, by name, with which a ranking model is stored.

    They do not include popularity and the settings, which `training.artifacts` stores, nor the tag
    model, which follows from the catalogue.
    """
    stored: dict[str, npt.NDArray[Any]] = {}
    if model.item is not None:
        weights = model.item.weights
        # A serving process has these in memory: with four bytes a column it is a third less.
        width = np.int32 if weights.nnz < 2**31 else np.int64
        stored |= {
            "item_head": model.item.head,
            "item_weights": weights.data,
            "item_columns": weights.indices.astype(width, copy=False),
            "item_rows": weights.indptr.astype(width, copy=False),
        }
    for at, factors in enumerate(model.factors):
        stored |= {
            f"factors_{at}": np.ascontiguousarray(factors.films),
            f"gram_{at}": factors.gram,
            f"mean_{at}": factors.mean,
        }
    if model.factors:
        stored["rated"] = model.rated
    if model.newcomer is not None:
        stored |= {
            f"newcomer_{name}": getattr(model.newcomer, own) for name, own in NEWCOMER.items()
        }
        stored["newcomer_people"] = np.array([model.newcomer.people])
    return stored


def from_arrays(
    stored: Mapping[str, npt.NDArray[Any]],
    popularity: Popularity,
    catalogue: Catalogue,
    config: RankingConfig,
    rows: npt.NDArray[np.int64],
) -> RankingModel:
    """Returns the ranking model with the given stored arrays, moved to another catalogue.

    Args:
        stored: the arrays that `arrays` returned, by name.
        popularity: popularity of the new catalogue's films.
        catalogue: the new catalogue.
        config: the settings of the fit.
        rows: (new films,) row of each film in the old catalogue; -1 for a new film.

    Raises KeyError or ValueError if the arrays do not fit together.
    """
    item = None
    if "item_head" in stored:
        head = np.asarray(stored["item_head"], np.int64)
        cells = (stored["item_weights"], stored["item_columns"], stored["item_rows"])
        weights: Sparse = sp.csr_array(cells, shape=(len(head), len(head)))  # no copy: mapped
        item = assemble_item_item(head, len(stored["count"]), weights, config.item.floor)
    factors: list[FactorModel] = []
    for at, size in enumerate(sorted(config.sizes) if "rated" in stored else ()):
        if stored[f"factors_{at}"].shape != (len(stored["rated"]), size):
            raise ValueError("the factors have another shape")
        factors.append(
            FactorModel(
                np.asarray(stored[f"factors_{at}"], np.float32),
                np.asarray(stored["rated"], np.bool_),
                np.asarray(stored[f"gram_{at}"], np.float64),
                np.asarray(stored[f"mean_{at}"], np.float64),
                int(np.asarray(stored["rated"]).sum()),
                replace(config.als, factors=size),
            )
        )
    newcomer = None
    if "newcomer_people" in stored:
        mean, loadings, rest, liked, covered = (stored[f"newcomer_{name}"] for name in NEWCOMER)
        people = int(stored["newcomer_people"][0])
        newcomer = assemble_newcomer(mean, loadings, rest, liked, covered, people, config.newcomer)
    return _over(item, tuple(factors), newcomer, popularity, catalogue, config, rows)


def move_ranking(
    model: RankingModel,
    popularity: Popularity,
    catalogue: Catalogue,
    rows: npt.NDArray[np.int64],
) -> RankingModel:
    """Returns the same model for another catalogue, whose films are in other rows.

    Args:
        model: the fitted model.
        popularity: popularity of the new catalogue's films.
        catalogue: the new catalogue, from which the models of tags and facts follow.
        rows: (new films,) row of each film in the old catalogue; -1 for a new film.
    """
    parts = (model.item, model.factors, model.newcomer)
    return _over(*parts, popularity, catalogue, model.config, rows)


def _over(
    item: ItemItemModel | None,
    factors: tuple[FactorModel, ...],
    newcomer: NewcomerModel | None,
    popularity: Popularity,
    catalogue: Catalogue,
    config: RankingConfig,
    rows: npt.NDArray[np.int64],
) -> RankingModel:
    """Returns a ranking model made of fitted models that are moved to the rows of a new catalogue.

    item, factors, newcomer: the fitted models. popularity: popularity of the new catalogue's films.
    rows: (new films,) row of each film in the old catalogue; -1 for a new film.
    """
    films = len(item.place) if item is not None else len(rows)
    if not np.array_equal(rows, np.arange(films)):
        known = rows >= 0
        factors = tuple(_moved_factors(each, rows, known) for each in factors)
        if item is not None:
            back = np.full(films, -1, np.int64)
            back[rows[known]] = np.flatnonzero(known)
            item = item.over(rows, back)
        if newcomer is not None:
            newcomer = newcomer.over(rows)
    tags, content = fit_tags(catalogue), fit_content(catalogue, config.content_facts)
    if factors:
        content = with_learned_tags(content, factors[-1].films, popularity.count >= MIN_PEOPLE)
    return assemble_ranking(popularity, tags, content, item, factors, config, newcomer)


def _moved_factors(model: FactorModel, rows: npt.NDArray[np.int64], known: Bools) -> FactorModel:
    """Returns a factor model with the film rows of a new catalogue. New films get factors of 0.

    rows: (new films,) row of each film in the old catalogue; -1 for a new film. known: (new films,)
    True where the row is not -1.
    """
    films = np.zeros((len(rows), model.films.shape[1]), np.float32)
    films[known] = model.films[rows[known]]
    rated = np.zeros(len(rows), np.bool_)
    rated[known] = model.rated[rows[known]]
    wide = films[rated].astype(np.float64)
    mean = wide.mean(axis=0) if len(wide) else np.zeros(films.shape[1])
    return replace(model, films=films, rated=rated, mean=mean)
