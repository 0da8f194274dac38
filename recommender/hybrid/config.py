"""The settings of the ranking model, and the names that settings had in earlier versions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from recommender.content.blocks import ContentConfig
from recommender.models.als import AlsConfig
from recommender.models.item_features import ItemFeaturesConfig
from recommender.models.item_item import ItemItemConfig
from recommender.models.newcomer import NewcomerConfig
from recommender.models.popularity import PopularityConfig


@dataclass(frozen=True)
class RankingConfig:
    """How the models are fitted, and how much each of them counts in the blend.

    The blend is the weighted sum of the models' scores. A weight multiplies scores of mean 0 and
    standard deviation 1, so weights can be compared. The unit of a field that ends in "half" is the
    number of ratings that the person has given. For a person with few ratings, the newcomer model
    has most of the weight. This weight passes to the other models as the person rates.

    Attributes:
        item: settings of the item-item model.
        item_features: settings of the film features that the item-item model learns from in
            addition to ratings.
        als: settings of the factor models, apart from their sizes.
        popularity: settings of popularity.
        sizes: number of factors of each factor model; one model is fitted for each number.
        item_weight: full weight of the item-item model.
        factor_weight: full weight of all factor models together, which share it equally.
        tag_weight: weight of the content model for a person with many ratings. It is less if
            fewer than half of their films have tags: genres and years alone say little.
        content: further weight of the content model. It is multiplied by a factor from 0 to 1,
            which is large if facts (tags, language …) explain which films the person loves.
        gate_bias, gate_content, gate_fame, gate_ratings: coefficients of the logistic function that
            gives this factor. They are the constant, and the coefficients of how well facts explain
            the loved films (raises the factor), of the fame of these films (lowers it), and of
            log(1 + ratings) (lowers it).
        trusted_people: number of people in the training data at which the models of other people's
            ratings have half of their weight.
        content_facts: settings of the content model.
        tastes: further weight of the content model if the person answered the quiz about tastes. It
            fades to 0 as the person rates films.
        chosen: for a person who chose kinds of films in the quiz: how far the scores of the best
            films of each kind are raised above the best of all scores. It fades as the person rates
            films.
        mood: further weight of the content model if the person chose a mood.
        popular: weight of popularity for a person without ratings.
        item_half: ratings at which the item-item model has half of its full weight.
        factor_half: ratings at which the factor models have half of their full weight.
        popular_half: ratings at which popularity has lost half of its weight.
        popularity_penalty: how strongly a film's reach (number of ratings, on a log scale) lowers
            its score for a person with many ratings.
        dial: how strongly the person's adventurousness, from 0 to 1, turns the list towards
            well-known (below 0.5) or little-known films (above).
        redistribution: if a model cannot score a film, the other models take over this share of its
            weight for that film.
        alone: further weight of the content model if few people or none had rated when the models
            were fitted.
        alone_half: ratings at which the content model has half of the weight `alone`.
        newcomer: settings of the newcomer model.
        newcomer_half: ratings at which the newcomer model has passed half of its weight to other
            models.
        newcomer_item: full weight of the item-item model while the newcomer model has most of the
            weight.
        newcomer_item_half: ratings at which the item-item model has half of `newcomer_item`.
        newcomer_people: number of people in the training data at which the newcomer model has half
            of the weight that it has with very many people.
        unrated_density: where the factor models and the newcomer model place a film that nobody
            rated. If the catalogue has this number of ratings for each film on average, it is
            half-way between the mean film and a film with zero factors
            (`RankingModel.unrated_share`). Above 0.
    """

    item: ItemItemConfig = field(default_factory=ItemItemConfig)
    item_features: ItemFeaturesConfig = field(default_factory=ItemFeaturesConfig)
    als: AlsConfig = field(default_factory=AlsConfig)
    popularity: PopularityConfig = field(default_factory=PopularityConfig)
    sizes: tuple[int, ...] = (16, 32, 64)
    item_weight: float = 1.0
    factor_weight: float = 0.6
    tag_weight: float = 0.3
    content: float = 17.0
    gate_bias: float = 0.0
    gate_content: float = 12.7
    gate_fame: float = 8.2
    gate_ratings: float = 1.9
    trusted_people: float = 80.0
    content_facts: ContentConfig = field(default_factory=ContentConfig)
    tastes: float = 0.8
    chosen: float = 2.0
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
    unrated_density: float = 20.0


FORMER_SETTINGS: Mapping[str, Mapping[str, str]] = {
    "RankingConfig": {
        "side": "item_features",
        "shelves": "tastes",
        "evened": "popularity_penalty",
        "handed_on": "redistribution",
    },
    "ItemItemConfig": {"side": "feature_weight", "evened": "popularity_penalty"},
}
"""For each class of settings, the present name by each former name. They keep model folders and
experiment files readable that were written with the former names."""

ADDED_SETTINGS: Mapping[str, frozenset[str]] = {
    "RankingConfig": frozenset(
        {"content", "gate_bias", "gate_content", "gate_fame", "gate_ratings", "trusted_people"}
        | {"content_facts", "unrated_density", "chosen"}
    ),
    "ItemItemConfig": frozenset({"dense_feature_weight", "dense_ratings"}),
    "VarietyConfig": frozenset({"narrow", "loved", "loved_sharpness"}),
}
"""For each class of settings, the names that older model folders do not have. These settings get
their defaults."""
