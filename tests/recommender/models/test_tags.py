"""Tag vectors and the three measures of likeness, compared with sums written out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.data import Query
from recommender.models.tags import RATING_NOISE, fit_tags
from recommender.numeric.arrays import sparse
from tests.recommender.worlds import catalogue

FACETS = ("mood", "theme", "style", "praise", "sensitive")
WEIGHTS = np.array(
    [
        [3, 2, 0, 1, 0],
        [3, 1, 0, 0, 2],
        [0, 0, 3, 3, 0],
        [0, 0, 0, 3, 1],  # only praise and a sensitive theme, so no usable tags
        [1, 0, 2, 0, 0],
    ],
    np.float32,
)


@pytest.fixture
def model():
    world = replace(
        catalogue(5, 5),
        tags=sparse(WEIGHTS),
        tag_facets=FACETS,
        tag_names=("sad", "war", "slow", "award-winning", "violence"),
    )
    return fit_tags(world)


@pytest.fixture
def rows() -> np.ndarray:
    """Returns the weights the model should have: weight × idf, without verdicts and sensitive
    themes."""
    used = WEIGHTS.copy()
    used[:, 3:] = 0
    return used * (np.log(6 / (1 + (used > 0).sum(axis=0))) + 1)


def test_praise_that_is_no_verdict_says_what_a_film_is() -> None:
    world = replace(
        catalogue(5, 5),
        tags=sparse(WEIGHTS),
        tag_facets=FACETS,
        tag_names=("sad", "war", "slow", "cult", "violence"),
    )
    near = fit_tags(world).similar(3)
    assert near[3] == pytest.approx(1, rel=1e-5)
    assert near[2] > near[0] > near[1] == 0


def test_cosine(model, rows) -> None:
    expected = rows[0] @ rows[4] / np.linalg.norm(rows[0]) / np.linalg.norm(rows[4])
    near = model.similar(0)
    assert near[4] == pytest.approx(expected, rel=1e-5)
    assert near[0] == pytest.approx(1, rel=1e-5)
    assert near[2] == 0
    assert np.isnan(near[3])


def test_jaccard(model, rows) -> None:
    expected = np.minimum(rows[0], rows[1]).sum() / np.maximum(rows[0], rows[1]).sum()
    assert model.similar(0, "jaccard")[1] == pytest.approx(expected, rel=1e-5)
    assert model.similar(0, "jaccard")[0] == pytest.approx(1, rel=1e-5)


def test_pearson(model, rows) -> None:
    expected = np.corrcoef(rows[0], rows[4])[0, 1]
    assert model.similar(0, "pearson")[4] == pytest.approx(expected, rel=1e-4)


def test_shared_tags_add_up_to_the_cosine(model) -> None:
    shared = model.shared_tags(0, 1)
    assert [column for column, _ in shared] == [0, 1]
    assert sum(amount for _, amount in shared) == pytest.approx(model.similar(0)[1], rel=1e-5)
    assert model.shared_tags(0, 2) == ()


def test_a_profile_is_drawn_by_love_and_pushed_by_dislike(model) -> None:
    loved = model.score(Query(films=[0], stars=[5]))
    assert loved[1] > loved[4] > loved[2] == 0
    hated = model.score(Query(films=[0], stars=[1]))
    assert hated[1] < hated[4] < 0
    assert np.isnan(
        model.score(Query(films=[0], stars=[3]))
    ).all()  # the tag "fine" carries no weight
    assert np.isnan(model.score(Query())).all()


def test_shelves_speak_alone(model) -> None:
    slow = model.score(Query(liked_tags=[2]))
    assert np.nanargmax(slow) == 2
    assert model.score(Query(disliked_tags=[2]))[2] < 0


@pytest.mark.parametrize("plain", [False, True])
def test_parts_add_up(model, plain: bool) -> None:
    model = model.plain_model if plain else model
    query = Query(films=[0, 2], stars=[5, 1], liked_tags=[1], disliked_tags=[2])
    scores = model.score(query)
    films = np.array([0, 1, 2, 4])
    _, tags = model.tag_parts(query, films)
    total = model.rating_parts(query, films).sum(axis=1) + tags.sum(axis=1)
    assert np.allclose(total, (scores - np.nanmean(scores))[films], atol=1e-5)


def test_no_tags_at_all() -> None:
    world = replace(catalogue(4, 5), tags=sparse(np.zeros((4, 5), np.float32)))
    model = fit_tags(world)
    assert np.isnan(model.score(Query(films=[1], stars=[5]))).all()
    assert np.isnan(model.similar(2, "jaccard")).all()


def test_alone_tags_are_a_linear_model_of_taste() -> None:
    """Without ratings of others, the scores are the posterior mean of tag weights with equal
    priors."""
    world = catalogue(60, seed=4)
    model = fit_tags(world)
    rows = np.flatnonzero(model.tagged)[:12]
    stars = np.random.default_rng(5).integers(1, 6, len(rows)).astype(float)
    used = np.asarray((model.weights.toarray() > 0).any(axis=0))
    table = world.tags.toarray().astype(float) * used
    table -= table[model.tagged].mean(axis=0)
    table /= np.sqrt((table[model.tagged] ** 2).sum(axis=1).mean())
    rated = table[rows]
    precision = rated.T @ rated / RATING_NOISE + np.eye(rated.shape[1])
    weights = np.linalg.solve(precision, rated.T @ (stars - 3) / RATING_NOISE)
    scores = model.plain_model.score(Query(films=rows, stars=stars))[model.tagged]
    expected = table[model.tagged] @ weights
    assert np.corrcoef(scores, expected)[0, 1] > 1 - 1e-6
    with_idf = model.score(Query(films=rows, stars=stars))[model.tagged]
    assert np.corrcoef(with_idf, expected)[0, 1] < 0.99
