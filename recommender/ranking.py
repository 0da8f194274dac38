"""Fitting, storing and moving the ranking model of `recommender.blending`.

Which voices there are goes by size (`plan`): all of them for small data; a smaller head and fewer
factor models where the ratings are many, so that the fit stays short and an answer quick.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from recommender.blending import Blend, RankingConfig, RankingModel, joined
from recommender.data import Catalogue
from recommender.models.als import FactorModel, Progress, fit_als
from recommender.models.item_features import side_rows
from recommender.models.item_item import ItemItemModel, assembled
from recommender.models.item_item_solver import fit_item_item
from recommender.models.newcomer import NewcomerModel, fit_newcomer
from recommender.models.newcomer import assembled as newcomer_of
from recommender.models.popularity import Popularity, fit_popularity
from recommender.models.tags import TagModel, fit_tags
from recommender.numeric.arrays import Bools, Sparse, sparse

__all__ = [
    "Blend",
    "RankingConfig",
    "RankingModel",
    "arrays",
    "fit_factors",
    "fit_items",
    "fit_ranking",
    "from_arrays",
    "joined",
    "moved",
    "plan",
]

NEWCOMER = ("mean", "loadings", "rest", "liked", "heard")  # what is stored of that model
SMALL, MIDDLE = 400_000, 4_000_000  # ratings up to which data counts as small, as middling
ITEM_STEPS = 10  # of a fit's progress that are the item-item model's
LARGE_PENALTY = 0.003  # of factors on large data at most, as Rendle et al. 2021 for MovieLens 20M


def plan(ratings: int, config: RankingConfig) -> RankingConfig:
    """The rule that chooses by size. Up to 400,000 ratings: a head of 10,000 films, 16, 32 and 64
    factors. Above: a head of 6,000 films and 32 factors in 6 rounds, so that the fit stays short
    and an answer quick; above 4,000,000 ratings with the 300 greatest weights of each film, and
    with a lower penalty of the factors where it grows in proportion to the number of films."""
    if ratings <= SMALL:
        return config
    item = replace(config.item, head=min(config.item.head, 6000))
    als = replace(config.als, rounds=min(config.als.rounds, 6))
    if ratings > MIDDLE:
        item = replace(item, kept=min(item.kept, 300))
        if als.frequency == 1.0:
            als = replace(als, penalty=min(als.penalty, LARGE_PENALTY))
    return replace(config, item=item, als=als, sizes=config.sizes[1:2] or config.sizes)


def fit_ranking(
    catalogue: Catalogue,
    matrix: Sparse | None,
    config: RankingConfig,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> RankingModel:
    """Fit what `plan` chooses to stars (people, films) over the catalogue's rows. Films are taken
    in ascending order of id, so that the order of the catalogue changes nothing; the same input
    and generator state give the same model."""
    popularity = fit_popularity(catalogue, matrix, config.popularity)
    tags = fit_tags(catalogue)
    if matrix is None or not matrix.nnz:
        return joined(popularity, tags, None, (), config)
    chosen = plan(int(matrix.nnz), config)
    rounds = len(chosen.sizes) * chosen.als.rounds
    steps = rounds + ITEM_STEPS
    factors = fit_factors(catalogue, matrix, chosen, rng, _told(progress, 0, steps))
    item = fit_items(catalogue, matrix, chosen, _coarsely(progress, rounds, steps))
    newcomer = fit_newcomers(catalogue, matrix, chosen)
    return joined(popularity, tags, item, factors, chosen, newcomer)


def fit_items(
    catalogue: Catalogue, matrix: Sparse, config: RankingConfig, progress: Progress | None = None
) -> ItemItemModel:
    """The item-item model with side information, over the catalogue's rows."""
    order = catalogue.films.by_id
    side = sparse(side_rows(catalogue, config.side).rows[:, order])
    fitted = fit_item_item(sparse(matrix[:, order]), side, config.item, progress)
    return fitted.over(np.argsort(order), order)


def fit_newcomers(catalogue: Catalogue, matrix: Sparse, config: RankingConfig) -> NewcomerModel:
    """The newcomer model, over the catalogue's rows."""
    order = catalogue.films.by_id
    return fit_newcomer(sparse(matrix[:, order]), config.newcomer).over(np.argsort(order))


