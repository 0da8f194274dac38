"""The study of movie nights: what the bot learns from one night counts on the next."""

from dataclasses import replace

import numpy as np

from recommender.data import Query, interactions
from recommender.evaluation.nights import NIGHTS, try_nights
from recommender.models.star_fit import StarConfig, fit_stars
from recommender.training.fit import fit
from tests.recommender.worlds import NOW, SMALL, catalogue

FILMS, PEOPLE = 40, 40


def test_the_stars_of_a_night_count_on_the_next() -> None:
    """Half of the people love the films in even rows and hate the others, and the other half do the
    opposite. Two newcomers are of one half, and of the two halves only the nights can tell which.
    """
    rng, world = np.random.default_rng(0), catalogue(FILMS)
    world = replace(world, adult=np.zeros(FILMS, np.bool_))
    person, film = np.nonzero(rng.random((PEOPLE, FILMS)) < 0.6)
    stars = np.where(person % 2 == film % 2, 5.0, 1.0)
    given = interactions(person, world.films.ids(film), stars, films=world.films)
    model = fit(world, given, SMALL, 3, NOW)
    config = StarConfig(factors=2, sweeps=30, people_width=4, film_width=4)
    model = replace(model, stars=fit_stars(given, config, rng))
    films = np.arange(FILMS)
    for half in (0, 1):
        likes = np.tile(np.where(films % 2 == half, 5.0, 1.0), (2, 1))
        trial = try_nights(model, [Query(), Query()], films, likes, 3)
        assert trial.most_times == (0, 0)
        # At most two nights are needed to find out.
        assert min(trial.mean) >= (2 * 1.0 + (NIGHTS - 2) * 5.0) / NIGHTS
