"""The models that are measured side by side, by name.

A candidate is a function that fits a model to training ratings. It returns a ranker, an object that
scores and ranks films for a query. "serving" is the model that answers `/recommend`, with its
re-ranking for variety; its queries have no time of day and no filters. "blend" is the same model
without re-ranking: films are in the order of their scores. "item-item" and "als" are two components
of the blend, each alone. "popularity" and "ease" are baselines. The settings of "serving" and
"blend" are chosen on a slice of the training ratings. To add a model to the tables of results, add
it here.
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
from recommender.pipeline.recommend import recommended_films
from recommender.pipeline.recommender import Config, Recommender
from recommender.training.fit import fit, tuned_config

NOW = datetime(2000, 1, 1, tzinfo=UTC)  # part of the model version's name; changes no result
LIST_LENGTH = 10  # films in a list that /recommend shows

SERVING = "serving"  # the model that the bot uses
BLEND = "blend"  # the same model, ranked by score without re-ranking
BASELINE = "ease"  # the model that gains are measured against


class Ranker(Protocol):
    """A model whose ranking can be measured."""

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """Returns (films,) scores, higher is better; NaN for films that the model cannot score."""
        ...

    def rank(self, query: Query, n: int) -> npt.NDArray[np.int64]:
        """Returns up to n film rows, best first, without films that the query rates or excludes."""
        ...


class StarPredictor(Protocol):
    """A model that predicts stars."""

    def predict(self, people: npt.NDArray[np.int64], films: npt.NDArray[np.int64]) -> Floats:
        """Returns (n,) stars for pairs of (n,) people's rows and (n,) films' rows."""
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
        """Returns the stars that `predict` returns, each with its standard deviation."""
        ...


@dataclass(frozen=True)
class Fitted:
    """A fitted model.

    Attributes:
        ranker: the model.
        search_seconds: time to choose hyper-parameters, which is part of the fit, seconds.
    """

    ranker: Ranker
    search_seconds: float = 0.0


Fit: TypeAlias = Callable[[Catalogue, Interactions, int], Fitted]
"""A function that fits a ranking model. Its arguments are the catalogue, the training ratings and
the random seed.
"""
StarFit: TypeAlias = Callable[[Catalogue, Interactions, int], StarPredictor]
"""A function that fits a model of stars. Its arguments are the catalogue, the training ratings and
the random seed.
"""


@dataclass(frozen=True, eq=False)
class ScoreRanker:
    """Ranks by a model's scores alone. Films with equal scores keep the order of their rows.

    Attributes:
        scorer: the model.
    """

    scorer: Scorer

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """Returns (films,) the model's scores."""
        return self.scorer.score(query)

    def rank(self, query: Query, n: int) -> npt.NDArray[np.int64]:
        """Returns the rows of the n best films; films with a NaN score come last."""
        return best(self.scorer.score(query), np.concatenate([query.films, query.excluded]), n)


@dataclass(frozen=True, eq=False)
class ServedRanker:
    """Ranks like the bot: first the list that `/recommend` shows, then all other films by score.

    Attributes:
        model: the fitted recommender of the bot.
    """

    model: Recommender

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """Returns (films,) the scores of the bot's model before re-ranking for variety."""
        return self.model.score(query)

    def rank(self, query: Query, n: int) -> npt.NDArray[np.int64]:
        """Returns up to n film rows: the list that `/recommend` shows, then other films by score.

        The list has at most `LIST_LENGTH` films.
        """
        shown = recommended_films(self.model, query, min(n, LIST_LENGTH))
        if n <= LIST_LENGTH:
            return shown
        out = np.concatenate([query.films, query.excluded, shown])
        return np.concatenate([shown, best(self.model.score(query), out, n - len(shown))])


def best(scores: npt.NDArray[np.float64], left_out: Ints, n: int) -> npt.NDArray[np.int64]:
    """Returns the rows of the n highest scores, highest first.

    scores: (films,). Rows with a NaN score come last, and equal scores keep the order of the rows.
    left_out: rows that are not returned.
    """
    order = np.where(np.isnan(scores), -np.inf, scores)
    allowed = np.ones(len(order), bool)
    allowed[left_out] = False
    rows = np.flatnonzero(allowed)
    return rows[top_k(order[rows], n)]


def candidates() -> Mapping[str, Fit]:
    """Returns the function that fits each ranking model, by the model's name, in the order of the
    tables.
    """
    return {
        "popularity": _popularity,
        BASELINE: _ease,
        "item-item": _item_item,
        "als": _als,
        BLEND: _blend,
        SERVING: _serving,
    }


def star_candidates() -> Mapping[str, StarFit]:
    """Returns the function that fits each model of stars, by the model's name; the bot's comes
    last.
    """
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
    """Returns the bot's model, ranked by score without re-ranking.

    Re-ranking gives a list more variety, and sometimes a little-known film in its last place. Its
    effect is the difference between this model's figures and those of the model "serving", which
    re-ranks.
    """
    model, seconds = _tuned_recommender(catalogue, ratings, seed)
    return Fitted(ScoreRanker(model), seconds)


def _serving(catalogue: Catalogue, ratings: Interactions, seed: int) -> Fitted:
    model, seconds = _tuned_recommender(catalogue, ratings, seed)
    return Fitted(ServedRanker(model), seconds)


def _tuned_recommender(
    catalogue: Catalogue, ratings: Interactions, seed: int
) -> tuple[Recommender, float]:
    """Returns a recommender fitted with settings that were chosen on a slice of the ratings.

    Also returns how many seconds the choice took. seed: seed of all random choices.
    """
    start = time.perf_counter()
    config = tuned_config(catalogue, ratings, Config(), seed)
    took = time.perf_counter() - start
    return fit(catalogue, ratings, config, seed, NOW), took


def _biases(catalogue: Catalogue, ratings: Interactions, seed: int) -> StarPredictor:
    return fit_biases(ratings)


def _stars(catalogue: Catalogue, ratings: Interactions, seed: int) -> StarPredictor:
    rng = np.random.default_rng(seed)
    return fit_stars(ratings, rng=rng, side=star_side(catalogue))
