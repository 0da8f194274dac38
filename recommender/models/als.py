"""A factor model of graded preferences, fitted by alternating least squares.

Hu, Koren and Volinsky 2008 ("Collaborative filtering for implicit feedback datasets") with the
settings of Rendle et al. 2021 ("Revisiting the performance of iALS"): every unseen pair counts as a
weak zero, and the penalty of a row grows with how often it is observed. A rating is a preference of
(stars - 1) / 4, at least a small floor. For a person with ratings S the factors x minimise

    sum over S of (p - y·x)^2  +  unseen * sum over all films of (y·x)^2  +  penalty(S) |x|^2

which is a linear system: a new person folds in exactly, and a score is a sum over their ratings.
"""

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.data.preferences import preferences
from recommender.numeric.arrays import Array32, Array64, Sparse, sparse
from recommender.numeric.parallel import Share, shared
from recommender.numeric.progress import Progress

Group: TypeAlias = tuple[npt.NDArray[np.int64], int]  # rows, the most ratings of any

GATHERED_NUMBERS = 1 << 21  # numbers gathered at once while solving: 8 MiB


@dataclass(frozen=True)
class AlsConfig:
    """factors; rounds of alternation; unseen: weight of an unseen pair; penalty, scaled by
    (observed + unseen * rows)^frequency; spread of the first random factors; floor of a
    preference."""

    factors: int = 64
    rounds: int = 12
    unseen: float = 0.1
    penalty: float = 0.01
    frequency: float = 1.0
    spread: float = 0.1
    floor: float = 0.1


@dataclass(frozen=True, eq=False)
class FoldIn:
    """A person's place among the factors.

    mean: (factors,); covariance: (factors, factors) of the posterior, up to the noise's variance;
    influence: (n, factors), what each of their n known ratings adds to the mean (rows add up to
    it); known: (n,) which of the query's ratings those rows belong to, as indices.
    """

    mean: Array64
    covariance: Array64
    influence: Array64
    known: npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FactorModel:
    """films: (films, factors) float32, zero where unknown; rated: (films,) bool, whether anybody's
    ratings placed the film; gram: (factors, factors) of all films; mean: (factors,) over rated
    films; placed: how many films were rated at the fit; config as fitted."""

    films: Array32
    rated: npt.NDArray[np.bool_]
    gram: Array64
    mean: Array64
    placed: int
    config: AlsConfig

    def fold_in(self, query: Query) -> FoldIn:
        """Place a person by their ratings, exactly and without touching the model. Ratings of
        films the model does not know say nothing."""
        known = np.flatnonzero(self.rated[query.films])
        rows = self.films[query.films[known]].astype(np.float64)
        wants = preferences(query.stars[known], self.config.floor)
        weight = _penalty(self.config, np.array([len(known)]), self.placed)[0]
        precision = self.config.unseen * self.gram + rows.T @ rows + weight * np.eye(len(self.gram))
        covariance = np.linalg.inv(precision)
        covariance = (covariance + covariance.T) / 2
        influence = (rows @ covariance) * wants[:, None]
        return FoldIn(influence.sum(axis=0), covariance, influence, known)

    def score(self, query: Query) -> Array64:
        """(films,) expected preference; NaN for films nobody rated and, for everything, where none
        of the person's ratings is known to the model."""
        place = self.fold_in(query)
        if not len(place.known):
            return np.full(len(self.films), np.nan)
        return self.score_place(place)

    def score_place(self, place: FoldIn) -> Array64:
        """(films,) as `score`, for a person already placed."""
        scores = (self.films @ place.mean.astype(np.float32)).astype(np.float64)
        return np.where(self.rated, scores, np.nan)

    def rating_parts(self, place: FoldIn, films: npt.NDArray[np.int64], ratings: int) -> Array64:
        """(k, ratings) share of each of the person's ratings in the scores of k films above the
        mean film's; zero for ratings the model does not know."""
        parts = np.zeros((len(films), ratings))
        away = self.films[films].astype(np.float64) - self.mean
        parts[:, place.known] = away @ place.influence.T
        return parts

    def similar(self, film: int) -> Array64:
        """(films,) cosine between factors: loved by the same people; NaN where unknown."""
        length = np.linalg.norm(self.films, axis=1).astype(np.float64)
        if not self.rated[film] or length[film] == 0:
            return np.full(len(self.films), np.nan)
        product = (self.films @ self.films[film]).astype(np.float64)
        known = self.rated & (length > 0)
        scale = np.where(known, length * length[film], 1.0)
        return np.where(known, product / scale, np.nan)


