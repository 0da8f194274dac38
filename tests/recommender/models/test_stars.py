"""The rating model, compared with dense algebra and with invented data whose answer is known, and
given odd input."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.data import Interactions, Query, Vocabulary, interactions
from recommender.datasets.folder import read_folder
from recommender.errors import DataError
from recommender.models.gibbs import NOISE_SHAPES, _Half
from recommender.models.item_features import ItemFeatures
from recommender.models.star_draws import Chain, SamplerFeatures
from recommender.models.star_features import directions, star_side
from recommender.models.star_fit import StarConfig, fit_stars
from recommender.models.stars import StarModel
from recommender.numeric.arrays import sparse
from tests.movielens import FOLDER, needs_movielens

QUICK = StarConfig(factors=3, sweeps=24, people_width=4, film_width=4)
EVERYTHING = np.arange(20)


def world(people: int = 120, films: int = 80, seed: int = 0, noise: float = 0.5) -> Interactions:
    """Returns stars of about a third of the pairs, from two factors, biases and noise."""
    rng = np.random.default_rng(seed)
    truth = 3.2 + rng.normal(0, 0.4, (people, 1)) + rng.normal(0, 0.5, (1, films))
    truth += rng.normal(0, 0.6, (people, 2)) @ rng.normal(0, 0.8, (2, films))
    person, film = np.nonzero(rng.random((people, films)) < 0.35)
    stars = np.clip(truth[person, film] + rng.normal(0, noise, len(person)), 0.5, 5)
    return interactions(person + 100, film + 9000, stars)


def halves(ratings: Interactions, seed: int = 1) -> tuple[Interactions, Interactions]:
    """Returns nine tenths and one tenth of the ratings, over the same vocabularies."""
    order = np.random.default_rng(seed).permutation(len(ratings))
    cut = len(order) // 10
    return some(ratings, order[cut:]), some(ratings, order[:cut])


def some(ratings: Interactions, cells: np.ndarray) -> Interactions:
    return replace(
        ratings,
        person=ratings.person[cells],
        film=ratings.film[cells],
        stars=ratings.stars[cells],
        when=ratings.when[cells],
    )


def small(seed: int = 3) -> StarModel:
    return fit_stars(world(25, 20, seed), QUICK, np.random.default_rng(seed))


def rmse(predicted: np.ndarray, stars: np.ndarray) -> float:
    return float(np.sqrt(np.mean((predicted - stars) ** 2)))


# What it learns.


def test_it_finds_tastes_and_knows_how_sure_it_is() -> None:
    train, test = halves(world())
    config = StarConfig(factors=4, sweeps=80)
    model = fit_stars(train, config, np.random.default_rng(0))
    flat = fit_stars(train, replace(config, factors=0), np.random.default_rng(0))
    predicted = model.predict_with_spread(test.person, test.film)
    error = rmse(predicted.expected, test.stars)
    assert error < 0.62  # the noise alone has 0.5
    assert error < 0.8 * rmse(flat.predict(test.person, test.film), test.stars)
    surprise = (test.stars - predicted.expected) / predicted.spread
    assert 0.8 < np.mean(surprise**2) < 1.25
    assert (predicted.doubt <= predicted.spread).all()


def test_a_person_whose_stars_scatter_has_a_wider_spread() -> None:
    ratings = world(seed=5, noise=0.2)
    rng = np.random.default_rng(0)
    wild = ratings.person < 20
    stars = np.where(wild, rng.choice([0.5, 2.0, 3.5, 5.0], len(ratings)), ratings.stars)
    model = fit_stars(replace(ratings, stars=stars.astype(np.float32)), QUICK, rng)
    film = np.zeros(40, int)
    spread = model.predict_with_spread(np.arange(40), film).spread
    assert spread[:20].min() > 1.5 * np.median(spread[20:])


def test_side_information_places_films_nobody_rated() -> None:
    """People in even rows love films in even rows, odd rows odd ones. A new film only shows which
    it is."""
    rng = np.random.default_rng(0)
    person, film = np.nonzero(rng.random((40, 60)) < 0.4)
    seen = film < 50
    person, film = person[seen], film[seen]
    stars = np.where(person % 2 == film % 2, 4.2, 1.5) + rng.normal(0, 0.2, len(person))
    ratings = interactions(person, film, stars, films=Vocabulary(np.arange(60)))
    kinds = np.zeros((2, 60), np.float32)
    kinds[np.arange(60) % 2, np.arange(60)] = 1
    side = ItemFeatures(sparse(kinds), {"kind": 2})
    model = fit_stars(ratings, QUICK, rng, side=side)
    pairs = np.array([(p, f) for p in range(40) for f in range(50, 60)])
    predicted = model.predict(pairs[:, 0], pairs[:, 1])
    same = pairs[:, 0] % 2 == pairs[:, 1] % 2
    assert predicted[same].min() > predicted[~same].max() + 1.0
    blind = fit_stars(ratings, QUICK, rng).predict(pairs[:, 0], pairs[:, 1])
    assert abs(blind[same].mean() - blind[~same].mean()) < 0.3


@pytest.mark.parametrize("blocks", [{}, {"kind": 2}])
def test_side_information_that_says_nothing_is_none(blocks: dict[str, int]) -> None:
    ratings = interactions([1, 1, 2], [3, 4, 4], [4, 2, 5], films=Vocabulary(EVERYTHING))
    side = ItemFeatures(sparse((sum(blocks.values()), 20)), blocks)
    model = fit_stars(ratings, QUICK, np.random.default_rng(0), side=side)
    predicted = model.predict([0] * 20, EVERYTHING)
    assert np.isfinite(predicted).all()
    assert np.ptp(np.delete(predicted, [3, 4])) < 1e-6


# The arithmetic.


def test_a_column_is_drawn_from_its_exact_posterior() -> None:
    """Values whose feature weights are integrated out are compared with the dense Gaussian."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(6, 3))
    data, aim = rng.uniform(0.5, 4, 6), rng.normal(0, 3, 6)
    precision, shrinkage, mean = 2.0, np.array([1.5, 1.5, 0.7]), 0.4
    drawn = []
    for _round in range(6000):
        half = _Half(SamplerFeatures(rows, rows[:0], (2, 1)), 1, 2, rng)
        half.mean[0], half.precision[0] = mean, precision
        half.shrinkage[:, 0] = [1.5, 0.7]
        drawn.append(half.draw(0, data, aim, rng))
    prior = np.eye(6) / precision + rows @ np.diag(1 / shrinkage) @ rows.T
    covariance = np.linalg.inv(np.linalg.inv(prior) + np.diag(data))
    expected = covariance @ (aim + np.linalg.solve(prior, np.full(6, mean)))
    found = np.array(drawn)
    error = np.sqrt(np.diag(covariance) / len(drawn))
    assert (np.abs(found.mean(axis=0) - expected) < 5 * error).all()
    assert np.allclose(np.cov(found.T), covariance, atol=0.05 * covariance.max())


