"""The probability that a person knows each film, for choosing what a quiz asks about.

The newcomer model (`models.newcomer`) predicts it from what other people have seen. A person also
knows films of the kinds that they like. The best-known films of all kinds are known to most people.
If a person chose a kind of films in the quiz, they are assumed to know the best-known films of that
kind equally well. If facts such as tags explain the person's ratings well, the same is assumed
about the films that are most like those that they loved.
"""

import numpy as np

from recommender.data import Query
from recommender.hybrid.blend import Blend
from recommender.hybrid.components import growth, raise_chosen
from recommender.hybrid.model import RankingModel
from recommender.models.newcomer import MIN_KNOWN_CHANCE, Posterior
from recommender.numeric.arrays import Array64
from recommender.numeric.top_k import top_k

LIKE_LOVED = 100  # films most like the loved ones that count as a kind of films
FAN_MARGIN = 2.0  # log-odds: how much better fans know the best-known films of their kind
SUREST = 0.95  # greatest chance assumed that somebody knows a film


def known_chances(model: RankingModel, query: Query, blended: Blend, place: Posterior) -> Array64:
    """Returns (films,) the probability, 0 to 1, that the person knows each film.

    model: the fitted models. query: what is known about the person. blended: the scores of all
    films for the query. place: the distribution of the person's factors in the newcomer model,
    which predicts what people have seen.
    """
    newcomer = model.elicitation_model
    films = np.arange(len(newcomer.mean))
    chances = newcomer.chance(newcomer.score_place(place), films)
    if newcomer.people:  # a praised film with few ratings may be newer than the data
        raters = np.expm1(model.popularity.reach)
        praised = raters > model.popularity.count + 0.5
        chances[praised] = np.maximum(chances, raters / newcomer.people)[praised]
    chances = np.clip(chances, MIN_KNOWN_CHANCE / 4, SUREST)
    odds = np.log(chances / (1.0 - chances))
    familiar = growth(len(query.films), model.config.item_half)
    raise_chosen(odds, query.chosen, FAN_MARGIN, 1.0 - familiar)
    taste = blended.content
    if blended.gate and taste is not None and taste.interests:
        liked = np.nan_to_num(model.content.score(query.with_looks(), taste), nan=-np.inf)
        raise_chosen(odds, [top_k(liked, LIKE_LOVED)], FAN_MARGIN, blended.gate)
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))