def fit_als(
    matrix: Sparse,
    config: AlsConfig,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> FactorModel:
    """Fit film factors to stars (people, films). The same matrix, config and generator state give
    the same model. Cost a round: ratings × factors² + rows × factors³ at most."""
    by_person = sparse(matrix)
    by_person.data = preferences(by_person.data, config.floor).astype(np.float32)
    by_film = sparse(by_person.T)
    films = by_person.shape[1]
    rated = np.diff(by_film.indptr) > 0
    raters = np.diff(by_person.indptr) > 0
    scale = config.spread / np.sqrt(config.factors)
    film_factors = (rng.standard_normal((films, config.factors)) * scale).astype(np.float32)
    film_factors[~rated] = 0.0
    people_rows, film_rows = (
        _groups(np.diff(each.indptr), config.factors) for each in (by_person, by_film)
    )
    with shared() as share:
        for done in range(config.rounds):
            person_factors = _solve(
                by_person, film_factors, config, int(rated.sum()), people_rows, share
            )
            film_factors = _solve(
                by_film, person_factors, config, int(raters.sum()), film_rows, share
            )
            if progress is not None:
                progress(done + 1, config.rounds)
    wide = film_factors.astype(np.float64)
    mean = wide[rated].mean(axis=0) if rated.any() else np.zeros(config.factors)
    gram = wide.T @ wide
    return FactorModel(film_factors, rated, gram, mean, int(rated.sum()), config)


def _penalty(config: AlsConfig, observed: npt.NDArray[Any], others: int) -> Array64:
    """(n,) penalty of rows with so many observations out of `others` possible; above 0."""
    frequency = np.maximum(observed + config.unseen * others, 1.0) ** config.frequency
    return np.asarray(config.penalty * frequency, np.float64)


def match_shrinkage(matrix: Sparse, before: AlsConfig, after: AlsConfig) -> AlsConfig:
    """`after` with the penalty at which the rows of stars (people, films) are shrunk as much as
    `before`, in the geometric mean."""
    counts = [np.diff(matrix.indptr), np.bincount(matrix.indices, minlength=matrix.shape[1])]
    known = [each[each > 0] for each in counts]
    if not len(known[0]):
        return after
    logs = [
        np.mean(np.log(np.concatenate([_penalty(c, a, len(b)), _penalty(c, b, len(a))])))
        for c in (before, after)
        for a, b in [known]
    ]
    return replace(after, penalty=after.penalty * float(np.exp(logs[0] - logs[1])))


def _solve(
    ratings: Sparse,
    others: Array32,
    config: AlsConfig,
    known: int,
    groups: list[Group],
    share: Share,
) -> Array32:
    """(rows, factors) that minimise the loss with `others` (columns, factors) held fixed; groups:
    of the rows, as from `_groups`.

    In the basis where the unseen pairs' Gram matrix is diagonal, a row with few ratings is a
    system as small as its ratings; only rows with more ratings than factors need the full one.
    """
    gram = others.T.astype(np.float64) @ others
    values, basis = np.linalg.eigh(gram)
    rotated = np.vstack([others @ basis.astype(np.float32), np.zeros(config.factors, np.float32)])
    common = config.unseen * np.maximum(values, 0.0)
    lengths = np.diff(ratings.indptr)
    solved = np.zeros((ratings.shape[0], config.factors), np.float32)

    def solve(group: Group) -> None:
        rows, width = group
        place = ratings.indptr[rows][:, None] + np.arange(width)
        inside = np.arange(width) < lengths[rows][:, None]
        place = np.where(inside, place, 0)
        columns = np.where(inside, ratings.indices[place], len(others))
        wants = np.where(inside, ratings.data[place], np.float32(0))
        diagonal = common + _penalty(config, lengths[rows], known)[:, None]
        weights = diagonal.astype(np.float32)
        solver = _solve_short if width <= config.factors else _solve_long
        solved[rows] = solver(rotated.take(columns, axis=0), wants, weights)

    list(share(solve, groups))
    return np.asarray(solved @ basis.T.astype(np.float32), np.float32)


def _solve_short(x: Array32, wants: Array32, diagonal: Array32) -> Array32:
    """Rows (b, width, f) with fewer ratings than factors, by the Woodbury identity."""
    scaled = x / diagonal[:, None, :]
    kernel = scaled @ x.transpose(0, 2, 1)
    kernel += np.eye(x.shape[1], dtype=np.float32)
    dual = np.linalg.solve(kernel, wants[:, :, None])
    return np.asarray((scaled.transpose(0, 2, 1) @ dual)[:, :, 0])


def _solve_long(x: Array32, wants: Array32, diagonal: Array32) -> Array32:
    """Rows (b, width, f) with more ratings than factors, by their normal equations."""
    across = x.transpose(0, 2, 1)
    normal = across @ x
    factors = x.shape[2]
    normal[:, np.arange(factors), np.arange(factors)] += diagonal
    return np.asarray(np.linalg.solve(normal, across @ wants[:, :, None])[:, :, 0])


def _groups(lengths: npt.NDArray[Any], factors: int) -> list[Group]:
    """Rows with ratings, grouped by like length so that little is padded and a group's gathered
    numbers stay within GATHERED_NUMBERS: (rows, width) pairs."""
    order = np.argsort(lengths, kind="stable")
    order = order[lengths[order] > 0]
    ascending = lengths[order]
    groups: list[Group] = []
    start = 0
    while start < len(order):
        shortest = int(ascending[start])
        widest = max(shortest + 2, int(shortest * 1.2))
        stop = int(np.searchsorted(ascending, widest, side="right"))
        width = int(ascending[stop - 1])
        most = max(1, GATHERED_NUMBERS // (width * factors + factors * factors))
        stop = min(stop, start + most)
        groups.append((order[start:stop], int(ascending[stop - 1])))
        start = stop
    return groups
