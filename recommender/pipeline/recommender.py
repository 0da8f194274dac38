"""The fitted recommender: one immutable object with everything needed to answer queries."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import numpy as np

from recommender.context.adjustment import ContextAdjustment, context_adjustment
from recommender.context.editorial import ContextModel
from recommender.context.lift import LiftModel
from recommender.data import MIN_PEOPLE, Catalogue, Query
from recommender.hybrid.blend import Blend
from recommender.hybrid.blend_cache import BlendCache
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.model import RankingModel
from recommender.models.als import FactorModel
from recommender.models.neighbours import Neighbours
from recommender.models.popularity import Popularity
from recommender.models.stars import StarModel
from recommender.models.tags import TagModel
from recommender.numeric.arrays import Array64, Bools, Rows
from recommender.pipeline.alike import ContentLikeness, content_likeness
from recommender.pipeline.diversity import VarietyConfig
from recommender.pipeline.long_tail import LongTailConfig, LongTailPlace
from recommender.pipeline.series import editions, series

WELL_KNOWN = 0.7
"""A film is well known if at least this share of all films is known equally well or less."""

WELL_LIKED = 0.5
"""A film is well liked if at least this share of all films is liked equally well or less."""


@dataclass(frozen=True)
class Config:
    """How to fit a recommender and how it answers.

    Model folders and experiment files use these field names.

    Attributes:
        ranking: settings of the blend (weighted sum of models) and of its models.
        variety: settings of the re-ranking for variety and genre calibration.
        tail: settings of the rule that gives the last place of some lists to a film with few
            ratings (of the long tail).
        clock: strength of the hand-written effects of the time of day on films; in standard
            deviations of the best films' scores per unit of log-odds.
    """

    ranking: RankingConfig = field(default_factory=RankingConfig)
    variety: VarietyConfig = field(default_factory=VarietyConfig)
    tail: LongTailConfig = field(default_factory=LongTailConfig)
    clock: float = 1.5


@dataclass(frozen=True, eq=False)
class Recommender:
    """Everything that is needed to answer queries. Film rows are those of `catalogue`.

    Attributes:
        version: `<UTC time>-<fingerprint of the data>`.
        trained_at: time of the fit, UTC.
        ratings: number of ratings it was fitted on.
        people: number of people who gave those ratings.
        catalogue: the films it ranks.
        ranking: the blend (weighted sum) of fitted models.
        long_tail: the films of the long tail (with few ratings), and when one of them gets a list's
            last place.
        context: the hand-written effects of the time of day on films (editorial tilts).
        lift: the effects of time and mood on films, learned from feedback.
        config: the settings that the recommender was fitted with. `ranking.config` holds the
            ranking settings after they were adapted to the size of the data.
        stars: the rating model, which predicts the stars that a person would give; None if it was
            not fitted.
        blends: the blends (weighted sums of models' scores) of the last queries; None if none are
            remembered.
    """

    version: str
    trained_at: datetime
    ratings: int
    people: int
    catalogue: Catalogue
    ranking: RankingModel
    long_tail: LongTailPlace
    context: ContextModel
    lift: LiftModel
    config: Config
    stars: StarModel | None = None
    blends: BlendCache | None = None

    def blend(self, query: Query) -> Blend:
        """Returns the blend (weighted sum of models' scores) for a query, with what explains it."""
        if self.blends is None:
            return self.ranking.blend(query)
        return self.blends.get(query, self.ranking.blend)

    @property
    def popularity(self) -> Popularity:
        """Rating counts and popularity scores of the films."""
        return self.ranking.popularity

    @property
    def tags(self) -> TagModel:
        """The tag model of the films."""
        return self.ranking.tags

    @property
    def factors(self) -> FactorModel | None:
        """The factor model with the most factors; None if there are no ratings.

        `ranking.fold_in` computes a person's factors in it.
        """
        return self.ranking.factors[-1] if self.ranking.factors else None

    @cached_property
    def series(self) -> Rows:
        """(films,) a number for each film's series: the lowest film row in that series."""
        return series(self.catalogue)

    @cached_property
    def editions(self) -> Rows:
        """(films,) a number for each film's editions: the lowest row among films of one title.

        Editions are films with the same title from about the same year.
        """
        return editions(self.catalogue)

    @cached_property
    def untagged(self) -> Bools:
        """(films,) True for films without tags that at least a few people rated."""
        rated = self.ranking.rated & (self.popularity.count >= MIN_PEOPLE)
        return np.asarray(rated & ~self.tags.tagged)

    @cached_property
    def likeness(self) -> ContentLikeness:
        """The likeness of films by their tags and facts, for reasons that name another film."""
        return content_likeness(self.catalogue, self.tags)

    @cached_property
    def neighbours(self) -> Neighbours:
        """The data from which the likeness of films to one film is computed."""
        blocks, raters = self.ranking.content.blocks, self.popularity.count
        return Neighbours(self.catalogue, self.tags, blocks, self.factors, raters)

    @cached_property
    def well_loved(self) -> Bools:
        """(films,) True for films that are both well known and well liked."""
        reach, liked = self.popularity.reach, self.popularity.damped_mean
        if not len(reach):
            return np.zeros(0, np.bool_)
        known = (reach > 0) & (reach >= np.quantile(reach, WELL_KNOWN))
        return np.asarray(known & (liked > liked.min()) & (liked >= np.quantile(liked, WELL_LIKED)))

    def score(self, query: Query) -> Array64:
        """Returns (films,) the weighted sum (blend) of all models' scores; never NaN.

        The query's time, mood, filters and re-ranking do not change it.
        """
        return self.ranking.score(query)

    def adjustment(
        self, query: Query, films: Rows, spread: float, clock_weight: float = 1.0
    ) -> ContextAdjustment:
        """Returns the score changes of k films for the query's time and mood.

        films: (k,) rows. spread: standard deviation of the best films' scores, the unit in which
        `config.clock` is given. clock_weight: factor on what the hour and the weekday change.
        """
        clock, lift = self.config.clock * clock_weight * spread, self.lift.worth * spread
        return context_adjustment(self.context, self.lift, query, films, clock, lift)
