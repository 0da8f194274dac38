"""Synthetic worlds have the structure that they promise."""

import numpy as np
import pytest

from recommender.datasets.synthetic import RANK, Shape, SyntheticWorld, world

SHAPE = Shape(people=600, films=900, ratings=30_000, offset=20)


@pytest.fixture(scope="module")
def made() -> SyntheticWorld:
    return world(SHAPE, np.random.default_rng(4))


def test_shape_and_stars(made: SyntheticWorld) -> None:
    assert made.stars.shape == (600, 900)
    assert made.stars.nnz == 30_000
    assert np.isin(made.stars.data * 2, np.arange(1, 11)).all()
    assert np.diff(made.stars.indptr).min() >= 15
    assert len(made.catalogue) == 900
    assert made.people.shape[1] == made.films.shape[1] == RANK


def test_the_same_seed_the_same_world(made: SyntheticWorld) -> None:
    again, other = (world(SHAPE, np.random.default_rng(seed)) for seed in (4, 5))
    assert np.array_equal(again.stars.toarray(), made.stars.toarray())
    assert again.catalogue.titles == made.catalogue.titles
    assert not np.array_equal(other.stars.toarray(), made.stars.toarray())


def test_few_films_are_famous_and_many_are_not(made: SyntheticWorld) -> None:
    count = np.sort(np.bincount(made.stars.indices, minlength=900))[::-1]
    assert count[:180].sum() > 0.6 * count.sum()
    rank = np.arange(20, 200)
    slope = np.polyfit(np.log(rank + 20), np.log(count[rank]), 1)[0]
    assert -2.5 < slope < -0.8  # a power law's straight line, flatter at the top


def test_people_watch_and_praise_what_they_like(made: SyntheticWorld) -> None:
    liking = made.people @ made.films.T
    seen = made.stars.toarray() > 0
    assert liking[seen].mean() > liking.mean() + 0.3
    stars = made.stars.toarray()[seen]
    assert np.corrcoef(liking[seen], stars)[0, 1] > 0.3


def test_films_of_a_genre_are_alike(made: SyntheticWorld) -> None:
    genres = made.catalogue.genres.toarray() > 0
    assert genres.sum(axis=1).min() >= 1
    traits = made.films / np.linalg.norm(made.films, axis=1, keepdims=True)
    within = [float((traits[films] @ traits[films].T).mean()) for films in genres.T]
    assert np.mean(within) > float((traits @ traits.T).mean()) + 0.1


def test_more_ratings_than_the_films_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="more films or people"):
        world(Shape(people=5, films=10, ratings=1000), np.random.default_rng(0))
