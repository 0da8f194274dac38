"""Ranking and star studies: the reference's figures, simple worlds, intervals and fair costs."""

import json
import os
from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from recommender.data import Catalogue, Interactions, Query, interactions
from recommender.datasets.folder import Folder, read_folder
from recommender.errors import DataError
from recommender.evaluation.memory import peak_mib
from recommender.evaluation.ranking import measure as evaluation
from recommender.evaluation.ranking.baselines import (
    DualItemItem,
    ItemItem,
    fit_biases,
    fit_item_item,
    fit_liked,
)
from recommender.evaluation.ranking.candidates import (
    Fitted,
    ScoreRanker,
    best,
    candidates,
    star_candidates,
)
from recommender.evaluation.ranking.measure import (
    Options,
    RankingMeasurement,
    measure,
    measure_in_new_process,
)
from recommender.evaluation.ranking.report import ranking_report, stars_report
from recommender.evaluation.ranking.stars import predict, predict_stars, stars_file
from recommender.evaluation.ranking.study import Ranking, rank_models, ranking_file
from recommender.evaluation.significance import Sample, difference, estimate
from recommender.evaluation.splits import matrix, new_people, reference
from recommender.numeric.arrays import sparse
from tests.recommender.protocol import DATA, needs_protocol, protocol
from tests.recommender.worlds import catalogue, checkerboard, ratings


@dataclass(frozen=True)
class Lottery:
    """Scores without ties, in a different order for each person."""

    films: int

    def score(self, query: Query) -> np.ndarray:
        rng = np.random.default_rng(int(query.films.sum()))
        return rng.permutation(self.films).astype(np.float64)


def lottery(world: Catalogue, given: Interactions, seed: int) -> Fitted:
    return Fitted(ScoreRanker(Lottery(len(world))))


def too_large(world: Catalogue, given: Interactions, seed: int) -> Fitted:
    raise DataError("too-large")


def folder(people: int = 40, films: int = 60, seed: int = 0) -> Folder:
    """Returns a random world whose people have enough ratings to be tested."""
    world = catalogue(films, seed=seed)
    return Folder("made up", world, ratings(world, people, seed, share=0.6), 0, 0)


REFERENCE_NAMES = {
    "ndcg@10": "ndcg10",
    "recall@10": "recall10",
    "recall@20": "recall20",
    "mrr": "mrr",
    "coverage@10": "cov10",
    "long_tail": "longtail",
    "popularity_percentile": "pop_pct",
    "variety": "div",
}


@needs_protocol
@pytest.mark.parametrize("seed", [42, pytest.param(3, marks=pytest.mark.soak)])
def test_figures_agree_with_the_reference(seed: int) -> None:
    data = read_folder(DATA)
    top = protocol().TopN(protocol().load("ml-latest-small"), seed)
    split = reference(data.ratings, seed)
    given, films = matrix(split.given), len(data.catalogue)

    def score(people: np.ndarray) -> np.ndarray:
        draw = Lottery(films)
        return np.stack([draw.score(evaluation.query_of(given, person)) for person in people])

    theirs = top.evaluate(score)
    ours = measure("lottery", lottery, data.catalogue, split)
    for name, key in REFERENCE_NAMES.items():
        assert ours.figures[name] == pytest.approx(theirs[key], abs=1e-6), name
    assert len(ours.people) == theirs["n"]
    # The reference divides by n, this code by n - 1.
    error = estimate([ours.sample]).standard_error
    assert error == pytest.approx(theirs["se"] * np.sqrt(theirs["n"] / (theirs["n"] - 1)))
    ndcg, recall, people = protocol().few_ratings(top, score)
    assert ours.few_ratings == pytest.approx(
        {"ndcg@10": ndcg, "recall@10": recall, "people": people}
    )


@needs_protocol
def test_the_item_item_baseline_is_the_references() -> None:
    """The published reference has 0.3369 on seed 42 and a coverage of 0.044."""
    data = read_folder(DATA)
    ours = measure("ease", candidates()["ease"], data.catalogue, reference(data.ratings, 42))
    assert ours.figures["ndcg@10"] == pytest.approx(0.3369, abs=5e-5)
    assert ours.figures["coverage@10"] == pytest.approx(0.0439, abs=5e-5)
    assert ours.few_ratings is not None
    assert ours.few_ratings["ndcg@10"] == pytest.approx(0.0394, abs=5e-5)


