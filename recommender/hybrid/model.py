"""The ranking model: an item-item model, factor models and popularity, calibrated and added up.

Item-item autoencoders with side information and implicit factor models err differently, so their
sum ranks better than either. Every component is brought to mean 0 and spread 1 over the films it can
speak of; weights grow with what is known of the person, so that a liked_penalty gets what is popular and
one rating decides little. While ratings are few, a model of newcomers leads, which alone hears what
somebody has not seen, and hands over to the others as ratings grow. Where a component is silent a film
gets part of that component's weight through the others. For one film the sum is linear in what the
person said and in tags, so the parts of a score add up to it.

`recommender.hybrid.fit` fits it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress, repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.data import Part, PartKind, Query
from recommender.models.als import AlsConfig, FactorModel, FoldIn
from recommender.models.item_features import ItemFeaturesConfig
from recommender.models.item_item import ItemContribution, ItemItemConfig, ItemItemModel
from recommender.models.newcomer import NewcomerConfig, NewcomerModel, Posterior, of_tags
from recommender.models.popularity import Popularity, PopularityConfig
from recommender.models.tags import TagModel
from recommender.numeric.arrays import Array32, Array64, Bools

BITS = {"item": 1, "factors": 2, "newcomer": 2, "tags": 4}  # which components know a film
STEEP = 3  # power by which components grow with the person's ratings
FEW = 5.0  # ratings below which films count as about equally unknown
LEAST_LEAD = 0.05  # of the newcomer model, below which it is not asked
LEAST_SPEAKING = 1e-3  # weight that the components covered are taken to have at least


@dataclass(frozen=True)
class RankingConfig:
    """item, item_features, als, popularity: of the models; sizes: numbers of factors, one model each.

    item_weight, factor_weight (shared by the factor models), tag_weight, tastes, mood, popular:
    full weights. item_half, factor_half: ratings at which the component carries half its weight;
    popular_half: ratings that halve popularity's. popularity_penalty: how strongly a film's reach counts
    against it once the person is known; dial: how strongly adventurousness turns towards little
    known films; redistribution: share of a silent component's weight that the others take over.
    alone, alone_half: the tags' weight where nobody has rated anything. newcomer_half: ratings at
    which the newcomer model has handed half of its lead to the others; newcomer_item, and at which
    ratings half of it: the item component's weight beside it; newcomer_people: people who rated, at
    which it leads by half.
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
"""Names that settings had once, by the class they belong to: model folders and experiment files
that were written then still use them."""


@dataclass(frozen=True, eq=False)
class Component:
    """One scorer's calibration in a blend: centre and spread of its scores over the films it speaks
    of, its weight, and those films (films,)."""

    name: str
    centre: float
    spread: float
    weight: float
    covered: Bools

    @property
    def scale(self) -> float:
        """What one unit of the scorer's own adds to a score."""
        return self.weight / self.spread


@dataclass(frozen=True, eq=False)
class Blend:
    """score: (films,) float64, never NaN; boost: (films,) factor on the components, above 1 where one
    is silent; the components; popularity_weight, dial: weights of fame and of being known; liked_penalty: how much
    being liked counts against a film; places: the person among each model's factors; posterior:
    the person as a newcomer, None where that model is silent; contribution: what the item-item model says
    of the person's ratings, None where it is silent."""

    score: Array64
    boost: Array64
    components: tuple[Component, ...]
    popularity_weight: float
    dial: float
    liked_penalty: float
    places: tuple[FoldIn, ...]
    posterior: Posterior | None
    contribution: ItemContribution | None


