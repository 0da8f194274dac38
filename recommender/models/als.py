"""A factor model of graded preferences, fitted by alternating least squares.

Hu, Koren and Volinsky 2008 ("Collaborative filtering for implicit feedback datasets") with the
settings of Rendle et al. 2021 ("Revisiting the performance of iALS"). If a person has not rated a
film, this counts as a preference of 0 with a small weight. The penalty on the factors of a person
or film grows with their number of ratings. A rating counts as a preference p of (stars - 1) / 4,
but at least a small floor. For a person who rated the films S, and film factors y, the person's
factors x minimise

    sum over S of (p - y·x)^2  +  unseen * sum over all films of (y·x)^2  +  penalty(S) |x|^2

The factors x are the solution of a linear system. The factors of a new person can therefore be
computed exactly, which is called fold-in, and a score is a sum over the person's ratings.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.data.preferences import preferences
from recommender.numeric.arrays import Array32, Array64, Sparse, sparse
from recommender.numeric.conjugate import solve_all
from recommender.numeric.padded import RowGroup, row_groups
from recommender.numeric.parallel import Share, shared
from recommender.numeric.progress import Progress

GATHERED_NUMBERS = 1 << 20  # float32 numbers that are copied for one group of rows: 4 MiB


@dataclass(frozen=True)
class AlsConfig:
    """Settings of a factor model.

    Attributes:
        factors: number of factors.
        rounds: number of times that the factors of people and then of films are solved for.
        unseen: weight of the term that pulls the scores of all films towards 0; a rating has the
            weight 1.
        penalty: strength of the penalty on factors. For a person with n ratings, it is multiplied
            by (n + unseen * number of rated films)^frequency. For a film with n ratings, it is
            multiplied by (n + unseen * number of people who rated)^frequency.
        frequency: the exponent in these formulas; with 0, the penalty is the same for everyone.
        spread: standard deviation of a film's score at the random start.
        floor: smallest preference of a rated film."""

    factors: int = 64
    rounds: int = 12
    unseen: float = 0.1
    penalty: float = 0.01
    frequency: float = 1.0
    spread: float = 0.1
    floor: float = 0.1


@dataclass(frozen=True, eq=False)
class FoldIn:
    """A person's factors in a factor model, computed from the n ratings that the model can use.

    A rating can be used if somebody had rated its film when the model was fitted.

    Attributes:
        mean: (factors,) the person's factors: the mean of their posterior distribution.
        covariance: (factors, factors) covariance of this posterior, divided by the noise variance.
        influence: (n, factors) what each rating adds to `mean`; the rows add up to `mean`.
        rating_indices: (n,) indices of these n ratings among all ratings of the query."""

    mean: Array64
    covariance: Array64
    influence: Array64
    rating_indices: npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FactorModel:
    """A fitted factor model, which keeps only the factors of films. `fit_als` makes one.

    Attributes:
        films: (films, factors) the factors, 0 for films without ratings.
        rated: (films,) True for a film that somebody rated.
        gram: (factors, factors) sum over films of the outer product of a film's factors with
            themselves.
        mean: (factors,) mean factors of the rated films.
        placed: number of films that were rated when the model was fitted.
        config: the settings that it was fitted with."""

    films: Array32
    rated: npt.NDArray[np.bool_]
    gram: Array64
    mean: Array64
    placed: int
    config: AlsConfig

    def fold_in(self, query: Query) -> FoldIn:
        """Returns the person's factors, computed exactly from the ratings in their query.

        Ratings of films that nobody had rated when the model was fitted are ignored."""
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
        """Returns (films,) expected preferences, about 0 to 1.

        A preference is NaN if nobody had rated the film when the model was fitted. All are NaN if
        the person rated none of the films that the model knows."""
        place = self.fold_in(query)
        if not len(place.rating_indices):
            return np.full(len(self.films), np.nan)
        return self.score_place(place)

    def score_place(self, place: FoldIn) -> Array64:
        """Returns (films,) expected preferences, about 0 to 1, for a person's factors.

        A preference is NaN if nobody had rated the film when the model was fitted. All are NaN if
        the factors were computed without any rating."""
        scores = (self.films @ place.mean.astype(np.float32)).astype(np.float64)
        return np.where(self.rated, scores, np.nan)

    def rating_parts(self, place: FoldIn, films: npt.NDArray[np.int64], ratings: int) -> Array64:
        """Returns (k, ratings) what each of the person's ratings adds to the scores of k films.

        From each value, its mean over all films that anybody rated is subtracted. The result is 0
        for ratings of films that the model does not know. place: the person's factors. films: (k,)
        film rows. ratings: number of ratings in the query."""
        parts = np.zeros((len(films), ratings))
        away = self.films[films].astype(np.float64) - self.mean
        parts[:, place.rating_indices] = away @ place.influence.T
        return parts

    def similar(self, film: int) -> Array64:
        """Returns (films,) the cosine between the factors of one film and those of every film.

        It is high if the same people love both films. It is NaN for films without ratings, and for
        all films if the one film has no ratings. film: row of the one film."""
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
    """Returns a factor model fitted to stars.

    The same matrix, config and generator state give the same model. A round costs at most ratings ×
    factors² + (people + films) × factors³ operations. matrix: (people, films) stars. progress: is
    called after each step."""
    wants = sparse(matrix)
    wants.data = preferences(wants.data, config.floor).astype(np.float32)
    people, films = wants.shape
    raters = int((np.diff(wants.indptr) > 0).sum())
    by_person = row_groups(wants, config.factors, GATHERED_NUMBERS)
    wants = sparse(wants.T)
    rated = np.diff(wants.indptr) > 0
    by_film = row_groups(wants, config.factors, GATHERED_NUMBERS)
    del wants
    scale = config.spread / np.sqrt(config.factors)
    film_factors = (rng.standard_normal((films, config.factors)) * scale).astype(np.float32)
    film_factors[~rated] = 0.0
    placed = int(rated.sum())
    with shared() as share:
        for done in range(config.rounds):
            person_factors = _solve(by_person, people, film_factors, config, placed, share)
            film_factors = _solve(by_film, films, person_factors, config, raters, share)
            if progress is not None:
                progress(done + 1, config.rounds)
    wide = film_factors.astype(np.float64)
    mean = wide[rated].mean(axis=0) if rated.any() else np.zeros(config.factors)
    gram = wide.T @ wide
    return FactorModel(film_factors, rated, gram, mean, placed, config)


def _penalty(config: AlsConfig, observed: npt.NDArray[Any], others: int) -> Array64:
    """Returns (n,) the penalty, above 0, on the factors of each of n rows (people or films).

    observed: (n,) number of ratings of each row. others: number of columns that have ratings."""
    frequency = np.maximum(observed + config.unseen * others, 1.0) ** config.frequency
    return np.asarray(config.penalty * frequency, np.float64)


def match_shrinkage(matrix: Sparse, before: AlsConfig, after: AlsConfig) -> AlsConfig:
    """Returns the settings `after` with a `penalty` that is on average as strong as that of
    `before`.

    Afterwards, the penalties of all people and films have the same geometric mean under both
    settings. matrix: (people, films) the stars to which the settings apply."""
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
    groups: list[RowGroup], count: int, others: Array32, config: AlsConfig, known: int, share: Share
) -> Array32:
    """Returns (count, factors) the factors of all people, or of all films, that minimise the loss.

    The factors are first rotated to the basis in which their Gram matrix is diagonal. In it, a few
    steps of conjugate gradients solve the linear system of a row. groups: the rows with their
    preferences. count: number of all rows. others: (columns, factors) factors of the columns, which
    stay fixed. known: number of columns that have ratings. share: runs tasks on several threads."""
    gram = others.T.astype(np.float64) @ others
    values, basis = np.linalg.eigh(gram)
    rotated = np.vstack([others @ basis.astype(np.float32), np.zeros(config.factors, np.float32)])
    common = config.unseen * np.maximum(values, 0.0)
    solved = np.zeros((count, config.factors), np.float32)

    def solve(group: RowGroup) -> None:
        weights = common + _penalty(config, group.counts, known)[:, None]
        x = rotated.take(group.columns, axis=0)
        solved[group.rows] = _solve_group(x, group.values, weights.astype(np.float32))

    list(share(solve, groups))
    return np.asarray(solved @ basis.T.astype(np.float32), np.float32)


def _solve_group(x: Array32, wants: Array32, weights: Array32) -> Array32:
    """Returns (b, f) the factors of b rows, which minimise the loss.

    The matrix of a row, x' x + its weights, is only calculated if it is smaller than x.

    x: (b, width, f) factors of the rated columns, padded with 0. wants: (b, width) preferences.
    weights: (b, f) penalties plus `unseen` × the diagonal of the Gram matrix."""
    _, width, factors = x.shape
    across = x.transpose(0, 2, 1)
    wanted = _times(across, wants)
    if width <= factors:
        diagonal = np.asarray(np.einsum("ijk,ijk->ik", x, x) + weights, np.float32)
        return solve_all(
            lambda vectors: _times(across, _times(x, vectors)) + weights * vectors,
            wanted,
            diagonal,
            factors,
        )
    normal = across @ x
    diagonal = np.einsum("ijj->ij", normal)
    diagonal += weights
    return solve_all(lambda vectors: _times(normal, vectors), wanted, diagonal, factors)


def _times(matrices: Array32, vectors: Array32) -> Array32:
    """Returns (b, n) the products of b matrices (b, n, m) with b vectors (b, m)."""
    return np.asarray((matrices @ vectors[:, :, None])[:, :, 0])
