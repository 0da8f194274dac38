"""The ranking model: the weighted sum (blend) of the standardised scores of several models.

The models in the sum are called components: an item-item autoencoder with film features, factor
models of implicit feedback, a newcomer model (of what people have seen and liked), and a content
model (of facts such as tags). Popularity is added to the sum. The models make different errors, so
their sum ranks better than any single one. The scores of every component are standardised to mean 0
and standard deviation 1 over the films that it covers. The weights of the components grow with the
number of ratings that a person has given. A person without ratings gets popular films, and one
rating changes little.

While a person has few ratings, the newcomer model has most of the weight; this weight is called its
lead. It is the only component that uses which films a person has not seen. As the person rates, its
weight passes to the other components. If a component does not cover a film, the other components
take over part of its weight for that film.

`recommender.hybrid.fit` fits the model and `recommender.hybrid.explanation` explains its scores.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from recommender.content.interests import NEUTRAL_STARS
from recommender.content.model import ContentModel, ContentTaste
from recommender.data import Query
from recommender.hybrid.blend import Blend
from recommender.hybrid.components import (
    Component,
    calibrated_component,
    content_gate,
    coverage_boosts,
    growth,
    raise_chosen,
    spread_divisor,
    spread_from_moments,
    trust,
)
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.tag_newcomer import newcomer_from_tags
from recommender.models.als import FactorModel, FoldIn
from recommender.models.item_item import ItemContribution, ItemItemModel
from recommender.models.newcomer import NewcomerModel, Posterior
from recommender.models.popularity import Popularity
from recommender.models.tags import TagModel
from recommender.numeric.arrays import Array32, Array64, Bools

MIN_CONTENT = 0.02  # with a smaller weight, the content model is not used
MIN_SPLIT_GATE = 0.15  # if the gate is smaller even with all evidence, no one has two interests
MIN_LEAD = 0.05  # with a smaller weight, the newcomer model is not used
ENOUGH_TAGGED = 0.5  # share of films with tags from which on the content model has full weight


@dataclass(frozen=True, eq=False)
class RankingModel:
    """The fitted models and what is computed from them.

    `fit_ranking` and `assemble_ranking` make one.

    Attributes:
        popularity: number of ratings and mean stars of the films.
        tags: the tag vectors of the films.
        content: the facts of the films, tags among them.
        item: the item-item model; None if nobody has rated.
        factors: the factor models, the smallest first; empty if nobody has rated.
        config: settings as fitted.
        stacked: (films, factors of all models) the factors of all factor models side by side, in
            column-major order, because that multiplies fastest with one person's factors.
        squares: for each factor model, (factors, factors) mean over the rated films of the outer
            product of a film's factors with themselves.
        rated: (films,) True for a film that somebody rated.
        in_head: (films,) True for a film that the item-item model covers.
        coverage: (films,) sum of the `COVERAGE_BITS` of the components that cover the film.
        famous: (films,) square root of the number of ratings times (`Popularity.damped_mean` - 1),
            at mean 0 and standard deviation 1.
        fame: (films,) percentile of `famous`, 0 to 1, among the films of
            `ContentModel.sample_films`.
        reach: (films,) logarithm of the number of ratings, at mean 0 and standard deviation 1.
        penalised: (films,) `reach`, but a film with fewer than ten ratings counts as if it had ten.
            The penalty on popular films then does not favour films that hardly anybody rated.
        liked: (films,) `Popularity.damped_mean`, at mean 0 and standard deviation 1.
        newcomer: the newcomer model (of what people have seen and liked); None if nobody has rated.
        unrated_share: where the factor models and the newcomer model place a film that nobody
            rated: from 0 (like the mean film) to 1 (like a film with zero factors). It is 0 if the
            catalogue has hardly any ratings, and near 1 if it has very many for each film."""

    popularity: Popularity
    tags: TagModel
    content: ContentModel
    item: ItemItemModel | None
    factors: tuple[FactorModel, ...]
    config: RankingConfig
    stacked: Array32
    squares: tuple[Array64, ...]
    rated: Bools
    in_head: Bools
    coverage: npt.NDArray[np.intp]
    famous: Array64
    fame: Array64
    reach: Array64
    penalised: Array64
    liked: Array64
    newcomer: NewcomerModel | None = None
    unrated_share: float = 0.0

    @property
    def trust(self) -> float:
        """Factor, 0 to 1, on the weight of the models of other people's ratings.

        It grows with the number of people who have rated. It is 1 if that number is unknown."""
        if self.newcomer is None:
            return 1.0 if self.factors else 0.0
        return trust(self.newcomer.people, self.config.trusted_people)

    @cached_property
    def elicitation_model(self) -> NewcomerModel:
        """The newcomer model (of what people have seen and liked) for choosing what the quiz asks
        about. If fewer than `config.newcomer_people` people have rated, it is made from tags."""
        if self.newcomer is not None and self.newcomer.people >= self.config.newcomer_people:
            return self.newcomer
        return newcomer_from_tags(self.tags.plain_model, self.popularity.reach)

    @cached_property
    def _rated_weight(self) -> Array64:
        """(films,) 1 for a film that somebody rated, `unrated_share` for any other."""
        return np.where(self.rated, 1.0, self.unrated_share)

    def score(self, query: Query) -> Array64:
        """Returns (films,) scores: the weighted sum of all models' scores, never NaN."""
        return self.blend(query).score

    def fold_in(self, query: Query) -> FoldIn | None:
        """Returns the person's factors in the largest factor model; None without such a model."""
        return self.factors[-1].fold_in(query) if self.factors else None

    def blend(self, query: Query) -> Blend:
        """Returns the weighted sum of all models' scores for a query, with the data that explain
        it."""
        c, n = self.config, len(query.films)
        familiar = growth(n, c.item_half)
        posterior, lead = self._newcomer(query)
        popularity_weight = c.popular * (1.0 - growth(n, c.popular_half)) * (1.0 - lead)
        total = popularity_weight * self.famous
        item_lead = c.newcomer_item * n / (n + c.newcomer_item_half)
        item_weight = self.trust * (1.0 - lead) * c.item_weight * familiar + lead * item_lead
        contribution = (
            self.item.contribution(query) if self.item is not None and item_weight else None
        )
        components = self._item_component(contribution, item_weight, total)
        gate = 0.0
        heard, taste = query.with_looks(), None
        if heard.names_taste:
            may_split = self._gate(heard, 1.0) > MIN_SPLIT_GATE
            taste = self.content.taste(heard, may_split)
            gate = self._gate(heard, taste.evidence)
            components += self._content_component(heard, taste, gate, total)
        if posterior is not None:
            components.append(self._newcomer_component(posterior, lead, total))
        places: tuple[FoldIn, ...] = ()
        if self.factors and n and self.rated[query.films].any():
            places = tuple(model.fold_in(query) for model in self.factors)
            weight = self.trust * c.factor_weight * growth(n, c.factor_half) * (1.0 - lead)
            components += self._factor_component(places, weight, total)
        boosts = coverage_boosts(
            components, popularity_weight, c.redistribution, self.unrated_share
        )
        total *= boosts[self.coverage]
        dial = c.dial * (1.0 - 2.0 * query.adventurousness)
        penalty = c.popularity_penalty * familiar * (1.0 - lead)
        liked_penalty = dial * (1.0 - familiar) / 2
        if dial:
            total += dial * self.reach
        if penalty:
            total -= penalty * self.penalised
        if liked_penalty:  # otherwise a newcomer's little-known films would be little liked
            total -= liked_penalty * self.liked
        chosen = raise_chosen(total, query.chosen, c.chosen, 1.0 - familiar)
        return Blend(
            total,
            boosts,
            tuple(components),
            popularity_weight,
            dial,
            penalty,
            liked_penalty,
            places,
            posterior,
            contribution,
            taste,
            gate,
            chosen,
        )

    def _newcomer(self, query: Query) -> tuple[Posterior | None, float]:
        """Returns the distribution of the person's factors in the newcomer model, and the model's
        weight. The newcomer model describes what people have seen and liked. Its weight is from 0
        to 1. If it is not used for this query, the distribution is None and the weight 0."""
        if self.newcomer is None or not any(map(len, (query.films, query.unseen, query.looks))):
            return None, 0.0
        people = self.newcomer.people
        lead = people / (people + self.config.newcomer_people)
        lead *= self.trust * (1.0 - growth(len(query.films), self.config.newcomer_half))
        if lead < MIN_LEAD:
            return None, 0.0
        place = self.newcomer.place(query)
        return (place, lead) if len(place.influence) else (None, 0.0)

    def _newcomer_component(self, place: Posterior, weight: float, total: Array64) -> Component:
        """Adds the newcomer model's weighted scores to `total`, and returns how they were
        standardised. The newcomer model describes what people have seen and liked. place: the
        distribution of the person's factors in it. weight: its weight. total: (films,) the sum of
        all models' scores, which is changed."""
        assert self.newcomer is not None
        covered = self.newcomer.covered
        scores = self.newcomer.score_place(place)
        centre = self.newcomer.centre(place)
        spread = spread_divisor(float(scores[covered].std()), centre)
        component = Component("newcomer", centre, spread, weight, self._rated_weight)
        total += component.scale * (scores - centre) * self._rated_weight
        return component

    def _item_component(
        self, contribution: ItemContribution | None, weight: float, total: Array64
    ) -> list[Component]:
        """Adds the item-item model's weighted scores to `total`, and returns how they were
        standardised. Returns an empty list if the model is not used for this query. contribution:
        the weights of the films that the person rated. weight: the model's weight. total: (films,)
        the sum of all models' scores, which is changed."""
        item = self.item
        if item is None or contribution is None or not item.covered.any():
            return []
        if not len(contribution.rating_indices):
            return []
        scores = item.score_head(contribution)[item.covered]
        component = calibrated_component("item", scores, weight, self.in_head)
        total[item.head[item.covered]] += component.scale * (scores - component.centre)
        return [component]

    def _gate(self, query: Query, evidence: float) -> float:
        """Returns the factor, 0 to 1, on the content model's weight for a person. Untagged films
        have few facts, so the factor is multiplied by the share of loved films with tags. evidence:
        how well facts find a loved film from the person's other loved films, 0 to 1."""
        loved = query.films[query.stars > NEUTRAL_STARS]
        if len(loved) < 2:
            return 0.0
        fame, described = float(self.fame[loved].mean()), self.content.described[loved].mean()
        gate = content_gate(evidence, fame, len(query.films), self.config)
        return gate * float(described)

    def _content_component(
        self, query: Query, taste: ContentTaste, gate: float, total: Array64
    ) -> list[Component]:
        """Adds the content model's weighted scores to `total`, and returns how they were
        standardised. The content model scores films by facts. Returns an empty list if its weight
        is about 0. taste: what it knows of the person. gate: factor, 0 to 1, on the weight. total:
        (films,) the sum of all models' scores, which is changed."""
        c, n = self.config, len(query.films)
        familiar = growth(n, c.item_half)
        tagged = float(self.content.described[query.films].mean()) if n else 0.0
        weight = c.tag_weight * familiar * min(1.0, tagged / ENOUGH_TAGGED)
        weight += (1.0 - self.trust) * c.alone * n / (n + c.alone_half)
        weight += c.content * gate
        if len(query.liked_tags) or len(query.disliked_tags):
            weight += c.tastes * (1.0 - familiar)
        if len(query.mood):
            weight += c.mood
        known = self.content.known
        if weight < MIN_CONTENT or not known.any():
            return []
        covered = slice(None) if known.all() else known
        raw = self.content.score(query, taste)[covered]
        component = calibrated_component("tags", raw, weight, known)
        total[covered] += component.scale * (raw - component.centre)
        return [component]

    def _factor_component(
        self, places: tuple[FoldIn, ...], weight: float, total: Array64
    ) -> list[Component]:
        """Adds the weighted scores of all factor models to `total`, and returns how they were
        standardised. The moments of a model's scores are computed from `FactorModel.mean` and
        `squares`, without the scores. One product with `stacked` then gives the sum of all models'
        scores. places: the person's factors in each model. weight: the weight of all factor models
        together. total: (films,) the sum of all models' scores, which is changed."""
        components: list[Component] = []
        person: list[Array64] = []
        centre, share = 0.0, weight / len(places)
        for model, place, squares in zip(self.factors, places, self.squares, strict=True):
            middle = float(model.mean @ place.mean)
            spread = spread_from_moments(float(place.mean @ squares @ place.mean), middle)
            component = Component("factors", middle, spread, share, self._rated_weight)
            components.append(component)
            person.append(component.scale * place.mean)
            centre += component.scale * middle
        sums = self.stacked @ np.concatenate(person).astype(np.float32)
        sums -= np.float32(centre)
        if not self.rated.all():
            sums[~self.rated] *= self.unrated_share
        total += sums
        return components
