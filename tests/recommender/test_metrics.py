"""Measures: first against figures worked out by hand, then within their bounds on random lists."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import metrics
from recommender.numeric.arrays import sparse

# Five films; person 0 likes films 1 and 3, person 1 film 4, person 2 nothing.
RELEVANT = sparse(np.array([[0, 1, 0, 1, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0]]))
WANTED = np.array([2, 1, 0])
RANKED = np.array([[0, 3, 2, 1], [4, 0, -1, -1], [-1, -1, -1, -1]])
HITS = metrics.find_hits(RANKED, RELEVANT)
GENRES = sparse(np.array([[1, 1, 0], [1, 0, 0], [0, 0, 1], [0, 1, 1], [0, 0, 0]]))
COUNT = np.array([10, 3, 3, 50, 0])


def test_hits_stand_where_a_liked_film_does() -> None:
    assert HITS.astype(int).tolist() == [[0, 1, 0, 1], [1, 0, 0, 0], [0, 0, 0, 0]]
    assert not metrics.find_hits(RANKED, sparse(np.zeros((3, 5)))).any()


def test_ndcg_by_hand() -> None:
    gained = 1 / math.log2(3) + 1 / math.log2(5)
    ideal = 1 + 1 / math.log2(3)
    assert metrics.ndcg(HITS, WANTED, 10) == pytest.approx([gained / ideal, 1, 0])
    first_two = (1 / math.log2(3)) / ideal
    assert metrics.ndcg(HITS, WANTED, 2) == pytest.approx([first_two, 1, 0])


def test_ndcg_against_fame_by_hand() -> None:
    known, rare = 1 / (50 + 5), 1 / (3 + 5)
    gained = known / math.log2(3) + rare / math.log2(5)
    ideal = rare + known / math.log2(3)
    found = metrics.ndcg_against_fame(RANKED, RELEVANT, COUNT, 10)
    assert found == pytest.approx([gained / ideal, 1, 0])
    first_two = (known / math.log2(3)) / ideal
    assert metrics.ndcg_against_fame(RANKED, RELEVANT, COUNT, 2) == pytest.approx([first_two, 1, 0])
    assert metrics.ndcg_against_fame(RANKED, RELEVANT, COUNT, 1)[0] == 0


def test_finding_the_rare_film_is_worth_more() -> None:
    rare_first, known_first = np.array([[1, 0], [3, 0]])
    found = [
        metrics.ndcg_against_fame(one[None], sparse(RELEVANT[[0]]), COUNT, 10)[0]
        for one in (rare_first, known_first)
    ]
    assert found[0] > 5 * found[1]
    alike = metrics.ndcg_against_fame(RANKED, RELEVANT, np.full(5, 7), 10)
    assert alike == pytest.approx(metrics.ndcg(HITS, WANTED, 10)), "with equal fame it is nDCG"


def test_recall_and_reciprocal_rank_by_hand() -> None:
    assert metrics.recall(HITS, WANTED, 2) == pytest.approx([0.5, 1, 0])
    assert metrics.recall(HITS, WANTED, 4) == pytest.approx([1, 1, 0])
    assert metrics.reciprocal_rank(HITS) == pytest.approx([0.5, 1, 0])
    assert metrics.reciprocal_rank(np.zeros((2, 0), bool)).tolist() == [0, 0]


def test_coverage_counts_each_film_once() -> None:
    assert metrics.coverage(RANKED, 5) == 1
    assert metrics.coverage(np.array([[0, 1], [1, 0], [0, -1]]), 5) == pytest.approx(0.4)


def test_popularity_percentile_by_hand() -> None:
    assert metrics.popularity_percentile(COUNT).tolist() == [75, 25, 50, 100, 0]
    assert metrics.popularity_percentile(np.array([7])).tolist() == [0]


def test_the_head_is_a_fifth_of_the_films() -> None:
    assert metrics.long_tail_by_rank(COUNT).tolist() == [True, True, True, False, True]
    assert metrics.long_tail_by_rank(np.arange(6)).sum() == 4, "a fifth of six, rounded up, is two"


def test_means_over_a_list_leave_its_end_out() -> None:
    values = np.array([1.0, 2, 3, 4, 5])
    assert metrics.list_means(values, RANKED) == pytest.approx([2.5, 3, 0])


def test_variety_by_hand() -> None:
    # Films 0 {a, b}, 1 {a}, 2 {c} have likenesses 1/2, 0, 0. Film 4 has no genre.
    lists = np.array([[0, 1, 2], [0, 4, -1], [1, -1, -1], [1, 1, -1]])
    assert metrics.variety(lists, GENRES) == pytest.approx([2.5 / 3, 1, 0, 0])


def test_genre_shares_split_a_film_among_its_genres() -> None:
    weights = sparse(np.array([[1, 0, 1, 0, 0], [0, 0, 0, 0, 1]]))
    assert metrics.genre_shares(weights, GENRES) == pytest.approx(
        np.array([[0.25, 0.25, 0.5], [0, 0, 0]])
    )


def test_calibration_error_by_hand() -> None:
    taste = np.array([[0.7, 0.3], [0.7, 0.3], [1.0, 0.0], [0.0, 0.0]])
    listed = np.array([[0.7, 0.3], [1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    second = 0.7 * math.log(0.7 / (0.99 + 0.007)) + 0.3 * math.log(0.3 / 0.003)
    assert metrics.calibration_error(listed, taste) == pytest.approx(
        [0, second, math.log(100), 0], abs=1e-12
    )


def test_errors_of_stars_by_hand() -> None:
    predicted, real = np.array([3.0, 4, 5]), np.array([3.0, 2, 4])
    assert metrics.rmse(predicted, real) == pytest.approx(math.sqrt(5 / 3))
    assert metrics.mae(predicted, real) == pytest.approx(1)
    assert metrics.rmse(predicted[:0], real[:0]) == metrics.mae(predicted[:0], real[:0]) == 0


def test_an_honest_spread_has_little_error() -> None:
    rng = np.random.default_rng(0)
    spread = rng.uniform(0.5, 2, 20_000)
    real = rng.normal(0, spread)
    zero = np.zeros(len(real))
    assert metrics.spread_error(zero, spread, real) < 0.01
    assert metrics.spread_error(zero, spread / 4, real) > 0.2
    assert metrics.spread_error(zero, spread * 4, real) > 0.2
    assert metrics.spread_error(zero, zero, zero) == pytest.approx(0.5), "always inside"


def test_all_at_once_by_hand() -> None:
    liked = sparse(np.array([[1, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]]))
    measured = metrics.measure_lists(RANKED, RELEVANT, COUNT, GENRES, liked)
    gained = (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3))
    assert measured.ndcg == pytest.approx([gained, 1, 0])
    against_fame = metrics.ndcg_against_fame(RANKED, RELEVANT, COUNT, 10)
    assert measured.against_fame == pytest.approx(against_fame)
    assert measured.figures["ndcg@10_against_fame"] == pytest.approx(against_fame.mean())
    assert measured.figures["ndcg@10"] == pytest.approx((gained + 1) / 3)
    assert measured.figures["mrr"] == pytest.approx(0.5)
    assert measured.figures["long_tail"] == pytest.approx((0.75 + 1 + 0) / 3)
    percentile = (62.5 + 37.5 + 0) / 3
    assert measured.figures["popularity_percentile"] == pytest.approx(percentile)
    assert measured.figures["novelty"] == pytest.approx(100 - percentile)


@st.composite
def lists(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Returns rankings (people, places) of up to twelve films without repeats, and (people, films)
    1 for a liked film."""
    films = draw(st.integers(1, 12))
    people = draw(st.integers(1, 4))
    depth = draw(st.integers(0, 14))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    ranked = np.full((people, depth), -1)
    for row in ranked:
        shown = rng.permutation(films)[: rng.integers(0, depth + 1)]
        row[: len(shown)] = shown
    return ranked, (rng.random((people, films)) < draw(st.floats(0, 1))).astype(np.float32)


