"""The wild card: how often cards have one, which films it may be, and that it learns."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.pipeline.contextual_scores import SPREAD_FILMS
from recommender.pipeline.wild_card import (
    Suiting,
    WildConfig,
    WildPool,
    draw_chance,
    draw_wild_card,
    has_wild_card,
    suiting,
    wild_pool,
)

FILMS = 100
CONFIG = WildConfig(max_impressions=8)


def pool(shown: dict[int, int] | None = None, rewards: dict[int, float] | None = None) -> WildPool:
    """Returns a pool in which films 0 to 19 have many ratings, 95 to 99 are new, and the others
    have some ratings."""
    count = np.where(np.arange(FILMS) < 20, 50.0, 10.0)
    count[95:] = 0
    seen, came = np.zeros(FILMS, np.int64), np.zeros(FILMS)
    for film, n in (shown or {}).items():
        seen[film] = n
    for film, value in (rewards or {}).items():
        came[film] = value
    return wild_pool(count, np.arange(FILMS) >= 95, seen, came, CONFIG)


def suited(scores: np.ndarray, allowed: np.ndarray, chosen: list[int], some: WildPool) -> Suiting:
    spread = float(np.sort(scores[allowed])[-SPREAD_FILMS:].std())
    return suiting(scores, allowed, np.array(chosen), spread, some)


def drawn(some: WildPool, times: int = 400, seed: int = 0) -> np.ndarray:
    """Returns (films,) how often each is drawn for a person with the same score for every film."""
    rng = np.random.default_rng(seed)
    scores = np.zeros(FILMS)
    allowed = np.ones(FILMS, bool)
    allowed[30] = False
    free = suited(scores, allowed, [0, 1, 50], some)
    picks = [draw_wild_card(free, some, rng) for _ in range(times)]
    return np.bincount([film for film in picks if film >= 0], minlength=FILMS)


def test_only_new_films_and_the_long_tail_take_part() -> None:
    count = drawn(pool())
    assert count[:20].sum() == 0, "well known"
    assert count[30] == 0, "not allowed"
    assert count[50] == 0, "on the card already"
    assert (count[95:] > 0).sum() >= 3, "new films are drawn, whatever their score"
    assert count[95:].mean() > count[20:95].mean(), "the less is known, the wider the draw"


def test_no_film_beyond_its_cap() -> None:
    assert 96 not in pool(shown={96: 8}).films
    some = pool(shown={96: 7})
    assert some.impressions_left[some.films == 96] == 1
    assert 96 not in some.after_impression(96).films
    rng, seen = np.random.default_rng(1), np.zeros(FILMS, np.int64)
    some, scores, allowed = pool(), np.zeros(FILMS), np.zeros(FILMS, bool)
    allowed[[0, 1, 96, 97]] = True
    scores[0] = 1.0
    for _ in range(40):
        film = draw_wild_card(suited(scores, allowed, [0, 1], some), some, rng)
        if film < 0:
            break
        seen[film] += 1
        some = some.after_impression(film)
    assert seen[96] == seen[97] == 8
    assert film == -1, "nothing is left"


def test_what_was_refused_falls_and_what_was_taken_rises() -> None:
    config_known = pool(shown={96: 7, 97: 7}, rewards={97: 5.0})
    count = drawn(config_known, 1500)
    assert count[97] > 5 * max(count[96], 1)


def test_crowd_pleasers_get_none_and_deep_cuts_more() -> None:
    rng = np.random.default_rng(0)

    def share(dial: float) -> float:
        return float(np.mean([has_wild_card(dial, CONFIG, rng) for _ in range(3000)]))

    assert share(0.0) == share(CONFIG.min_adventurousness) == 0
    assert abs(share(0.5) - CONFIG.card_share) < 0.03
    assert share(1.0) > 1.5 * CONFIG.card_share


def test_what_does_not_suit_the_person_is_no_wild_card() -> None:
    scores = np.linspace(1, 0, FILMS)
    scores[20:] = -50.0
    scores[:20] += np.random.default_rng(1).normal(0, 0.2, 20)
    allowed = np.ones(FILMS, bool)
    allowed[40:95] = False
    rng = np.random.default_rng(2)
    near = replace(pool(), config=replace(CONFIG, max_gap=0.5))
    assert draw_wild_card(suited(scores, allowed, [0, 1], near), near, rng) == -1


def test_the_chance_of_a_film_is_how_often_it_is_drawn() -> None:
    rng, chosen = np.random.default_rng(3), [0, 1, 50]
    scores, allowed = rng.normal(size=FILMS), np.ones(FILMS, bool)
    scores[chosen] = 2.0
    some = pool(shown={96: 7, 97: 7}, rewards={97: 5.0})
    times = 6000
    free = suited(scores, allowed, chosen, some)
    picks = [draw_wild_card(free, some, rng) for _ in range(times)]
    share = np.bincount(picks, minlength=FILMS) / times
    chance = np.array([draw_chance(film, free, some) for film in range(FILMS)])
    assert chance.sum() == pytest.approx(1.0, abs=0.03), "one of them is drawn"
    assert np.abs(share - chance).max() < 0.03
    assert chance[[0, 1, 50]].tolist() == [0, 0, 0]
    often = share > 0.02
    assert often.sum() >= 3
    assert np.abs(np.log(chance[often] / share[often])).max() < 0.4


def test_the_chance_is_estimated_where_many_films_take_part() -> None:
    films = 3000
    rng, chosen = np.random.default_rng(5), [0, 1]
    zeros = np.zeros(films)
    some = wild_pool(zeros, zeros > 0, zeros.astype(np.int64), zeros, CONFIG)
    scores = rng.normal(size=films)
    scores[chosen] = 5.0
    times = 1500
    allowed = np.ones(films, bool)
    free = suited(scores, allowed, chosen, some)
    picks = np.array([draw_wild_card(free, some, rng) for _ in range(times)])
    best = np.argsort(-scores)[2:102]
    chance = sum(draw_chance(int(film), free, some) for film in best)
    assert chance == pytest.approx(np.isin(picks, best).mean(), rel=0.25)