@dataclass(frozen=True, eq=False)
class RankingModel:
    """Everything that ranks. item is None and factors are () where nobody has rated.

    stacked: (films, all factors) float32, each model's factors beside the other's, column after
    column in memory, which is how they are multiplied with one person the quickest; squares:
    (factors, factors) of each model, the mean of a rated film's factors times themselves; rated,
    in_head: (films,) films the factors, the item-item model know; coverage: (films,) the BITS of
    the components that know the film; famous: (films,) the square root of how many know it times its
    damped stars, at mean 0 and spread 1; reach, liked: the same of how known and how liked films
    are. Make one with `fit_ranking` or `joined`.
    """

    popularity: Popularity
    tags: TagModel
    item: ItemItemModel | None
    factors: tuple[FactorModel, ...]
    config: RankingConfig
    stacked: Array32
    squares: tuple[Array64, ...]
    rated: Bools
    in_head: Bools
    coverage: npt.NDArray[np.intp]
    famous: Array64
    reach: Array64
    liked: Array64
    newcomer: NewcomerModel | None = None

    @property
    def taste(self) -> TagModel:
        """What tags say of a person: alone where nobody has rated, else beside the others."""
        return self.tags if self.factors else self.tags.plain

    @cached_property
    def asking(self) -> NewcomerModel:
        """By which the quiz chooses: the newcomer model, or one of tags while few have rated."""
        if self.newcomer is not None and self.newcomer.people >= self.config.newcomer_people:
            return self.newcomer
        return of_tags(self.tags.plain, self.popularity.reach)

    def score(self, query: Query) -> Array64:
        """(films,) the blended score; never NaN."""
        return self.blend(query).score

    def fold_in(self, query: Query) -> FoldIn | None:
        """The person's posterior among the factors of the largest model."""
        return self.factors[-1].fold_in(query) if self.factors else None

    def blend(self, query: Query) -> Blend:
        """Score every film for one query."""
        c, n = self.config, len(query.films)
        familiar = growth(n, c.item_half)
        posterior, lead = self._newcomer(query)
        popularity_weight = c.popular * (1.0 - growth(n, c.popular_half)) * (1.0 - lead)
        total = popularity_weight * self.famous
        beside = c.newcomer_item * n / (n + c.newcomer_item_half)
        item_weight = (1.0 - lead) * c.item_weight * familiar + lead * beside
        contribution = (
            self.item.contribution(query) if self.item is not None and item_weight else None
        )
        components = [
            *self._item_component(contribution, item_weight, total),
            *self._tag_component(query, familiar, total),
        ]
        if posterior is not None:
            components.append(self._newcomer_component(posterior, lead, total))
        places: tuple[FoldIn, ...] = ()
        if self.factors and n and self.rated[query.films].any():
            places = tuple(model.fold_in(query) for model in self.factors)
            weight = c.factor_weight * growth(n, c.factor_half) * (1.0 - lead)
            components += self._factor_component(places, weight, total)
        boost = self._boost(popularity_weight, components)
        total *= boost
        dial = c.dial * (1.0 - 2.0 * query.adventurousness) - c.popularity_penalty * familiar * (
            1.0 - lead
        )
        liked_penalty = c.dial * (1.0 - 2.0 * query.adventurousness) * (1.0 - familiar) / 2
        if dial:
            total += dial * self.reach
        if liked_penalty:  # a stranger's deep cuts are films that few know and those few love
            total -= liked_penalty * self.liked
        return Blend(
            total,
            boost,
            tuple(components),
            popularity_weight,
            dial,
            liked_penalty,
            places,
            posterior,
            contribution,
        )

    def _newcomer(self, query: Query) -> tuple[Posterior | None, float]:
        """The person's posterior as a newcomer, and how far that model leads, 0 to 1."""
        if self.newcomer is None or not (len(query.films) or len(query.unseen)):
            return None, 0.0
        people = self.newcomer.people
        lead = people / (people + self.config.newcomer_people)
        lead *= 1.0 - growth(len(query.films), self.config.newcomer_half)
        if lead < LEAST_LEAD:
            return None, 0.0
        place = self.newcomer.place(query)
        return (place, lead) if len(place.influence) else (None, 0.0)

    def _newcomer_component(self, place: Posterior, weight: float, total: Array64) -> Component:
        assert self.newcomer is not None
        covered = self.newcomer.covered
        scores = self.newcomer.score_place(place)
        centre = self.newcomer.centre(place)
        spread = _spread(float(scores[covered].std()), centre)
        component = Component("newcomer", centre, spread, weight, covered)
        total[covered] += component.scale * (scores[covered] - centre)
        return component

    def _item_component(
        self, contribution: ItemContribution | None, weight: float, total: Array64
    ) -> list[Component]:
        item = self.item
        if item is None or contribution is None or not len(contribution.known):
            return []
        mine = item.score_head(contribution)[item.covered]
        component = _calibrated("item", mine, weight, self.in_head)
        total[item.head[item.covered]] += component.scale * (mine - component.centre)
        return [component]

    def _tag_component(self, query: Query, familiar: float, total: Array64) -> list[Component]:
        c, n = self.config, len(query.films)
        weight = c.tag_weight * familiar
        if not self.factors:
            weight = c.alone * n / (n + c.alone_half)
        if len(query.liked_tags) or len(query.disliked_tags):
            weight += c.tastes * (1.0 - familiar)
        if len(query.mood):
            weight += c.mood
        if not weight:
            return []
        raw = self.taste.score(query)
        tagged = ~np.isnan(raw)
        if not tagged.any():
            return []
        component = _calibrated("tags", raw[tagged], weight, tagged)
        total[tagged] += component.scale * (raw[tagged] - component.centre)
        return [component]

    def _factor_component(
        self, places: tuple[FoldIn, ...], weight: float, total: Array64
    ) -> list[Component]:
        """All factor models at once: their calibration follows from their Gram matrices, and one
        product of the stacked factors gives their sum."""
        components: list[Component] = []
        person: list[Array64] = []
        centre = 0.0
        for model, place, squares in zip(self.factors, places, self.squares, strict=True):
            middle = float(model.mean @ place.mean)
            square = float(place.mean @ squares @ place.mean)
            spread = _spread(np.sqrt(max(square - middle * middle, 0.0)), middle)
            component = Component("factors", middle, spread, weight / len(places), self.rated)
            components.append(component)
            person.append(component.scale * place.mean)
            centre += component.scale * middle
        sums = self.stacked @ np.concatenate(person).astype(np.float32)
        sums -= np.float32(centre)
        if not self.rated.all():
            sums[~self.rated] = 0.0
        total += sums
        return components

    def _boost(self, popularity_weight: float, components: list[Component]) -> Array64:
        """(films,) what the others take over where a component is silent."""
        bits = np.array([BITS[component.name] for component in components], np.int64)
        weights = np.array([component.weight for component in components], np.float64)
        missing = (np.arange(1 << len(BITS))[:, None] & bits == 0) @ weights
        speaking = np.maximum(popularity_weight + weights.sum() - missing, LEAST_SPEAKING)
        table = 1.0 + self.config.redistribution * missing / speaking
        return np.asarray(table.take(self.coverage, mode="clip"))

    def explain(
        self, blended: Blend, query: Query, films: npt.NDArray[np.int64]
    ) -> list[tuple[Part, ...]]:
        """The parts of the scores of k films, popularity first, then ratings and tags with the
        greatest first; each film's parts add up to its score."""
        boost = blended.boost[films]
        n = len(query.films)
        known = (
            boost * blended.popularity_weight * self.famous[films]
            + blended.dial * self.reach[films]
        )
        known -= blended.liked_penalty * self.liked[films]
        unseen, unheard = np.zeros((len(films), 0)), np.zeros(0, np.int64)
        ratings = np.zeros((len(films), n))
        columns, named = np.zeros(0, np.int64), np.zeros((len(films), 0))
        place = iter(zip(self.factors, blended.places, strict=False))
        for component in blended.components:
            scale = (boost * component.scale * component.covered[films])[:, None]
            if component.name == "tags":
                ratings += scale * self.taste.rating_parts(query, films)
                columns, amounts = self.taste.tag_parts(query, films)
                named = scale * amounts
            elif component.name == "item" and self.item is not None:
                assert blended.contribution is not None
                ratings += scale * self.item.rating_parts(blended.contribution, films, n)
            elif component.name == "newcomer" and self.newcomer is not None:
                assert blended.posterior is not None
                usual, each = self.newcomer.parts(blended.posterior, films)
                split = len(blended.posterior.rated)
                known += scale[:, 0] * usual
                ratings[:, blended.posterior.rated] += scale * each[:, :split]
                unseen, unheard = scale * each[:, split:], blended.posterior.unseen
            else:
                model, fold = next(place)
                ratings += scale * model.rating_parts(fold, films, n)
        facts: tuple[tuple[PartKind, npt.NDArray[Any], Array64], ...] = (
            ("rating", query.films, ratings),
            ("unseen", unheard, unseen),
            ("tag", columns, named),
        )
        return _parts(known, facts)


