"""A simulated year with and without wild cards, with new films and people of a MovieLens folder.

The simulation knows which films people would take: a factor model of all their ratings gives the
chance. The recommender starts without any rating of the films that arrive during the year. Every
four weeks it is fitted to all ratings so far. `pytest -m soak -s tests/soak/test_wild_year.py`
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
from recommender.pipeline.contextual_scores import SPREAD_FILMS
from recommender.pipeline.wild_card import (
    WildConfig,
    draw_wild_card,
    has_wild_card,
    suiting,
    wild_pool,
)
from tests.movielens import FOLDER, needs_movielens
from tests.recommender.worlds import permuted
from tests.soak.process import SCALE

pytestmark = [pytest.mark.soak, needs_movielens]

PEOPLE = 250 if SCALE > 0.2 else 100
WEEKS, REFIT_WEEKS, CARD_FILMS, NEW_FILMS = 52, 4, 5, 100
COOLDOWN_WEEKS = 4  # weeks before a film is shown to the same person again
RANKING_CONFIG = RankingConfig(als=AlsConfig(rounds=6), sizes=(16,))
WILD_CONFIG = WildConfig(max_impressions=60)


@dataclass(frozen=True, eq=False)
class Year:
    """The counts of a simulated year.

    Attributes:
        shown: (films,) impressions.
        wild: (films,) impressions as a wild card.
        taken: (films,) impressions that people took.
        wild_taken: (films,) wild-card impressions that people took.
        late: (films,) impressions by the ranker itself in the last quarter.
    """

    shown: np.ndarray
    wild: np.ndarray
    taken: np.ndarray
    wild_taken: np.ndarray
    late: np.ndarray


class Town:
    """The people and films of the simulation.

    Attributes:
        catalogue: the films with at least ten ratings.
        people: (people,) rows of the drawn people in the data set.
        arrival_week: (films,) week in which a film arrives, 0 if it is available from the start.
        chance: (people, films) chance that a person takes a film that is shown.
        start: (all people, films) stars at the start, 0 without a rating.
    """

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
        self.arrival_week = np.zeros(len(keep), np.int64)
        news = rng.permutation(len(keep))[:NEW_FILMS]
        self.arrival_week[news] = rng.integers(1, WEEKS - 12, NEW_FILMS)
        truth = fit_als(stars, AlsConfig(factors=32, rounds=8), rng)
        self.chance = np.zeros((PEOPLE, len(keep)))
        for row, person in enumerate(self.people):
            rated = slice(stars.indptr[person], stars.indptr[person + 1])
            query = Query(films=stars.indices[rated], stars=stars.data[rated])
            scores = truth.score(query)
            scores = (scores - scores.mean()) / scores.std()
            self.chance[row] = 1 / (1 + np.exp(2.2 - 0.7 * scores))
        self.start = stars.toarray()
        self.start[:, self.arrival_week > 0] = 0


def simulate(town: Town, wild: bool, seed: int) -> Year:
    """Simulates one year.

    wild: whether cards may end with a wild card.
    """
    rng = np.random.default_rng(seed)
    known = town.start.copy()
    films = known.shape[1]
    counts = {name: np.zeros(films, np.int64) for name in Year.__dataclass_fields__}
    last = np.full((PEOPLE, films), -99)
    fixed = rng.random((PEOPLE, films))  # decides who takes what, the same in both years
    for week in range(WEEKS):
        if week % REFIT_WEEKS == 0:
            model = fit_ranking(
                town.catalogue, sparse(known), RANKING_CONFIG, np.random.default_rng(week)
            )
            count = (known > 0).sum(axis=0).astype(np.float64)
            lately = (town.arrival_week > 0) & (town.arrival_week <= week)
        available = town.arrival_week <= week
        pool = wild_pool(
            count, lately, counts["wild"], counts["wild_taken"].astype(float), WILD_CONFIG
        )
        for row, person in enumerate(town.people):
            rated = np.flatnonzero(known[person])
            query = Query(films=rated, stars=known[person, rated])
            scores = model.score(query)
            allowed = available & (known[person] == 0) & (week - last[row] > COOLDOWN_WEEKS)
            out = np.flatnonzero(~allowed)
            card = best(scores, out, CARD_FILMS)
            wild_film = -1
            if wild and has_wild_card(0.5, WILD_CONFIG, rng):
                spread = float(np.sort(scores[allowed])[-SPREAD_FILMS:].std())
                suited = suiting(scores, allowed, card[:-1], spread, pool)
                wild_film = draw_wild_card(suited, pool, rng)
            if wild_film >= 0:
                card = np.append(card[:-1], wild_film)
                pool = pool.after_impression(wild_film)
            for film in card.tolist():
                took = fixed[row, film] < town.chance[row, film]
                counts["shown"][film] += 1
                counts["taken"][film] += took
                counts["wild"][film] += film == wild_film
                counts["wild_taken"][film] += took and film == wild_film
                counts["late"][film] += film != wild_film and week >= WEEKS * 3 // 4
                last[row, film] = week
                if took:
                    known[person, film] = 4.5
    return Year(**counts)


def test_a_year_with_the_wild_card() -> None:
    town = Town(seed=1)
    plain, wild = simulate(town, False, seed=2), simulate(town, True, seed=2)
    news = town.arrival_week > 0
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
    assert wild.wild.max() <= WILD_CONFIG.max_impressions
    assert fall <= 0.02
    assert wild.late[liked].mean() > plain.late[liked].mean(), "the ranker takes them up itself"
    assert wild.late[liked].mean() > wild.late[rest].mean()
