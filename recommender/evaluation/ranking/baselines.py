"""What every model has to beat: counts of liked films, the plain item-item model, and biases.

The item-item model is EASE (Steck 2019, "Embarrassingly shallow autoencoders for sparse data") on
graded preferences. It minimises |X - XB|² + penalty |B|² with a zero diagonal: B = I - P / diag(P)
with P = (X'X + penalty I)⁻¹. With fewer people than films the same P follows from the people ×
people matrix K = XX' + penalty I as (I - X'K⁻¹X) / penalty, and only K⁻¹X is kept.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.data import Interactions, Query
from recommender.data.preferences import preferences
from recommender.errors import DataError
from recommender.evaluation.splits import RELEVANT_STARS, matrix
from recommender.numeric.arrays import Array64, Sparse, sparse

PENALTY = 100.0
FLOOR = 0.1  # of a graded preference
LARGEST = 20_000  # rows of the matrix to invert: 3.2 GB each


@dataclass(frozen=True, eq=False)
class Liked:
    """How many people liked a film, (films,)."""

    count: Array64

    def score(self, query: Query) -> Array64:
        """The same for everybody."""
        return self.count


@dataclass(frozen=True, eq=False)
class ItemItem:
    """The primal form. weights: (films, films), row i what liking film i adds to the others."""

    weights: npt.NDArray[np.float32]

    def score(self, query: Query) -> Array64:
        """(films,) sum over the person's ratings; NaN for a person without any."""
        if not len(query.films):
            return np.full(len(self.weights), np.nan)
        wants = preferences(query.stars, FLOOR)
        return np.asarray(wants @ self.weights[query.films], np.float64)


@dataclass(frozen=True, eq=False)
class DualItemItem:
    """The dual form. preferences: X, (people, films); solved: K⁻¹X, (people, films); kept: (films,)
    the diagonal of I - X'K⁻¹X."""

    preferences: Sparse
    solved: Array64
    kept: Array64

    def score(self, query: Query) -> Array64:
        """(films,) as the primal form's, outside the person's own films; NaN without ratings."""
        if not len(query.films):
            return np.full(len(self.kept), np.nan)
        person = np.zeros(len(self.kept))
        person[query.films] = preferences(query.stars, FLOOR)
        explained = np.asarray(self.preferences @ person, np.float64) @ self.solved
        return np.asarray(person - (person - explained) / self.kept)


def fit_liked(ratings: Interactions) -> Liked:
    """Count ratings of at least `RELEVANT_STARS` stars."""
    liked = ratings.film[ratings.stars >= RELEVANT_STARS]
    return Liked(np.bincount(liked, minlength=len(ratings.films)).astype(np.float64))


def fit_item_item(ratings: Interactions, penalty: float = PENALTY) -> ItemItem | DualItemItem:
    """Fit by whichever side is shorter. Raises DataError where both are too long to invert."""
    graded = matrix(ratings)
    graded.data = preferences(graded.data, FLOOR).astype(np.float32)
    graded = sparse(graded[np.diff(graded.indptr) > 0])  # people who say something
    people, films = graded.shape
    if min(people, films) > LARGEST:
        raise DataError(
            f"The item-item baseline would need to invert {min(people, films)} rows; leave ease "
            "out of --models on data this large."
        )
    if people < films:
        inverse = np.linalg.inv(_ridge(graded @ graded.T, penalty))
        solved = np.asarray((graded.T @ inverse).T, np.float64)
        rows = np.repeat(np.arange(people), np.diff(graded.indptr))
        cells = graded.data * solved[rows, graded.indices]
        explained = np.bincount(graded.indices, weights=cells, minlength=films)
        return DualItemItem(graded, solved, np.asarray(1.0 - explained, np.float64))
    inverse = np.linalg.inv(_ridge(graded.T @ graded, penalty))
    weights = -inverse / np.diagonal(inverse)[None, :]
    np.fill_diagonal(weights, 0.0)
    return ItemItem(weights.astype(np.float32))


def _ridge(gram: Any, penalty: float) -> Array64:
    dense = np.asarray(gram.toarray(), np.float64)
    dense[np.diag_indices_from(dense)] += penalty
    return dense


@dataclass(frozen=True, eq=False)
class Biases:
    """Stars as a mean plus what a person and a film add: (people,) and (films,)."""

    mean: float
    person: Array64
    film: Array64

    def predict(self, people: npt.NDArray[Any], films: npt.NDArray[Any]) -> Array64:
        """(n,) stars, not clipped."""
        return np.asarray(self.mean + self.person[people] + self.film[films])


def fit_biases(
    ratings: Interactions, person_damping: float = 5.0, film_damping: float = 5.0, rounds: int = 10
) -> Biases:
    """Damped biases (Koren 2010) by alternation; a stranger and an unrated film add nothing."""
    stars = ratings.stars.astype(np.float64)
    mean = float(stars.mean()) if len(stars) else 3.0
    person, film = np.zeros(len(ratings.people)), np.zeros(len(ratings.films))
    people_count = np.bincount(ratings.person, minlength=len(person)) + person_damping
    film_count = np.bincount(ratings.film, minlength=len(film)) + film_damping
    for _ in range(rounds):
        left = stars - mean - person[ratings.person]
        film = np.bincount(ratings.film, weights=left, minlength=len(film)) / film_count
        left = stars - mean - film[ratings.film]
        person = np.bincount(ratings.person, weights=left, minlength=len(person)) / people_count
    return Biases(mean, person, film)