def test_directions_span_what_matters_most() -> None:
    rng = np.random.default_rng(0)
    known = rng.normal(size=(40, 3)) @ rng.normal(size=(3, 30)) + 0.01 * rng.normal(size=(40, 30))
    found = directions(sparse(known), 3, rng)
    exact = np.linalg.svd(known)[2][:3]
    assert np.allclose(np.linalg.svd(exact @ found)[1], 1.0, atol=1e-4)
    assert np.allclose(found.T @ found, np.eye(3), atol=1e-9)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(0, 20))
def test_folding_in_solves_the_same_equations(seed: int, count: int) -> None:
    model, rng = MODEL, np.random.default_rng(seed)
    films, stars = rng.permutation(20)[:count], rng.integers(1, 11, count) / 2
    place = model.fold_in(Query(films=films, stars=stars))
    draws = model.draws
    assert draws is not None
    for one in (0, len(draws.centre) - 1):
        values = draws.films.values[one][model.film_place[films]].astype(float)
        design = np.column_stack([values[:, :-1], np.ones(count)])
        wants = stars - draws.centre[one] - values[:, -1]
        seen = np.zeros(20)
        seen[films] = 1 / np.sqrt(max(1, count))
        prior = draws.people.mean[one] + (seen @ model.basis) @ draws.people.weights[one]
        own, steady = np.diag(draws.people.precision[one]), draws.typical_precision[one]
        for _round in range(2):  # the second pass uses this person's own noise
            precision = own + steady * design.T @ design
            mean = np.linalg.solve(precision, own @ prior + steady * design.T @ wants)
            left = ((wants - design @ mean) ** 2).sum()
            left += np.trace(design @ np.linalg.inv(precision) @ design.T)
            shape = draws.shape[one]
            noise = (shape / draws.typical_precision[one] + left / 2) / (shape + count / 2)
            steady = 1 / noise
        assert np.allclose(place.mean[one], mean, rtol=1e-6, atol=1e-9)
        assert np.allclose(place.covariance[one] @ precision, np.eye(len(mean)), atol=1e-6)
        assert place.noise[one] == pytest.approx(noise, rel=1e-6)


