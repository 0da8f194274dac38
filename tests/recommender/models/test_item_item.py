"""The item-item model, compared with its definition computed densely in double precision."""

import numpy as np
import pytest

from recommender.data import Query
from recommender.models.item_item import ItemItemConfig, ItemItemModel
from recommender.models.item_item_solver import fit_item_item
from recommender.numeric.arrays import Sparse, sparse

FILMS, PEOPLE, FEATURES = 30, 40, 6
PLAIN = ItemItemConfig(penalty=5.0, people=0.0, popularity_penalty=0.0)
LARGE, THIN = 700, 0.02  # enough films for several stripes and levels; most columns are thin


def stars(people: int = PEOPLE, seed: int = 0) -> Sparse:
    """Returns random stars of all films except the last two, which nobody has rated."""
    rng = np.random.default_rng(seed)
    cells = rng.integers(1, 11, (people, FILMS)) / 2 * (rng.random((people, FILMS)) < 0.3)
    cells[:, -2:] = 0
    return sparse(cells)


def features(seed: int = 1) -> Sparse:
    rng = np.random.default_rng(seed)
    cells = (rng.random((FEATURES, FILMS)) < 0.4).astype(float)
    cells[:, -1] = 0
    return sparse(cells)


def by_definition(matrix: Sparse, side: Sparse | None, config: ItemItemConfig) -> np.ndarray:
    """Returns (films, films) weights by the model's definition: the squares of each column are
    minimised on their own, without the column's own film."""
    x = matrix.toarray().astype(np.float64)
    count = (x > 0).sum(axis=1)
    x = np.where(x > 0, np.maximum((x - 1) / 4, config.floor), 0.0)
    x *= (np.maximum(count, 1) / np.median(count[count > 0]))[:, None] ** (-config.people / 2)
    if side is not None:
        weight = config.feature_weight_at(matrix.nnz / FILMS)
        x = np.vstack([x, weight * side.toarray()])
    gram = x.T @ x
    ridge = config.penalty + config.dropout / (1 - config.dropout) * np.diag(gram)
    weights = np.zeros_like(gram)
    for film in range(FILMS):
        rest = np.arange(FILMS) != film
        system = gram[np.ix_(rest, rest)] + np.diag(ridge[rest])
        weights[rest, film] = np.linalg.solve(system, gram[rest, film])
    return weights


def person(matrix: Sparse, row: int) -> Query:
    rated = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return Query(films=matrix.indices[rated], stars=matrix.data[rated])


def dense(model: ItemItemModel) -> np.ndarray:
    whole = np.zeros((FILMS, FILMS))
    whole[np.ix_(model.head, model.head)] = model.weights.toarray()
    return whole


@pytest.mark.parametrize("people", [12, PEOPLE])  # fewer people than films: the dual form
@pytest.mark.parametrize(
    "config",
    [
        PLAIN,
        ItemItemConfig(
            penalty=5.0, people=0.5, popularity_penalty=0.0, dropout=0.3, feature_weight=1.5
        ),
    ],
)
def test_weights_are_those_of_the_definition(people: int, config: ItemItemConfig) -> None:
    matrix, side = stars(people), features()
    expected = by_definition(matrix, side, config)
    model = fit_item_item(matrix, side, config)
    assert np.abs(dense(model) - expected).max() < 1e-5 * np.abs(expected).max()


def test_without_side_information_a_film_nobody_rated_is_silent() -> None:
    matrix = stars()
    model = fit_item_item(matrix, None, PLAIN)
    scores = model.score(person(matrix, 0))
    assert np.isnan(scores[-2:]).all()
    assert np.isfinite(scores[:-2]).all()


def test_side_information_speaks_of_a_film_nobody_rated() -> None:
    matrix = stars()
    scores = fit_item_item(matrix, features(), PLAIN).score(person(matrix, 0))
    assert np.isfinite(scores[-2])
    assert np.isnan(scores[-1])


