"""Predicts the stars that a person would give a film, and how far the prediction may be off."""

from bot.services.serving.live_model import Served
from bot.services.view_models import PredictedStars
from recommender.data import Query

WIDEST = 0.9
"""Predicted stars are not shown if their standard deviation is larger than this, stars."""


def predicted_stars(served: Served, question: Query, film: int) -> PredictedStars | None:
    """Returns the stars that a person would probably give a film.

    Returns None if the prediction is too uncertain, or says no more than the mean of all ratings
    does. While few people have rated, it is None for everybody.

    served: the model that answers.
    question: the person's query, with their ratings.
    film: the film's row.
    """
    model = served.model.stars
    if model is None:
        return None
    place = model.fold_in(question)
    found = model.predict_place(place, [film])
    if not place.rating_count or found.spread[0] > min(WIDEST, model.scale_spread):
        return None
    return PredictedStars(round(float(found.expected[0]), 1), round(float(found.spread[0]), 1))
