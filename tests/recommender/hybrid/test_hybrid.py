"""The ranking model: its parts add up, weights grow, the order of rows does not matter, and it can
be stored."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.data import Query
from recommender.data.preferences import preferences
from recommender.hybrid.components import growth
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.explanation import explain
from recommender.hybrid.fit import MIDDLE_RATINGS, SMALL_RATINGS, fit_ranking, plan
from recommender.hybrid.model import RankingModel
from recommender.hybrid.serialize import arrays, from_arrays, move_ranking
from recommender.hybrid.slices import HELD_OUT_SHARE, hold_out, sample_people
from recommender.hybrid.tuning import TRIALS, choose
from recommender.models.als import AlsConfig
from recommender.models.popularity import fit_popularity
from recommender.numeric.arrays import sparse
from recommender.pipeline.long_tail import LongTailPlace, gap, long_tail_by_count, margin
from tests.recommender.worlds import catalogue, checkerboard, permuted, ratings, uneven
from tests.soak.process import scaled

SMALL_FIT = RankingConfig(als=AlsConfig(rounds=6), sizes=(4, 8), tag_weight=0.2, trusted_people=0.0)


def fitted(films: int = 60, people: int = 50, config: RankingConfig = SMALL_FIT) -> RankingModel:
    world = catalogue(films)
    matrix = ratings(world, people).utility_matrix()
    return fit_ranking(world, matrix, config, np.random.default_rng(0))


@pytest.fixture(scope="module")
def model() -> RankingModel:
    return fitted()


def somebody(rng: np.random.Generator, films: int = 60, tags: int = 20) -> Query:
    rated = rng.permutation(films)[: rng.integers(0, 30)]
    return Query(
        films=rated,
        stars=rng.integers(1, 11, len(rated)) / 2,
        liked_tags=rng.permutation(tags)[: rng.integers(0, 3)],
        disliked_tags=rng.permutation(tags)[: rng.integers(0, 2)],
        mood=rng.permutation(tags)[: rng.integers(0, 2)],
        adventurousness=float(rng.random()),
        wanted=rng.permutation(films)[: rng.integers(0, 3)],
        unwanted=rng.permutation(films)[: rng.integers(0, 3)],
        chosen=tuple(rng.permutation(films)[:9] for _ in range(rng.integers(0, 3))),
    )


@pytest.mark.parametrize(
    "people", [150, pytest.param(scaled(1000, at_least=150), marks=pytest.mark.soak)]
)
def test_parts_add_up(model: RankingModel, people: int) -> None:
    rng = np.random.default_rng(4)
    for _ in range(people):
        query = somebody(rng)
        blended = model.blend(query)
        films = np.argsort(-blended.score)[:3]
        for film, parts in zip(films, explain(model, blended, query, films), strict=True):
            total = sum(part.amount for part in parts)
            size = max(abs(blended.score[film]), 0.1 * sum(abs(part.amount) for part in parts))
            assert abs(total - blended.score[film]) <= 1e-5 * size
            assert parts[0].kind == "popularity"
            assert {part.ref for part in parts if part.kind == "rating"} <= set(query.films)


def test_never_a_nan(model: RankingModel) -> None:
    rng = np.random.default_rng(5)
    everything = Query(films=np.arange(60), stars=np.full(60, 5.0))
    for query in [Query(), everything, *(somebody(rng) for _ in range(50))]:
        assert np.isfinite(model.score(query)).all()


def test_films_of_each_chosen_kind_are_raised_to_the_best(model: RankingModel) -> None:
    worst = np.argsort(model.score(Query()))
    kinds = (np.sort(worst[:8]), np.sort(worst[8:16]))
    scores = model.score(Query(chosen=kinds))
    first = np.argsort(-scores)[:16]
    assert set(first) == {*kinds[0], *kinds[1]}
    means = [scores[kind].mean() for kind in kinds]
    assert means[0] == pytest.approx(means[1])
    parts = explain(model, model.blend(Query(chosen=kinds)), Query(chosen=kinds), first[:1])[0]
    (part,) = [part for part in parts if part.kind == "chosen"]
    assert first[0] in kinds[part.ref]


def test_chosen_kinds_fade_as_a_person_rates(model: RankingModel) -> None:
    def raised(count: int) -> float:
        films = np.arange(count)
        return model.blend(
            Query(films=films, stars=np.full(count, 4.0), chosen=(np.arange(40, 60),))
        ).chosen[0]

    assert raised(0) > raised(20) > raised(59)


def test_a_stranger_gets_what_is_popular(model: RankingModel) -> None:
    assert np.allclose(model.score(Query()), model.config.popular * model.famous)
    assert [
        part.kind for part in explain(model, model.blend(Query()), Query(), np.array([3]))[0]
    ] == ["popularity"]


def test_voices_grow_with_what_is_known(model: RankingModel) -> None:
    weights = []
    leads = []
    for n in (1, 5, 20, 50):
        blended = model.blend(Query(films=np.arange(n), stars=np.full(n, 4.0)))
        leads += [
            component.weight for component in blended.components if component.name == "newcomer"
        ]
        by_name = dict.fromkeys(("item", "factors"), 0.0)
        for component in blended.components:
            if component.name in by_name:
                by_name[component.name] += component.weight
        weights.append((by_name["item"], by_name["factors"], -blended.popularity_weight))
    assert (np.diff(np.array(weights), axis=0) > 0).all()
    assert leads[0] > sum(
        weights[0][:2]
    )  # the newcomer model leads at first and hands over its lead
    assert (np.diff(leads) < 0).all()


def half_rated(unrated_density: float) -> RankingModel:
    """Returns a model of sixty films, the last thirty of which nobody rated."""
    world = catalogue(60)
    stars = ratings(world, 50).utility_matrix().toarray()
    stars[:, 30:] = 0
    config = replace(SMALL_FIT, unrated_density=unrated_density, content=0.0, tag_weight=0.0)
    return fit_ranking(world, sparse(stars), config, np.random.default_rng(0))


def test_a_film_that_nobody_rated_says_more_where_films_have_many_ratings() -> None:
    silent, spoken = half_rated(1e9), half_rated(1e-9)
    assert silent.unrated_share == pytest.approx(0)
    assert spoken.unrated_share == pytest.approx(1)
    density = float(silent.popularity.count.sum()) / 60
    assert half_rated(density).unrated_share == pytest.approx(0.5)
    query = Query(films=np.arange(12), stars=np.tile([5.0, 2.0], 6))
    for name in ("factors", "newcomer"):
        before, after = (
            [each for each in model.blend(query).components if each.name == name]
            for model in (silent, spoken)
        )
        assert before, name
        for one, other in zip(before, after, strict=True):
            assert one.covered[:30].all()
            assert np.allclose(other.covered, 1)
            assert np.allclose(one.covered[30:], 0)
            assert one.centre == other.centre > 0
    first, second = silent.score(query), spoken.score(query)
    assert np.allclose(first[:30], second[:30]), "films with ratings keep their scores"
    assert (second[30:] < first[30:]).all(), "zero factors lie below the mean film"


def test_parts_add_up_for_films_that_nobody_rated() -> None:
    model = half_rated(15.0)
    assert 0.1 < model.unrated_share < 0.9
    query = Query(films=np.arange(9), stars=np.tile([5.0, 2.0, 4.0], 3), unseen=np.arange(12, 15))
    blended = model.blend(query)
    films = np.arange(25, 35)
    for film, parts in zip(films, explain(model, blended, query, films), strict=True):
        total = sum(part.amount for part in parts)
        assert total == pytest.approx(blended.score[film], abs=1e-4)


def test_the_popularity_penalty_starts_at_ten_ratings() -> None:
    model = fitted(people=25)
    raters = np.expm1(model.popularity.reach)
    few = raters < 10
    assert 3 < few.sum() < 57, "the world has both kinds"
    assert np.ptp(model.penalised[few]) == 0
    assert np.allclose(model.penalised[~few], model.reach[~few])
    assert (model.penalised[few] > model.reach[few]).all()
    query = Query(films=np.arange(30), stars=np.tile([5.0, 3.0], 15))
    blended = model.blend(query)
    assert blended.penalty > 0
    assert blended.dial == 0
    other = replace(model, config=replace(model.config, popularity_penalty=0.0)).blend(query)
    assert np.allclose(other.score - blended.score, blended.penalty * model.penalised)


def test_growth_is_half_at_its_half() -> None:
    assert growth(0, 12) == 0
    assert growth(12, 12) == 0.5
    assert growth(1000, 12) > 0.99


def test_fold_in_agrees_with_a_dense_solve(model: RankingModel) -> None:
    rng = np.random.default_rng(6)
    largest = model.factors[-1]
    films = largest.films.astype(np.float64)
    for _ in range(30):
        query = somebody(rng)
        known = query.films[largest.rated[query.films]]
        wants = preferences(query.stars[largest.rated[query.films]], largest.config.floor)
        weight = np.full(len(films), largest.config.unseen)
        weight[known] += 1.0
        target = np.zeros(len(films))
        target[known] = wants
        c = largest.config
        penalty = c.penalty * max(len(known) + c.unseen * largest.placed, 1.0) ** c.frequency
        system = (films * weight[:, None]).T @ films + penalty * np.eye(films.shape[1])
        place = model.fold_in(query)
        assert place is not None
        assert np.allclose(place.mean, np.linalg.solve(system, films.T @ target), rtol=1e-6)
        assert np.allclose(place.covariance, np.linalg.inv(system), rtol=1e-6)


def test_closed_form_calibration_is_the_calibration(model: RankingModel) -> None:
    query = Query(films=np.arange(30), stars=np.full(30, 4.0))
    blended = model.blend(query)
    components = [component for component in blended.components if component.name == "factors"]
    for component, factors, place in zip(components, model.factors, blended.places, strict=True):
        raw = (factors.films.astype(np.float64) @ place.mean)[model.rated]
        assert component.centre == pytest.approx(raw.mean(), rel=1e-4)
        assert component.spread == pytest.approx(raw.std(), rel=1e-4)


def test_another_order_of_films_or_people_gives_the_same_scores() -> None:
    world = catalogue(60)
    given = ratings(world, 50)
    order = np.random.default_rng(9).permutation(60)
    places = np.argsort(order)
    matrix = given.utility_matrix()
    query = Query(films=[1, 2, 3, 40, 41, 42, 43, 44], stars=[5, 1, 3, 4, 4.5, 2, 5, 3.5])
    asked = replace(query, films=places[query.films])
    plain = fit_ranking(world, matrix, SMALL_FIT, np.random.default_rng(0)).score(query)
    other = sparse(matrix[:, order])
    turned = fit_ranking(permuted(world, order), other, SMALL_FIT, np.random.default_rng(0))
    assert np.allclose(plain, turned.score(asked)[places], rtol=1e-4, atol=1e-4)
    people = sparse(matrix[np.random.default_rng(2).permutation(matrix.shape[0])])
    shuffled = fit_ranking(world, people, SMALL_FIT, np.random.default_rng(0))
    assert np.allclose(plain, shuffled.score(query), rtol=1e-4, atol=1e-4)


def test_the_same_seed_gives_the_same_model(model: RankingModel) -> None:
    query = Query(films=[1, 5, 9], stars=[5, 4, 1])
    assert np.array_equal(model.score(query), fitted().score(query))


def test_the_dial_turns_towards_the_little_known(model: RankingModel) -> None:
    films = np.arange(15)
    means = []
    for dial in (0.0, 0.25, 0.5, 0.75, 1.0):
        query = Query(films=films, stars=np.full(15, 4.0), adventurousness=dial)
        top = np.argsort(-model.score(query))[:10]
        means.append(model.popularity.count[top].mean())
    assert (np.diff(means) <= 0).all()
    assert means[0] > means[-1]


def test_genres_alone_say_nothing_to_a_person_with_many_ratings() -> None:
    """They would outweigh the ratings of films that few people rated."""
    world = catalogue(60)
    given = ratings(world, 50).utility_matrix()
    for tags, heard in ((world.tags, True), (sparse(world.tags.shape), False)):
        films = replace(world, tags=tags)
        model = fit_ranking(films, given, SMALL_FIT, np.random.default_rng(0))
        blended = model.blend(Query(films=np.arange(40), stars=np.full(40, 4.0)))
        assert ("tags" in [component.name for component in blended.components]) == heard


def test_checkerboard() -> None:
    world, given = checkerboard()
    config = replace(SMALL_FIT, item=replace(SMALL_FIT.item, penalty=5.0), item_half=5.0)
    config = replace(config, content=0.0)  # the tags of this world are random
    model = fit_ranking(world, given.utility_matrix(), config, np.random.default_rng(0))
    for person in range(20):
        theirs = given.film[given.person == person]
        scores = model.score(Query(films=theirs, stars=np.full(len(theirs), 5.0)))
        others = np.setdiff1d(np.arange(20), theirs)
        assert others[np.argmax(scores[others])] == person


def test_stored_and_read_again(model: RankingModel) -> None:
    again = from_arrays(
        {"count": model.popularity.count, **arrays(model)},
        model.popularity,
        catalogue(60),
        model.config,
        np.arange(60),
    )
    query = Query(films=[1, 5, 9, 30], stars=[5, 4, 1, 3], liked_tags=[2])
    assert np.array_equal(model.score(query), again.score(query))
    assert not any(array.dtype == object for array in arrays(model).values())


def test_moved_to_a_catalogue_that_gained_and_lost_films(model: RankingModel) -> None:
    rows = np.array([-1, *range(59, 9, -1), -1])
    world = catalogue(60)
    grown = catalogue(len(rows), seed=3)
    counts = fit_popularity(grown, None)
    known = rows >= 0
    count, total = np.zeros(len(rows)), np.zeros(len(rows))
    count[known] = model.popularity.count[rows[known]]
    total[known] = model.popularity.total[rows[known]]
    other = move_ranking(model, replace(counts, count=count, total=total), grown, rows)
    query = Query(films=[5, 6, 0], stars=[5, 2, 4])
    blended = other.blend(query)
    assert np.isfinite(blended.score).all()
    before = model.factors[-1].score(Query(films=rows[[5, 6]], stars=[5, 2]))
    after = other.factors[-1].score(replace(query, films=query.films[:2], stars=query.stars[:2]))
    assert np.allclose(after[known], before[rows[known]], rtol=1e-5, atol=1e-7, equal_nan=True)
    assert len(world) == 60


@pytest.mark.parametrize(("people", "share"), [(0, 0.3), (1, 0.0), (1, 0.5), (3, 1.0)])
def test_degenerate_worlds(people: int, share: float) -> None:
    world = catalogue(20)
    matrix = ratings(world, people, share=share).utility_matrix()
    model = fit_ranking(world, matrix, SMALL_FIT, np.random.default_rng(0))
    rng = np.random.default_rng(1)
    for query in [Query(), *(somebody(rng, 20) for _ in range(10))]:
        blended = model.blend(query)
        assert np.isfinite(blended.score).all()
        parts = explain(model, blended, query, np.arange(20))
        totals = [sum(part.amount for part in mine) for mine in parts]
        assert np.allclose(totals, blended.score, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("films", [1, 2, 30])
@pytest.mark.parametrize("raters", [1, 4])
def test_parts_add_up_if_all_rated_films_have_the_same_ratings(films: int, raters: int) -> None:
    """Differences by rounding must not be taken for what tells the films apart."""
    world = catalogue(films)
    rated = np.arange(min(films, 2))
    stars = np.full(raters * len(rated), 5.0)
    cells = (np.repeat(np.arange(raters), len(rated)), np.tile(rated, raters))
    model = fit_ranking(
        world, sparse((stars, cells), (raters, films)), SMALL_FIT, np.random.default_rng(0)
    )
    rng = np.random.default_rng(1)
    own = Query(films=rated, stars=[4.0] * len(rated))
    for query in [own, *(somebody(rng, films) for _ in range(5))]:
        blended = model.blend(query)
        parts = explain(model, blended, query, np.arange(films))
        totals = [sum(part.amount for part in mine) for mine in parts]
        assert np.allclose(totals, blended.score, rtol=1e-4, atol=1e-4)
        assert all(component.scale < 100 for component in blended.components)


def test_all_the_same_stars() -> None:
    world = catalogue(30)
    matrix = ratings(world, 30).utility_matrix()
    matrix.data[:] = 3.0
    model = fit_ranking(world, matrix, SMALL_FIT, np.random.default_rng(0))
    assert np.isfinite(model.score(Query(films=np.arange(10), stars=np.full(10, 3.0)))).all()


def test_the_plan_grows_cheaper_with_size() -> None:
    config = RankingConfig()
    assert plan(SMALL_RATINGS, config) == config
    middle, large = plan(MIDDLE_RATINGS, config), plan(MIDDLE_RATINGS + 1, config)
    assert len(middle.sizes) == len(large.sizes) == 1
    assert large.item.kept < middle.item.kept
    assert middle.item.head < config.item.head
    assert large.als.penalty < middle.als.penalty
    assert plan(MIDDLE_RATINGS, middle) == middle
    assert plan(MIDDLE_RATINGS + 1, large) == large


def test_progress_counts_up_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    world = catalogue(20)
    matrix = ratings(world, 10).utility_matrix()
    fit_ranking(
        world, matrix, SMALL_FIT, np.random.default_rng(0), lambda a, b: told.append((a, b))
    )
    done = [step for step, _ in told]
    assert done[:12] == list(range(1, 13))  # rounds of the factor models
    assert done == sorted(set(done))
    assert told[-1] == (22, 22)
    assert {steps for _, steps in told} == {22}


def test_holding_out_leaves_the_rest() -> None:
    world = catalogue(60)
    matrix = ratings(world, 50).utility_matrix()
    part = hold_out(matrix, np.random.default_rng(0))
    held = matrix - part.train
    held.eliminate_zeros()
    lengths, out = np.diff(matrix.indptr), np.diff(held.tocsr().indptr)
    assert (out == np.where(lengths >= 10, np.round(HELD_OUT_SHARE * lengths), 0)).all()
    for person, wanted in zip(part.people, part.wanted, strict=True):
        row = np.asarray(held.tocsr()[[person]].toarray()).reshape(-1)
        assert sorted(wanted) == np.flatnonzero(row >= 4).tolist()


def test_of_many_ratings_some_peoples_are_chosen_by() -> None:
    matrix = ratings(catalogue(60), 50).utility_matrix()
    rng = np.random.default_rng(0)
    some = sample_people(matrix, matrix.nnz // 2, rng)
    assert 0.3 * matrix.nnz < some.nnz <= matrix.nnz // 2
    assert some.shape[1] == 60
    assert sample_people(matrix, matrix.nnz, rng) is matrix
    assert sample_people(matrix, 1, rng).shape[0] == 1


def test_choosing_never_chooses_what_is_worse_on_the_slice() -> None:
    world = catalogue(40)
    matrix = ratings(world, 300).utility_matrix()
    told: list[tuple[int, int]] = []
    choice = choose(
        world, matrix, SMALL_FIT, np.random.default_rng(0), lambda a, b: told.append((a, b))
    )
    assert choice.before is not None
    assert choice.after is not None
    assert choice.after >= choice.before > 0
    assert len(told) > choice.trials > 10
    assert told[-1] == (TRIALS, TRIALS)
    assert told == sorted(told)
    few = choose(world, sparse(matrix[:5]), SMALL_FIT, np.random.default_rng(0))
    assert few.config == SMALL_FIT
    assert (few.trials, few.before) == (0, None)


def test_a_setting_that_is_far_off_is_brought_nearer() -> None:
    """If people rate at random, well-known films are the best guess, and a setting that counts
    strongly against them does harm."""
    world = catalogue(60)
    matrix = uneven(world, 250).utility_matrix()
    off = replace(SMALL_FIT, popularity_penalty=3.0, item_half=4.0, newcomer_half=2.0)
    choice = choose(world, matrix, off, np.random.default_rng(0))
    assert choice.config.popularity_penalty < 3.0
    assert choice.before is not None
    assert choice.after is not None
    assert choice.after > choice.before + 0.02


def test_the_long_tail_gets_the_last_place_within_the_margin() -> None:
    tail = long_tail_by_count(np.array([9.0, 8, 1, 7, 6, 5, 4, 3, 2, 0]))
    assert np.flatnonzero(~tail).tolist() == [0, 1]
    scores = np.array([5.0, 4.0, 3.0, 0, 0, 0, 0, 0, 0, 0])
    behind, best = gap(scores, tail, np.array([0, 1]))
    assert (behind, best) == (2.0, 2)
    films, chosen = np.arange(10), np.array([0, 1])
    assert LongTailPlace(tail, 2.0).candidate(scores, films, chosen, 0.5) == 2
    assert LongTailPlace(tail, 1.9).candidate(scores, films, chosen, 0.5) == -1
    assert LongTailPlace(tail, 1.9).candidate(scores, films, chosen, 0.6) == 2, "the dial widens it"
    assert LongTailPlace(tail, 9.0).candidate(scores, films, chosen, 0.0) == -1
    assert LongTailPlace(tail, 9.0).candidate(scores, films, np.array([0, 2]), 0.5) == -1
    assert margin(np.arange(11.0), 0.2) == 2.0


def test_the_long_tail_is_the_same_in_whatever_order_films_stand() -> None:
    count = np.array([3.0, 1, 1, 1, 1])
    assert long_tail_by_count(count).tolist() == [False, True, True, True, True]
    assert not long_tail_by_count(np.zeros(50)).any(), (
        "where nobody has rated there is no head to be out of"
    )
    assert long_tail_by_count(np.zeros(0)).tolist() == []
