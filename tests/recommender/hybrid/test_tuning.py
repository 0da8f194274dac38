"""Tuning on a slice: its quick figures are those of the model that would be served."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.hybrid.assembly import assemble_ranking
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.fit import MIDDLE_RATINGS, fit_items, fit_ranking, plan
from recommender.hybrid.slices import hold_out
from recommender.hybrid.tuning import shift_weight
from recommender.hybrid.validation import LIST_FILMS, Judge, component_scores
from recommender.models.als import AlsConfig, match_shrinkage
from recommender.numeric.arrays import sparse
from tests.recommender.worlds import catalogue, ratings

CONFIG = RankingConfig(als=AlsConfig(rounds=4), sizes=(4, 8), tag_weight=0.2, item_half=6.0)
WORLD = catalogue(50)
MATRIX = ratings(WORLD, 120).utility_matrix()
MATRIX.data[MATRIX.indices >= 45] = (
    0.0  # films that nobody has rated, which only some components cover
)
MATRIX.eliminate_zeros()
PART = hold_out(sparse(MATRIX), np.random.default_rng(3))


def test_voices_add_up_to_the_models_scores() -> None:
    model = fit_ranking(WORLD, PART.train, CONFIG, np.random.default_rng(0))
    judge = Judge(PART)
    components = component_scores(model, CONFIG, judge.queries)
    everybody = slice(0, len(PART.people))
    truth = np.stack([model.score(query) for query in judge.queries])
    assert np.allclose(components.scores(everybody), truth, atol=2e-4)
    other = replace(shift_weight(CONFIG, 3.0), popularity_penalty=0.7)
    reweighed = replace(model, config=other)
    truth = np.stack([reweighed.score(query) for query in judge.queries])
    assert np.allclose(components.with_weights(other).scores(everybody), truth, atol=2e-4)
    stiff = replace(CONFIG, item=replace(CONFIG.item, penalty=900.0))
    item = fit_items(WORLD, PART.train, stiff)
    parts = (model.popularity, model.tags, model.content, item, model.factors, CONFIG)
    turned = assemble_ranking(*parts, model.newcomer)
    truth = np.stack([turned.score(query) for query in judge.queries])
    changed = components.with_component(turned, "item", judge.queries)
    assert not np.allclose(changed.scores(everybody), components.scores(everybody), atol=0.05)
    assert np.allclose(changed.scores(everybody), truth, atol=2e-4)


def test_voices_add_up_where_nobody_rated_some_films() -> None:
    stars = PART.train.toarray()
    stars[:, ::3] = 0
    part = replace(PART, train=sparse(stars))
    config = replace(CONFIG, unrated_density=max(0.1, part.train.nnz / len(WORLD)))
    model = fit_ranking(WORLD, part.train, config, np.random.default_rng(0))
    assert model.unrated_share == pytest.approx(0.5)
    queries = [query for query in part.queries() if len(query.films)]
    components = component_scores(model, config, queries)
    truth = np.stack([model.score(query) for query in queries])
    assert np.allclose(components.scores(slice(0, len(queries))), truth, atol=2e-4)


def test_the_judge_counts_what_was_loved_and_held_out() -> None:
    model = fit_ranking(WORLD, PART.train, CONFIG, np.random.default_rng(0))
    judge = Judge(PART)
    figures = judge.figures(component_scores(model, CONFIG, judge.queries))
    discount = 1.0 / np.log2(np.arange(2, LIST_FILMS + 2))
    for query, wanted, figure in zip(judge.queries, PART.wanted, figures, strict=True):
        scores = model.score(query)
        scores[query.films] = -np.inf
        top = np.argsort(-scores, kind="stable")[:LIST_FILMS]
        best = discount[: min(len(wanted), LIST_FILMS)].sum()
        assert figure == pytest.approx(discount[np.isin(top, wanted)].sum() / best, abs=1e-6)


def test_shifting_weights_keeps_their_sum() -> None:
    for by in (0.0, 0.3, 1.0, 10.0):
        other = shift_weight(CONFIG, by)
        both = CONFIG.item_weight + CONFIG.factor_weight
        assert other.item_weight + other.factor_weight == pytest.approx(both)
        odds = CONFIG.factor_weight / CONFIG.item_weight
        assert other.factor_weight / other.item_weight == pytest.approx(odds * by)


def test_another_frequency_shrinks_as_much_on_the_whole() -> None:
    before = AlsConfig(frequency=1.0, penalty=0.02)
    flat = match_shrinkage(MATRIX, before, replace(before, frequency=0.0))
    people, films = np.diff(MATRIX.indptr), np.bincount(MATRIX.indices, minlength=50)
    people, films = people[people > 0], films[films > 0]
    rows = np.concatenate(
        [people + before.unseen * len(films), films + before.unseen * len(people)]
    )
    assert flat.penalty == pytest.approx(0.02 * np.exp(np.log(rows).mean()))
    assert match_shrinkage(MATRIX, before, before).penalty == pytest.approx(0.02)


def test_a_chosen_penalty_of_factors_outlives_the_plan() -> None:
    chosen = replace(RankingConfig(), als=AlsConfig(frequency=0.5, penalty=0.3), sizes=(24,))
    for ratings_ in (MIDDLE_RATINGS, MIDDLE_RATINGS + 1):
        assert plan(ratings_, chosen).als.penalty == 0.3
        assert plan(ratings_, chosen).sizes == (24,)
