"""The fitted recommender: one frozen value that answers every question, swapped whole."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt

from recommender.context.adjustment import ContextAdjustment, context_adjustment
from recommender.context.editorial import ContextModel
from recommender.context.lift import LiftModel
from recommender.data import Catalogue, Query
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.model import RankingModel
from recommender.models.als import FactorModel
from recommender.models.popularity import Popularity
from recommender.models.tags import TagModel
from recommender.pipeline.diversity import VarietyConfig
from recommender.pipeline.long_tail import TailConfig, TailPlace
from recommender.pipeline.series import editions, series


@dataclass(frozen=True)
class Config:
    """How to fit and how to answer; clock: strength of the daypart tilt, in spreads of the best
    films' scores for each unit of log-odds."""

    ranking: RankingConfig = field(default_factory=RankingConfig)
    variety: VarietyConfig = field(default_factory=VarietyConfig)
    tail: TailConfig = field(default_factory=TailConfig)
    clock: float = 1.5


@dataclass(frozen=True, eq=False)
class Recommender:
    """Everything that answers, as one value, swapped whole. Rows are those of `catalogue`.

    version: `<UTC time>-<data fingerprint>`; ratings, people: what it was fitted on; config: as
    given, of which `ranking.config` is what the size of the data made of it.
    """

    version: str
    trained_at: datetime
    ratings: int
    people: int
    catalogue: Catalogue
    ranking: RankingModel
    tail: TailPlace
    context: ContextModel
    lift: LiftModel
    config: Config

    @property
    def popularity(self) -> Popularity:
        """How known and how liked films are."""
        return self.ranking.popularity

    @property
    def tags(self) -> TagModel:
        """What films are like."""
        return self.ranking.tags

    @property
    def factors(self) -> FactorModel | None:
        """The largest factor model, in which `ranking.fold_in` places people; None where nobody
        has rated."""
        return self.ranking.factors[-1] if self.ranking.factors else None

    @cached_property
    def series(self) -> npt.NDArray[np.int64]:
        """(films,) which films belong to one series, by their titles."""
        return series(self.catalogue)

    @cached_property
    def editions(self) -> npt.NDArray[np.int64]:
        """(films,) which entries are one film."""
        return editions(self.catalogue)

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """(films,) the blended score without context, masks and re-ranking; never NaN."""
        return self.ranking.score(query)


def contextual_adjustment(
    model: Recommender, query: Query, films: npt.NDArray[np.int64], spread: float
) -> ContextAdjustment:
    """What the moment does to the scores of films (k,), of which the best ones' spread is this."""
    clock, lift = model.config.clock * spread, model.lift.worth * spread
    return context_adjustment(model.context, model.lift, query, films, clock, lift)
