"""The judge promotes good refits of a growing server."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from recommender.data import Interactions, interactions
from recommender.datasets.movielens import read_movielens
from recommender.errors import DatasetError
from recommender.evaluation.acceptance.held_out import MIN_PEOPLE, select_held_out
from recommender.evaluation.acceptance.judgement import compare
from recommender.evaluation.acceptance.tastes import MAX_LOSS_TO_TAGS, judge_tastes
from recommender.evaluation.acceptance.verdict import decide
from recommender.evaluation.taste.study import LIVE, TAGS_ALONE
from recommender.pipeline.recommender import Config
from recommender.training.fit import fit
from tests.movielens import FOLDER
from tests.recommender.bad_models import CONFIG, SEED
from tests.recommender.judged import (
    facts_of,
    figures_of,
    popularity_scores,
    scores_of,
    tags_figures,
)
from tests.recommender.servers import server, small_catalogue, thirteen
from tests.recommender.worlds import NOW
from tests.starter import starter

REFITS = (3, 10, 30, 100, 300)  # people of a growing server
MAX_LOSS = 0.02  # what serves is promised to be at most this far below the tags alone


@cache
def tweeted() -> Interactions:
    """Returns the ratings of MovieTweetings of films in the small catalogue."""
    try:
        data = read_movielens(FOLDER.parent / "movietweetings-50k", 10)
    except DatasetError as problem:
        pytest.skip(str(problem))
    known = starter().ratings(data)
    films = small_catalogue().films
    ids = known.films.ids(known.film)
    kept = films.rows(ids) >= 0
    return interactions(
        known.people.ids(known.person[kept]),
        ids[kept],
        known.stars[kept],
        known.when[kept],
        films=films,
    )


def tweeting(people: int) -> Interactions:
    """Returns the ratings of some people of MovieTweetings, drawn from those who rated most."""
    whole = tweeted()
    counts = np.bincount(whole.person, minlength=len(whole.people))
    most = np.argsort(-counts, kind="stable")[: max(REFITS)]
    drawn = np.random.default_rng(SEED).permutation(most)[:people]
    kept = np.isin(whole.person, drawn)
    return replace(
        whole,
        person=whole.person[kept],
        film=whole.film[kept],
        stars=whole.stars[kept],
        when=whole.when[kept],
    )


@pytest.mark.parametrize("of", [server, tweeting], ids=["synthetic", "MovieTweetings"])
def test_good_refits_of_a_growing_server_are_promoted(
    of: Callable[[int], Interactions],
) -> None:
    films, live, leads, judged_by = small_catalogue(), None, None, 0
    for people in REFITS:
        ratings = of(people)
        figures = figures_of(fit(films, ratings, CONFIG, SEED, NOW))
        found = judge_tastes(figures, live, tags_figures())
        held, judged = select_held_out(ratings, None, SEED), None
        if held is not None:
            new = scores_of(fit(films, held.train, CONFIG, SEED, NOW), held)
            judged = compare(new, None, popularity_scores(held), held, facts_of(held))
        verdict = decide(judged, leads, {}, False, found, judged_by)
        assert verdict.promote, (people, verdict.why)
        assert found.against[TAGS_ALONE].gain.mean > -MAX_LOSS_TO_TAGS
        live = figures
        leads = None if judged is None else judged.leads
        judged_by = 0 if judged is None else judged.people
    assert judged_by >= MIN_PEOPLE


def test_a_model_of_no_ratings_serves_tastes_as_the_tags_alone_do() -> None:
    """A fit that learned from nothing is therefore not measured again."""
    films = small_catalogue()
    nothing = interactions([], [], [], films=films.films)
    figures = figures_of(fit(films, nothing, Config(), SEED, NOW))
    assert np.array_equal(figures.taste, tags_figures().taste)


def test_thirteen_ratings_by_three_people_leave_tastes_as_they_are() -> None:
    films = starter().world
    ratings = thirteen(films)
    assert (len(ratings), len(ratings.people)) == (13, 3)
    tags_alone = figures_of(fit(films, None, Config(), SEED, NOW))
    figures = figures_of(fit(films, ratings, Config(), SEED, NOW))
    assert figures.taste.mean() > tags_alone.taste.mean() - MAX_LOSS
    found = judge_tastes(figures, None, tags_alone)
    assert LIVE not in found.against
    verdict = decide(None, None, {}, False, found)
    assert verdict.promote, verdict.why
    assert [why.key for why in verdict.why] == ["sanity-and-tastes-decide", "taste-test"]
