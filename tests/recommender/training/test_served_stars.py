"""The rating model that serves: bounded cost, and the same for the same input."""

import numpy as np
import pytest

from recommender.data import Query
from recommender.models.star_fit import StarConfig
from recommender.training import served_stars
from recommender.training.served_stars import fit_served_stars
from tests.recommender.worlds import catalogue, ratings

WORLD = catalogue(30)


def predicted(seed: int) -> np.ndarray:
    model = fit_served_stars(WORLD, ratings(WORLD, 12), seed)
    assert model is not None
    return model.predict_place(model.fold_in(Query(films=[2], stars=[5])), np.arange(30)).expected


def test_the_same_seed_gives_the_same_model() -> None:
    assert np.array_equal(predicted(1), predicted(1))


def test_of_very_many_ratings_a_sample_of_the_people_is_learned_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = ratings(WORLD, 40)
    kept = served_stars._sample(given, 150, np.random.default_rng(0))
    assert 100 < len(kept) <= 150
    for person in np.unique(kept.person):
        assert (kept.person == person).sum() == (given.person == person).sum()
    monkeypatch.setattr(served_stars, "MOST_RATINGS", 150)
    monkeypatch.setattr(served_stars, "LARGE_RATINGS", 150)
    monkeypatch.setattr(served_stars, "LARGE_CONFIG", StarConfig(factors=2, sweeps=8))
    model = fit_served_stars(WORLD, given, 1)
    assert model is not None
    assert model.draws is not None
    assert model.draws.films.values.shape[2] == 3
