"""The tastes of the quiz: what they name exists, and picks follow them."""

import numpy as np
import pytest

from bot.services.catalogue.arrays import Facts, kind_films, query, taste_films
from bot.services.catalogue.tastes import FORMER, OFFERED, TASTES, Taste, example_titles
from bot.wording.picks.tastes import taste_option
from recommender.pipeline.recommend import recommended_films
from recommender.pipeline.recommender import Config
from recommender.training.fit import fit
from tests.recommender.worlds import NOW
from tests.starter import starter

MAX_OPTIONS = 10  # Discord's limit for a group of check boxes
MAX_DESCRIPTION = 100


def members(taste: Taste) -> set[int]:
    world = starter().world
    return set(world.films.ids(taste_films(world, taste)).tolist())


def test_the_form_offers_what_people_ask_for() -> None:
    names = " / ".join(taste_option(taste.key) for taste in OFFERED).lower()
    for wanted in ("horror", "animation", "anime", "korean", "indian", "world", "documentar"):
        assert wanted in names
    assert len(OFFERED) <= MAX_OPTIONS
    assert len(TASTES) == len(OFFERED) + len(FORMER)


def test_the_catalogue_has_everything_that_a_taste_names() -> None:
    world = starter().world
    spoken = world.fact("language")
    assert spoken is not None
    for taste in TASTES.values():
        assert set(taste.tags) <= set(world.tag_names), taste.key
        for kind in taste.kinds:
            assert set(kind.tags) <= set(world.tag_names), taste.key
            assert set(kind.genres) <= set(world.genre_names), taste.key
            assert set(kind.languages) <= set(spoken.values), taste.key
            assert len(kind_films(world, kind)) >= 50, taste.key


def test_each_taste_names_three_films_of_its_own() -> None:
    films = sorted(starter().films, key=lambda film: film.id)
    found = {taste.key: members(taste) for taste in OFFERED}
    by_key = {film.key: film for film in films}
    named = [key for taste in OFFERED for key in taste.examples]
    assert len(named) == len(set(named)) == 3 * len(OFFERED)
    for taste in OFFERED:
        assert {by_key[key].id for key in taste.examples} <= found[taste.key], taste.key
    shown = example_titles(films, found)
    assert set(shown) == {taste.key for taste in OFFERED}
    assert all(0 < len(text) <= MAX_DESCRIPTION for text in shown.values())
    assert shown["scary"] == "The Shining · Scream · Get Out"


def test_films_of_the_taste_replace_examples_that_the_catalogue_lacks() -> None:
    films = [film for film in starter().films if film.key not in ("scream-1996", "get-out-2017")]
    found = {taste.key: members(taste) for taste in OFFERED}
    shown = example_titles(films, found)["scary"].split(" · ")
    assert shown[0] == "The Shining"
    assert len(shown) == 3
    horror = {film.title for film in films if film.id in found["scary"]}
    assert set(shown) <= horror


@pytest.mark.parametrize("taste", OFFERED, ids=lambda taste: taste.key)
def test_the_first_picks_are_of_the_taste(taste: Taste) -> None:
    world = starter().world
    model = fit(world, None, Config(), seed=1, now=NOW)
    picks = recommended_films(model, query(world, Facts(tastes=[taste])), 5)
    assert np.isin(picks, taste_films(world, taste)).all()


def test_each_of_two_tastes_has_a_place() -> None:
    world = starter().world
    model = fit(world, None, Config(), seed=1, now=NOW)
    two = [TASTES["big"], TASTES["asian"]]
    picks = recommended_films(model, query(world, Facts(tastes=two)), 10)
    of = [np.isin(picks, taste_films(world, taste)) for taste in two]
    assert (of[0] | of[1]).all()
    assert min(each.sum() for each in of) >= 3
