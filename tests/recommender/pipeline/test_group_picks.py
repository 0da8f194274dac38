"""Films for a group: everybody's filters hold, nobody is made miserable, time has an effect."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.data import Query
from recommender.errors import DataError
from recommender.pipeline.groups.group import recommend_for_group
from recommender.pipeline.recommend import recommend
from tests.recommender.worlds import recommender

MODEL = recommender(120, 60)
ONE = Query(films=[3, 9, 12], stars=[5, 4, 5])
OTHER = Query(films=[20, 31], stars=[5, 1], never=[1])


def shown(*queries: Query, n: int = 8) -> list[int]:
    return [pick.film for pick in recommend_for_group(MODEL, queries, n).picks]


def test_what_is_not_for_one_is_not_for_the_group() -> None:
    found = shown(ONE, replace(OTHER, excluded=[40, 41, 42]), n=60)
    assert len(found) > 20
    assert not {3, 9, 12, 20, 31, 40, 41, 42} & set(found)
    assert not MODEL.catalogue.genres.toarray()[found, 1].any()
    assert not MODEL.catalogue.adult[found].any()


def test_no_series_comes_twice() -> None:
    found = shown(ONE, OTHER, n=60)
    series = MODEL.series[found]
    assert len(set(series.tolist())) == len(found)


def test_alone_it_is_ones_own_ranking_and_the_order_of_people_says_nothing() -> None:
    alone = shown(ONE)
    scores = MODEL.score(ONE)
    assert [scores[film] for film in alone] == sorted(scores[alone], reverse=True)
    assert (
        alone[0]
        == max((pick for pick in recommend(MODEL, ONE, 60).picks), key=lambda pick: pick.score).film
    )
    there, back = recommend_for_group(MODEL, [ONE, OTHER]), recommend_for_group(MODEL, [OTHER, ONE])
    assert [pick.film for pick in there.picks] == [pick.film for pick in back.picks]
    assert there.picks[0].percentiles == back.picks[0].percentiles[::-1]


def test_each_has_a_say() -> None:
    together = recommend_for_group(MODEL, [ONE, OTHER], 5).picks
    for pick in together:
        assert sum(pick.parts) == pytest.approx(pick.score)
        assert not pick.spoilt
    assert min(min(pick.percentiles) for pick in together) >= 0.25
    assert [pick.film for pick in together] != shown(ONE, n=5)


def test_time_adjusts_the_scores_of_a_group_too() -> None:
    timed = [replace(query, hour=22, weekday=4) for query in (ONE, OTHER)]
    assert shown(*timed, n=20) != shown(ONE, OTHER, n=20)
    quiet = [replace(query, editorial=False) for query in timed]
    assert shown(*quiet, n=20) == shown(ONE, OTHER, n=20)


def test_whoever_was_worst_off_is_served_first() -> None:
    mine = [pick.parts for pick in recommend_for_group(MODEL, [ONE, OTHER], 5).picks]
    theirs = [pick.parts for pick in recommend_for_group(MODEL, [ONE, OTHER], 5, [0, 3]).picks]
    assert np.mean([other for _, other in theirs]) > np.mean([other for _, other in mine])
    with pytest.raises(DataError, match="group-rows-differ"):
        recommend_for_group(MODEL, [ONE, OTHER], 3, [1])


def test_nothing_left_and_nobody() -> None:
    impossible = replace(ONE, genres=[0], never=[0])
    found = recommend_for_group(MODEL, [ONE, impossible])
    assert not found.picks
    assert {name for entry in found.loosen for name in entry.filters} == {"genre", "never"}
    every = np.arange(120)
    split = [replace(ONE, excluded=every[::2]), replace(ONE, excluded=every[1::2])]
    assert recommend_for_group(MODEL, split) == recommend_for_group(MODEL, split[::-1])
    assert not recommend_for_group(MODEL, split).picks
    with pytest.raises(DataError, match="group-empty"):
        recommend_for_group(MODEL, [])