def growth(ratings: int, half: float) -> float:
    """How much of its weight a component carries after so many ratings: slowly at first, half of it at
    `half`, then soon nearly all."""
    return float(ratings**STEEP / (ratings**STEEP + half**STEEP))


def _parts(
    known: Array64, facts: tuple[tuple[PartKind, npt.NDArray[Any], Array64], ...]
) -> list[tuple[Part, ...]]:
    """Of k films the parts: known (k,), and of each kind of fact its refs (n,) and amounts
    (k, n)."""
    facts = tuple(fact for fact in facts if len(fact[1])) or facts[:1]
    kinds = np.repeat(np.array([kind for kind, _, _ in facts], object), [len(x[1]) for x in facts])
    refs = np.concatenate([refs for _, refs, _ in facts])
    amounts = np.hstack([amounts for _, _, amounts in facts])
    order = np.argsort(-amounts, axis=1, kind="stable")
    amounts = np.take_along_axis(amounts, order, axis=1)
    named = kinds[order].tolist() if len(facts) > 1 else repeat(kinds.tolist(), len(known))
    lists = zip(named, refs[order].tolist(), amounts.tolist(), strict=True)
    found = []
    for popularity, shares, mine in zip(known.tolist(), amounts != 0, lists, strict=True):
        parts = map(tuple.__new__, repeat(Part), zip(*mine, strict=True))
        told = parts if shares.all() else compress(parts, shares.tolist())
        found.append((Part("popularity", -1, popularity), *told))
    return found


