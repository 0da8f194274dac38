"""Unusual input is handled without a crash and without NaN in an answer."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from recommender.data import Interactions, Query, interactions
from recommender.elicitation.questions import next_films
from recommender.errors import DataError
from recommender.pipeline.recommend import recommend
from recommender.pipeline.similar import similar
from recommender.training.fit import fit, tuned_config
from tests.recommender.worlds import NOW, SMALL, catalogue, ratings

WORLD = replace(catalogue(30), adult=np.zeros(30, bool))
IDS = WORLD.films.ids_array


def given(people, films, stars) -> Interactions:
    return interactions(people, films, stars, films=WORLD.films)


CASES = {
    "no ratings": given([], [], []),
    "one rating": given([1], IDS[:1], [5]),
    "one person": given([1] * 30, IDS, np.arange(30) % 9 / 2 + 0.5),
    "one film": given(np.arange(30), [IDS[4]] * 30, np.full(30, 3)),
    "all the same stars": given(np.repeat(np.arange(10), 30), np.tile(IDS, 10), np.full(300, 4)),
    "unknown films only": interactions([1, 2], [5, 6], [3, 4]),
    "twice with different stars": given([1, 1, 1], [IDS[2]] * 3, [1, 5, 3]),
    "a person who rated everything": given(
        [*np.repeat(1, 30), *np.arange(2, 12)], [*IDS, *IDS[:10]], np.arange(40) % 10 / 2 + 0.5
    ),
}
QUERIES = (
    Query(),
    Query(films=[2], stars=[5], hour=22, weekday=4),
    Query(films=np.arange(29), stars=np.full(29, 0.5)),
    Query(films=[-1, -1], stars=[3, 3]),
    Query(films=np.arange(30), stars=np.arange(30) % 10 / 2 + 0.5, adventurousness=1.0),
    Query(films=[3, 3, 3], stars=[1, 5, 0.5]),
    Query(liked_tags=[0], adventurousness=0.0),
)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("query", QUERIES)
def test_every_case_answers(case: str, query: Query) -> None:
    model = fit(WORLD, CASES[case], SMALL, 1, NOW)
    answer = recommend(model, query, 5)
    assert len(answer.picks) == min(5, 30 - len(query.films))
    for pick in answer.picks:
        assert np.isfinite([pick.score, *(part.amount for part in pick.parts)]).all()
    assert all(np.isfinite(pick.score) for pick in similar(model, 2, query))
    assert len(next_films(model, query, np.zeros(0, np.int64), 3)) == min(3, 30 - len(query.films))


def test_no_ratings_and_no_tags_and_no_genres() -> None:
    bare = replace(
        WORLD,
        tags=WORLD.tags[:, :0],
        tag_names=(),
        tag_facets=(),
        genres=WORLD.genres[:, :0],
        genre_names=(),
    )
    model = fit(bare, None, SMALL, 1, NOW)
    assert len(recommend(model, Query(films=[1], stars=[5]), 5).picks) == 5
    assert similar(model, 1) == ()


def test_an_empty_catalogue() -> None:
    empty = catalogue(0)
    model = fit(empty, None, SMALL, 1, NOW)
    assert recommend(model, Query()).picks == ()
    assert len(next_films(model, Query(), np.zeros(0, np.int64), 3)) == 0


def test_many_films_and_three_ratings() -> None:
    world = catalogue(100_000, tags=4)
    some = interactions([1, 2, 3], world.films.ids_array[:3], [5, 4, 3], films=world.films)
    answer = recommend(fit(world, some, SMALL, 1, NOW), Query(films=[0], stars=[5]), 5)
    assert len(answer.picks) == 5
    assert all(np.isfinite(pick.score) for pick in answer.picks)


@pytest.mark.parametrize("case", CASES)
def test_settings_are_chosen_for_every_case(case: str) -> None:
    config = tuned_config(WORLD, CASES[case], SMALL, 1)
    assert len(recommend(fit(WORLD, CASES[case], config, 1, NOW), Query(), 5).picks) == 5
    assert tuned_config(WORLD, None, SMALL, 1) == SMALL


def test_of_a_film_rated_twice_the_newest_counts() -> None:
    twice = interactions([1, 1, 2], [IDS[2]] * 3, [1, 5, 4], [20, 10, 5], films=WORLD.films)
    once = interactions([1, 2], [IDS[2]] * 2, [1, 4], films=WORLD.films)
    one, two = (fit(WORLD, each, SMALL, 1, NOW) for each in (twice, once))
    assert np.array_equal(one.score(QUERIES[1]), two.score(QUERIES[1]))
    assert one.ratings == two.ratings == 2


@pytest.mark.parametrize("stars", [np.nan, -1.0, 0.0, 11.0, np.inf])
def test_stars_that_are_none_are_refused_in_words(stars: float) -> None:
    with pytest.raises(DataError, match="rating-stars"):
        given([1, 2], IDS[:2], [4, stars])
    with pytest.raises(DataError, match="query-stars"):
        Query(films=[1, 2], stars=[4, stars])


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2024, 3, 1, 4, 0)  # noqa: DTZ001
    with pytest.raises(DataError, match="training-time-without-zone"):
        fit(WORLD, None, SMALL, 1, naive)


def test_the_version_names_the_time_and_the_data() -> None:
    first = fit(WORLD, ratings(WORLD), SMALL, 1, NOW)
    again = fit(WORLD, ratings(WORLD), SMALL, 1, NOW)
    other = fit(WORLD, ratings(WORLD, seed=9), SMALL, 1, NOW)
    assert first.version == again.version
    assert first.version.startswith("20240301T040000Z-")
    assert first.version != other.version
    assert recommend(first, Query(films=[1], stars=[5])) == recommend(
        again, Query(films=[1], stars=[5])
    )
