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
QUERY = Query(films=[3, 9], stars=[5, 4], hour=22, weekday=4)
ALWAYS = WildConfig(card_share=1.0, max_gap=50.0)


def pool(config: WildConfig = ALWAYS) -> WildPool:
    new = np.zeros(FILMS, bool)
    new[[20, 40, 60, 80, 100]] = True
    zeros = np.zeros(FILMS)
    return wild_pool(MODEL.popularity.count, new, zeros.astype(np.int64), zeros, config)


def draw(seed: int, config: WildConfig = ALWAYS) -> WildDraw:
    return WildDraw(pool(config), np.random.default_rng(seed))


@pytest.mark.parametrize("seed", range(8))
def test_it_comes_last_and_its_parts_add_up(seed: int) -> None:
    plain = recommend(MODEL, QUERY, 5).picks
    picks = recommend(MODEL, QUERY, 5, draw(seed)).picks
    assert [pick.film for pick in picks[:-1]] == [pick.film for pick in plain[:-1]]
    assert [pick.wild for pick in picks] == [False] * 4 + [True]
    odd = picks[-1]
    assert odd.film in pool().films
    assert odd.film not in {3, 9}
    assert not MODEL.catalogue.adult[odd.film]
    assert sum(part.amount for part in odd.parts) == pytest.approx(odd.score, rel=1e-5)
    alone = explain_one(MODEL, QUERY, odd.film)
    assert (alone.score, alone.own) == pytest.approx((odd.score, odd.own))
    assert not odd.for_long_tail


def test_the_same_seed_gives_the_same_card_and_other_seeds_give_others() -> None:
    found = [recommend(MODEL, QUERY, 5, draw(seed)).picks[-1].film for seed in range(30)]
    again = [recommend(MODEL, QUERY, 5, draw(seed)).picks[-1].film for seed in range(30)]
    assert found == again
    assert len(set(found)) > 2


def test_low_adventurousness_gets_no_wild_card_and_excluded_films_stay_away() -> None:
    for dial in (0.0, 0.25):
        query = replace(QUERY, adventurousness=dial)
        assert recommend(MODEL, query, 5, draw(1)) == recommend(MODEL, query, 5)
    query = replace(QUERY, excluded=pool().films)
    assert recommend(MODEL, query, 5, draw(1)) == recommend(MODEL, query, 5)
    assert recommend(MODEL, QUERY, 1, draw(1)) == recommend(MODEL, QUERY, 1), "never the headline"
    shares = [
        np.mean([
            recommend(MODEL, replace(QUERY, adventurousness=dial), 3, draw(seed, WildConfig()))
            .picks[-1].wild
            for seed in range(60)
        ])
        for dial in (0.3, 1.0)
    ]  # fmt: skip
    assert 0.05 < shares[0] < shares[1] < 0.95


def test_the_chance_of_each_pick_is_how_often_it_is_shown() -> None:
    config = WildConfig(card_share=0.5, max_gap=50.0)
    plain = recommend(MODEL, QUERY, 5).picks
    assert {pick.chance for pick in plain} == {1.0}, "nothing is random"
    shown: dict[int, list[float]] = {}
    times = 1200
    for seed in range(times):
        picks = recommend(MODEL, QUERY, 5, draw(seed, config)).picks
        assert {pick.chance for pick in picks[:-1]} == {1.0}
        shown.setdefault(picks[-1].film, []).append(picks[-1].chance)
    for chances in shown.values():
        assert len(set(chances)) == 1, "the same request, the same chance"
        if len(chances) > 60:
            assert chances[0] == pytest.approx(len(chances) / times, rel=0.3)
    assert max(map(len, shown.values())) > 300, "the last plain pick, when no card is drawn"
    never = replace(QUERY, adventurousness=0.2)
    assert recommend(MODEL, never, 5, draw(1)).picks[-1].chance == 1.0
    nothing_suits = replace(QUERY, excluded=pool().films)
    assert recommend(MODEL, nothing_suits, 5, draw(1, config)).picks[-1].chance == 1.0
