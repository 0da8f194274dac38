"""The simulated people of a growing server, and the report of its days."""

import json
from dataclasses import asdict, replace
from functools import cache

import numpy as np
import pytest

from recommender.errors import DataError
from recommender.evaluation.growth.days import BEFORE, NOW, TAGS_ALONE, Day, measure_models
from recommender.evaluation.growth.raters import (
    COOLDOWN_DAYS,
    FIRST_FAMOUS,
    FIRST_OWN,
    HELD_OUT,
    Rater,
    everybody,
    known_from_elsewhere,
    known_tastes,
)
from recommender.evaluation.growth.report import (
    growth_file,
    growth_plot,
    growth_report,
    losses,
)
from recommender.pipeline.recommender import Config, Recommender
from recommender.remarks import remark
from recommender.training.fit import fit
from tests.recommender.servers import SMALL_TASTES, small_catalogue
from tests.recommender.worlds import NOW as FITTED_AT
from tests.recommender.worlds import catalogue


@cache
def by_tags() -> Recommender:
    return fit(small_catalogue(), None, Config(), 1, FITTED_AT)


def people(days: int = 10) -> list[Rater]:
    return everybody(small_catalogue(), 12, 2, days, seed=3)


def lived(raters: list[Rater], days: int) -> list[Rater]:
    """Lets people live through some days of a model that knows no ratings."""
    famous = known_from_elsewhere(small_catalogue())
    for day in range(days):
        for person in raters:
            person.live(by_tags(), day, famous)
    return raters


def test_people_join_with_films_of_their_taste_and_famous_ones() -> None:
    raters = people()
    assert len(raters) == 12 + 9 * 2
    assert [person.joined for person in raters[10:16]] == [0, 0, 1, 1, 2, 2]
    assert {person.taste for person in raters} <= set(SMALL_TASTES)
    famous = set(known_from_elsewhere(small_catalogue()).tolist())
    for person in raters:
        films = list(person.rated)
        assert len(films) in range(FIRST_OWN + FIRST_FAMOUS - 1, FIRST_OWN + FIRST_FAMOUS + 1)
        assert all(person.own[film] or film in famous for film in films)
        assert len(person.held_out) == HELD_OUT
        assert person.own[person.held_out].all()
        assert not set(films) & set(person.held_out.tolist())


def test_people_love_their_taste_and_dislike_some_of_the_rest() -> None:
    for person in people():
        others = ~person.own
        assert person.stars[person.own].mean() > person.stars[others].mean() + 0.8
        assert (person.stars[others] <= 2.5).mean() > 0.2
        assert (person.stars[person.own] < 4).any()


def test_the_same_seed_gives_the_same_lives_however_long_they_last() -> None:
    one, other = lived(people(10), 6), lived(people(20), 6)
    assert [person.rated for person in one] == [person.rated for person in other[: len(one)]]


def test_held_out_films_are_never_shown_and_shown_films_stay_away_for_a_while() -> None:
    raters = people()
    lived(raters, 30)
    assert sum(len(person.rated) for person in raters) > len(raters) * 8
    assert all(person.shown for person in raters)
    for person in raters:
        held = set(person.held_out.tolist())
        assert not held & (person.shown.keys() | person.rated.keys())
        assert held <= set(person.query(30).excluded.tolist())
        lately = {film for film, at in person.shown.items() if 30 - at < COOLDOWN_DAYS}
        assert lately <= set(person.query(30).excluded.tolist())
        assert not len(person.query(30, held_out=True).excluded)


def test_one_model_under_two_names_has_the_same_figures() -> None:
    worse = replace(
        by_tags(), config=replace(Config(), variety=replace(Config().variety, strength=30.0))
    )
    taste, hits = measure_models(
        {NOW: worse, BEFORE: by_tags(), TAGS_ALONE: by_tags()}, people(), 1
    )
    assert taste[BEFORE] == taste[TAGS_ALONE] > taste[NOW]
    assert hits[BEFORE] == hits[TAGS_ALONE]
    assert 0 < hits[NOW] < 1


def test_a_catalogue_without_tastes_is_a_sentence() -> None:
    with pytest.raises(DataError, match="tastes-too-small"):
        known_tastes(catalogue())


def day(number: int, now: float, before: float, tags: float, promoted: bool = True) -> Day:
    taste = {NOW: now, BEFORE: before, TAGS_ALONE: tags}
    hits = {NOW: 0.4, BEFORE: 0.4, TAGS_ALONE: 0.4}
    return Day(number, 12, 80, promoted, remark("model-lost-ratings", lost=3), taste, hits)


def test_a_fall_and_a_loss_to_the_tags_are_named() -> None:
    fine = day(1, 0.80, 0.825, 0.815)
    assert fine.losses() == ()
    fell, below = day(2, 0.8, 0.84, 0.8), day(3, 0.8, 0.8, 0.83, promoted=False)
    assert [(loss.day, loss.measure, loss.than) for loss in fell.losses()] == [(2, "taste", BEFORE)]
    assert [(loss.day, loss.measure, loss.than) for loss in below.losses()] == [
        (3, "taste", TAGS_ALONE)
    ]
    days = (fine, fell, below)
    assert len(losses(days)) == 2
    held = json.loads(json.dumps(growth_file(days, 5)))
    assert held["broken"] == [asdict(loss) for loss in losses(days)]
    assert held["days"][0]["why"] == {"key": "model-lost-ratings", "data": {"lost": 3}}
    report = growth_report(days, 100, ["horror"], 5)
    assert "2 of 3 nightly models promoted" in report.lead
    assert [section.title for section in report.sections][-1] == "Nights held back"
    plot = growth_plot(days)
    assert plot.startswith("<svg")
    assert "taste: tags alone" in plot


def test_days_that_hold_are_said_to_hold() -> None:
    report = growth_report((day(1, 0.8, 0.8, 0.8),), 100, ["horror"], 5)
    assert "No day falls by more than 0.03" in report.sections[-1].text


def test_figures_of_nobody_shown_anything_are_zero() -> None:
    person = people()[0]
    everything = np.arange(len(small_catalogue()))
    person.held_out = everything
    taste, hits = measure_models({NOW: by_tags()}, [person], 1)
    assert taste[NOW] == 0
    assert hits[NOW] > 0
