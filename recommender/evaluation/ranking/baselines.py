"""The baselines every model must beat: counts of liked films, plain item-item, and biases.

The item-item model is EASE (Steck 2019, "Embarrassingly shallow autoencoders for sparse data") on
graded preferences. X is the people × films matrix of preferences, B the films × films matrix of
weights. The fit minimises |X - XB|² + penalty |B|² with a zero diagonal in B. With P = (X'X +
penalty I)⁻¹ the solution is B = I - P / diag(P). If there are fewer people than films, P is
computed from the people × people matrix K = XX' + penalty I: it equals (I - X'K⁻¹X) / penalty. Then
only K⁻¹X is kept.
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
PREFERENCE_FLOOR = 0.1  # the preference (0 to 1) that the lowest stars give
MAX_INVERTED_ROWS = 20_000  # a matrix of this size takes 3.2 GB


@dataclass(frozen=True, eq=False)
class Liked:
    """Ranks films by how many people liked them.

    Attributes:
        count: (films,) number of people who liked each film.
    """

    count: Array64

    def score(self, query: Query) -> Array64:
        """Returns (films,) how many people liked each film, whatever the query."""
        return self.count


@dataclass(frozen=True, eq=False)
class ItemItem:
    """The item-item model by its films × films weights (the primal form).

    Attributes:
        weights: (films, films); row i is what liking film i adds to the scores of the others.
    """

    weights: npt.NDArray[np.float32]

    def score(self, query: Query) -> Array64:
        """Returns (films,) scores: the sum of the rows of `weights` of the person's films.

        Each row is multiplied by the person's preference for its film. All scores are NaN for a
        person without ratings.
        """
        if not len(query.films):
            return np.full(len(self.weights), np.nan)
        graded = preferences(query.stars, PREFERENCE_FLOOR)
        return np.asarray(graded @ self.weights[query.films], np.float64)


@dataclass(frozen=True, eq=False)
class DualItemItem:
    """The item-item model in its dual form, which keeps no films × films weights.

    It is used if there are fewer people than films. X is the (people, films) matrix of preferences,
    and K is XX' plus the ridge penalty on the diagonal.

    Attributes:
        preferences: (people, films) X, the graded preferences.
        solved: (people, films) K⁻¹X.
        kept: (films,) the diagonal of I - X'K⁻¹X.
    """

    preferences: Sparse
    solved: Array64
    kept: Array64

    def score(self, query: Query) -> Array64:
        """Returns (films,) the same scores as `ItemItem.score`, except for the person's own films.

        All scores are NaN for a person without ratings.
        """
        if not len(query.films):
            return np.full(len(self.kept), np.nan)
        person = np.zeros(len(self.kept))
        person[query.films] = preferences(query.stars, PREFERENCE_FLOOR)
        explained = np.asarray(self.preferences @ person, np.float64) @ self.solved
        return np.asarray(person - (person - explained) / self.kept)


def fit_liked(ratings: Interactions) -> Liked:
    """Returns the model that ranks films by how many people liked them.

    A film is liked if its rating has at least `RELEVANT_STARS`.
    """
    liked = ratings.film[ratings.stars >= RELEVANT_STARS]
    return Liked(np.bincount(liked, minlength=len(ratings.films)).astype(np.float64))


def fit_item_item(ratings: Interactions, penalty: float = PENALTY) -> ItemItem | DualItemItem:
    """Returns the item-item model EASE, fitted to ratings.

    It has the dual form if there are fewer people than films, else the primal form. penalty: the
    ridge penalty. Raises DataError if there are more than `MAX_INVERTED_ROWS` people and more than
    `MAX_INVERTED_ROWS` films, since neither form then fits into memory.
    """
    graded = matrix(ratings)
    graded.data = preferences(graded.data, PREFERENCE_FLOOR).astype(np.float32)
    graded = sparse(graded[np.diff(graded.indptr) > 0])  # people with ratings
    people, films = graded.shape
    if min(people, films) > MAX_INVERTED_ROWS:
        raise DataError("baseline-too-large", count=min(people, films))
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
    """Returns a sparse square matrix as a dense one, with the penalty added to its diagonal."""
    dense = np.asarray(gram.toarray(), np.float64)
    dense[np.diag_indices_from(dense)] += penalty
    return dense


@dataclass(frozen=True, eq=False)
class Biases:
    """Predicts stars as the mean of all stars plus a bias of the person and one of the film.

    Attributes:
        mean: the mean of all stars.
        person: (people,) what each person adds.
        film: (films,) what each film adds.
    """

    mean: float
    person: Array64
    film: Array64

    def predict(self, people: npt.NDArray[Any], films: npt.NDArray[Any]) -> Array64:
        """Returns (n,) stars for pairs of (n,) people's rows and (n,) films' rows, not clipped."""
        return np.asarray(self.mean + self.person[people] + self.film[films])


def fit_biases(
    ratings: Interactions, person_damping: float = 5.0, film_damping: float = 5.0, rounds: int = 10
) -> Biases:
    """Returns damped biases, fitted by alternation (Koren 2010).

    A person or film without ratings has a bias of 0. person_damping, film_damping: number of
    imagined ratings at the mean for each person and each film. rounds: how often people and films
    alternate.
    """
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