def test_a_person_folded_in_is_told_what_a_fitted_one_is() -> None:
    ratings = world()
    model = fit_stars(ratings, StarConfig(factors=4, sweeps=80), np.random.default_rng(0))
    for row in range(5):
        own = ratings.person == row
        place = model.fold_in(Query(films=ratings.film[own], stars=ratings.stars[own]))
        films = np.arange(80)
        folded, fitted = (
            model.predict_place(place, films).expected,
            model.predict([row] * 80, films),
        )
        assert rmse(folded, fitted) < 0.15


def test_ratings_take_doubt_away() -> None:
    ratings = world()
    model = fit_stars(ratings, StarConfig(factors=4, sweeps=60), np.random.default_rng(0))
    doubts = [
        model.predict_place(
            model.fold_in(Query(films=np.arange(n), stars=np.full(n, 4.0))), np.arange(60, 80)
        ).doubt.mean()
        for n in (0, 5, 50)
    ]
    assert doubts[0] > doubts[1] > doubts[2]
    stranger = model.predict_with_spread([-1] * 20, np.arange(60, 80))
    nobody = model.predict_place(model.fold_in(Query()), np.arange(60, 80))
    assert rmse(stranger.expected, nobody.expected) < 1e-5


def test_films_that_nobody_rated_are_in_honest_doubt() -> None:
    """Their features say a part of what they are. The rest is unknown, and counts as doubt."""
    ratings, rng = world(noise=0.3), np.random.default_rng(3)
    hidden = ratings.film < 20
    kinds = sparse(rng.integers(0, 2, (3, 80)).astype(np.float32))
    side = ItemFeatures(kinds, {"kind": 3})
    config = StarConfig(factors=4, sweeps=60)
    model = fit_stars(some(ratings, np.flatnonzero(~hidden)), config, rng, side=side)
    place = model.fold_in(Query())
    person, film, stars = ratings.person[hidden], ratings.film[hidden], ratings.stars[hidden]
    for films in (film, np.full(len(film), -1)):
        predicted = model.predict_with_spread(person, films)
        assert 0.7 < np.mean(((stars - predicted.expected) / predicted.spread) ** 2) < 1.3
    doubts = [model.predict_place(place, rows).doubt for rows in (np.arange(20, 80), np.arange(20))]
    assert doubts[0].mean() < 0.9 * doubts[1].mean()


