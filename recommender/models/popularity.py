"""Popularity: how much each film is liked, and how well it is known.

A film's mean stars are damped: a few imaginary ratings at the mean of all films are added to its
ratings (a Bayesian average). Tags that praise a film, such as "classic", count as further ratings,
so that a new installation ranks sensibly before anybody has rated.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.data import Catalogue, Query
from recommender.numeric.arrays import Sparse

PRAISE_FACET = "praise"  # the group of tags that count as ratings

PRAISE_FAME = {
    "box-office-hit": 2.25,
    "crowd-pleaser": 2.25,
    "best-picture": 2.25,
    "all-time-great": 1.8,
    "classic": 1.8,
    "cult": 0.9,
    "festival-winner": 0.9,
    "best-international": 0.9,
    "acting-prize": 0.9,
    "auteur": 0.45,
    "debut": 0.3,
    "hidden-gem": 0.3,
}
"""Units of praise that a film gets for each tag of praise. They are multiplied by the tag's weight.
Tags of praise that are not listed here give `OTHER_PRAISE_FAME`.
"""

OTHER_PRAISE_FAME = 1.5


@dataclass(frozen=True)
class PopularityConfig:
    """Settings of popularity.

    Attributes:
        damping: number of imaginary ratings at the mean of all films that each film gets.
        praise: number of imaginary ratings that each film gets for one unit of praise.
        praised_stars: stars of the imaginary ratings for praise.
        usual_mean: mean stars of all films, before anybody has rated.
        expected: a praised film counts as having at least this share of the ratings that films with
            the same praise have on average.
    """

    damping: float = 10.0
    praise: float = 0.5
    praised_stars: float = 4.2
    usual_mean: float = 3.5
    expected: float = 0.3


@dataclass(frozen=True, eq=False)
class Popularity:
    """Counts of films' ratings, and praise from their tags. `fit_popularity` makes one.

    Attributes:
        count: (films,) number of ratings.
        total: (films,) sum of the stars of these ratings.
        praise: (films,) units of praise, from the film's tags.
        config: settings.
    """

    count: npt.NDArray[np.float64]
    total: npt.NDArray[np.float64]
    praise: npt.NDArray[np.float64]
    config: PopularityConfig = PopularityConfig()

    @property
    def damped_mean(self) -> npt.NDArray[np.float64]:
        """(films,) mean stars, with imaginary ratings added for damping and for praise."""
        c = self.config
        ratings = self.count.sum()
        common = (self.total.sum() + c.damping * c.usual_mean) / (ratings + c.damping)
        praised = c.praise * self.praise
        top = self.total + c.damping * common + praised * c.praised_stars
        return np.asarray(top / (self.count + c.damping + praised))

    @property
    def reach(self) -> npt.NDArray[np.float64]:
        """(films,) how well known films are: log(1 + number of ratings).

        A praised film with few ratings may be newer than the rating data. It counts as having at
        least a share (`expected`) of the ratings that films with the same praise have on average.
        """
        praised = self.praise > 0
        usual = float(self.count[praised].sum() / max(float(self.praise[praised].sum()), 1e-12))
        worth = max(self.config.praise, self.config.expected * usual)
        return np.asarray(np.log1p(np.maximum(self.count, worth * self.praise)))

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """Returns (films,) how popular films are: (damped mean stars - 1) × `reach`, never NaN.

        `reach` says how well known a film is. The query is ignored.
        """
        return np.asarray((self.damped_mean - 1.0) * self.reach)

    def favourites(self, n: int) -> npt.NDArray[np.int64]:
        """Returns the rows of the n films with the highest popularity scores, best first.

        The method `score` defines the scores. Of films with equal scores, those in earlier rows
        come first.
        """
        return np.argsort(-self.score(Query()), kind="stable")[:n]


def praise_units(catalogue: Catalogue) -> npt.NDArray[np.float64]:
    """Returns (films,) units of praise, from tags such as "classic" that praise a film.

    They are the sum of weight × `PRAISE_FAME` over these tags.
    """
    named = zip(catalogue.tag_names, catalogue.tag_facets, strict=True)
    columns = np.array(
        [
            PRAISE_FAME.get(name, OTHER_PRAISE_FAME) if facet == PRAISE_FACET else 0.0
            for name, facet in named
        ]
    )
    return np.asarray(catalogue.tags @ columns, np.float64).reshape(-1)


def fit_popularity(
    catalogue: Catalogue, matrix: Sparse | None, config: PopularityConfig = PopularityConfig()
) -> Popularity:
    """Returns the popularity of a catalogue's films.

    matrix: (people, films) stars, with the catalogue's rows as columns; None if there are no
    ratings.
    """
    n = len(catalogue)
    count, total = np.zeros(n), np.zeros(n)
    if matrix is not None and matrix.nnz:
        count = np.bincount(matrix.indices, minlength=n).astype(np.float64)
        total = np.bincount(matrix.indices, weights=matrix.data, minlength=n).astype(np.float64)
    return Popularity(count, total, praise_units(catalogue), config)
