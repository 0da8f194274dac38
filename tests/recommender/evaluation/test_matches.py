"""A match from half of the ratings predicts how two people feel about the hidden films."""

import numpy as np
import pytest

from recommender.data import Query
from recommender.errors import DataError
from recommender.evaluation.matches.pairs import MeasuredPairs, draw_pairs, fit_config
from recommender.evaluation.matches.study import MatchStudyConfig, rank_correlation
from recommender.matches.match import MatchConfig


def pretended(rng: np.random.Generator, count: int, strength: float) -> MeasuredPairs:
    """Returns pairs whose true shares have mean 0.7 and the given strength."""
    true = rng.beta(0.7 * strength, 0.3 * strength, count)
    common, hidden = rng.integers(1, 20, count), rng.integers(5, 40, count)
    same, later = rng.binomial(common, true), rng.binomial(hidden, true)
    return MeasuredPairs(same, common, np.full(count, np.nan), later, hidden)


def test_the_fit_finds_how_much_pairs_differ() -> None:
    found = fit_config(pretended(np.random.default_rng(3), 2000, 12.0))
    assert found.usual == pytest.approx(0.7, abs=0.02)
    assert found.usual_strength == pytest.approx(12.0, rel=0.2)


def test_shrinking_tells_more_than_the_plain_share() -> None:
    pairs = pretended(np.random.default_rng(4), 2000, 12.0)
    config = MatchConfig(usual=0.7, usual_strength=12.0)
    told = np.array([one.share for one in pairs.matches(config)])
    plain = rank_correlation(pairs.same / pairs.common, pairs.hidden_share)
    assert rank_correlation(told, pairs.hidden_share) > plain + 0.02
    assert rank_correlation(told, np.ones(2000)) == 0.0


def test_pairs_are_different_and_have_films_in_common() -> None:
    rng = np.random.default_rng(5)
    people = [
        Query(films=films, stars=np.full(8, 4.0))
        for films in (np.sort(rng.permutation(20)[:8]) for _ in range(12))
    ]
    found = draw_pairs(people, people, np.arange(12), 10, 3, rng)
    assert len({frozenset(pair) for pair in found}) == 10
    assert all(len(np.intersect1d(people[a].films, people[b].films)) >= 3 for a, b in found)
    with pytest.raises(DataError, match="too-few-pairs"):
        draw_pairs(people, people, np.arange(2), 10, 3, rng)
    with pytest.raises(DataError, match="study-of-few-pairs"):
        MatchStudyConfig(pairs=2)
