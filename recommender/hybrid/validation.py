"""Fast nDCG@10 on a validation slice of the training data (`hybrid.slices`), for choosing settings.

The films recommended to the judged people are compared with their held-out ratings. For these
people, the standardised scores of each component (model in the weighted sum) are kept in one
matrix. Other weights can then be tried by adding up the matrices again, and only a component that
changes has to compute new scores. `ComponentScores.scores` returns the same weighted sums as
`RankingModel.blend`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommender.data import Query, Scorer
from recommender.hybrid.components import COVERAGE_BITS, MIN_COVERED_WEIGHT, growth
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.model import RankingModel
from recommender.hybrid.slices import Slice
from recommender.numeric.arrays import Array32, Array64
from recommender.numeric.parallel import runs, shared

LIST_FILMS = 10  # length of a judged list
BLOCK_SCORES = 1 << 20  # number of scores that are added up at once
BATCH_QUERIES = 64  # queries that one thread answers at a time
PLACE_DISCOUNTS = 1.0 / np.log2(np.arange(2, LIST_FILMS + 2))


@dataclass(frozen=True, eq=False)
class ComponentScores:
    """The scores of the models in the blend (its components) for the people of a validation slice.

    Attributes:
        config: settings from which the weights follow.
        contributions: for each component, (people, films) scores at mean 0 and standard deviation 1
            over the films that it covers, and 0 for other films. In the factor models and the
            newcomer model (of what people have seen and liked), a film that nobody rated has the
            score that `RankingModel` gives it.
        weights: for each component, (people,) its weight in each person's blend.
        familiar: (people,) factor from 0 to 1 on `item_weight` and `popularity_penalty`; it grows
            with the person's number of ratings.
        trust: further factor from 0 to 1 on `item_weight`; it grows with the number of people who
            have rated.
        popularity_weight: (people,) weight of popularity (`famous`).
        dial: (people,) weight of `reach`, from the person's adventurousness.
        penalty: (people,) weight of `penalised`, which is subtracted.
        famous: (films,) popularity of each film, standardised (`RankingModel.famous`).
        reach: (films,) logarithm of each film's number of ratings, standardised
            (`RankingModel.reach`).
        penalised: (films,) what the popularity penalty multiplies (`RankingModel.penalised`).
        coverage: (films,) sum of the `COVERAGE_BITS` of the components that can score each film.
        unrated_share: where the factor models and the newcomer model place a film that nobody
            rated, from 0 (like the mean film) to 1 (like a film with zero factors).
    """

    config: RankingConfig
    contributions: Mapping[str, Array32]
    weights: Mapping[str, Array32]
    familiar: Array32
    trust: float
    popularity_weight: Array32
    dial: Array32
    penalty: Array32
    famous: Array32
    reach: Array32
    penalised: Array32
    coverage: npt.NDArray[np.intp]
    unrated_share: float

    def with_weights(self, config: RankingConfig) -> "ComponentScores":
        """Returns the same scores with the weights that other settings give.

        The weights of the item-item model and the factor models, and the popularity penalty change.
        """
        was = self.config
        item, factors = self.weights["item"], self.weights["factors"]
        more = np.float32(self.trust * (config.item_weight - was.item_weight)) * self.familiar
        louder = config.factor_weight / was.factor_weight if was.factor_weight else 1.0
        weights = {
            **self.weights,
            "item": np.where(item > 0, np.maximum(item + more, 0), 0).astype(np.float32),
            "factors": factors * np.float32(louder),
        }
        dearer = np.float32(config.popularity_penalty - was.popularity_penalty)
        penalty = self.penalty + dearer * self.familiar
        return replace(self, config=config, weights=weights, penalty=penalty)

    def with_component(
        self, model: RankingModel, name: str, queries: list[Query]
    ) -> "ComponentScores":
        """Returns a copy in which the scores of one component are computed again; all weights stay.

        A component is one of the models in the blend (the weighted sum of scores). model: the blend
        that computes the new scores. name: "item" or "factors". queries: the queries of the people
        of the slice.
        """
        contributions = {
            **self.contributions,
            name: _contributions(model, name, queries, self.weights[name]),
        }
        return replace(self, contributions=contributions, coverage=model.coverage)

    def scores(self, part: slice) -> Array32:
        """Returns (k, films) the weighted sums of the models' scores for k people.

        part: the slice of the people's rows.
        """
        total = self.popularity_weight[part, None] * self.famous
        for name, scores in self.contributions.items():
            if scores.shape[1]:
                total += self.weights[name][part, None] * scores[part]
        whole = self.popularity_weight[part] + sum(weight[part] for weight in self.weights.values())
        for code in np.unique(self.coverage):
            silent = [
                weight * np.float32(1.0 - _unrated_share_of(name, self.unrated_share))
                for name, weight in self.weights.items()
                if not code & COVERAGE_BITS[name]
            ]
            missing = sum((weight[part] for weight in silent), np.zeros(len(whole), np.float32))
            if missing.any():
                boost = self.config.redistribution * missing
                boost /= np.maximum(whole - missing, np.float32(MIN_COVERED_WEIGHT))
                total[:, self.coverage == code] *= (1.0 + boost)[:, None]
        total += self.dial[part, None] * self.reach
        total -= self.penalty[part, None] * self.penalised
        return np.asarray(total, np.float32)


def component_scores(
    model: RankingModel, config: RankingConfig, queries: list[Query]
) -> ComponentScores:
    """Returns the scores of every component (model in the weighted sum), with a row for each query.

    model: the fitted ranking model. config: the settings from which the weights follow. queries:
    the queries of the people whose lists are judged.
    """
    weights = {name: np.zeros(len(queries), np.float32) for name in COVERAGE_BITS}
    popularity_weight, dial, penalty = np.zeros((3, len(queries)), np.float32)

    def weigh(part: slice) -> None:
        for person in range(part.start, part.stop):
            blend = model.blend(queries[person])
            popularity_weight[person], dial[person] = blend.popularity_weight, blend.dial
            penalty[person] = blend.penalty
            for component in blend.components:
                weights[component.name][person] += component.weight

    with shared() as share:
        list(share(weigh, runs(len(queries), BATCH_QUERIES)))
    known = np.array([growth(len(query.films), config.item_half) for query in queries], np.float32)
    return ComponentScores(
        config=config,
        contributions={
            name: _contributions(model, name, queries, weights[name]) for name in COVERAGE_BITS
        },
        weights=weights,
        familiar=known * (1.0 - weights["newcomer"]),
        popularity_weight=popularity_weight,
        dial=dial,
        penalty=penalty,
        famous=model.famous.astype(np.float32),
        reach=model.reach.astype(np.float32),
        penalised=model.penalised.astype(np.float32),
        coverage=model.coverage,
        unrated_share=model.unrated_share,
        trust=model.trust,
    )


class Judge:
    """Judges the lists of the people of a slice by nDCG@10.

    A list may contain any film that the person has not rated in `Slice.train`.

    Attributes:
        queries: the query of each judged person.
        wanted: (people, films) True for a held-out film that the person loved.
        rated: (people, films) True for a film that may not be in the person's list.
        best: (people,) largest possible sum of discounts, the divisor of nDCG.
    """

    def __init__(self, part: Slice) -> None:
        self.queries = part.queries()
        shape = (len(part.people), part.train.shape[1])
        self.wanted = np.zeros(shape, np.bool_)
        self.rated = np.zeros(shape, np.bool_)
        for row, (query, wanted) in enumerate(zip(self.queries, part.wanted, strict=True)):
            self.wanted[row, wanted] = True
            self.rated[row, query.films] = True
        count = np.minimum(self.wanted.sum(axis=1), LIST_FILMS)
        self.best = np.cumsum(PLACE_DISCOUNTS)[count - 1]

    def figures(self, components: ComponentScores) -> Array64:
        """Returns (people,) nDCG@10 of each judged person, from the models' scores for them."""
        height, films = self.wanted.shape
        count = min(LIST_FILMS, films)

        def figures(part: slice) -> Array64:
            scores = components.scores(part)
            scores[self.rated[part]] = -np.inf
            top = np.argpartition(-scores, count - 1, axis=1)[:, :count]
            top_scores = np.take_along_axis(scores, top, axis=1)
            order = np.argsort(-top_scores, axis=1, kind="stable")
            hits = np.take_along_axis(self.wanted[part], np.take_along_axis(top, order, 1), 1)
            return np.asarray((hits * PLACE_DISCOUNTS[:count]).sum(axis=1) / self.best[part])

        with shared() as share:
            parts = runs(height, max(1, BLOCK_SCORES // max(1, films)))
            return np.concatenate(list(share(figures, parts)))


def _unrated_share_of(name: str, share: float) -> float:
    """Returns where a component of the blend (weighted sum) places a film that nobody rated.

    The result is from 0 (like the mean film) to 1 (like a film with zero factors). It is `share`
    for the factor models and the newcomer model (of what people have seen and liked), and 0 for
    the other components.

    name: the component's name.
    """
    return share if COVERAGE_BITS[name] == COVERAGE_BITS["factors"] else 0.0


def _scorers(model: RankingModel) -> dict[str, tuple[Scorer, ...]]:
    """Returns the models of each component of the blend (weighted sum), by the component's name.

    A component's score is the mean score of its models.
    """
    return {
        "item": () if model.item is None else (model.item,),
        "factors": model.factors,
        "newcomer": () if model.newcomer is None else (model.newcomer,),
        "tags": (model.content,),
    }


def _contributions(
    model: RankingModel, name: str, queries: list[Query], weights: Array32
) -> Array32:
    """Returns (people, films) the mean of the standardised scores of a component's models.

    The scores are 0 for people for whom the component has the weight 0. The result has no columns
    if all weights are 0 or there are no models. name: the component's name. weights: (people,).
    """
    asked, scorers = np.flatnonzero(weights), _scorers(model)[name]
    unrated = _unrated_share_of(name, model.unrated_share)
    if not len(asked) or not scorers:
        return np.zeros((len(queries), 0), np.float32)

    def one(person: int) -> Array32:
        each = [_standardised(scorer.score(queries[person]), unrated) for scorer in scorers]
        return np.asarray(np.mean(each, axis=0), np.float32)

    first = one(int(asked[0]))
    scores = np.zeros((len(queries), len(first)), np.float32)

    def ask(part: slice) -> None:
        for person in asked[part]:
            scores[person] = one(int(person))

    with shared() as share:
        list(share(ask, runs(len(asked), BATCH_QUERIES)))
    return scores


def _standardised(scores: Array64, unrated: float) -> Array32:
    """Returns (films,) the scores, shifted and scaled to mean 0 and standard deviation 1.

    A NaN becomes `unrated` times the value that a score of 0 becomes.
    """
    covered = ~np.isnan(scores)
    if not covered.any():
        return np.zeros(len(scores), np.float32)
    centre = float(scores[covered].mean())
    spread = float(scores[covered].std())
    away = np.where(covered, scores - centre, -unrated * centre)
    return np.asarray(away / (spread if spread > 1e-9 else 1.0), np.float32)
