"""The ranking model: an item-item model, factor models and popularity, calibrated and added up.

Item-item autoencoders with side information and implicit factor models err differently, so their
sum ranks better than either. Every voice is brought to mean 0 and spread 1 over the films it can
speak of; weights grow with what is known of the person, so that a stranger gets what is popular and
one rating decides little. While ratings are few, a model of newcomers leads, which alone hears what
somebody has not seen, and hands over to the others as ratings grow. Where a voice is silent a film
gets part of that voice's weight through the others. For one film the sum is linear in what the
person said and in tags, so the parts of a score add up to it.

`recommender.hybrid.fit` fits it.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress, repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.data import Part, PartKind, Query
from recommender.models.als import AlsConfig, Array32, Array64, FactorModel, FoldIn
from recommender.models.item_features import ItemFeaturesConfig
from recommender.models.item_item import ItemContribution, ItemItemConfig, ItemItemModel
from recommender.models.newcomer import NewcomerConfig, NewcomerModel, Posterior, of_tags
from recommender.models.popularity import Popularity, PopularityConfig
from recommender.models.tags import TagModel
from recommender.numeric.arrays import Bools

BITS = {"item": 1, "factors": 2, "newcomer": 2, "tags": 4}  # which voices know a film
STEEP = 3  # power by which voices grow with the person's ratings
FEW = 5.0  # ratings below which films count as about equally unknown
LEAST_LEAD = 0.05  # of the newcomer model, below which it is not asked
LEAST_SPEAKING = 1e-3  # weight that the voices heard are taken to have at least


@dataclass(frozen=True)
class RankingConfig:
    """item, side, als, popularity: of the models; sizes: numbers of factors, one model each.

    item_weight, factor_weight (shared by the factor models), tag_weight, shelves, mood, popular:
    full weights. item_half, factor_half: ratings at which the voice carries half its weight;
    popular_half: ratings that halve popularity's. evened: how strongly a film's reach counts
    against it once the person is known; dial: how strongly adventurousness turns towards little
    known films; handed_on: share of a silent voice's weight that the others take over.
    alone, alone_half: the tags' weight where nobody has rated anything. newcomer_half: ratings at
    which the newcomer model has handed half of its lead to the others; newcomer_item, and at which
    ratings half of it: the item voice's weight beside it; newcomer_people: people who rated, at
    which it leads by half.
    """

    item: ItemItemConfig = field(default_factory=ItemItemConfig)
    side: ItemFeaturesConfig = field(default_factory=ItemFeaturesConfig)
    als: AlsConfig = field(default_factory=AlsConfig)
    popularity: PopularityConfig = field(default_factory=PopularityConfig)
    sizes: tuple[int, ...] = (16, 32, 64)
    item_weight: float = 1.0
    factor_weight: float = 0.6
    tag_weight: float = 0.0
    shelves: float = 0.8
    mood: float = 0.4
    popular: float = 0.7
    item_half: float = 12.0
    factor_half: float = 2.0
    popular_half: float = 9.0
    evened: float = 0.2
    dial: float = 0.8
    handed_on: float = 0.5
    alone: float = 1.2
    alone_half: float = 1.5
    newcomer: NewcomerConfig = field(default_factory=NewcomerConfig)
    newcomer_half: float = 30.0
    newcomer_item: float = 1.5
    newcomer_item_half: float = 6.0
    newcomer_people: float = 30.0


@dataclass(frozen=True, eq=False)
class Component:
    """One scorer's calibration in a blend: centre and spread of its scores over the films it speaks
    of, its weight, and those films (films,)."""

    name: str
    centre: float
    spread: float
    weight: float
    heard: Bools

    @property
    def scale(self) -> float:
        """What one unit of the scorer's own adds to a score."""
        return self.weight / self.spread


