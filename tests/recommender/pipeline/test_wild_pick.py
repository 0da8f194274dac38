"""The wild card within an answer: in the last place, from the pool, exact, and off for some."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.data import Query
from recommender.pipeline.recommend import WildDraw, explain_one, recommend
from recommender.pipeline.wild_card import WildConfig, WildPool, wild_pool
from tests.recommender.worlds import recommender

MODEL = recommender(120, 60)
FILMS = len(MODEL.catalogue)
MINE = Query(films=[3, 9], stars=[5, 4], hour=22, weekday=4)
ALWAYS = WildConfig(share=1.0, near=50.0)


def pool(config: WildConfig = ALWAYS) -> WildPool:
    new = np.zeros(FILMS, bool)
    new[[20, 40, 60, 80, 100]] = True
    zeros = np.zeros(FILMS)
    return wild_pool(MODEL.popularity.count, new, zeros.astype(np.int64), zeros, config)


def draw(seed: int, config: WildConfig = ALWAYS) -> WildDraw:
    return WildDraw(pool(config), np.random.default_rng(seed))


@pytest.mark.parametrize("seed", range(8))
def test_it_stands_last_and_its_parts_add_up(seed: int) -> None:
    plain = recommend(MODEL, MINE, 5).picks
    picks = recommend(MODEL, MINE, 5, draw(seed)).picks
    assert [pick.film for pick in picks[:-1]] == [pick.film for pick in plain[:-1]]
    assert [pick.wild for pick in picks] == [False] * 4 + [True]
    odd = picks[-1]
    assert odd.film in pool().films
    assert odd.film not in {3, 9}
    assert not MODEL.catalogue.adult[odd.film]
    assert sum(part.amount for part in odd.parts) == pytest.approx(odd.score, rel=1e-5)
    alone = explain_one(MODEL, MINE, odd.film)
    assert (alone.score, alone.own) == pytest.approx((odd.score, odd.own))
    assert not odd.tail


def test_the_same_chance_gives_the_same_card_and_others_give_others() -> None:
    found = [recommend(MODEL, MINE, 5, draw(seed)).picks[-1].film for seed in range(30)]
    again = [recommend(MODEL, MINE, 5, draw(seed)).picks[-1].film for seed in range(30)]
    assert found == again
    assert len(set(found)) > 2


def test_who_wants_crowd_pleasers_gets_none_and_excluded_films_stay_away() -> None:
    for dial in (0.0, 0.25):
        mine = replace(MINE, adventurousness=dial)
        assert recommend(MODEL, mine, 5, draw(1)) == recommend(MODEL, mine, 5)
    mine = replace(MINE, excluded=pool().films)
    assert recommend(MODEL, mine, 5, draw(1)) == recommend(MODEL, mine, 5)
    assert recommend(MODEL, MINE, 1, draw(1)) == recommend(MODEL, MINE, 1), "never the headline"
    shares = [
        np.mean([
            recommend(MODEL, replace(MINE, adventurousness=dial), 3, draw(seed, WildConfig()))
            .picks[-1].wild
            for seed in range(60)
        ])
        for dial in (0.3, 1.0)
    ]  # fmt: skip
    assert 0.05 < shares[0] < shares[1] < 0.95
