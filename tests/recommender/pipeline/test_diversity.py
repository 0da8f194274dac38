"""Re-ranking for variety and genre calibration: by hand, by plain arithmetic, and what it costs."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_benchmark.fixture import BenchmarkFixture
from threadpoolctl import threadpool_limits

from recommender import metrics
from recommender.data import Catalogue, Query
from recommender.data.preferences import preferences
from recommender.datasets.folder import read_folder
from recommender.evaluation.ranking.baselines import fit_item_item
from recommender.evaluation.ranking.candidates import best
from recommender.evaluation.ranking.measure import query_of
from recommender.evaluation.splits import matrix, reference
from recommender.models.tags import fit_tags
from recommender.numeric.arrays import sparse
from recommender.pipeline.diversity import VarietyConfig, film_shares, likeness, rerank, rerank_for
from tests.movielens import FOLDER, needs_movielens
from tests.recommender.worlds import catalogue

WORLD = catalogue(80, seed=4)
TAGS = fit_tags(WORLD)
BARE = VarietyConfig(strength=0.0, unknown=0.0, calibration=0.0)
SMOOTHING = metrics.GENRE_SMOOTHING


def two_genres(films: int = 40) -> Catalogue:
    """Returns a catalogue without tags whose first half is westerns and the other half musicals."""
    genres = np.zeros((films, 2), np.float32)
    genres[: films // 2, 0] = genres[films // 2 :, 1] = 1
    bare = catalogue(films)
    return replace(
        bare,
        genres=sparse(genres),
        genre_names=("Western", "Musical"),
        tags=sparse((films, len(bare.tag_names))),
    )


def plainly(
    scores: np.ndarray,
    alike: np.ndarray,
    n: int,
    strength: float,
    shares: np.ndarray,
    taste: np.ndarray,
    price: float,
) -> list[int]:
    """Returns the same greedy choice, worked out film by film with the divergence of `metrics`."""
    spread, chosen = scores.std(), [int(np.argmax(scores))]
    p = taste / taste.sum()
    while len(chosen) < n:
        worth = np.full(len(scores), -np.inf)
        for film in set(range(len(scores))) - set(chosen):
            empty = n - len(chosen) - 1
            listed = (shares[[*chosen, film]].sum(axis=0) + empty * p) / n
            smoothed = (1 - SMOOTHING) * listed + SMOOTHING * p
            astray = (p[p > 0] * np.log(p[p > 0] / smoothed[p > 0])).sum()
            nearest = max(alike[film, other] for other in chosen)
            worth[film] = scores[film] - spread * (strength * nearest + price * astray)
        chosen.append(int(np.argmax(worth)))
    return chosen


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(2, 25), st.integers(1, 8), st.booleans())
def test_the_quick_choice_is_the_plain_one(seed: int, k: int, n: int, many: bool) -> None:
    rng = np.random.default_rng(seed)
    n = min(n, k)
    scores, alike = rng.normal(size=k), rng.random((k, k))
    alike = (alike + alike.T) / 2
    shares = rng.dirichlet(np.ones(5), k) if many else np.eye(5)[rng.integers(0, 5, k)]
    taste = rng.random(5) * (rng.random(5) < 0.7) + np.eye(5)[0]
    found = rerank(scores, alike, n, 0.4, shares, taste, 3.0)
    assert found.tolist() == plainly(scores, alike, n, 0.4, shares, taste, 3.0)


def test_a_taste_of_seventy_to_thirty_gets_seventy_to_thirty() -> None:
    world = two_genres()
    loved = np.array([*range(13, 20), 37, 38, 39])  # seven westerns, three musicals
    query = Query(films=loved, stars=np.full(10, 5.0))
    films = np.array([*range(13), *range(20, 37)])
    scores = np.linspace(2.0, 1.0, len(films))  # every western before any musical
    config = VarietyConfig(strength=0.0, calibration=200.0)
    tags = fit_tags(world)
    shown = films[rerank_for(world, tags, query, films, scores, 10, config).places]
    assert (shown < 20).sum() == 7
    plain = films[rerank_for(world, tags, query, films, scores, 10, BARE).places]
    assert (plain < 20).all()
    half = Query(films=loved[-6:], stars=np.full(6, 5.0))
    shown = films[rerank_for(world, tags, half, films, scores, 10, config).places]
    assert (shown < 20).sum() == 5


def test_hated_films_say_nothing_of_a_taste() -> None:
    world = two_genres()
    query = Query(films=np.array([0, 1, 2, 30, 31]), stars=np.array([5.0, 5, 5, 1, 1]))
    films = np.arange(3, 28)
    scores = np.where(films < 20, 1.0, 2.0) + films / 1000
    config = VarietyConfig(strength=0.0, calibration=50.0)
    tags = fit_tags(world)
    found = rerank_for(world, tags, query, films, scores, 6, config)
    shown = films[found.places]
    assert (shown < 20).sum() == 5  # all but the best, which always stays
    spiteful = replace(query, stars=np.ones(5))
    bare = rerank_for(world, tags, spiteful, films, scores, 6, config)
    assert (films[bare.places] >= 20).all()


@st.composite
def questions(draw: st.DrawFn) -> tuple[Query, np.ndarray, np.ndarray, int]:
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    rated = rng.permutation(80)[: draw(st.integers(0, 12))]
    query = Query(films=rated, stars=rng.integers(1, 11, len(rated)) / 2)
    films = np.setdiff1d(np.arange(80), rated)[: draw(st.integers(0, 60))]
    return query, films, np.round(rng.normal(size=len(films)), 1), draw(st.integers(0, 15))


@settings(max_examples=80)
@given(questions())
def test_a_list_is_in_order_and_says_what_moved(
    question: tuple[Query, np.ndarray, np.ndarray, int],
) -> None:
    query, films, scores, n = question
    found = rerank_for(WORLD, TAGS, query, films, scores, n)
    assert len(set(found.places.tolist())) == len(found.places) == min(n, len(films))
    order = np.argsort(-scores, kind="stable").tolist()
    for rank, place in enumerate(found.places.tolist()):
        above = order[: order.index(place)]
        assert found.moved[rank] == len(set(above) - set(found.places.tolist()))
    assert found.places.tolist() == [place for place in order if place in found.places]
    if len(found.places):
        assert found.places[0] == order[0]
        assert found.moved[0] == 0
    bare = rerank_for(WORLD, TAGS, query, films, scores, n, BARE)
    assert bare.places.tolist() == order[:n]
    assert not bare.moved.any()


@settings(max_examples=40)
@given(questions(), st.integers(0, 1000))
def test_neither_scale_nor_order_of_candidates_matters(
    question: tuple[Query, np.ndarray, np.ndarray, int], seed: int
) -> None:
    query, films, _, n = question
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=len(films))
    shown = films[rerank_for(WORLD, TAGS, query, films, scores, n).places]
    scaled = films[rerank_for(WORLD, TAGS, query, films, scores * 64 + 3, n).places]
    order = rng.permutation(len(films))
    moved = films[order][rerank_for(WORLD, TAGS, query, films[order], scores[order], n).places]
    assert shown.tolist() == scaled.tolist() == moved.tolist()


def test_what_is_hardly_known_is_hardly_calibrated() -> None:
    """A person who loved one western is not shown westerns only."""
    world, films = two_genres(60), np.arange(15, 60)
    tags, rng = fit_tags(world), np.random.default_rng(0)
    westerns = np.zeros(4)
    for _ in range(20):
        scores = rng.normal(size=len(films)) + np.where(films < 30, 0.0, 0.5)
        for at, rated in enumerate((0, 1, 4, 15)):
            query = Query(films=np.arange(rated), stars=np.full(rated, 5.0))
            found = rerank_for(world, tags, query, films, scores, 10, VarietyConfig(0.0, 0.0))
            westerns[at] += (films[found.places] < 30).sum()
    assert (np.diff(westerns) > 0).all()


def test_films_without_genres_and_tags() -> None:
    bare = catalogue(12)
    bare = replace(bare, genres=sparse(bare.genres.shape), tags=sparse(bare.tags.shape))
    tags = fit_tags(bare)
    query = Query(films=np.array([0, 1]), stars=np.array([5.0, 4.0]))
    films, scores = np.arange(2, 12), np.linspace(1, 0, 10)
    assert not film_shares(bare.genres, films).any()
    assert not likeness(bare, tags, films).any()
    assert rerank_for(bare, tags, query, films, scores, 5).places.tolist() == [0, 1, 2, 3, 4]
    same = rerank_for(WORLD, TAGS, query, films, np.zeros(10), 5)
    assert same.places.tolist() == [0, 1, 2, 3, 4]


@needs_movielens
def test_calibration_is_worth_its_price() -> None:
    """Returns the item-item model's lists for every third person of the first reference split."""
    folder = read_folder(FOLDER)
    world, split = folder.catalogue, reference(folder.ratings)
    given, model, tags = matrix(split.given), fit_item_item(split.train), fit_tags(world)
    people = np.flatnonzero(np.diff(split.relevant().indptr) > 0)[::3]
    dear, free = VarietyConfig(), VarietyConfig(calibration=0.0)
    lists = {config: np.full((len(people), 10), -1, np.int64) for config in (dear, free)}
    for at, person in enumerate(people):
        query = query_of(given, int(person))
        scores = model.score(query)
        films = best(scores, query.films, 60)
        for config, ranked in lists.items():
            found = rerank_for(world, tags, query, films, scores[films], 10, config)
            ranked[at] = films[found.places]
    taste, relevant = sparse(given[people]), sparse(split.relevant()[people])
    taste.data = preferences(taste.data, 0.0).astype(np.float32)
    count = np.bincount(split.train.film, minlength=len(world))
    figures = {
        config: metrics.measure_lists(ranked, relevant, count, world.genres, taste).figures
        for config, ranked in lists.items()
    }
    assert figures[dear]["calibration_error"] <= 0.7 * figures[free]["calibration_error"]
    assert figures[dear]["ndcg@10"] >= 0.98 * figures[free]["ndcg@10"]


@pytest.mark.parametrize("n", [0, 3])
def test_no_candidates_no_list(n: int) -> None:
    none = np.zeros(0, np.int64)
    found = rerank_for(
        WORLD, TAGS, Query(films=np.array([1]), stars=np.array([5.0])), none, np.zeros(0), n
    )
    assert not len(found.places)
    assert not len(found.moved)


@pytest.mark.benchmark_run
@pytest.mark.parametrize("candidates", [60, 200])
def test_ten_of_many_are_chosen_in_a_third_of_a_millisecond(
    benchmark: BenchmarkFixture, candidates: int
) -> None:
    rng = np.random.default_rng(0)
    scores = np.sort(rng.normal(size=candidates))[::-1].copy()
    alike = rng.random((candidates, candidates))
    shares = rng.dirichlet(np.ones(3), candidates)
    shares = np.hstack([shares, np.zeros((candidates, 17))])[:, rng.permutation(20)]
    taste = rng.random(20)
    with threadpool_limits(1):
        benchmark(rerank, scores, alike, 10, 0.25, shares, taste, 5.0)
    assert benchmark.stats is not None
    assert benchmark.stats.stats.median < 0.3e-3
