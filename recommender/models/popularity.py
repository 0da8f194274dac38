"""All-time favourites: how good and how known a film is, damped where few have rated it.

The damped mean pulls a film's stars towards the mean of all with the strength of a few imagined
ratings (a Bayesian average). Before anybody has rated, the catalogue's praise tags stand in for
ratings, so that a fresh installation ranks sensibly.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.data import Catalogue, Query
from recommender.numeric.arrays import Sparse

PRAISE_FACET = "praise"  # the facet whose tags stand in for ratings

# What praise tells about how many have seen a film; other praise counts once.
PRAISE_FAME = {
    "box-office-hit": 1.5,
    "crowd-pleaser": 1.5,
    "best-picture": 1.5,
    "all-time-great": 1.2,
    "classic": 1.2,
    "cult": 0.6,
    "festival-winner": 0.6,
    "best-international": 0.6,
    "acting-prize": 0.6,
    "auteur": 0.3,
    "debut": 0.2,
    "hidden-gem": 0.2,
}


@dataclass(frozen=True)
class PopularityConfig:
    """damping: imagined ratings at the common mean; praise: ratings one unit of praise is worth,
    each of `praised_stars`; usual_mean: the common mean before anybody rated; expected: the share
    of the ratings that films of like praise have which a film is taken to be known by at least."""

    damping: float = 10.0
    praise: float = 0.5
    praised_stars: float = 4.2
    usual_mean: float = 3.5
    expected: float = 0.3


@dataclass(frozen=True, eq=False)
class Popularity:
    """count: (films,) ratings; total: (films,) sum of their stars; praise: (films,) units."""

    count: npt.NDArray[np.float64]
    total: npt.NDArray[np.float64]
    praise: npt.NDArray[np.float64]
    config: PopularityConfig = PopularityConfig()

    @property
    def damped_mean(self) -> npt.NDArray[np.float64]:
        """Stars, (films,), pulled towards the common mean."""
        c = self.config
        ratings = self.count.sum()
        common = (self.total.sum() + c.damping * c.usual_mean) / (ratings + c.damping)
        praised = c.praise * self.praise
        top = self.total + c.damping * common + praised * c.praised_stars
        return np.asarray(top / (self.count + c.damping + praised))

    @property
    def reach(self) -> npt.NDArray[np.float64]:
        """How well known, (films,): the logarithm of one plus the ratings. A praised film that few
        or none have rated, being newer than the ratings perhaps, stands at what part of its praise
        would lead one to expect."""
        praised = self.praise > 0
        usual = float(self.count[praised].sum() / max(float(self.praise[praised].sum()), 1e-12))
        worth = max(self.config.praise, self.config.expected * usual)
        return np.asarray(np.log1p(np.maximum(self.count, worth * self.praise)))

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """Damped stars above the lowest times reach, (films,); never NaN. The query is ignored."""
        return np.asarray((self.damped_mean - 1.0) * self.reach)

    def favourites(self, n: int) -> npt.NDArray[np.int64]:
        """The rows of the n all-time favourites, best first; ties in row order."""
        return np.argsort(-self.score(Query()), kind="stable")[:n]


def praise_units(catalogue: Catalogue) -> npt.NDArray[np.float64]:
    """(films,) sum of the weights of a film's praise tags, each times its fame."""
    named = zip(catalogue.tag_names, catalogue.tag_facets, strict=True)
    columns = np.array(
        [PRAISE_FAME.get(name, 1.0) if facet == PRAISE_FACET else 0.0 for name, facet in named]
    )
    return np.asarray(catalogue.tags @ columns, np.float64).reshape(-1)


def fit_popularity(
    catalogue: Catalogue, matrix: Sparse | None, config: PopularityConfig = PopularityConfig()
) -> Popularity:
    """Count what has been rated. matrix: stars (people, films) over the catalogue's rows."""
    n = len(catalogue)
    count, total = np.zeros(n), np.zeros(n)
    if matrix is not None and matrix.nnz:
        count = np.bincount(matrix.indices, minlength=n).astype(np.float64)
        total = np.bincount(matrix.indices, weights=matrix.data, minlength=n).astype(np.float64)
    return Popularity(count, total, praise_units(catalogue), config)