def test_a_model_without_people_predicts_the_same_for_whoever_asks() -> None:
    whole = fit_stars(world(), QUICK, np.random.default_rng(0))
    served = whole.without_people(1 << 20)
    query = Query(films=[1, 5, 9, 70], stars=[5, 2, 4.5, 1])
    there, here = (
        model.predict_place(model.fold_in(query), np.arange(80)) for model in (whole, served)
    )
    assert np.allclose(there.expected, here.expected, atol=0.01)
    assert np.allclose(there.spread, here.spread, atol=0.01)
    assert served.draws is not None
    assert served.draws.people.values.shape[1] == 1
    assert not len(served.draws.noise)
    tight = whole.without_people(2 * 81 * 4 * 5)
    assert tight.draws is not None
    assert len(tight.draws.centre) == 5


def test_films_that_came_later_are_unknown() -> None:
    model = fit_stars(world(25, 20), QUICK, np.random.default_rng(0))
    moved = model.over(np.array([-1, 7, 3]))
    there = model.predict_place(model.fold_in(Query(films=[3], stars=[4])), [-1, 7])
    here = moved.predict_place(moved.fold_in(Query(films=[2, 0], stars=[4, 1])), [0, 1])
    assert np.array_equal(there.expected, here.expected)


# Order, seeds and bounds.


def test_the_order_of_people_films_and_ratings_changes_nothing() -> None:
    ratings = world(25, 20)
    kinds = sparse(np.random.default_rng(1).random((5, 20)).astype(np.float32))
    rng = np.random.default_rng(8)
    people, films, cells = rng.permutation(25), rng.permutation(20), rng.permutation(len(ratings))
    moved = Interactions(
        Vocabulary(ratings.people.ids(people)),
        Vocabulary(ratings.films.ids(films)),
        np.argsort(people)[ratings.person[cells]].astype(np.int32),
        np.argsort(films)[ratings.film[cells]].astype(np.int32),
        ratings.stars[cells],
        ratings.when[cells],
    )
    blocks = {"first": 2, "second": 3}
    first = fit_stars(ratings, QUICK, np.random.default_rng(2), side=ItemFeatures(kinds, blocks))
    again = fit_stars(
        moved, QUICK, np.random.default_rng(2), side=ItemFeatures(sparse(kinds[:, films]), blocks)
    )
    person, film = (places.ravel() for places in np.indices((25, 20)))
    predicted = first.predict(person, film)
    assert np.allclose(
        predicted, again.predict(np.argsort(people)[person], np.argsort(films)[film]), atol=1e-9
    )


def test_the_same_seed_gives_the_same_model_and_progress_is_told() -> None:
    reports: list[tuple[int, int]] = []
    first = fit_stars(
        world(25, 20), QUICK, np.random.default_rng(2), lambda *at: reports.append(at)
    )
    again = fit_stars(world(25, 20), QUICK, np.random.default_rng(2))
    other = fit_stars(world(25, 20), QUICK, np.random.default_rng(3))
    films = EVERYTHING
    assert np.array_equal(first.predict(films, films), again.predict(films, films))
    assert not np.array_equal(first.predict(films, films), other.predict(films, films))
    assert reports == [(at + 1, 24) for at in range(24)]


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 10)), min_size=0, max_size=40
    ),
    st.integers(0, 100),
)
def test_every_answer_is_a_number_within_the_stars_given(
    cells: list[tuple[int, int, int]], seed: int
) -> None:
    person, film, halfs = np.array(cells, np.int64).reshape(-1, 3).T
    ratings = interactions(person, film, halfs / 2, films=Vocabulary(np.arange(9)))
    model = fit_stars(ratings, replace(QUICK, sweeps=6), np.random.default_rng(seed))
    rows = np.arange(-1, len(ratings.people))
    pairs = np.array([(p, f) for p in rows for f in range(-1, 9)])
    place = model.fold_in(Query(films=[0, 8, -1], stars=[5, 0.5, 3]))
    lowest, highest = (halfs.min() / 2, halfs.max() / 2) if len(halfs) else (0.5, 5.0)
    for predicted in (
        model.predict_with_spread(pairs[:, 0], pairs[:, 1]),
        model.predict_place(place, np.arange(-1, 9)),
    ):
        assert np.isfinite([predicted.expected, predicted.doubt, predicted.spread]).all()
        assert (predicted.expected >= lowest).all()
        assert (predicted.expected <= highest).all()
        assert (predicted.spread > 0).all()


