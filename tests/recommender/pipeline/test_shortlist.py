"""A film without tags takes a place in a list, and a person of two tastes keeps films of both."""

from dataclasses import replace

import numpy as np

from recommender.evaluation.taste.people import people_of
from recommender.evaluation.taste.tastes import tastes
from recommender.numeric.arrays import sparse
from recommender.pipeline.recommend import recommended_films
from recommender.pipeline.recommender import Config
from recommender.training.fit import fit
from tests.recommender.worlds import NOW, ratings
from tests.starter import starter


def test_the_interest_with_more_films_gives_up_the_place() -> None:
    world = starter().world
    tags = world.tags.tolil()
    tags[::5] = 0
    world = replace(world, tags=sparse(tags))
    model = fit(world, ratings(world, people=20, share=0.02), Config(), seed=1, now=NOW)
    without = replace(model)
    without.__dict__["untagged"] = np.zeros(len(world), np.bool_)
    people = [each for each in people_of(world, tastes(), 42, 20) if len(each.tastes) == 2]
    uneven = 0
    for person in people[:40]:
        query = person.query(world)
        blended = model.ranking.blend(query)
        assert blended.content is not None
        picks, before = recommended_films(model, query), recommended_films(without, query)
        if len(blended.content.interests) < 2 or not model.untagged[picks].any():
            continue
        own = model.ranking.content.best_interests(blended.content, before)
        gone = own[~np.isin(before, picks)]
        assert len(gone) == 1
        counts = np.bincount(own, minlength=2)
        assert counts[gone[0]] == counts.max()
        assert model.untagged[picks[-1]]
        uneven += int(own[-1] != gone[0])
    assert uneven > 3  # in these lists the last place was of the other interest
