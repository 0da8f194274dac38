"""The taste test of a model beside the tags alone: who is asked, which tastes lose, the report."""

import json
from dataclasses import replace

import numpy as np
import pytest

from recommender.datasets.synthetic import Shape, world
from recommender.errors import DataError
from recommender.evaluation.taste.comparison import compare_tastes
from recommender.evaluation.taste.measure import TasteFigures, summaries
from recommender.evaluation.taste.people import TastePerson, people_of
from recommender.evaluation.taste.report import taste_report
from recommender.evaluation.taste.study import (
    ALL,
    LIVE,
    REPORTING,
    TAGS_ALONE,
    TasteStudy,
    study_tastes,
    taste_file,
)
from recommender.evaluation.taste.tastes import tastes
from recommender.pipeline.recommender import Config
from recommender.training.fit import fit
from tests.recommender.worlds import NOW
from tests.starter import starter

TASTES = tastes()
PEOPLE_EACH = 12


def figures(shares: np.ndarray) -> TasteFigures:
    """Returns figures of people of one taste each. shares: (tastes, people of a taste)."""
    none = np.zeros(0, np.int64)
    people = tuple(
        TastePerson((at,), 3 + 2 * (number % 2), False, none, none.astype(np.float32))
        for at in range(len(shares))
        for number in range(shares.shape[1])
    )
    zero = np.zeros(len(people))
    return TasteFigures(people, shares.reshape(-1), zero, zero, zero, zero)


def noisy(seed: int = 1) -> np.ndarray:
    draws = np.random.default_rng(seed).integers(0, 11, (len(TASTES), PEOPLE_EACH))
    return np.asarray(draws / 10.0)


def study(live: np.ndarray, tags: np.ndarray) -> TasteStudy:
    both = {LIVE: figures(live), TAGS_ALONE: figures(tags)}
    return TasteStudy(42, "v", 13, 3687, TASTES, both)


def test_equal_models_differ_in_nothing() -> None:
    compared = compare_tastes(figures(noisy()), figures(noisy()), TASTES)
    assert compared.worse == ()
    assert compared.gain.mean == 0.0
    assert compared.people == len(TASTES) * PEOPLE_EACH


def test_a_taste_that_loses_is_named_and_noise_is_not() -> None:
    tags = noisy()
    live = tags + np.random.default_rng(3).normal(0.0, 0.05, tags.shape)
    live[3] -= 0.3
    live[8] -= 0.5
    compared = compare_tastes(figures(live), figures(tags), TASTES)
    assert [lost.name for lost in compared.worse] == [TASTES[8].name, TASTES[3].name]
    assert compared.worse[0].share == pytest.approx(live[8].mean())
    assert compared.share - compared.other == pytest.approx(compared.gain.mean)
    better = compare_tastes(figures(tags), figures(live), TASTES)
    assert better.worse == (), "a gain is no loss"


def test_unknown_picks_are_left_out_of_the_pairs() -> None:
    tags = noisy()
    live = tags.copy()
    live[0] = np.nan
    live[1, :6] = np.nan
    compared = compare_tastes(figures(live), figures(tags), TASTES)
    assert compared.people == len(TASTES) * PEOPLE_EACH - PEOPLE_EACH - 6
    assert TASTES[0].name not in [each.name for each in compared.tastes]


def test_the_reporting_tastes_are_told_apart() -> None:
    live = np.where([[taste.reporting] for taste in TASTES], 0.25, 0.75) + np.zeros((1, 12))
    found = study(live, live)
    (three, five) = found.summaries(LIVE, REPORTING)
    assert (three.taste, five.taste) == (0.25, 0.25)
    assert found.summaries(LIVE, ALL)[0].taste == pytest.approx(0.5, abs=0.02)
    assert summaries(found.figures[LIVE])[0].people == 6 * len(TASTES)


def test_the_file_and_the_report_name_what_loses() -> None:
    tags = noisy()
    live = tags.copy()
    live[3] = np.clip(live[3] - 0.5, -1, 1)
    found = study(live, tags)
    file = json.loads(json.dumps(taste_file(found), allow_nan=False))
    assert [lost["name"] for lost in file["worse"]] == [TASTES[3].name]
    assert file["gain"]["low"] <= file["gain"]["mean"] <= file["gain"]["high"]
    assert set(file["models"]) == {LIVE, TAGS_ALONE}
    assert file["models"][LIVE][ALL]["3 loved"]["people"] == 6 * len(TASTES)
    last = taste_report(found).sections[-1]
    assert last.table is not None
    assert [row[0] for row in last.table.rows] == [TASTES[3].name]
    even = taste_report(study(tags, tags)).sections[-1]
    assert even.table is None
    assert "No taste is served worse by more than chance" in even.text


def test_fewer_people_are_the_first_of_the_same_people() -> None:
    catalogue = starter().world
    few, many = (people_of(catalogue, TASTES[:3], 7, each, of_two=0) for each in (2, 5))
    firsts = [person for at in range(3) for person in [p for p in many if p.tastes == (at,)][:2]]
    assert len(few) == 6
    for one, other in zip(few, firsts, strict=True):
        assert np.array_equal(one.films, other.films)
        assert np.array_equal(one.stars, other.stars)


def test_a_catalogue_without_tags_has_nothing_to_measure() -> None:
    made = world(Shape(people=30, films=60, ratings=600), np.random.default_rng(1))
    model = fit(made.catalogue, None, Config(), 1, NOW)
    with pytest.raises(DataError, match="no-taste-to-test"):
        study_tastes(model, 1, NOW)


def test_without_ratings_a_model_is_the_tags_alone() -> None:
    some = replace(study(noisy(), noisy()), ratings=0)
    alone = replace(some, figures={TAGS_ALONE: some.figures[TAGS_ALONE]})
    assert alone.comparison() is None
    assert taste_file(alone)["worse"] == []
    assert "tags alone" in taste_report(alone).sections[-1].text