def test_features_weigh_less_where_films_have_many_ratings() -> None:
    """Otherwise genres and words of titles would outweigh the few ratings of a rare film."""
    config = ItemItemConfig()
    assert config.feature_weight_at(0) == config.feature_weight
    assert config.feature_weight_at(config.dense_ratings) == pytest.approx(2.0)
    assert config.feature_weight_at(1000) == pytest.approx(config.dense_feature_weight, rel=0.01)
    fixed = ItemItemConfig(feature_weight=1.0)
    matrix = stars(4000)  # 1,200 ratings a film
    fitted = [dense(fit_item_item(matrix, features(), each)) for each in (config, fixed)]
    assert np.abs(fitted[0] - fitted[1]).max() < 0.01 * np.abs(fitted[1]).max()


def test_the_score_is_the_sum_of_wants_times_weights() -> None:
    matrix = stars()
    model = fit_item_item(matrix, features(), ItemItemConfig(penalty=5.0))
    query = person(matrix, 3)
    wants = np.maximum((query.stars - 1) / 4, 0.1)
    expected = wants @ dense(model)[query.films]
    covered = model.covered
    assert np.allclose(model.score(query)[model.head[covered]], expected[model.head[covered]])


def test_parts_add_up_to_the_score_above_the_mean() -> None:
    matrix = stars()
    model = fit_item_item(matrix, features(), ItemItemConfig(penalty=5.0, head=20, kept=8))
    query = person(matrix, 5)
    scores = model.score(query)
    films = model.head[model.covered]
    parts = model.rating_parts(model.contribution(query), films, len(query.films))
    assert parts.shape == (len(films), len(query.films))
    assert np.allclose(parts.sum(axis=1), scores[films] - scores[films].mean(), atol=1e-6)


def test_the_head_is_the_most_rated_and_each_film_keeps_its_greatest_weights() -> None:
    matrix = stars()
    model = fit_item_item(
        matrix, None, ItemItemConfig(penalty=5.0, head=10, kept=4, popularity_penalty=0.0)
    )
    count = np.bincount(matrix.indices, minlength=FILMS)
    assert len(model.head) == 10
    outside = np.setdiff1d(np.arange(FILMS), model.head)
    assert count[model.head].min() >= count[outside].max()
    assert (np.bincount(model.weights.indices, minlength=10) == 4).all()
    inside = sparse(matrix[:, model.head])
    full = fit_item_item(
        inside, None, ItemItemConfig(penalty=5.0, popularity_penalty=0.0)
    ).weights.toarray()
    for film in range(10):
        greatest = np.sort(np.argsort(-np.abs(full[:, film]))[:4])
        assert np.array_equal(np.flatnonzero(model.weights.toarray()[:, film]), greatest)


def test_evened_columns_are_scaled_the_widest_not_at_all() -> None:
    matrix = stars()
    plain = fit_item_item(matrix, None, PLAIN)
    popularity_penalty = fit_item_item(
        matrix, None, ItemItemConfig(penalty=5.0, people=0.0, popularity_penalty=0.5)
    )
    before, after = dense(plain), dense(popularity_penalty)
    x = matrix.toarray()
    x = np.where(x > 0, np.maximum((x - 1) / 4, 0.1), 0.0)
    spread = (x @ before).std(axis=0)
    covered = spread > 0.01 * spread.max()
    factor = (np.where(covered, spread, spread.max()) / spread.max()) ** -0.5
    assert np.allclose(after[:, covered], (before * factor)[:, covered], rtol=1e-4, atol=1e-7)


def test_another_order_of_people_changes_nothing() -> None:
    matrix = stars()
    other = sparse(matrix[np.random.default_rng(2).permutation(PEOPLE)])
    one, two = (fit_item_item(each, features()) for each in (matrix, other))
    assert np.allclose(dense(one), dense(two), atol=1e-6)


