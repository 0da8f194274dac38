"""The blend: the weighted sum of several models' scores for one query, and the data that explain
it.
"""

from dataclasses import dataclass

from recommender.content.model import ContentTaste
from recommender.hybrid.components import Component
from recommender.models.als import FoldIn
from recommender.models.item_item import ItemContribution
from recommender.models.newcomer import Posterior
from recommender.numeric.arrays import Array64


@dataclass(frozen=True, eq=False)
class Blend:
    """The scores of all films for one query, and what is needed to explain them.

    A blended score is a weighted sum of popularity and of the standardised scores of several models
    (the components).

    Attributes:
        score: (films,) blended scores, never NaN.
        boosts: (codes,) factor on the sum of popularity and the components of the films with each
            coverage code (`RankingModel.coverage`); above 1 if a component cannot score them.
        components: the components that were used for this query.
        popularity_weight: weight of popularity (`RankingModel.famous`).
        dial: weight of `RankingModel.reach`: above 0 it favours well-known films, below 0
            little-known ones.
        penalty: weight of `RankingModel.penalised`, which is subtracted.
        liked_penalty: weight of `RankingModel.liked`, which is subtracted.
        places: the person's factors in each factor model; empty if no factor model was used.
        posterior: the distribution of the person's factors in the newcomer model; None if that
            model was not used.
        contribution: the item-item weights of the films that the person rated, or None if that
            model was not used.
        content: what the content model knows of the person, or None if it was not used.
        chosen: for each kind of films in `Query.chosen`, what it adds to the scores of its films. A
            film of several kinds gets the largest.
        gate: factor, 0 to 1, on the content model's weight for the person (`content_gate`).
    """

    score: Array64
    boosts: Array64
    components: tuple[Component, ...]
    popularity_weight: float
    dial: float
    penalty: float
    liked_penalty: float
    places: tuple[FoldIn, ...]
    posterior: Posterior | None
    contribution: ItemContribution | None
    content: ContentTaste | None
    gate: float
    chosen: tuple[float, ...] = ()
