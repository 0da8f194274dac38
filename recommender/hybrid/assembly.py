"""Puts the ranking model together from the models that it blends, after a fit or from files."""

import numpy as np

from recommender.content.model import ContentModel
from recommender.hybrid.components import COVERAGE_BITS, standard_place, standardise
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.model import RankingModel
from recommender.models.als import FactorModel
from recommender.models.item_item import ItemItemModel
from recommender.models.newcomer import NewcomerModel
from recommender.models.popularity import Popularity
from recommender.models.tags import TagModel
from recommender.numeric.arrays import Array64

REACH_OFFSET = 5.0  # added to numbers of ratings, so that films with few ratings differ little
PENALTY_MIN_RATINGS = 10.0  # the popularity penalty takes a film to have at least this many ratings


def assemble_ranking(
    popularity: Popularity,
    tags: TagModel,
    content: ContentModel,
    item: ItemItemModel | None,
    factors: tuple[FactorModel, ...],
    config: RankingConfig,
    newcomer: NewcomerModel | None = None,
) -> RankingModel:
    """Returns the ranking model made of the given fitted models.

    Its other attributes are computed from these models. item, newcomer: None if nobody has rated.
    factors: the factor models, the one with fewest factors first; empty if nobody has rated.
    """
    films = len(popularity.count)
    rated = factors[0].rated if factors else np.zeros(films, np.bool_)
    width = sum(model.films.shape[1] for model in factors)
    stacked = np.zeros((films, width), np.float32, order="F")
    squares: list[Array64] = []
    start = 0
    for model in factors:
        stop = start + model.films.shape[1]
        stacked[:, start:stop] = model.films
        wide = model.films[rated].astype(np.float64)
        squares.append(wide.T @ wide / max(1, len(wide)))
        start = stop
    in_head = np.zeros(films, np.bool_)
    if item is not None:
        in_head[item.head[item.covered]] = True
    density = float(popularity.count.sum()) / max(1, films)
    raters = np.expm1(popularity.reach)
    famous = standardise(np.sqrt(raters) * (popularity.damped_mean - 1.0))
    among = np.sort(famous[content.sample_films])
    below = np.searchsorted(among, famous) + np.searchsorted(among, famous, "right")
    log_ratings = np.log(raters + REACH_OFFSET)
    reach = standardise(log_ratings)
    coverage = np.zeros(films, np.intp)
    for name, covered in (("item", in_head), ("factors", rated), ("tags", content.known)):
        coverage |= covered.astype(np.intp) * COVERAGE_BITS[name]
    return RankingModel(
        popularity,
        tags,
        content,
        item,
        factors,
        config,
        stacked,
        tuple(squares),
        rated,
        in_head,
        coverage,
        famous,
        np.asarray(below / (2.0 * max(1, len(among)))),
        reach,
        np.maximum(reach, standard_place(np.log(PENALTY_MIN_RATINGS + REACH_OFFSET), log_ratings)),
        standardise(popularity.damped_mean),
        newcomer,
        density**2 / (density**2 + config.unrated_density**2),
    )
