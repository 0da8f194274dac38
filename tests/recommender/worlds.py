"""Small invented catalogues, ratings and models for the tests of the recommender."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import numpy as np

from recommender.data import Catalogue, Interactions, Query, Vocabulary, interactions
from recommender.hybrid.config import RankingConfig
from recommender.models.als import AlsConfig
from recommender.numeric.arrays import sparse
from recommender.pipeline.recommender import Config, Recommender
from recommender.training.fit import fit

NOW = datetime(2024, 3, 1, 4, 0, tzinfo=UTC)
GENRES = ("Comedy", "Thriller", "Documentary", "Family")
FACETS = ("mood", "theme", "style", "praise", "sensitive")
SMALL = Config(ranking=RankingConfig(trusted_people=0.0, als=AlsConfig(rounds=6), sizes=(4, 8)))


def catalogue(films: int = 40, tags: int = 20, seed: int = 0, first_id: int = 1000) -> Catalogue:
    """Returns a random catalogue in which every fifth film has no tags and every seventh no
    runtime."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 4, (films, tags)) * (rng.random((films, tags)) < 0.3)
    weights[::5] = 0
    genres = rng.random((films, len(GENRES))) < 0.4
    runtimes = rng.integers(80, 180, films).astype(float)
    runtimes[::7] = np.nan
    return Catalogue(
        films=Vocabulary(np.arange(films) * 3 + first_id),
        titles=tuple(f"Film {row}" for row in range(films)),
        years=rng.integers(1930, 2020, films).astype(float),
        runtimes=runtimes,
        genres=sparse(genres.astype(np.float32)),
        genre_names=GENRES,
        tags=sparse(weights.astype(np.float32)),
        tag_names=tuple(f"tag-{column}" for column in range(tags)),
        tag_facets=tuple(FACETS[column % len(FACETS)] for column in range(tags)),
        audience=rng.integers(-1, 3, films).astype(np.int8),
        adult=rng.random(films) < 0.05,
    )


def ratings(world: Catalogue, people: int = 30, seed: int = 1, share: float = 0.3) -> Interactions:
    """Returns random ratings of all films except the last three, which nobody has rated."""
    rng = np.random.default_rng(seed)
    seen = rng.random((people, len(world))) < share
    seen[:, -3:] = False
    person, film = np.nonzero(seen)
    stars = rng.integers(1, 11, len(person)) / 2
    return interactions(
        person + 7, world.films.ids(film), stars, rng.random(len(person)) * 1e9, films=world.films
    )


def uneven(world: Catalogue, people: int, seed: int = 1) -> Interactions:
    """Returns random ratings in which the first films have many ratings and the last films few."""
    given = ratings(world, people, seed, share=0.6)
    keep = np.random.default_rng(seed).random(len(given)) < 12.0 / (12.0 + given.film)
    columns = (given.person, given.film, given.stars, given.when)
    return Interactions(given.people, given.films, *(column[keep] for column in columns))


@cache
def recommender(
    films: int = 40, people: int = 30, seed: int = 0, config: Config = SMALL
) -> Recommender:
    """Returns a recommender that is fitted to a random catalogue and random ratings.

    It is fitted once for each process, so nobody may change it.
    """
    world = catalogue(films, seed=seed)
    return fit(world, ratings(world, people, seed + 1), config, seed=3, now=NOW)


def checkerboard(people: int = 20, films: int = 20) -> tuple[Catalogue, Interactions]:
    """Returns a catalogue and ratings with an obvious right answer.

    People in even rows love the films in even rows, and people in odd rows those in odd rows. Each
    person leaves one of their films out, and that film is the right answer.
    """
    bare = sparse(np.zeros((films, 20), np.float32))
    world = replace(catalogue(films, seed=5), adult=np.zeros(films, bool), tags=bare)
    pairs = [
        (person, film)
        for person in range(people)
        for film in range(films)
        if person % 2 == film % 2 and film != person
    ]
    columns = np.array(pairs)
    stars = np.full(len(pairs), 5.0)
    ids = world.films.ids(columns[:, 1])
    return world, interactions(columns[:, 0] + 1, ids, stars, films=world.films)


def permuted(world: Catalogue, order: Sequence[int] | np.ndarray) -> Catalogue:
    """Returns the same films in another order of rows."""
    order = np.asarray(order)
    return replace(
        world,
        films=Vocabulary(world.films.ids(order)),
        titles=tuple(world.titles[row] for row in order),
        years=world.years[order],
        runtimes=world.runtimes[order],
        genres=sparse(world.genres[order]),
        tags=sparse(world.tags[order]),
        audience=world.audience[order],
        adult=world.adult[order],
    )


def person(model: Recommender, rng: np.random.Generator, most: int = 12) -> Query:
    """Returns a random query with ratings, tags, exclusions and an hour. most: ratings at most."""
    films = len(model.catalogue)
    tags = len(model.catalogue.tag_names)
    rated = rng.permutation(films)[: rng.integers(0, min(most, films) + 1)]
    return Query(
        films=rated,
        stars=rng.integers(1, 11, len(rated)) / 2,
        liked_tags=rng.permutation(tags)[: rng.integers(0, 3)],
        disliked_tags=rng.permutation(tags)[: rng.integers(0, 2)],
        excluded=rng.permutation(films)[: rng.integers(0, 6)],
        hour=int(rng.integers(0, 24)),
        weekday=int(rng.integers(0, 7)),
        adventurousness=float(rng.random()),
        wanted=rng.permutation(films)[: rng.integers(0, 3)],
        unwanted=rng.permutation(films)[: rng.integers(0, 3)],
        chosen=tuple(rng.permutation(films)[:9] for _ in range(rng.integers(0, 3))),
    )
