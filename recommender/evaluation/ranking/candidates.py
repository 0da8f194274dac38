"""The models that are measured side by side, by name.

A candidate is a function from what a model may see to something that ranks; "serving" is what
answers `/recommend`, re-ranking included, with no clock and nothing excluded, and "blend" the same
without re-ranking; "item-item" and "als" are two of its components alone. Settings are chosen on a
slice of what the model may see. To put another model into the tables, add it here.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from recommender.data import Catalogue, Interactions, Query, Scorer
from recommender.evaluation.ranking.baselines import fit_biases, fit_item_item, fit_liked
from recommender.evaluation.splits import matrix
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.fit import fit_factors, fit_items, plan
from recommender.models.star_features import star_side
from recommender.models.star_fit import fit_stars
from recommender.numeric.arrays import Floats, Ints
from recommender.numeric.top_k import top_k
from recommender.pipeline.recommend import recommend
from recommender.pipeline.recommender import Config, Recommender
from recommender.training.fit import fit, tuned_config

NOW = datetime(2000, 1, 1, tzinfo=UTC)  # only names the version; a fit depends on no clock
SHOWN = 10  # films a list shows

SERVING = "serving"  # whose figures are those of the bot
BARE = "blend"  # the same without re-ranking
BASELINE = "ease"  # what the others' gains are measured against


class Ranker(Protocol):
    """What can be evaluated."""

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """(films,) higher is better, NaN where it cannot say."""
        ...

    def rank(self, query: Query, n: int) -> npt.NDArray[np.int64]:
        """Up to n film rows, best first, none of them rated by the person or excluded."""
        ...


class StarPredictor(Protocol):
    """What predicts stars; people and films are rows, given in pairs."""

    def predict(self, people: npt.NDArray[np.int64], films: npt.NDArray[np.int64]) -> Floats:
        """(n,) stars."""
        ...


class StarInterval(Protocol):
    """expected: (n,) stars; spread: (n,) standard deviation of the rating about it."""

    @property
    def expected(self) -> Floats: ...
    @property
    def spread(self) -> Floats: ...


@runtime_checkable
class SpreadPredictor(Protocol):
    """A star model that also says how sure it is."""

    def predict_with_spread(
        self, people: npt.NDArray[np.int64], films: npt.NDArray[np.int64]
    ) -> StarInterval:
        """As `predict`, with the spread."""
        ...


@dataclass(frozen=True)
class Fitted:
    """A fitted model; search_seconds: what choosing hyper-parameters took of the fit."""

    ranker: Ranker
    search_seconds: float = 0.0


Fit: TypeAlias = Callable[[Catalogue, Interactions, int], Fitted]  # what is known, ratings, seed
StarFit: TypeAlias = Callable[[Catalogue, Interactions, int], StarPredictor]


@dataclass(frozen=True, eq=False)
class Bare:
    """A scorer as it is: its best films, ties in row order."""

    scorer: Scorer

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """The scorer's."""
        return self.scorer.score(query)

    def rank(self, query: Query, n: int) -> npt.NDArray[np.int64]:
        """What it cannot speak of comes last."""
        return best(self.scorer.score(query), np.concatenate([query.films, query.excluded]), n)


@dataclass(frozen=True, eq=False)
class ServedRanker:
    """The pipeline: what it shows first, and below that by bare score."""

    model: Recommender

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """The blend before re-ranking."""
        return self.model.score(query)

    def rank(self, query: Query, n: int) -> npt.NDArray[np.int64]:
        """The list as `/recommend` shows it, then the rest."""
        picks = recommend(self.model, query, min(n, SHOWN)).picks
        shown = np.array([pick.film for pick in picks], np.int64)
        if n <= SHOWN:
            return shown
        out = np.concatenate([query.films, query.excluded, shown])
        return np.concatenate([shown, best(self.model.score(query), out, n - len(shown))])


def best(scores: npt.NDArray[np.float64], left_out: Ints, n: int) -> npt.NDArray[np.int64]:
    """Rows of the n greatest, greatest first, without some; NaN comes last, ties in row order."""
    order = np.where(np.isnan(scores), -np.inf, scores)
    allowed = np.ones(len(order), bool)
    allowed[left_out] = False
    rows = np.flatnonzero(allowed)
    return rows[top_k(order[rows], n)]


def candidates() -> Mapping[str, Fit]:
    """Every model for ranking by name, in the order of the tables."""
    return {
        "popularity": _popularity,
        BASELINE: _ease,
        "item-item": _item_item,
        "als": _als,
        BARE: _blend,
        SERVING: _serving,
    }


def star_candidates() -> Mapping[str, StarFit]:
    """Every model that predicts stars by name; the last is the one that serves."""
    return {"bias": _biases, "stars": _stars}


def _popularity(catalogue: Catalogue, ratings: Interactions, seed: int) -> Fitted:
    return Fitted(Bare(fit_liked(ratings)))


def _ease(catalogue: Catalogue, ratings: Interactions, seed: int) -> Fitted:
    return Fitted(Bare(fit_item_item(ratings)))


def _item_item(catalogue: Catalogue, ratings: Interactions, seed: int) -> Fitted:
    stars = matrix(ratings)
    return Fitted(Bare(fit_items(catalogue, stars, plan(int(stars.nnz), RankingConfig()))))


def _als(catalogue: Catalogue, ratings: Interactions, seed: int) -> Fitted:
    stars, rng = matrix(ratings), np.random.default_rng(seed)
    chosen = plan(int(stars.nnz), RankingConfig())
    return Fitted(Bare(fit_factors(catalogue, stars, chosen, rng)[-1]))


def _blend(catalogue: Catalogue, ratings: Interactions, seed: int) -> Fitted:
    """What serves, without re-ranking: the difference is the price of variety and of the long
    tail's place."""
    model, searched = _searched(catalogue, ratings, seed)
    return Fitted(Bare(model), searched)


def _serving(catalogue: Catalogue, ratings: Interactions, seed: int) -> Fitted:
    model, searched = _searched(catalogue, ratings, seed)
    return Fitted(ServedRanker(model), searched)


def _searched(catalogue: Catalogue, ratings: Interactions, seed: int) -> tuple[Recommender, float]:
    """The recommender with settings chosen on a slice of these ratings, and the seconds of that."""
    start = time.perf_counter()
    config = tuned_config(catalogue, ratings, Config(), seed)
    took = time.perf_counter() - start
    return fit(catalogue, ratings, config, seed, NOW), took


def _biases(catalogue: Catalogue, ratings: Interactions, seed: int) -> StarPredictor:
    return fit_biases(ratings)


def _stars(catalogue: Catalogue, ratings: Interactions, seed: int) -> StarPredictor:
    rng = np.random.default_rng(seed)
    return fit_stars(ratings, rng=rng, side=star_side(catalogue))