def _spread(spread: float, centre: float) -> float:
    """A spread to divide by: 1 where a scorer tells no two films apart, so that it says nothing."""
    return spread if spread > 1e-9 * max(1.0, abs(centre)) else 1.0


def _calibrated(name: str, scores: Array64, weight: float, covered: Bools) -> Component:
    centre = float(scores.mean())
    return Component(name, centre, _spread(float(scores.std()), centre), weight, covered)


def _standard(values: Array64) -> Array64:
    if not len(values):
        return values
    centre = float(values.mean())
    return np.asarray((values - centre) / _spread(float(values.std()), centre))


def joined(
    popularity: Popularity,
    tags: TagModel,
    item: ItemItemModel | None,
    factors: tuple[FactorModel, ...],
    config: RankingConfig,
    newcomer: NewcomerModel | None = None,
) -> RankingModel:
    """A ranking model from its parts: what follows from them is made anew."""
    films = len(popularity.count)
    rated = factors[0].rated if factors else np.zeros(films, np.bool_)
    width = sum(model.films.shape[1] for model in factors)
    stacked = np.zeros((films, width), np.float32, order="F")
    squares: list[Array64] = []
    start = 0
    for model in factors:
        stop = start + model.films.shape[1]
        stacked[:, start:stop] = model.films
        wide = model.films[rated].astype(np.float64)
        squares.append(wide.T @ wide / max(1, len(wide)))
        start = stop
    in_head = np.zeros(films, np.bool_)
    if item is not None:
        in_head[item.head[item.covered]] = True
    raters = np.expm1(popularity.reach)
    known = (("item", in_head), ("factors", rated), ("tags", tags.tagged))
    coverage = np.zeros(films, np.intp)
    for name, covered in known:
        coverage |= covered.astype(np.intp) * BITS[name]
    return RankingModel(
        popularity,
        tags,
        item,
        factors,
        config,
        stacked,
        tuple(squares),
        rated,
        in_head,
        coverage,
        _standard(np.sqrt(raters) * (popularity.damped_mean - 1.0)),
        _standard(np.log(raters + FEW)),
        _standard(popularity.damped_mean),
        newcomer,
    )
