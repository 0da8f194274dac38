"""A chosen mood is the mood of the films shown, whatever the person's taste."""

from functools import cache

import numpy as np
import pytest

from bot.services.catalogue.arrays import Facts, query
from bot.services.catalogue.moods import MOODS, tags_of
from recommender.pipeline.filters import STRONG_MOOD
from recommender.pipeline.recommend import recommend
from tests.bot.services.serving.golden import served

TASTES = (
    "anime", "computer-animated", "detectives", "heist", "korea", "noir", "screwball",
    "slow-burn", "space-travel", "zombies",
)  # fmt: skip
MIN_OF_TASTE = 20
"""The catalogue must have this number of films of the taste and the mood."""


def strong(tags: tuple[str, ...]) -> np.ndarray:
    """Returns (films,) True for films that any of the tags describes well."""
    world = served().model.catalogue
    columns = [world.tag_names.index(tag) for tag in tags]
    return np.asarray((world.tags[:, columns].toarray() >= STRONG_MOOD).any(axis=1))


@cache
def loved(taste: str) -> tuple[int, ...]:
    """Returns the rows of the five best known films of a taste."""
    reach = np.where(strong((taste,)), served().model.popularity.reach, -np.inf)
    return tuple(np.argsort(-reach, kind="stable")[:5].tolist())


def all_moods() -> list[str]:
    world = served().model.catalogue
    facets = zip(world.tag_names, world.tag_facets, strict=True)
    return [*MOODS, *(name for name, facet in facets if facet == "mood")]


@pytest.mark.parametrize("taste", TASTES)
def test_four_of_five_films_fit_the_mood(taste: str) -> None:
    model, of_taste = served().model, strong((taste,))
    ids = model.catalogue.films.ids_array
    stars = {int(ids[film]): 5.0 for film in loved(taste)}
    moods, enough, kept = all_moods(), 0, []
    for mood in moods:
        fits = strong(tags_of(mood))
        picks = recommend(model, query(model.catalogue, Facts(ratings=stars, mood=mood)), 5).picks
        films = [pick.film for pick in picks]
        assert len(films) == 5
        assert fits[films].sum() >= 4, mood
        if (of_taste & fits).sum() >= MIN_OF_TASTE + len(stars):
            enough += 1
            kept.append(of_taste[films].mean())
    assert len(moods) == 40
    print(taste, enough, np.mean(kept) if kept else None)


def test_a_mood_bends_where_few_films_have_it_well() -> None:
    model = served().model
    world, fits = model.catalogue, strong(tags_of("cosy"))
    ids = world.films.ids(np.flatnonzero(fits).tolist()).tolist()
    few = Facts(mood="cosy", excluded=ids[15:])
    picks = recommend(model, query(world, few), 30).picks
    films = [pick.film for pick in picks]
    any_weight = world.tags[:, [world.tag_names.index("cosy")]].toarray().reshape(-1) > 0
    assert any_weight[films].all()
    assert not fits[films].all(), "films that the mood describes a little come too"
