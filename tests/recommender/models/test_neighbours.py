"""The likeness of films: whom they suit and how they are made counts, and unknown facts do not."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.content.blocks import ContentConfig, content_blocks
from recommender.data import ADULTS, EVERYONE, TEENS, UNKNOWN_AUDIENCE, Catalogue
from recommender.models.neighbours import LOSS_BY_FORM, LOSS_PER_AUDIENCE, Neighbours
from recommender.models.tags import fit_tags
from recommender.numeric.arrays import sparse
from tests.recommender.worlds import catalogue
from tests.starter import starter

FILMS = 30


def neighbours(world: Catalogue) -> Neighbours:
    return Neighbours(world, fit_tags(world), content_blocks(world, ContentConfig()))


def test_films_for_other_people_are_less_alike() -> None:
    audience = np.full(FILMS, EVERYONE, np.int8)
    audience[1:4] = TEENS, ADULTS, UNKNOWN_AUDIENCE
    world = catalogue(FILMS)
    found = [
        neighbours(replace(world, audience=each)).likeness(0)[0]
        for each in (audience, np.zeros_like(audience))
    ]
    factor = np.ones(FILMS)
    factor[1:3] = 1 / (1 + LOSS_PER_AUDIENCE), 1 / (1 + 2 * LOSS_PER_AUDIENCE)
    assert found[0] == pytest.approx(np.where(found[1] > 0, found[1] * factor, found[1]))


def test_a_documentary_is_less_like_a_story() -> None:
    world = catalogue(FILMS)
    told = np.tile([0, 0, 1], (FILMS, 1))
    told[[2, 8, 10, 12]] = [0, 1, 1]
    told[19] = 0  # nothing is known of its genres
    plain, near = (
        neighbours(replace(world, genres=sparse(told), genre_names=names)).likeness(1)[0]
        for names in (("War", "Western", "Drama"), ("War", "Documentary", "Drama"))
    )
    factor = np.ones(FILMS)
    factor[[2, 8, 10, 12]] = 1 / (1 + LOSS_BY_FORM)
    assert near == pytest.approx(np.where(plain > 0, plain * factor, plain))
    assert (near < plain).any()


@pytest.mark.parametrize(
    ("film", "other"),
    [
        ("Gladiator", "The Prince of Egypt"),
        ("The Terminator", "Short Circuit"),
        ("Jaws", "The Black Stallion"),
        ("Akira", "Laputa: Castle in the Sky"),
    ],
)
def test_no_film_for_children_is_among_the_first_of_a_film_for_adults(
    film: str, other: str
) -> None:
    world = starter().world
    near = neighbours(world).likeness(world.titles.index(film))[0]
    assert world.titles.index(other) not in np.argsort(-near)[:9]
