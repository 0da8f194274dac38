"""The model of stars that the bot uses: fitted with every new model and stored in its folder.

It holds no person's factors. The factors of a person are computed from their own ratings at each
request (`fold_in`). Therefore new people and changed ratings count at once, without a new fit.
"""

import numpy as np

from recommender.data import Catalogue, Interactions
from recommender.models.star_features import star_side
from recommender.models.star_fit import StarConfig, fit_stars
from recommender.models.stars import StarModel
from recommender.numeric.progress import Progress

LARGE_RATINGS = 400_000  # from more ratings on, the chain is short and the features are few
MOST_RATINGS = 1_000_000  # more ratings are not looked at; a sample of the people is
LARGE_CONFIG = StarConfig(factors=8, sweeps=24, people_width=20, film_width=20, side_width=12)
SERVED_BYTES = 32 << 20  # the largest size of the films' draws in a model folder
STAR_STREAM = 11  # seed of the rating model's own random numbers, apart from those of the ranking


def fit_served_stars(
    catalogue: Catalogue, ratings: Interactions, seed: int, progress: Progress | None = None
) -> StarModel | None:
    """Returns the model that predicts stars for a catalogue's films; None if there are no ratings.

    With very many ratings, it is fitted to a sample of the people, so that its cost stays small.
    ratings: the ratings, whose film rows are the catalogue's. The same input and seed give the same
    model.
    """
    if not len(ratings):
        return None
    rng = np.random.default_rng([seed, STAR_STREAM])
    config = LARGE_CONFIG if len(ratings) > LARGE_RATINGS else StarConfig()
    sample = _sample(ratings, MOST_RATINGS, rng)
    fitted = fit_stars(sample, config, rng, progress, side=star_side(catalogue))
    return fitted.without_people(SERVED_BYTES)


def _sample(ratings: Interactions, most: int, rng: np.random.Generator) -> Interactions:
    """Returns all ratings of some people, who are drawn at random; at most `most` ratings."""
    if len(ratings) <= most:
        return ratings
    people = rng.permutation(ratings.people.by_id)
    counts = np.bincount(ratings.person, minlength=len(people))[people]
    chosen = people[np.cumsum(counts) <= most]
    keep = np.isin(ratings.person, chosen)
    return Interactions(
        ratings.people,
        ratings.films,
        ratings.person[keep],
        ratings.film[keep],
        ratings.stars[keep],
        ratings.when[keep],
    )
