"""The settings of the ranking model, and the names that settings had in earlier versions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from recommender.models.als import AlsConfig
from recommender.models.item_features import ItemFeaturesConfig
from recommender.models.item_item import ItemItemConfig
from recommender.models.newcomer import NewcomerConfig
from recommender.models.popularity import PopularityConfig


@dataclass(frozen=True)
class RankingConfig:
    """How the models are fitted, and how much each of them counts in the blend.

    A weight multiplies scores of mean 0 and spread 1, so weights can be compared. Fields that end
    in "half" are numbers of the person's ratings.

    Attributes:
        item: settings of the item-item model.
        item_features: settings of the side information that the item-item model learns from.
        als: settings of the factor models, apart from their sizes.
        popularity: settings of popularity.
        sizes: numbers of factors, one factor model each.
        item_weight: full weight of the item-item model.
        factor_weight: full weight of the factor models, which share it equally.
        tag_weight: full weight of tags if anybody has rated.
        tastes: weight that tags get from a person's answers to the quiz. It fades as they rate.
        mood: weight that tags get if the person asked for a mood.
        popular: weight of popularity for a person without ratings.
        item_half: ratings at which the item-item model has half of its weight.
        factor_half: ratings at which the factor models have half of their weight.
        popular_half: ratings at which popularity has lost half of its weight.
        popularity_penalty: how strongly a film's reach counts against it once the person has rated.
        dial: how strongly adventurousness turns the list towards little-known films.
        redistribution: share of the weight of a component that does not cover a film, which the
            other components take over for that film.
        alone: weight of tags if nobody has rated anything.
        alone_half: ratings at which tags have half of the weight `alone`.
        newcomer: settings of the newcomer model.
        newcomer_half: ratings at which the newcomer model has handed half of its lead to the
            others.
        newcomer_item: weight of the item-item model while the newcomer model leads.
        newcomer_item_half: ratings at which the item-item model has half of `newcomer_item`.
        newcomer_people: number of people who rated at which the newcomer model leads by half.
    """

    item: ItemItemConfig = field(default_factory=ItemItemConfig)
    item_features: ItemFeaturesConfig = field(default_factory=ItemFeaturesConfig)
    als: AlsConfig = field(default_factory=AlsConfig)
    popularity: PopularityConfig = field(default_factory=PopularityConfig)
    sizes: tuple[int, ...] = (16, 32, 64)
    item_weight: float = 1.0
    factor_weight: float = 0.6
    tag_weight: float = 0.0
    tastes: float = 0.8
    mood: float = 0.4
    popular: float = 0.7
    item_half: float = 12.0
    factor_half: float = 2.0
    popular_half: float = 9.0
    popularity_penalty: float = 0.2
    dial: float = 0.8
    redistribution: float = 0.5
    alone: float = 1.2
    alone_half: float = 1.5
    newcomer: NewcomerConfig = field(default_factory=NewcomerConfig)
    newcomer_half: float = 30.0
    newcomer_item: float = 1.5
    newcomer_item_half: float = 6.0
    newcomer_people: float = 30.0


FORMER_SETTINGS: Mapping[str, Mapping[str, str]] = {
    "RankingConfig": {
        "side": "item_features",
        "shelves": "tastes",
        "evened": "popularity_penalty",
        "handed_on": "redistribution",
    },
    "ItemItemConfig": {"side": "feature_weight", "evened": "popularity_penalty"},
}
"""Former name to present name of settings, by class. Model folders and experiment files that were
written with the former names can still be read."""
