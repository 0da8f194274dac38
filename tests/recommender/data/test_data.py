"""Ids and rows, and the checks of ratings, catalogues and queries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.data import Query, Vocabulary, interactions, join
from recommender.errors import DataError

IDS = st.lists(st.integers(-(2**63), 2**63 - 1), unique=True, max_size=30)


@given(IDS, st.lists(st.integers(-(2**63), 2**63 - 1), max_size=10))
def test_vocabulary_is_a_two_way_map(ids: list[int], others: list[int]) -> None:
    words = Vocabulary(ids)
    rows = words.rows(ids)
    assert rows.tolist() == list(range(len(ids)))
    assert words.ids(rows).tolist() == ids
    for other in others:
        assert words.row(other) == (ids.index(other) if other in ids else -1)


def test_vocabulary_is_equal_by_content_and_frozen() -> None:
    assert Vocabulary([3, 1]) == Vocabulary([3, 1])
    assert hash(Vocabulary([3, 1])) == hash(Vocabulary([3, 1]))
    assert Vocabulary([3, 1]) != Vocabulary([1, 3])
    with pytest.raises(ValueError, match="read-only"):
        Vocabulary([3, 1]).ids_array[0] = 9
    with pytest.raises(DataError, match="id-twice"):
        Vocabulary([3, 3])
    with pytest.raises(IndexError):
        Vocabulary([3]).ids([-1])


@pytest.mark.parametrize("stars", [np.nan, -1.0, 11.0, 0.0, np.inf])
def test_bad_stars_are_refused_in_words(stars: float) -> None:
    with pytest.raises(DataError, match=r"rating-stars .row=2"):
        interactions([1, 1], [5, 6], [3.0, stars])


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(DataError, match="ratings-differ-in-length"):
        interactions([1, 2], [5], [3.0])
    with pytest.raises(DataError, match="rating-time"):
        interactions([1], [5], [3.0], [np.inf])


def test_of_duplicates_the_newest_counts() -> None:
    twice = interactions([1, 1, 1, 2], [5, 5, 5, 5], [1, 4, 2, 3], [10, 30, 20, np.nan])
    assert twice.utility_matrix().toarray().tolist() == [[4.0], [3.0]]
    same_time = interactions([1, 1], [5, 5], [1, 4])
    assert same_time.utility_matrix().toarray().tolist() == [[4.0]]


def test_ratings_of_unknown_films_are_left_out() -> None:
    some = interactions([1, 2], [5, 6], [3, 4], films=Vocabulary([6, 7]))
    assert len(some) == 1
    assert some.people.ids([0]).tolist() == [2]
    assert some.utility_matrix().shape == (1, 2)


def test_join_keeps_every_rating_by_id() -> None:
    server = interactions([10**18, 5], [1, 2], [5, 4], [1, 2])
    corpus = interactions([-5], [2], [1], [np.nan])
    both = join(server, corpus)
    found = sorted(
        zip(both.people.ids(both.person), both.films.ids(both.film), both.stars, strict=True)
    )
    assert found == [(-5, 2, 1.0), (5, 2, 4.0), (10**18, 1, 5.0)]
    assert len(join()) == 0


def test_a_query_drops_unknown_films_and_keeps_the_last_rating() -> None:
    query = Query(films=[4, -1, 2, 4], stars=[1, 2, 3, 5], excluded=[-1, 3])
    assert sorted(zip(query.films.tolist(), query.stars.tolist(), strict=True)) == [(2, 3), (4, 5)]
    assert query.excluded.tolist() == [3]


@pytest.mark.parametrize(
    "wrong",
    [
        {"films": [1], "stars": [np.nan]},
        {"films": [1], "stars": []},
        {"films": [1], "stars": [11]},
        {"hour": 24},
        {"weekday": 7},
        {"adventurousness": 1.5},
    ],
)
def test_impossible_queries_are_refused(wrong: dict) -> None:
    with pytest.raises(DataError):
        Query(**wrong)
