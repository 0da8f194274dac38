"""A year with and without the wild card: films that come new, people of a MovieLens folder.

What people would take is known here: a factor model of all their ratings says it, with noise. The
recommender starts without any rating of the films that come during the year; it is fitted anew
every four weeks to what was rated until then. `pytest -m soak -s tests/soak/test_wild_year.py`
prints the table.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from recommender.data import Query
from recommender.datasets.folder import read_folder
from recommender.errors import DatasetError
from recommender.evaluation.ranking.candidates import best
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.fit import fit_ranking
from recommender.models.als import AlsConfig, fit_als
from recommender.numeric.arrays import sparse
from recommender.pipeline.wild_card import WildConfig, draw_wild_card, has_wild_card, wild_pool
from tests.movielens import FOLDER, needs_movielens
from tests.recommender.worlds import permuted

pytestmark = [pytest.mark.soak, needs_movielens]

PEOPLE, WEEKS, REFIT, CARD, NEW = 250, 52, 4, 5, 100
REST = 4  # weeks in which a film is not shown to the same person again
RANKING = RankingConfig(als=AlsConfig(rounds=6), sizes=(16,))
WILD = WildConfig(max_impressions=60)


@dataclass(frozen=True, eq=False)
class Year:
    """shown, wild, taken, wild_taken: (films,) impressions and what came of them; late: (films,)
    the ranker's own impressions of each film in the last quarter."""

    shown: np.ndarray
    wild: np.ndarray
    taken: np.ndarray
    wild_taken: np.ndarray
    late: np.ndarray


class Town:
    """The people, the films with at least ten ratings, which of them come during the year, and what
    everybody would take."""

    def __init__(self, seed: int) -> None:
        try:
            folder = read_folder(FOLDER)
        except DatasetError as problem:
            pytest.skip(str(problem))
        rng = np.random.default_rng(seed)
        stars = folder.ratings.utility_matrix()
        keep = np.flatnonzero(np.bincount(stars.indices, minlength=stars.shape[1]) >= 10)
        self.catalogue = permuted(folder.catalogue, keep)
        stars = sparse(stars[:, keep])
        self.people = np.sort(rng.permutation(stars.shape[0])[:PEOPLE])
        self.comes = np.zeros(len(keep), np.int64)  # week; 0 is there from the start
        news = rng.permutation(len(keep))[:NEW]
        self.comes[news] = rng.integers(1, WEEKS - 12, NEW)
        truth = fit_als(stars, AlsConfig(factors=32, rounds=8), rng)
        self.chance = np.zeros((PEOPLE, len(keep)))
        for row, person in enumerate(self.people):
            mine = slice(stars.indptr[person], stars.indptr[person + 1])
            query = Query(films=stars.indices[mine], stars=stars.data[mine])
            scores = truth.score(query)
            scores = (scores - scores.mean()) / scores.std()
            self.chance[row] = 1 / (1 + np.exp(2.2 - 0.7 * scores))
        self.start = stars.toarray()
        self.start[:, self.comes > 0] = 0


def live(town: Town, wild: bool, seed: int) -> Year:
    """One year."""
    rng = np.random.default_rng(seed)
    known = town.start.copy()
    films = known.shape[1]
    counts = {name: np.zeros(films, np.int64) for name in Year.__dataclass_fields__}
    last = np.full((PEOPLE, films), -99)
    fixed = rng.random((PEOPLE, films))  # whether they would take it, the same in both years
    for week in range(WEEKS):
        if week % REFIT == 0:
            model = fit_ranking(town.catalogue, sparse(known), RANKING, np.random.default_rng(week))
            count = (known > 0).sum(axis=0).astype(np.float64)
            lately = (town.comes > 0) & (town.comes <= week)
        there = town.comes <= week
        pool = wild_pool(count, lately, counts["wild"], counts["wild_taken"].astype(float), WILD)
        for row, person in enumerate(town.people):
            mine = np.flatnonzero(known[person])
            query = Query(films=mine, stars=known[person, mine])
            scores = model.score(query)
            allowed = there & (known[person] == 0) & (week - last[row] > REST)
            out = np.flatnonzero(~allowed)
            card = best(scores, out, CARD)
            odd = -1
            if wild and has_wild_card(0.5, WILD, rng):
                odd = draw_wild_card(scores, allowed, card[:-1], pool, rng)
            if odd >= 0:
                card = np.append(card[:-1], odd)
                pool = pool.after_impression(odd)
            for film in card.tolist():
                took = fixed[row, film] < town.chance[row, film]
                counts["shown"][film] += 1
                counts["taken"][film] += took
                counts["wild"][film] += film == odd
                counts["wild_taken"][film] += took and film == odd
                counts["late"][film] += film != odd and week >= WEEKS * 3 // 4
                last[row, film] = week
                if took:
                    known[person, film] = 4.5
    return Year(**counts)


def test_a_year_with_the_wild_card() -> None:
    town = Town(seed=1)
    plain, wild = live(town, False, seed=2), live(town, True, seed=2)
    news = town.comes > 0
    share = wild.shown[news].sum() / wild.shown.sum()
    before = plain.shown[news].sum() / plain.shown.sum()
    fall = 1 - wild.taken.sum() / plain.taken.sum()
    tried = news & (wild.wild >= 10)
    rate = wild.wild_taken[tried] / wild.wild[tried]
    liked = np.flatnonzero(tried)[rate >= np.median(rate)]
    rest = np.flatnonzero(tried)[rate < np.median(rate)]
    print(f"\nnew films' share of impressions {share:.2%}, without the wild card {before:.2%}")
    print(f"{len(liked)} new films liked as wild cards, {len(rest)} less")
    print(f"wild cards {wild.wild.sum()} of {wild.shown.sum()}, most of one film {wild.wild.max()}")
    print(f"taken {wild.taken.sum()}, without {plain.taken.sum()}: a fall of {fall:.2%}")
    print(
        "impressions by the ranker in the last quarter, a film: liked "
        f"{wild.late[liked].mean():.2f} ({plain.late[liked].mean():.2f} without), "
        f"others {wild.late[rest].mean():.2f} "
        f"({plain.late[rest].mean():.2f} without)"
    )
    assert share >= 0.03
    assert wild.wild.max() <= WILD.cap
    assert fall <= 0.02
    assert wild.late[liked].mean() > plain.late[liked].mean(), "the ranker takes them up itself"
    assert wild.late[liked].mean() > wild.late[rest].mean()