@pytest.mark.parametrize(("people", "films", "form"), [(15, 40, DualItemItem), (60, 12, ItemItem)])
def test_the_item_item_baseline_is_a_dense_solve(people: int, films: int, form: type) -> None:
    given = ratings(catalogue(films), people, share=0.5)
    model = fit_item_item(given, 3.0)
    assert isinstance(model, form)
    if isinstance(model, ItemItem):
        assert not np.diagonal(model.weights).any()
    graded = np.clip((matrix(given).toarray() - 1) / 4, 0.1, 1) * (matrix(given).toarray() > 0)
    rng = np.random.default_rng(0)
    rated = rng.permutation(films)[:5]
    query = Query(films=rated, stars=rng.integers(1, 11, 5) / 2)
    graded_stars = np.zeros(films)
    graded_stars[query.films] = np.maximum((query.stars - 1) / 4, 0.1)
    expected = np.zeros(films)
    for film in range(films):  # a ridge regression of each film on all others
        others = np.delete(np.arange(films), film)
        x, y = graded[:, others].astype(np.float64), graded[:, film].astype(np.float64)
        weights = np.linalg.solve(x.T @ x + 3.0 * np.eye(films - 1), x.T @ y)
        expected[film] = graded_stars[others] @ weights
    outside = np.setdiff1d(np.arange(films), rated)
    assert model.score(query)[outside] == pytest.approx(expected[outside], rel=1e-4, abs=1e-6)
    assert np.isnan(model.score(Query())).all()


def test_data_too_large_for_the_baseline_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommender.evaluation.ranking.baselines.MAX_INVERTED_ROWS", 10)
    with pytest.raises(DataError, match="baseline-too-large"):
        fit_item_item(ratings(catalogue(20), 15))


def test_the_plain_world_is_solved() -> None:
    """On a checkerboard only the held-out films of a person's colour are left to rank first.

    Popularity cannot tell the colours apart.
    """
    world, given = checkerboard(30, 30)
    split = reference(given, 1)
    assert not len(split.test), "14 ratings each are too few to hold any out"
    world, given = checkerboard(60, 60)
    split = reference(given, 1)
    ease = measure("ease", candidates()["ease"], world, split)
    assert ease.figures["ndcg@10"] > 0.9
    popular = measure("popularity", candidates()["popularity"], world, split)
    assert popular.figures["ndcg@10"] < 0.5


@pytest.mark.parametrize("name", candidates())
def test_every_candidate_answers_everybody(name: str) -> None:
    data = folder()
    made = new_people(data.ratings, 2)
    ours = measure(
        name, candidates()[name], data.catalogue, made, Options(dial=True, by_revealed=True)
    )
    again = measure(name, candidates()[name], data.catalogue, made)
    assert ours.figures == again.figures, "the same seed is the same figure"
    assert all(np.isfinite(value) for value in ours.figures.values())
    assert list(ours.by_revealed) == list(evaluation.REVEALED_RATINGS)
    assert list(ours.dial) == list(evaluation.DIAL_SETTINGS)
    assert ours.fit_seconds >= 0
    assert ours.peak_mib > 10
    assert 0 < ours.latency_p50 <= ours.latency_p99


def test_a_ranking_leaves_out_what_is_rated_or_excluded() -> None:
    scores = np.array([1, np.nan, 3, 3, 2, -np.inf])
    assert best(scores, np.array([0]), 3).tolist() == [2, 3, 4]
    assert best(scores, np.array([], int), 9).tolist() == [2, 3, 4, 0, 1, 5]
    assert best(scores, np.arange(6), 3).tolist() == []
    data = folder()
    split = reference(data.ratings)
    given = matrix(split.given)
    for name, fit in candidates().items():
        ranker = fit(data.catalogue, split.train, 1).ranker
        query = replace(evaluation.query_of(given, 3), excluded=np.array([1, 2]))
        shown = ranker.rank(query, 100)
        assert len(set(shown.tolist())) == len(shown), name
        assert not set(shown.tolist()) & {1, 2, *query.films.tolist()}, name
        assert len(ranker.rank(query, 4)) == 4