def test_over_other_rows() -> None:
    matrix = stars()
    model = fit_item_item(matrix, features(), PLAIN)
    rows = np.array([7, -1, 3, 29, 0])  # five films, of which one is new
    back = np.full(FILMS, -1)
    back[[7, 3, 29, 0]] = [0, 2, 3, 4]
    moved = model.over(rows, back)
    query = Query(films=[0, 1, 2], stars=[5, 4, 2])
    scores = moved.score(query)
    wants = np.array([1.0, 0.25])
    expected = wants @ dense(model)[[7, 3]][:, [7, 3, 0]]
    assert np.allclose(scores[[0, 2, 4]], expected, atol=1e-6)
    assert np.isnan(scores[1])


@pytest.mark.parametrize("matrix", [sparse((0, FILMS)), sparse((3, FILMS))])
def test_nobody_rated_anything(matrix: Sparse) -> None:
    model = fit_item_item(matrix, None)
    assert np.isnan(model.score(Query(films=[1], stars=[4]))).all()
    assert model.rating_parts(
        model.contribution(Query(films=[1], stars=[4])), np.array([2]), 1
    ).tolist() == [[0.0]]


def test_one_person_one_film() -> None:
    model = fit_item_item(sparse(([5.0], ([0], [4])), (1, FILMS)), None)
    scores = model.score(Query(films=[4], stars=[5]))
    assert not np.isinf(scores).any()
    assert np.isnan(scores[0])


def test_a_person_of_whom_nothing_is_known_is_met_with_silence() -> None:
    model = fit_item_item(stars(), None, PLAIN)
    assert np.isnan(model.score(Query())).all()
    assert np.isnan(model.score(Query(films=[FILMS - 1], stars=[5]))).all()


def large(people: int) -> Sparse:
    """Returns stars of a few films with many ratings and many films with few ratings."""
    rng = np.random.default_rng(3)
    share = np.where(np.arange(LARGE) % 9 == 0, 0.3, THIN)
    return sparse(rng.integers(1, 11, (people, LARGE)) / 2 * (rng.random((people, LARGE)) < share))


@pytest.mark.parametrize("people", [400, 1500])  # the dual form, and the primal form
def test_blocks_stripes_and_halves_fit_together(
    people: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "recommender.models.item_item_solver.BLOCK_NUMBERS", 1 << 16
    )  # many blocks of rows and of columns
    matrix = large(people)
    config = ItemItemConfig(penalty=5.0, grown=0.0, people=0.0, popularity_penalty=0.0, dropout=0.2)
    x = matrix.toarray().astype(np.float64)
    x = np.where(x > 0, np.maximum((x - 1) / 4, config.floor), 0.0)
    gram = x.T @ x
    inverse = np.linalg.inv(gram + np.diag(5.0 + 0.25 * np.diag(gram)))
    expected = -inverse / np.diag(inverse)
    np.fill_diagonal(expected, 0.0)
    weights = fit_item_item(matrix, None, config).weights.toarray()
    assert np.abs(weights - expected).max() < 2e-5 * np.abs(expected).max()


def test_the_penalty_grows_with_the_people() -> None:
    matrix = large(4000)
    grown = fit_item_item(matrix, None, ItemItemConfig(penalty=5.0, grown=0.5))
    same = fit_item_item(matrix, None, ItemItemConfig(penalty=10.0, grown=0.0))
    assert np.array_equal(grown.weights.toarray(), same.weights.toarray())
    few = sparse(matrix[:900])
    grown = fit_item_item(few, None, ItemItemConfig(penalty=5.0, grown=0.5))
    same = fit_item_item(few, None, ItemItemConfig(penalty=5.0, grown=0.0))
    assert np.array_equal(grown.weights.toarray(), same.weights.toarray())


@pytest.mark.parametrize("people", [400, 1500])
def test_progress_is_told_step_by_step(people: int) -> None:
    reports: list[tuple[int, int]] = []
    fit_item_item(large(people), None, progress=lambda *at: reports.append(at))
    steps = reports[-1][1]
    assert reports == [(done, steps) for done in range(1, steps + 1)]
