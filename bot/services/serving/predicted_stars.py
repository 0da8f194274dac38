"""Predicts the stars that a person would give a film, and how far the prediction may be off."""

from collections.abc import Sequence

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
    return predict_several(served, question, [film])[0]


def predict_several(
    served: Served, question: Query, films: Sequence[int]
) -> list[PredictedStars | None]:
    """Returns the stars that a person would probably give each film, as `predicted_stars` does.

    films: the films' rows.
    """
    model = served.model.stars
    if model is None or not films:
        return [None] * len(films)
    place = model.fold_in(question)
    found = model.predict_place(place, films)
    widest = min(WIDEST, model.scale_spread)
    return [
        PredictedStars(round(stars, 1), round(spread, 1))
        if place.rating_count and spread <= widest
        else None
        for stars, spread in zip(found.expected.tolist(), found.spread.tolist(), strict=True)
    ]
