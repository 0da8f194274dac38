"""Content models with the same facts share the interests of people, and answer as before."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from recommender.content.blocks import ContentConfig
from recommender.content.model import ContentModel, ContentTaste, fit_content
from recommender.content.remembered import remembering, same_facts
from recommender.data import Catalogue, Query
from recommender.evaluation.acceptance.tastes import measure_judged
from recommender.numeric.arrays import sparse
from recommender.training.fit import fit
from tests.recommender.bad_models import CONFIG, SEED, good
from tests.recommender.judged import facts
from tests.recommender.servers import small_catalogue
from tests.recommender.worlds import NOW


@pytest.fixture(scope="module")
def content() -> ContentModel:
    return fit_content(small_catalogue(), ContentConfig())


def people(films: int) -> list[Query]:
    rng = np.random.default_rng(3)
    counts = (1, 3, 8, 12, 90)
    drawn = [(rng.choice(films, n, replace=False), rng.choice((1.0, 4.0, 5.0), n)) for n in counts]
    queries = [Query(films=rows, stars=stars) for rows, stars in drawn]
    liked = replace(queries[2], liked_tags=np.array([3, 5]))
    return [Query(), *queries, liked, replace(queries[2], stars=6.0 - queries[2].stars)]


def assert_same(one: ContentTaste, other: ContentTaste) -> None:
    assert len(one.interests) == len(other.interests)
    assert one.evidence == other.evidence
    for here, there in zip(one.interests, other.interests, strict=True):
        assert np.array_equal(here.gains, there.gains)
        assert np.array_equal(here.weights, there.weights)
    for here, there in zip(one.scores, other.scores, strict=True):
        assert np.array_equal(here, there)
    assert np.array_equal(one.tag_gains, other.tag_gains)


def test_who_asks_again_hears_the_same(content: ContentModel) -> None:
    asked = remembering(content)
    everybody = people(len(small_catalogue()))
    for _ in range(2):
        for query in everybody:
            for may_split in (True, False):
                assert_same(asked.taste(query, may_split), content.taste(query, may_split))
    assert len(asked.remembered) == 2 * (len(everybody) - 2), "all but the newcomer and a double"


def test_figures_are_the_same_from_shared_facts() -> None:
    model = fit(small_catalogue(), good(), CONFIG, SEED, NOW)
    assert same_facts(model.ranking.content, facts())
    shared, own = measure_judged(model, SEED, facts()), measure_judged(model, SEED)
    assert shared is not None
    assert own is not None
    assert np.array_equal(shared.taste, own.taste)
    assert np.array_equal(shared.variety, own.variety)


def with_fewer_tags(catalogue: Catalogue) -> Catalogue:
    tags = sparse(catalogue.tags.copy())
    tags.data[::10] = 0.0
    tags.eliminate_zeros()
    return replace(catalogue, tags=tags)


def backwards(catalogue: Catalogue) -> Catalogue:
    return replace(catalogue, genres=sparse(catalogue.genres[::-1]))


@pytest.mark.parametrize("changed", [with_fewer_tags, backwards])
def test_other_facts_are_not_shared(
    content: ContentModel, changed: Callable[[Catalogue], Catalogue]
) -> None:
    assert same_facts(content, fit_content(small_catalogue(), ContentConfig()))
    assert not same_facts(content, fit_content(changed(small_catalogue()), ContentConfig()))
    assert not same_facts(content, fit_content(small_catalogue(), ContentConfig(noise=2.0)))
    assert not same_facts(content, fit_content(small_catalogue(), ContentConfig(cast=0.0)))