@given(lists(), st.integers(1, 12))
@settings(max_examples=80)
def test_measures_keep_their_bounds(made: tuple[np.ndarray, np.ndarray], k: int) -> None:
    ranked, liked = made
    relevant = sparse(liked)
    hits, wanted = metrics.find_hits(ranked, relevant), liked.sum(axis=1).astype(int)
    for person, row in enumerate(ranked):
        kept = row[row >= 0]
        assert hits[person].sum() == liked[person, kept].sum()
    for values in (
        metrics.ndcg(hits, wanted, k),
        metrics.ndcg_against_fame(ranked, relevant, np.arange(liked.shape[1]) % 4, k),
        metrics.recall(hits, wanted, k),
        metrics.reciprocal_rank(hits),
        metrics.variety(ranked, relevant.T.tocsr()[:, :1] if liked.size else relevant),
    ):
        assert np.isfinite(values).all()
        assert ((values >= 0) & (values <= 1 + 1e-12)).all()
    assert 0 <= metrics.coverage(ranked, liked.shape[1]) <= 1


@given(lists(), st.integers(1, 12))
@settings(max_examples=100)
def test_the_best_ranking_scores_one(made: tuple[np.ndarray, np.ndarray], k: int) -> None:
    _, liked = made
    ideal = np.argsort(-liked, axis=1, kind="stable")
    wanted = liked.sum(axis=1).astype(int)
    values = metrics.ndcg(metrics.find_hits(ideal, sparse(liked)), wanted, k)
    assert values == pytest.approx((wanted > 0).astype(float))
    count = np.arange(liked.shape[1])[::-1] % 4 * 3
    ideal = np.argsort(-liked / (count + metrics.FAME_OFFSET), axis=1, kind="stable")
    values = metrics.ndcg_against_fame(ideal, sparse(liked), count, k)
    assert values == pytest.approx((wanted > 0).astype(float))


@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
@settings(max_examples=100)
def test_calibration_is_never_negative(seed: int, genres: int) -> None:
    rng = np.random.default_rng(seed)
    taste = rng.dirichlet(np.full(genres, 0.3), 5)
    listed = rng.dirichlet(np.full(genres, 0.3), 5)
    error = metrics.calibration_error(listed, taste)
    assert (error >= 0).all()
    assert (error <= math.log(100) + 1e-9).all()
    assert metrics.calibration_error(taste, taste) == pytest.approx(np.zeros(5), abs=1e-9)
