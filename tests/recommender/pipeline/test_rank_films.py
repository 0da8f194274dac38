"""Given films in a person's order, and the filters by language and years."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.data import FactBlock, Query
from recommender.errors import DataError
from recommender.numeric.arrays import sparse
from recommender.pipeline.filters import apply_filters
from recommender.pipeline.recommend import explain_one, rank_films, score_films
from tests.recommender.worlds import catalogue, person, recommender

MODEL = recommender(120, 60)


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.integers(0, 30))
def test_films_come_in_the_order_of_their_scores_in_any_pages(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    query = person(MODEL, rng)
    films = rng.choice(120, count, replace=False)
    scored = score_films(MODEL, query)
    whole = rank_films(MODEL, query, scored, films, n=count)
    assert sorted(whole.films.tolist()) == sorted(films.tolist())
    assert [pick.film for pick in whole.picks] == whole.films.tolist()
    scores = [pick.score for pick in whole.picks]
    assert scores == sorted(scores, reverse=True)
    for pick in whole.picks[:3]:
        assert pick.score == pytest.approx(explain_one(MODEL, query, pick.film).score)
        assert sum(part.amount for part in pick.parts) == pytest.approx(pick.score, rel=1e-4)
    shuffled = rng.permutation(films)
    pages = [rank_films(MODEL, query, scored, shuffled, first, 4) for first in range(0, count, 4)]
    paged = [pick.film for page in pages for pick in page.picks]
    assert paged == whole.films.tolist()


def spoken() -> FactBlock:
    """Languages of six films; the third language leads in none."""
    matrix = np.array([[1, 0, 0], [1, 0.5, 0], [0, 1, 0], [0, 1, 0.5], [0, 0, 0], [0.5, 1, 0]])
    return FactBlock("language", ("en", "ko", "la"), sparse(matrix.astype(np.float32)))


def test_a_language_must_lead_if_it_leads_anywhere() -> None:
    world = replace(catalogue(6), adult=np.zeros(6, bool), facts=(spoken(),))
    for column, films in ((0, [0, 1]), (1, [2, 3, 5]), (2, [3])):
        found = apply_filters(world, Query(languages=[column]))
        assert np.flatnonzero(found.films).tolist() == films
    with pytest.raises(DataError):
        apply_filters(world, Query(languages=[3]))
    with pytest.raises(DataError):
        apply_filters(replace(world, facts=()), Query(languages=[0]))


def test_years_include_both_ends_and_no_unknown_year() -> None:
    years = np.array([1989, 1990, 1999, 2000, np.nan, 1902])
    world = replace(catalogue(6), adult=np.zeros(6, bool), years=years)
    for between, films in (((1990, 1999), [1, 2]), ((-np.inf, 1929), [5]), ((2010, 2019), [])):
        found = apply_filters(world, Query(years=between))
        assert np.flatnonzero(found.films).tolist() == films
    assert [one.filters for one in found.loosen] == [("years",)]