@dataclass(frozen=True)
class Listener:
    """A ranker that records every query."""

    films: int
    asked: list[Query]

    def score(self, query: Query) -> np.ndarray:
        return np.zeros(self.films)

    def rank(self, query: Query, n: int) -> np.ndarray:
        self.asked.append(query)
        return best(self.score(query), np.concatenate([query.films, query.excluded]), n)


def test_what_is_not_revealed_is_no_candidate() -> None:
    data, asked = folder(), list[Query]()
    split = new_people(data.ratings, 2)
    given, people = matrix(split.given), evaluation.people_to_test(split)

    def listen(world: Catalogue, train: Interactions, seed: int) -> Fitted:
        return Fitted(Listener(len(world), asked))

    measure("listener", listen, data.catalogue, split, Options(by_revealed=True))
    curve = asked[-len(people) * len(evaluation.REVEALED_RATINGS) :]
    for at, query in enumerate(curve):
        most, person = evaluation.REVEALED_RATINGS[at // len(people)], people[at % len(people)]
        rated = set(given[[person]].indices.tolist())
        assert set(query.excluded.tolist()) == rated
        assert set(query.films.tolist()) <= rated
        assert len(query.films) == min(most, len(rated))


def test_fewer_people_are_drawn_by_the_seed() -> None:
    split = reference(folder().ratings, 5)
    everybody = evaluation.people_to_test(split)
    some = evaluation.people_to_test(split, 6)
    assert len(some) == 6
    assert set(some) < set(everybody)
    assert (some == evaluation.people_to_test(split, 6)).all()
    assert (evaluation.people_to_test(split, 10_000) == everybody).all()


def test_ratings_without_a_liked_film_are_refused() -> None:
    everybody = folder().ratings
    sour = replace(everybody, stars=np.full(len(everybody), 2.0, np.float32))
    with pytest.raises(DataError, match="nothing-to-find"):
        evaluation.people_to_test(reference(sour))


def test_a_process_apart_measures_the_same() -> None:
    data = folder()
    split = reference(data.ratings)
    fit = candidates()["als"]
    here = measure("als", fit, data.catalogue, split)
    there = measure_in_new_process("als", fit, data.catalogue, split)
    assert there.figures == pytest.approx(here.figures)
    assert (there.people == here.people).all()
    assert there.ndcg == pytest.approx(here.ndcg)


def test_memory_is_the_models_own() -> None:
    parents = np.ones(60_000_000)  # 458 MiB that do not belong to the child
    assert peak_mib() > parents.nbytes / 2**20
    assert evaluation.run_in_new_process("nothing", peak_mib) < parents.nbytes / 2**20


def test_a_process_ended_from_outside_is_a_sentence() -> None:
    with pytest.raises(DataError, match=r"measuring-killed .what=als"):
        evaluation.run_in_new_process("als", os._exit, 1)


def test_errors_come_back_from_a_process_apart() -> None:
    with pytest.raises(DataError, match="nothing-to-evaluate"):
        evaluation.run_in_new_process("nothing", reference, interactions([], [], []))


def test_one_split_is_the_paired_t_interval() -> None:
    rng = np.random.default_rng(0)
    ours, theirs = rng.random(30), rng.random(30)
    people = np.arange(30)
    gain = difference([Sample(people, ours)], [Sample(people, theirs)])
    low, high = ttest_1samp(ours - theirs, 0).confidence_interval()
    assert (gain.mean, gain.low, gain.high) == pytest.approx((np.mean(ours - theirs), low, high))


def test_the_same_people_again_are_no_new_evidence() -> None:
    rng = np.random.default_rng(1)
    one = Sample(np.arange(25), rng.random(25))
    assert estimate([one] * 6).standard_error == pytest.approx(estimate([one]).standard_error)
    fresh = [Sample(np.arange(25), rng.random(25)) for _ in range(6)]
    assert estimate(fresh).standard_error < estimate([one]).standard_error


def test_splits_of_other_levels_are_no_doubt_about_people() -> None:
    """Everybody is alike within each split, so a difference between splits is no uncertainty."""
    small = Sample(np.arange(10), np.full(10, 0.2))
    large = Sample(np.arange(10, 40), np.full(30, 0.6))
    both = estimate([small, large])
    assert (both.mean, both.standard_error) == pytest.approx((0.4, 0))


def test_only_people_with_both_answers_are_paired() -> None:
    ours = Sample(np.array([1, 2, 3]), np.array([1.0, 2, 3]))
    theirs = Sample(np.array([2, 3, 9]), np.array([1.0, 1, 50]))
    gain = difference([ours], [theirs])
    assert (gain.mean, gain.people) == (1.5, 2)


def test_one_person_or_none_gives_no_interval() -> None:
    one = estimate([Sample(np.array([4]), np.array([0.5]))])
    assert (one.mean, one.standard_error, one.low, one.high) == (0.5, 0, 0.5, 0.5)
    assert estimate([]).people == 0


@pytest.fixture(scope="module")
def ranking() -> Ranking:
    return rank_models(folder(), seeds=(42, 1), measure=measure)


def test_models_are_side_by_side(ranking: Ranking) -> None:
    assert list(ranking.models) == list(candidates())
    assert ranking.serving == "serving"
    for name in ranking.models:
        assert [one.seed for one in ranking.models[name]] == [42, 1]
        means = [one.figures["mrr"] for one in ranking.models[name]]
        assert ranking.figures(name)["mrr"] == pytest.approx(np.mean(means))
        assert ranking.mean(name).mean == pytest.approx(ranking.figures(name)["ndcg@10"])
    gains = ranking.gains()
    assert ("serving", "ease") in gains
    assert ("ease", "ease") not in gains
    both = ranking.figures("serving")["ndcg@10"] - ranking.figures("ease")["ndcg@10"]
    assert gains["serving", "ease"].mean == pytest.approx(both)


def test_the_file_holds_what_other_tools_read(ranking: Ranking) -> None:
    held = json.loads(json.dumps(ranking_file(ranking), allow_nan=False))
    assert (held["data"], held["split"], held["serving"]) == ("made up", "reference", "serving")
    wanted = {
        *("ndcg@10", "recall@10", "recall@20", "mrr", "coverage@10", "long_tail", "novelty"),
        *("variety", "people", "standard_error", "fit_seconds", "peak_mib", "latency_ms"),
    }
    for figures in (*held["models"].values(), *held["by_seed"]["1"].values()):
        assert wanted <= set(figures)
        assert set(figures["latency_ms"]) == {"p50", "p99"}
    assert [point["adventurousness"] for point in held["models"]["serving"]["dial"]] == [
        *(0, 0.25, 0.5, 0.75, 1),
    ]
    assert "dial" not in held["models"]["als"]
    assert {gain["model"] for gain in held["gains"]} >= {"serving", "als"}


def test_the_report_tells_the_price_of_reranking(ranking: Ranking) -> None:
    sections = {section.title: section for section in ranking_report(ranking).sections}
    price = sections["The price of re-ranking"]
    gain = ranking.gain("serving", "blend")
    assert f"nDCG@10 changes by {gain.mean:+.4f}" in price.text
    assert price.table is not None
    rows = {row[0]: row[1:] for row in price.table.rows}
    assert rows["coverage"] == tuple(
        f"{ranking.figures(name)['coverage@10']:.4f}" for name in ("blend", "serving")
    )
    alone = replace(ranking, models={"serving": ranking.models["serving"]})
    titles = {section.title for section in ranking_report(alone).sections}
    assert "The price of re-ranking" not in titles


def test_a_model_too_large_is_skipped_unless_named() -> None:
    fits = {"lottery": lottery, "ease": too_large}
    found = rank_models(folder(), fits=fits, measure=measure, seeds=(1, 2))
    assert list(found.models) == ["lottery"]
    assert {name: why.key for name, why in found.skipped.items()} == {"ease": "too-large"}
    assert found.gains() == {}
    assert found.serving is None
    with pytest.raises(DataError, match="too-large"):
        rank_models(folder(), names=("ease",), fits=fits, measure=measure)
    with pytest.raises(DataError, match="too-large"):
        rank_models(folder(), fits={"ease": too_large}, measure=measure)


def test_unknown_names_are_refused_before_anything_is_fitted() -> None:
    def never(*_: object) -> RankingMeasurement:
        raise AssertionError("fitted")

    with pytest.raises(DataError, match=r"what=model, name=magic, choices=popularity; ease"):
        rank_models(folder(), names=("als", "magic"), measure=never)
    with pytest.raises(DataError, match=r"unknown-in-study .what=split, name=tomorrow"):
        rank_models(folder(), "tomorrow", measure=never)
    with pytest.raises(DataError, match="no-model-or-seed"):
        rank_models(folder(), seeds=(), measure=never)


def test_progress_names_each_step() -> None:
    seen: list[tuple[int, int, str]] = []
    rank_models(
        folder(),
        names=("popularity", "ease"),
        seeds=(1, 2),
        measure=measure,
        progress=lambda *step: seen.append(step),
    )
    assert seen == [
        (0, 4, "popularity, seed 1"),
        (1, 4, "ease, seed 1"),
        (2, 4, "popularity, seed 2"),
        (3, 4, "ease, seed 2"),
    ]


def test_biases_find_what_was_put_in() -> None:
    rng = np.random.default_rng(0)
    person, film = np.nonzero(rng.random((60, 40)) < 0.8)
    people, films = rng.normal(0, 0.3, 60), rng.normal(0, 0.3, 40)
    stars = np.clip(3 + people[person] + films[film], 0.5, 5)
    model = fit_biases(interactions(person, film, stars))
    assert model.predict(person, film) == pytest.approx(stars, abs=0.25)
    empty = fit_biases(interactions([], [], []))
    assert np.isfinite(empty.mean)


def test_popularity_counts_those_who_liked() -> None:
    given = interactions([1, 2, 3, 1], [10, 10, 10, 20], [4, 5, 3.5, 0.5])
    assert fit_liked(given).count.tolist() == [2, 0]


@dataclass(frozen=True)
class Constant:
    stars: float

    def predict(self, people: np.ndarray, films: np.ndarray) -> np.ndarray:
        return np.full(len(people), self.stars)


def far_above(world: Catalogue, given: Interactions, seed: int) -> Constant:
    return Constant(99.0)


def nothing(world: Catalogue, given: Interactions, seed: int) -> Constant:
    return Constant(float("nan"))


def test_stars_are_measured_by_fold() -> None:
    data = folder()
    found = predict_stars(
        data, (5, 6), fits={"far": far_above, **star_candidates()}, measure=predict
    )
    held = json.loads(json.dumps(stars_file(found), allow_nan=False))
    assert held["serving"] == list(star_candidates())[-1]
    top = data.ratings.stars.max()
    for fold in ("5", "6"):
        order = np.random.RandomState(int(fold)).permutation(len(data.ratings))
        real = data.ratings.stars[order[: len(order) // 10]].astype(float)
        far = held["models"]["far"]["folds"][fold]
        assert far["rmse"] == pytest.approx(np.sqrt(np.mean((top - real) ** 2))), "clipped"
        assert far["mae"] == pytest.approx(np.mean(top - real))
    means = [fold["rmse"] for fold in held["models"]["bias"]["folds"].values()]
    assert held["models"]["bias"]["rmse"] == pytest.approx(np.mean(means))
    assert 0 <= held["models"]["stars"]["spread_error"] <= 0.5
    assert "spread_error" not in held["models"]["bias"]
    gain = found.gain("bias", "far")
    assert gain.low > 0
    assert [section.title for section in stars_report(found).sections] == ["Stars"]


def test_stars_refuse_what_cannot_be_measured() -> None:
    data = folder()
    with pytest.raises(DataError, match="no-prediction"):
        predict_stars(data, (1,), fits={"nothing": nothing}, measure=predict)
    with pytest.raises(DataError, match=r"unknown-star-model .model=magic"):
        predict_stars(data, (1,), ("magic",), measure=predict)
    tiny = replace(data, ratings=interactions([1], [data.catalogue.films.ids_array[0]], [4]))
    with pytest.raises(DataError, match="too-few-ratings"):
        predict_stars(tiny, (1,), measure=predict)


def test_few_ratings_need_somebody_who_liked_one() -> None:
    data = folder(people=80)
    split = reference(data.ratings)
    ranker = lottery(data.catalogue, split.train, 1).ranker
    people = evaluation.people_to_test(split)
    assert evaluation.measure_few_ratings(ranker, split, people, at_most=0) is None
    found = evaluation.measure_few_ratings(ranker, split, people, at_most=10_000)
    assert found is not None
    assert found["people"] == len(people)
    assert sparse(split.relevant()).nnz
