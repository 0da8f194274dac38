"""The models that are measured side by side, by name.

A candidate is a function that fits a model to what it may see and returns a ranker. "serving" is
the model that answers `/recommend`, with re-ranking, without a clock, and with nothing excluded.
"blend" is the same without re-ranking. "item-item" and "als" are two of its components alone.
Settings are chosen on a slice of what the model may see. To add a model to the tables, add it here.
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
LIST_LENGTH = 10  # films of a list that people see

SERVING = "serving"  # the candidate that serves
BLEND = "blend"  # the same without re-ranking
BASELINE = "ease"  # the candidate that gains are measured against


class Ranker(Protocol):
    """A model whose ranking can be measured."""

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """(films,) scores, higher is better; NaN for films the model knows nothing about."""
        ...

    def rank(self, query: Query, n: int) -> npt.NDArray[np.int64]:
        """Returns up to n film rows, best first, without films the person rated or excluded."""
        ...


class StarPredictor(Protocol):
    """A model that predicts stars."""

    def predict(self, people: npt.NDArray[np.int64], films: npt.NDArray[np.int64]) -> Floats:
        """(n,) stars for pairs of (n,) people's rows and (n,) films' rows."""
        ...


class StarInterval(Protocol):
    """Predicted stars with their uncertainty.

    Attributes:
        expected: (n,) stars.
        spread: (n,) standard deviation of the rating about `expected`, stars.
    """

    @property
    def expected(self) -> Floats: ...
    @property
    def spread(self) -> Floats: ...


@runtime_checkable
class SpreadPredictor(Protocol):
    """A star model that also predicts how uncertain each rating is."""

    def predict_with_spread(
        self, people: npt.NDArray[np.int64], films: npt.NDArray[np.int64]
    ) -> StarInterval:
        """Returns what `predict` returns, with spreads."""
        ...


@dataclass(frozen=True)
class Fitted:
    """A fitted model.

    Attributes:
        ranker: the model.
        search_seconds: how much of the fit's time the choice of hyper-parameters took.
    """

    ranker: Ranker
    search_seconds: float = 0.0


Fit: TypeAlias = Callable[[Catalogue, Interactions, int], Fitted]
"""Fits a model to the ratings with a seed."""
StarFit: TypeAlias = Callable[[Catalogue, Interactions, int], StarPredictor]
"""Fits a star model to the ratings with a seed."""


@dataclass(frozen=True, eq=False)
class ScoreRanker:
    """Ranks by a scorer's scores alone; ties are in row order."""

    scorer: Scorer

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """(films,) the scorer's scores."""
        return self.scorer.score(query)

    def rank(self, query: Query, n: int) -> npt.NDArray[np.int64]:
        """Returns the n best films; films with a NaN score come last."""
        return best(self.scorer.score(query), np.concatenate([query.films, query.excluded]), n)


@dataclass(frozen=True, eq=False)
class ServedRanker:
    """Ranks as `/recommend` does, and by score below the films that it shows."""

    model: Recommender

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """(films,) the scores before re-ranking."""
        return self.model.score(query)

    def rank(self, query: Query, n: int) -> npt.NDArray[np.int64]:
        """Returns the list that `/recommend` shows, then the other films by score."""
        picks = recommend(self.model, query, min(n, LIST_LENGTH)).picks
        shown = np.array([pick.film for pick in picks], np.int64)
        if n <= LIST_LENGTH:
            return shown
        out = np.concatenate([query.films, query.excluded, shown])
        return np.concatenate([shown, best(self.model.score(query), out, n - len(shown))])


def best(scores: npt.NDArray[np.float64], left_out: Ints, n: int) -> npt.NDArray[np.int64]:
    """Returns the rows of the n highest scores, highest first.

    left_out: rows that are not returned. NaN comes last; ties are in row order.
    """
    order = np.where(np.isnan(scores), -np.inf, scores)
    allowed = np.ones(len(order), bool)
    allowed[left_out] = False
    rows = np.flatnonzero(allowed)
    return rows[top_k(order[rows], n)]


def candidates() -> Mapping[str, Fit]:
    """Returns every model that ranks by name, in the order of the tables."""
    return {
        "popularity": _popularity,
        BASELINE: _ease,
        "item-item": _item_item,
        "als": _als,
        BLEND: _blend,
        SERVING: _serving,
    }


def star_candidates() -> Mapping[str, StarFit]:
    """Returns every model that predicts stars by name; the last one serves."""
    return {"bias": _biases, "stars": _stars}


def _popularity(catalogue: Catalogue, ratings: Interactions, seed: int) -> Fitted:
    return Fitted(ScoreRanker(fit_liked(ratings)))


def _ease(catalogue: Catalogue, ratings: Interactions, seed: int) -> Fitted:
    return Fitted(ScoreRanker(fit_item_item(ratings)))


def _item_item(catalogue: Catalogue, ratings: Interactions, seed: int) -> Fitted:
    stars = matrix(ratings)
    return Fitted(ScoreRanker(fit_items(catalogue, stars, plan(int(stars.nnz), RankingConfig()))))


def _als(catalogue: Catalogue, ratings: Interactions, seed: int) -> Fitted:
    stars, rng = matrix(ratings), np.random.default_rng(seed)
    chosen = plan(int(stars.nnz), RankingConfig())
    return Fitted(ScoreRanker(fit_factors(catalogue, stars, chosen, rng)[-1]))


def _blend(catalogue: Catalogue, ratings: Interactions, seed: int) -> Fitted:
    """Returns the model that serves, without re-ranking.

    The difference to "serving" is the price of variety and of the place for the long tail.
    """
    model, seconds = _tuned_recommender(catalogue, ratings, seed)
    return Fitted(ScoreRanker(model), seconds)


def _serving(catalogue: Catalogue, ratings: Interactions, seed: int) -> Fitted:
    model, seconds = _tuned_recommender(catalogue, ratings, seed)
    return Fitted(ServedRanker(model), seconds)


def _tuned_recommender(
    catalogue: Catalogue, ratings: Interactions, seed: int
) -> tuple[Recommender, float]:
    """Returns a recommender with settings chosen on a slice of the ratings, and the seconds of
    that choice."""
    start = time.perf_counter()
    config = tuned_config(catalogue, ratings, Config(), seed)
    took = time.perf_counter() - start
    return fit(catalogue, ratings, config, seed, NOW), took


def _biases(catalogue: Catalogue, ratings: Interactions, seed: int) -> StarPredictor:
    return fit_biases(ratings)


def _stars(catalogue: Catalogue, ratings: Interactions, seed: int) -> StarPredictor:
    rng = np.random.default_rng(seed)
    return fit_stars(ratings, rng=rng, side=star_side(catalogue))
