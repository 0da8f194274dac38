"""Tests of the remembered blends (weighted sums of models' scores) of the last queries."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from recommender.data import Query
from recommender.hybrid.blend import Blend
from recommender.hybrid.blend_cache import TASTE_FIELDS, BlendCache, array_bytes, blend_bytes
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.fit import fit_ranking
from recommender.hybrid.model import RankingModel
from recommender.models.als import AlsConfig
from tests.recommender.worlds import catalogue, ratings

ASKED = Query(
    films=np.array([3, 5, 8]),
    stars=np.array([5.0, 4.0, 1.0]),
    unseen=np.array([11]),
    wanted=np.array([12]),
    unwanted=np.array([13]),
    liked_tags=np.array([1]),
    disliked_tags=np.array([2]),
    mood=np.array([4]),
    chosen=(np.array([7, 9]),),
)
KEYS = {*TASTE_FIELDS, "chosen", "adventurousness"}
OTHERS = {
    "excluded": np.array([1, 2]),
    "genres": np.array([0]),
    "never": np.array([1]),
    "never_tags": np.array([3]),
    "languages": np.array([0]),
    "years": (1990.0, 1999.0),
    "max_runtime": 90.0,
    "hour": 22,
    "weekday": 5,
    "family_safe": True,
    "allow_adult": True,
    "person": 7,
    "server": 8,
    "mood_number": 2,
    "editorial": False,
}
"""Another value for each field of a query on which no blend depends."""


@pytest.fixture(scope="module")
def model() -> RankingModel:
    world = catalogue(60)
    config = RankingConfig(als=AlsConfig(rounds=6), sizes=(4, 8), tag_weight=0.2)
    matrix = ratings(world, 50).utility_matrix()
    return fit_ranking(world, matrix, config, np.random.default_rng(0))


class Computed:
    """Computes blends with a model and counts them."""

    def __init__(self, model: RankingModel) -> None:
        self.model, self.count = model, 0

    def __call__(self, query: Query) -> Blend:
        self.count += 1
        return self.model.blend(query)


def test_every_field_of_a_query_is_known_to_matter_or_not() -> None:
    assert {field.name for field in fields(Query)} == KEYS | OTHERS.keys()


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_what_does_not_change_a_blend_is_not_computed_again(model: RankingModel, name: str) -> None:
    cache, computed = BlendCache(), Computed(model)
    other = replace(ASKED, **{name: OTHERS[name]})
    first = cache.get(ASKED, computed)
    assert cache.get(other, computed) is first
    assert computed.count == 1
    np.testing.assert_array_equal(first.score, model.blend(other).score)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stars", np.array([5.0, 4.0, 1.5])),
        ("unseen", np.array([14])),
        ("wanted", np.array([15])),
        ("unwanted", np.array([16])),
        ("liked_tags", np.array([6])),
        ("disliked_tags", np.array([6])),
        ("mood", np.array([6])),
        ("chosen", (np.array([7, 10]),)),
        ("adventurousness", 0.75),
    ],
)
def test_what_changes_a_blend_is_heard(model: RankingModel, name: str, value: Any) -> None:
    cache, computed = BlendCache(), Computed(model)
    cache.get(ASKED, computed)
    other = replace(ASKED, **{name: value})
    np.testing.assert_array_equal(cache.get(other, computed).score, model.blend(other).score)
    assert computed.count == 2


def test_a_film_more_is_another_query(model: RankingModel) -> None:
    cache, computed = BlendCache(), Computed(model)
    cache.get(ASKED, computed)
    more = replace(ASKED, films=np.array([3, 5, 8, 20]), stars=np.array([5.0, 4.0, 1.0, 3.0]))
    assert cache.get(more, computed) is not cache.get(ASKED, computed)


def test_the_oldest_is_forgotten_first_and_all_at_once(model: RankingModel) -> None:
    size = blend_bytes(BlendCache().get(ASKED, model.blend))
    cache, computed = BlendCache(2 * size), Computed(model)
    queries = [replace(ASKED, adventurousness=at) for at in (0.2, 0.4, 0.6)]
    for query in (queries[0], queries[1], queries[0], queries[2]):
        cache.get(query, computed)
    assert computed.count == 3
    cache.get(queries[0], computed)
    assert computed.count == 3, "it was asked for again, so it is not the oldest"
    cache.get(queries[1], computed)
    assert computed.count == 4
    cache.clear()
    cache.get(queries[0], computed)
    assert computed.count == 5


def test_what_is_remembered_cannot_be_changed(model: RankingModel) -> None:
    found = BlendCache().get(ASKED, model.blend)
    with pytest.raises(ValueError, match="read-only"):
        found.score[0] = 1.0


def test_the_arms_of_an_experiment_that_change_settings_have_blends_of_their_own(
    model: RankingModel,
) -> None:
    """An arm's model is the live one with other settings, and shares what it remembers."""
    arm = replace(model, config=replace(model.config, popular=3.0))
    cache = BlendCache()
    for one in (model, arm, model):
        np.testing.assert_array_equal(cache.get(ASKED, one.blend).score, one.score(ASKED))
    assert not np.array_equal(arm.score(ASKED), model.score(ASKED))


def test_what_a_blend_holds_besides_its_scores_counts_too(model: RankingModel) -> None:
    """The features of many rated films take more memory than the scores of all films."""
    many = replace(ASKED, films=np.arange(40), stars=np.tile([5.0, 4.0, 2.0, 1.0], 10))
    scores = 2 * model.score(many).nbytes
    assert blend_bytes(BlendCache().get(many, model.blend)) > 2 * scores
    cache, computed = BlendCache(2 * scores), Computed(model)
    for at in (0.2, 0.4, 0.2):
        cache.get(replace(many, adventurousness=at), computed)
    assert computed.count == 3


def test_what_all_blends_share_counts_for_none(model: RankingModel) -> None:
    blend = BlendCache().get(ASKED, model.blend)
    shared = {id(model.coverage), id(model.rated), id(model.in_head), id(model.content.known)}
    weights = {id(component.covered) for component in blend.components}
    other = BlendCache().get(replace(ASKED, adventurousness=0.9), model.blend)
    assert weights <= shared | {id(component.covered) for component in other.components}
    assert blend_bytes(blend) < array_bytes(blend)
    assert len(blend.boosts) < len(blend.score)
