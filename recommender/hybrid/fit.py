"""Fitting the ranking model of `recommender.hybrid.model`.

The number of ratings decides what is fitted (`plan`). With few ratings, all models are fitted as
configured. With many, the item-item model covers fewer films, and there are fewer factor models.
This keeps the fit short and the answers to requests quick.
"""

from dataclasses import replace

import numpy as np

from recommender.content.learned import with_learned_tags
from recommender.content.model import fit_content
from recommender.data import MIN_PEOPLE, Catalogue
from recommender.hybrid.assembly import assemble_ranking
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.model import RankingModel
from recommender.models.als import FactorModel, fit_als
from recommender.models.item_features import item_features
from recommender.models.item_item import ItemItemModel
from recommender.models.item_item_solver import fit_item_item
from recommender.models.newcomer import NewcomerModel, fit_newcomer
from recommender.models.popularity import fit_popularity
from recommender.models.tags import fit_tags
from recommender.numeric.arrays import Sparse, sparse
from recommender.numeric.progress import Progress

SMALL_RATINGS = 400_000  # largest number of ratings that counts as small data
MIDDLE_RATINGS = 4_000_000  # largest number of ratings that counts as data of middle size
ITEM_MODEL_STEPS = 10  # progress steps that the fit of the item-item model counts as
LARGE_DATA_PENALTY = 0.003  # `AlsConfig.penalty` for such data (Rendle et al. 2021, MovieLens 20M)


def plan(ratings: int, config: RankingConfig) -> RankingConfig:
    """Returns settings that are adapted to a number of ratings, so that a fit does not take long.

    - Up to 400,000 ratings: the settings as given. By default, the item-item model covers the
      10,000 films with the most ratings (the head), and there are factor models with 16, 32 and 64
      factors.
    - More than 400,000: a head of at most 6,000 films, and only one factor model, by default with
      32 factors, fitted in at most 6 rounds. This keeps the fit short and answers quick.
    - More than 4,000,000: also at most 300 item-item weights for each film, and a lower penalty in
      the factor model if `AlsConfig.frequency` is 1.
    """
    if ratings <= SMALL_RATINGS:
        return config
    item = replace(config.item, head=min(config.item.head, 6000))
    als = replace(config.als, rounds=min(config.als.rounds, 6))
    if ratings > MIDDLE_RATINGS:
        item = replace(item, kept=min(item.kept, 300))
        if als.frequency == 1.0:
            als = replace(als, penalty=min(als.penalty, LARGE_DATA_PENALTY))
    return replace(config, item=item, als=als, sizes=config.sizes[1:2] or config.sizes)


def fit_ranking(
    catalogue: Catalogue,
    matrix: Sparse | None,
    config: RankingConfig,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> RankingModel:
    """Returns a ranking model fitted to stars.

    `plan` adapts the settings to the number of ratings. Internally, films are in ascending order of
    ids, so the order of the catalogue's rows does not change the fit. The same input and generator
    state give the same model.

    Args:
        catalogue: the films.
        matrix: (people, films) stars, with the catalogue's rows as columns, or None if there are no
            ratings.
        config: settings.
        rng: generator for the random start of the factor models.
        progress: is called after each step.
    """
    popularity = fit_popularity(catalogue, matrix, config.popularity)
    tags = fit_tags(catalogue)
    content = fit_content(catalogue, config.content_facts)
    if matrix is None or not matrix.nnz:
        return assemble_ranking(popularity, tags, content, None, (), config)
    chosen = plan(int(matrix.nnz), config)
    rounds = len(chosen.sizes) * chosen.als.rounds
    steps = rounds + ITEM_MODEL_STEPS
    factors = fit_factors(catalogue, matrix, chosen, rng, _offset_progress(progress, 0, steps))
    item = fit_items(catalogue, matrix, chosen, _item_progress(progress, rounds, steps))
    newcomer = fit_newcomers(catalogue, matrix, chosen)
    content = with_learned_tags(content, factors[-1].films, popularity.count >= MIN_PEOPLE)
    return assemble_ranking(popularity, tags, content, item, factors, chosen, newcomer)


def fit_items(
    catalogue: Catalogue, matrix: Sparse, config: RankingConfig, progress: Progress | None = None
) -> ItemItemModel:
    """Returns the item-item model, fitted to stars and to the features of films.

    matrix: (people, films) stars, with the catalogue's rows as columns. The film rows of the model
    are the catalogue's.
    """
    order = catalogue.films.by_id
    side = sparse(item_features(catalogue, config.item_features).rows[:, order])
    fitted = fit_item_item(sparse(matrix[:, order]), side, config.item, progress)
    return fitted.over(np.argsort(order), order)


def fit_newcomers(catalogue: Catalogue, matrix: Sparse, config: RankingConfig) -> NewcomerModel:
    """Returns the newcomer model (what people have seen and liked), fitted to stars.

    matrix: (people, films) stars, with the catalogue's rows as columns. The film rows of the model
    are the catalogue's.
    """
    order = catalogue.films.by_id
    return fit_newcomer(sparse(matrix[:, order]), config.newcomer).over(np.argsort(order))


def fit_factors(
    catalogue: Catalogue,
    matrix: Sparse,
    config: RankingConfig,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> tuple[FactorModel, ...]:
    """Returns one factor model for each size in `config.sizes`, the smallest size first.

    matrix: (people, films) stars, with the catalogue's rows as columns. The film rows of the models
    are the catalogue's.
    """
    order = catalogue.films.by_id
    back = np.argsort(order)
    in_order = sparse(matrix[:, order])
    steps = len(config.sizes) * config.als.rounds
    factors: list[FactorModel] = []
    for at, size in enumerate(sorted(config.sizes)):
        report = _offset_progress(progress, at * config.als.rounds, steps)
        fitted = fit_als(in_order, replace(config.als, factors=size), rng, report)
        factors.append(replace(fitted, films=fitted.films[back], rated=fitted.rated[back]))
    return tuple(factors)


def _offset_progress(progress: Progress | None, before: int, steps: int) -> Progress | None:
    """Returns a callback for one of several fits that reports the progress of all fits together.

    progress: the callback that it calls; if None, the result is None. before: steps of the earlier
    fits. steps: steps of all fits together.
    """
    return None if progress is None else lambda done, _: progress(before + done, steps)


def _item_progress(progress: Progress | None, before: int, steps: int) -> Progress | None:
    """Returns a callback for the fit of the item-item model that reports the progress of the whole
    fit.

    This model may take any number of steps. They are reported as the last `ITEM_MODEL_STEPS` steps
    of the whole fit. progress: the callback that it calls; if None, the result is None. before:
    steps before this model. steps: steps of the whole fit.
    """
    if progress is None:
        return None
    reported = before

    def report(done: int, whole: int) -> None:
        nonlocal reported
        now = before + done * ITEM_MODEL_STEPS // whole
        if now > reported:
            reported = now
            progress(now, steps)

    return report
