"""Figures of models on the small server, as the judge measures them."""

from functools import cache

import numpy as np

from recommender.content.model import ContentModel, fit_content
from recommender.content.remembered import RememberingModel, remembering
from recommender.evaluation.acceptance.facts_order import facts_order
from recommender.evaluation.acceptance.held_out import HeldOut
from recommender.evaluation.acceptance.judgement import Scores, popularity_ranker, score_ranker
from recommender.evaluation.acceptance.tastes import measure_judged
from recommender.evaluation.ranking.candidates import ServedRanker
from recommender.evaluation.taste.measure import TasteFigures
from recommender.pipeline.recommender import Config, Recommender
from recommender.training.fit import fit
from tests.recommender.bad_models import CONFIG, SEED
from tests.recommender.servers import small_catalogue
from tests.recommender.worlds import NOW


def figures_of(model: Recommender) -> TasteFigures:
    found = measure_judged(model, SEED, facts())
    assert found is not None
    return found


@cache
def tags_figures() -> TasteFigures:
    return figures_of(fit(small_catalogue(), None, Config(), SEED, NOW))


def scores_of(model: Recommender, held: HeldOut) -> Scores:
    return score_ranker(ServedRanker(model), held, model.catalogue)


@cache
def popularity_scores(held: HeldOut) -> Scores:
    return score_ranker(popularity_ranker(held), held, small_catalogue())


@cache
def facts_of(held: HeldOut) -> np.ndarray:
    return facts_order(content(), held, SEED)


@cache
def facts() -> RememberingModel:
    """Returns a content model that remembers the interests of the simulated people."""
    return remembering(content())


@cache
def content() -> ContentModel:
    return fit_content(small_catalogue(), CONFIG.ranking.content_facts)
