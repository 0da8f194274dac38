"""Answers are exact: parts add up, moves are reported, and the order of rows does not matter.

`hybrid/test_hybrid.py` compares fold-in with a dense solve, and `models/test_item_item.py` the
item-item model with its definition.
"""

from dataclasses import replace

import numpy as np
import pytest

from recommender.data import Query, interactions
from recommender.pipeline.long_tail import LongTailConfig
from recommender.pipeline.recommend import explain_one, recommend
from recommender.pipeline.recommender import Recommender
from recommender.training.fit import fit
from tests.recommender.worlds import NOW, SMALL, catalogue, person, uneven
from tests.soak.process import scaled

FILMS = 200
WORLD = replace(catalogue(FILMS), adult=np.zeros(FILMS, bool))
RATINGS = uneven(WORLD, 120)
PEOPLE = (150, pytest.param(scaled(1000, at_least=150), marks=pytest.mark.soak))
CROWD = replace(
    SMALL, ranking=replace(SMALL.ranking, popular=2.0, popular_half=60.0, popularity_penalty=0.0)
)


@pytest.fixture(scope="module")
def model() -> Recommender:
    return fit(WORLD, RATINGS, replace(CROWD, tail=LongTailConfig(share=0.9)), 3, NOW)


@pytest.mark.parametrize("people", PEOPLE)
def test_parts_add_up(model: Recommender, people: int) -> None:
    rng = np.random.default_rng(8)
    kinds = set()
    for _ in range(people):
        query = person(model, rng, 60)
        if rng.random() < 0.3:
            query = replace(query, mood=rng.permutation(20)[:2])
        for pick in recommend(model, query, 5).picks:
            total = sum(part.amount for part in pick.parts)
            size = max(abs(pick.score), 0.1 * sum(abs(part.amount) for part in pick.parts))
            assert abs(total - pick.score) <= 1e-5 * size
            kinds |= {part.kind for part in pick.parts}
    assert kinds == {"popularity", "rating", "look", "tag", "chosen", "context"}


def test_the_score_is_the_score_before_reranking(model: Recommender) -> None:
    rng = np.random.default_rng(9)
    for _ in range(30):
        query = replace(person(model, rng, 60), hour=None, weekday=None)
        scores = model.score(query)
        for pick in recommend(model, query, 10).picks:
            assert pick.score == scores[pick.film]
            assert explain_one(model, query, pick.film).score == pick.score


def test_what_reranking_moved_is_said_apart(model: Recommender) -> None:
    rng = np.random.default_rng(10)
    tails = varied = 0
    for _ in range(150):
        query = replace(person(model, rng, 60), hour=None, weekday=None)
        scores = model.score(query)
        scores[np.concatenate([query.films, query.excluded])] = -np.inf
        picks = recommend(model, query, 10).picks
        for rank, pick in enumerate(picks):
            assert pick.moved == int((scores > pick.score).sum()) - rank
            varied += bool(pick.moved) and not pick.for_long_tail
        for pick in picks:
            if pick.for_long_tail:
                tails += 1
                assert pick is picks[-1]
                assert model.long_tail.films[pick.film]
                assert not model.long_tail.films[[other.film for other in picks[:-1]]].any()
    assert tails > 10
    assert varied > 10


def test_the_long_tail_gets_the_share_of_lists_that_was_asked_for() -> None:
    """The margin is fitted to people's lists, and the share then holds for these lists."""
    held = []
    for share in (0.0, 0.5, 0.9):
        made = fit(WORLD, RATINGS, replace(CROWD, tail=LongTailConfig(share=share)), 3, NOW)
        shown = 0
        for row in range(len(RATINGS.people)):
            own = RATINGS.person == row
            query = Query(films=RATINGS.film[own], stars=RATINGS.stars[own])
            films = [pick.film for pick in recommend(made, query, 10).picks]
            shown += made.long_tail.films[films].any()
        held.append(shown / len(RATINGS.people))
    assert held[1] == pytest.approx(max(0.5, held[0]), abs=0.02)
    assert held[2] == pytest.approx(max(0.9, held[0]), abs=0.02)


def test_the_clock_lifts_by_what_it_says(model: Recommender) -> None:
    rng = np.random.default_rng(11)
    lifted = 0
    for _ in range(4):
        query = replace(person(model, rng, 60), excluded=[], hour=22, weekday=4)
        plain = model.score(query)
        everything = [explain_one(model, query, film).score for film in range(FILMS)]
        final = np.array(everything)
        plain[query.films] = final[query.films] = -np.inf
        for pick in recommend(model, query, 10).picks:
            if pick.for_long_tail:
                continue
            before, after = plain[pick.film], final[pick.film]
            assert pick.score == pytest.approx(after, rel=1e-12)
            if pick.lifted:
                assert pick.lifted == (plain > before).sum() - (final > after).sum()
                lifted += 1
    assert lifted > 4


def test_permuting_the_people_permutes_the_answers() -> None:
    order = np.random.default_rng(2).permutation(len(RATINGS.people))
    other = interactions(
        order[RATINGS.person] + 1,
        RATINGS.films.ids(RATINGS.film),
        RATINGS.stars,
        RATINGS.when,
        films=WORLD.films,
    )
    one, two = fit(WORLD, RATINGS, SMALL, 3, NOW), fit(WORLD, other, SMALL, 3, NOW)
    rng = np.random.default_rng(12)
    for _ in range(30):
        query = person(one, rng, 60)
        left, right = recommend(one, query), recommend(two, query)
        assert [pick.film for pick in left.picks] == [pick.film for pick in right.picks]
        assert np.allclose([p.score for p in left.picks], [p.score for p in right.picks])


def test_anothers_rating_changes_no_answer_before_the_next_fit(model: Recommender) -> None:
    rng = np.random.default_rng(13)
    queries = [person(model, rng, 60) for _ in range(10)]
    before = [recommend(model, query) for query in queries]
    for _ in range(20):
        recommend(model, person(model, rng, 60))
    assert [recommend(model, query) for query in queries] == before