def fit_factors(
    catalogue: Catalogue,
    matrix: Sparse,
    config: RankingConfig,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> tuple[FactorModel, ...]:
    """One factor model for each size, the smallest first, over the catalogue's rows."""
    order = catalogue.films.by_id
    back = np.argsort(order)
    in_order = sparse(matrix[:, order])
    steps = len(config.sizes) * config.als.rounds
    factors: list[FactorModel] = []
    for at, size in enumerate(sorted(config.sizes)):
        told = _told(progress, at * config.als.rounds, steps)
        fitted = fit_als(in_order, replace(config.als, factors=size), rng, told)
        factors.append(replace(fitted, films=fitted.films[back], rated=fitted.rated[back]))
    return tuple(factors)


def _told(progress: Progress | None, before: int, steps: int) -> Progress | None:
    """Progress of one of several fits, told as progress of all."""
    return None if progress is None else lambda done, _: progress(before + done, steps)


def _coarsely(progress: Progress | None, before: int, steps: int) -> Progress | None:
    """Progress of a fit of however many steps, told as the last ITEM_STEPS of all."""
    if progress is None:
        return None
    said = before

    def told(done: int, whole: int) -> None:
        nonlocal said
        now = before + done * ITEM_STEPS // whole
        if now > said:
            said = now
            progress(now, steps)

    return told


def arrays(model: RankingModel) -> dict[str, npt.NDArray[Any]]:
    """What has to be stored of a model besides popularity, tags and config, by name."""
    stored: dict[str, npt.NDArray[Any]] = {}
    if model.item is not None:
        weights = model.item.weights
        stored |= {
            "item_head": model.item.head,
            "item_weights": weights.data,
            "item_columns": weights.indices,
            "item_rows": weights.indptr,
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
        stored |= {f"newcomer_{name}": getattr(model.newcomer, name) for name in NEWCOMER}
        stored["newcomer_people"] = np.array([model.newcomer.people])
    return stored


def from_arrays(
    stored: Mapping[str, npt.NDArray[Any]],
    popularity: Popularity,
    tags: TagModel,
    config: RankingConfig,
    rows: npt.NDArray[np.int64],
) -> RankingModel:
    """A model from `arrays`, over another catalogue (see `moved`) or the same. Raises KeyError or
    ValueError where the arrays do not belong together."""
    item = None
    if "item_head" in stored:
        head = np.asarray(stored["item_head"], np.int64)
        cells = (stored["item_weights"], stored["item_columns"], stored["item_rows"])
        weights: Sparse = sp.csr_array(cells, shape=(len(head), len(head)))  # no copy: mapped
        item = assembled(head, len(stored["count"]), weights, config.item.floor)
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
        mean, loadings, rest, liked, heard = (stored[f"newcomer_{name}"] for name in NEWCOMER)
        people = int(stored["newcomer_people"][0])
        newcomer = newcomer_of(mean, loadings, rest, liked, heard, people, config.newcomer)
    return _over(item, tuple(factors), newcomer, popularity, tags, config, rows)


def moved(
    model: RankingModel, popularity: Popularity, tags: TagModel, rows: npt.NDArray[np.int64]
) -> RankingModel:
    """The same model over another catalogue. rows: (new films,) each film's old row, -1 where it
    is new; popularity and tags are those of the new catalogue."""
    parts = (model.item, model.factors, model.newcomer)
    return _over(*parts, popularity, tags, model.config, rows)


def _over(
    item: ItemItemModel | None,
    factors: tuple[FactorModel, ...],
    newcomer: NewcomerModel | None,
    popularity: Popularity,
    tags: TagModel,
    config: RankingConfig,
    rows: npt.NDArray[np.int64],
) -> RankingModel:
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
    return joined(popularity, tags, item, factors, config, newcomer)


def _moved_factors(model: FactorModel, rows: npt.NDArray[np.int64], known: Bools) -> FactorModel:
    films = np.zeros((len(rows), model.films.shape[1]), np.float32)
    films[known] = model.films[rows[known]]
    rated = np.zeros(len(rows), np.bool_)
    rated[known] = model.rated[rows[known]]
    wide = films[rated].astype(np.float64)
    mean = wide.mean(axis=0) if len(wide) else np.zeros(films.shape[1])
    return replace(model, films=films, rated=rated, mean=mean)