@dataclass(frozen=True, eq=False)
class Blend:
    """score: (films,) float64, never NaN; boost: (films,) factor on the voices, above 1 where one
    is silent; the voices; crowd, dial: weights of fame and of being known; stranger: how much
    being liked counts against a film; places: the person among each model's factors; posterior:
    the person as a newcomer, None where that model is silent; said: what the item-item model says
    of the person's ratings, None where it is silent."""

    score: Array64
    boost: Array64
    voices: tuple[Component, ...]
    crowd: float
    dial: float
    stranger: float
    places: tuple[FoldIn, ...]
    posterior: Posterior | None
    said: ItemContribution | None


@dataclass(frozen=True, eq=False)
class RankingModel:
    """Everything that ranks. item is None and factors are () where nobody has rated.

    stacked: (films, all factors) float32, each model's factors beside the other's, column after
    column in memory, which is how they are multiplied with one person the quickest; squares:
    (factors, factors) of each model, the mean of a rated film's factors times themselves; rated,
    in_head: (films,) films the factors, the item-item model know; speakers: (films,) the BITS of
    the voices that know the film; famous: (films,) the square root of how many know it times its
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
    speakers: npt.NDArray[np.intp]
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
        crowd = c.popular * (1.0 - growth(n, c.popular_half)) * (1.0 - lead)
        total = crowd * self.famous
        beside = c.newcomer_item * n / (n + c.newcomer_item_half)
        item_weight = (1.0 - lead) * c.item_weight * familiar + lead * beside
        said = self.item.said(query) if self.item is not None and item_weight else None
        voices = [
            *self._item_voice(said, item_weight, total),
            *self._tag_voice(query, familiar, total),
        ]
        if posterior is not None:
            voices.append(self._newcomer_voice(posterior, lead, total))
        places: tuple[FoldIn, ...] = ()
        if self.factors and n and self.rated[query.films].any():
            places = tuple(model.fold_in(query) for model in self.factors)
            weight = c.factor_weight * growth(n, c.factor_half) * (1.0 - lead)
            voices += self._factor_voices(places, weight, total)
        boost = self._boost(crowd, voices)
        total *= boost
        dial = c.dial * (1.0 - 2.0 * query.adventurousness) - c.evened * familiar * (1.0 - lead)
        stranger = c.dial * (1.0 - 2.0 * query.adventurousness) * (1.0 - familiar) / 2
        if dial:
            total += dial * self.reach
        if stranger:  # a stranger's deep cuts are films that few know and those few love
            total -= stranger * self.liked
        return Blend(total, boost, tuple(voices), crowd, dial, stranger, places, posterior, said)

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

    def _newcomer_voice(self, place: Posterior, weight: float, total: Array64) -> Component:
        assert self.newcomer is not None
        heard = self.newcomer.heard
        scores = self.newcomer.score_place(place)
        centre = self.newcomer.centre(place)
        spread = _spread(float(scores[heard].std()), centre)
        voice = Component("newcomer", centre, spread, weight, heard)
        total[heard] += voice.scale * (scores[heard] - centre)
        return voice

    def _item_voice(
        self, said: ItemContribution | None, weight: float, total: Array64
    ) -> list[Component]:
        item = self.item
        if item is None or said is None or not len(said.known):
            return []
        mine = item.score_head(said)[item.heard]
        voice = _calibrated("item", mine, weight, self.in_head)
        total[item.head[item.heard]] += voice.scale * (mine - voice.centre)
        return [voice]

    def _tag_voice(self, query: Query, familiar: float, total: Array64) -> list[Component]:
        c, n = self.config, len(query.films)
        weight = c.tag_weight * familiar
        if not self.factors:
            weight = c.alone * n / (n + c.alone_half)
        if len(query.liked_tags) or len(query.disliked_tags):
            weight += c.shelves * (1.0 - familiar)
        if len(query.mood):
            weight += c.mood
        if not weight:
            return []
        raw = self.taste.score(query)
        tagged = ~np.isnan(raw)
        if not tagged.any():
            return []
        voice = _calibrated("tags", raw[tagged], weight, tagged)
        total[tagged] += voice.scale * (raw[tagged] - voice.centre)
        return [voice]

    def _factor_voices(
        self, places: tuple[FoldIn, ...], weight: float, total: Array64
    ) -> list[Component]:
        """All factor models at once: their calibration follows from their Gram matrices, and one
        product of the stacked factors gives their sum."""
        voices: list[Component] = []
        person: list[Array64] = []
        centre = 0.0
        for model, place, squares in zip(self.factors, places, self.squares, strict=True):
            middle = float(model.mean @ place.mean)
            square = float(place.mean @ squares @ place.mean)
            spread = _spread(np.sqrt(max(square - middle * middle, 0.0)), middle)
            voice = Component("factors", middle, spread, weight / len(places), self.rated)
            voices.append(voice)
            person.append(voice.scale * place.mean)
            centre += voice.scale * middle
        sums = self.stacked @ np.concatenate(person).astype(np.float32)
        sums -= np.float32(centre)
        if not self.rated.all():
            sums[~self.rated] = 0.0
        total += sums
        return voices

    def _boost(self, crowd: float, voices: list[Component]) -> Array64:
        """(films,) what the others take over where a voice is silent."""
        bits = np.array([BITS[voice.name] for voice in voices], np.int64)
        weights = np.array([voice.weight for voice in voices], np.float64)
        missing = (np.arange(1 << len(BITS))[:, None] & bits == 0) @ weights
        speaking = np.maximum(crowd + weights.sum() - missing, LEAST_SPEAKING)
        table = 1.0 + self.config.handed_on * missing / speaking
        return np.asarray(table.take(self.speakers, mode="clip"))

    def explain(
        self, blended: Blend, query: Query, films: npt.NDArray[np.int64]
    ) -> list[tuple[Part, ...]]:
        """The parts of the scores of k films, popularity first, then ratings and tags with the
        greatest first; each film's parts add up to its score."""
        boost = blended.boost[films]
        n = len(query.films)
        known = boost * blended.crowd * self.famous[films] + blended.dial * self.reach[films]
        known -= blended.stranger * self.liked[films]
        unseen, unheard = np.zeros((len(films), 0)), np.zeros(0, np.int64)
        ratings = np.zeros((len(films), n))
        columns, named = np.zeros(0, np.int64), np.zeros((len(films), 0))
        place = iter(zip(self.factors, blended.places, strict=False))
        for voice in blended.voices:
            scale = (boost * voice.scale * voice.heard[films])[:, None]
            if voice.name == "tags":
                ratings += scale * self.taste.rating_parts(query, films)
                columns, amounts = self.taste.tag_parts(query, films)
                named = scale * amounts
            elif voice.name == "item" and self.item is not None:
                assert blended.said is not None
                ratings += scale * self.item.rating_parts(blended.said, films, n)
            elif voice.name == "newcomer" and self.newcomer is not None:
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
    """How much of its weight a voice carries after so many ratings: slowly at first, half of it at
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
    for crowd, said, mine in zip(known.tolist(), amounts != 0, lists, strict=True):
        parts = map(tuple.__new__, repeat(Part), zip(*mine, strict=True))
        told = parts if said.all() else compress(parts, said.tolist())
        found.append((Part("popularity", -1, crowd), *told))
    return found


def _spread(spread: float, centre: float) -> float:
    """A spread to divide by: 1 where a scorer tells no two films apart, so that it says nothing."""
    return spread if spread > 1e-9 * max(1.0, abs(centre)) else 1.0


def _calibrated(name: str, scores: Array64, weight: float, heard: Bools) -> Component:
    centre = float(scores.mean())
    return Component(name, centre, _spread(float(scores.std()), centre), weight, heard)


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
        in_head[item.head[item.heard]] = True
    raters = np.expm1(popularity.reach)
    known = (("item", in_head), ("factors", rated), ("tags", tags.tagged))
    speakers = np.zeros(films, np.intp)
    for name, heard in known:
        speakers |= heard.astype(np.intp) * BITS[name]
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
        speakers,
        _standard(np.sqrt(raters) * (popularity.damped_mean - 1.0)),
        _standard(np.log(raters + FEW)),
        _standard(popularity.damped_mean),
        newcomer,
    )