# Odd input.

CASES = {
    "no ratings": ([], [], []),
    "one rating": ([1], [3], [4]),
    "one person": ([1] * 20, EVERYTHING, EVERYTHING % 9 / 2 + 0.5),
    "one film": (EVERYTHING, [4] * 20, EVERYTHING % 9 / 2 + 0.5),
    "all the same stars": (np.repeat(EVERYTHING, 20), np.tile(EVERYTHING, 20), np.full(400, 4)),
    "twice with different stars": ([1, 1, 1], [2, 2, 2], [1, 5, 3]),
}


@pytest.mark.parametrize("case", CASES)
def test_odd_ratings_are_handled(case: str) -> None:
    person, film, stars = CASES[case]
    ratings = interactions(person, film, stars, films=Vocabulary(EVERYTHING))
    model = fit_stars(ratings)
    predicted = model.predict_with_spread(np.full(21, -1), np.arange(-1, 20))
    assert np.isfinite([predicted.expected, predicted.doubt, predicted.spread]).all()
    if case == "all the same stars":
        assert (predicted.expected == 4).all()
    if case == "twice with different stars":
        assert model.predict([0], [2]) == 3
    if case == "no ratings":
        assert (predicted.expected == 2.75).all()


def test_many_films_and_three_ratings() -> None:
    ratings = interactions([1, 2, 3], [0, 1, 2], [5, 4, 3], films=Vocabulary(np.arange(100_000)))
    model = fit_stars(ratings, QUICK)
    predicted = model.predict(np.zeros(100_000, int), np.arange(100_000))
    assert np.isfinite(predicted).all()
    assert model.draws is not None
    assert model.draws.films.values.shape[1] == 4  # only films with ratings take space


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(DataError, match="rating-model-row"):
        MODEL.predict([0], [20])
    with pytest.raises(DataError, match="rating-model-row"):
        MODEL.predict([-2], [0])
    with pytest.raises(DataError, match="pairs-differ-in-length"):
        MODEL.predict([0, 1], [0])
    with pytest.raises(DataError, match="side-information-columns"):
        fit_stars(world(5, 5), QUICK, side=ItemFeatures(sparse((2, 3)), {"kind": 2}))
    with pytest.raises(DataError, match=r"rating-model-setting .setting=sweeps"):
        StarConfig(sweeps=0)


def test_the_chain_grows_with_the_ratings_and_stays_within_memory() -> None:
    config = StarConfig()
    few, many, huge = (config.sized(n, 10_000) for n in (100_000, 1_000_000, 25_000_000))
    assert few.factors < many.factors
    assert huge.factors * huge.sweeps < many.factors * many.sweeps
    assert config.sized(25_000_000, 220_000).draws * 220_000 * 13 * 4 <= config.memory
    assert Chain(4, 30, 10, 5).kept() == {13, 17, 21, 25, 29}
    assert Chain(4, 1, 0, 64).kept() == {0}
    assert NOISE_SHAPES[0] >= 1


@needs_movielens
@pytest.mark.soak  # prints figures; `matinee evaluate rating` prints many more
def test_it_predicts_movielens_as_well_as_the_best_libraries() -> None:
    """The first of the three reference splits, with a shorter chain than the one that is served."""
    folder = read_folder(FOLDER)
    ratings = folder.ratings
    order = np.random.RandomState(0).permutation(len(ratings))
    cut = len(order) // 10
    train, test = some(ratings, order[cut:]), some(ratings, order[:cut])
    side = star_side(folder.catalogue)
    model = fit_stars(train, StarConfig(factors=8, sweeps=50), np.random.default_rng(0), side=side)
    assert rmse(model.predict(test.person, test.film), test.stars) <= 0.832


MODEL = small()
