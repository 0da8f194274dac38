"""An item-item model: a closed-form autoencoder that predicts one film from ratings of others.

The model is EASE (Steck 2019, "Embarrassingly shallow autoencoders for sparse data"). It has the
dropout of EDLAE (Steck 2020, "Autoencoders that don't overfit towards the identity"). Side
information is added as further rows (Jeunen et al. 2020, "Closed-form models for collaborative
filtering with side-information"). X is the (people, films) matrix of preferences, in which the row
of a person with many ratings weighs less. S is the (features, films) matrix of side information,
such as tags. The weights B have a zero diagonal and minimise

    |X - X B|^2 + side^2 |S - S B|^2 + |L^(1/2) B|^2,   L = penalty + dropout / (1 - dropout) diag

where diag is the diagonal of X'X + side^2 S'S. The solution is B = I - P / diag(P), with P = (X'X +
side^2 S'S + L)^-1 and diag(P) its diagonal. The model covers only the head, which is the films with
the most ratings. P is usually computed from a (head, head) matrix. If there are fewer people and
features than films in the head, it is computed from a (people + features, people + features) matrix
instead (the dual form). Only the `kept` largest weights of each film are kept. Last, each film's
weights are divided by a power of the standard deviation of its scores over people. This reduces the
advantage that well-known films have.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.data.preferences import preferences
from recommender.numeric.arrays import Array64, Sparse, sparse
from recommender.numeric.sparse_rows import SparseRows, sparse_rows


@dataclass(frozen=True)
class ItemItemConfig:
    """Settings of the item-item model.

    Attributes:
        penalty: the constant "penalty" in L. The docstring of the module defines L.
        grown: with more than b = `item_item_solver.PENALTY_BASE_PEOPLE` people, the penalty is
            multiplied by (people / b)^grown, because the noise in X'X grows with the people.
        dropout: dropout rate in L, at least 0 and below 1.
        feature_weight: weight of the film features ("side" in the formula) if the films have hardly
            any ratings.
        dense_feature_weight: the same if they have very many. Then ratings say more of a film that
            few people rated than its genres and the words of its title do.
        dense_ratings: with this number of ratings for each film on average, the weight is half-way
            between the two. Above 0.
        people: exponent of people's weights. The row of a person with n ratings has the weight (n /
            median of n)^-people.
        head: largest number of films that are covered. Films with more ratings come first.
        kept: largest number of weights that are kept for each film.
        popularity_penalty: each film's weights are divided by (standard deviation of its
            scores)^popularity_penalty.
        floor: smallest preference of a rated film.
    """

    penalty: float = 100.0
    grown: float = 0.35
    dropout: float = 0.0
    feature_weight: float = 3.0
    dense_feature_weight: float = 1.0
    dense_ratings: float = 20.0
    people: float = 0.25
    head: int = 10_000
    kept: int = 1000
    popularity_penalty: float = 0.2
    floor: float = 0.1

    def feature_weight_at(self, density: float) -> float:
        """Returns the weight of the film features. density: ratings for each film on average."""
        dense = density**2 / (density**2 + self.dense_ratings**2)
        return self.feature_weight + (self.dense_feature_weight - self.feature_weight) * dense


class ItemContribution(NamedTuple):
    """A person's k ratings of films that the model covers, and the weights of these films.

    Attributes:
        rating_indices: (k,) indices of these ratings in the query.
        places: (k,) indices of their films in `ItemItemModel.head`.
        preferences: (k,) the ratings as preferences.
        cells: the k rows of `ItemItemModel.weights` that belong to these films.
    """

    rating_indices: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    preferences: Array64
    cells: SparseRows


@dataclass(frozen=True, eq=False)
class ItemItemModel:
    """A fitted item-item model. `fit_item_item` and `assemble_item_item` make one.

    Attributes:
        head: (head,) catalogue rows of the films that the model covers, in ascending order.
        place: (films,) index of each film in `head`; -1 for films that it does not contain.
        weights: (head, head) weight from a rated film (row) to a scored film (column).
        covered: (head,) True for a film that has at least one weight in its column, so that it can
            be scored.
        usual: (head,) mean of each row of `weights` over the films that can be scored.
        floor: smallest preference of a rated film.
    """

    head: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]
    weights: Sparse
    covered: npt.NDArray[np.bool_]
    usual: Array64
    floor: float

    def over(self, rows: npt.NDArray[np.int64], back: npt.NDArray[np.int64]) -> "ItemItemModel":
        """Returns the same model for another catalogue, whose films are in other rows.

        The weights of removed films are dropped. rows: (new films,) row of each film in the old
        catalogue; -1 for a new film. back: (old films,) row of each film in the new catalogue; -1
        for a removed film.
        """
        new_rows = back[self.head]
        stays = np.flatnonzero(new_rows >= 0)
        order = stays[np.argsort(new_rows[stays], kind="stable")]
        weights = self.weights
        if not np.array_equal(order, np.arange(len(self.head))):
            weights = sparse(weights[order][:, order])
        return assemble_item_item(new_rows[order], len(rows), weights, self.floor)

    def contribution(self, query: Query) -> ItemContribution:
        """Returns a person's ratings of films that the model covers, with the weights of these
        films.

        All other ratings are left out.
        """
        places = self.place[query.films]
        known = np.flatnonzero(places >= 0)
        wants = preferences(query.stars[known], self.floor)
        return ItemContribution(
            known, places[known], wants, sparse_rows(self.weights, places[known])
        )

    def score_head(self, contribution: ItemContribution) -> Array64:
        """Returns (head,) the score of each film that the model covers (the head).

        A score is the sum, over the person's ratings, of preference times weight.
        """
        worth = contribution.cells.values * np.repeat(
            contribution.preferences, contribution.cells.counts
        )
        return np.asarray(
            np.bincount(contribution.cells.columns, worth, minlength=len(self.head)), np.float64
        )

    def score(self, query: Query) -> Array64:
        """Returns (films,) the scores of all films; NaN for films that cannot be scored.

        All scores are NaN if the person rated no film that the model covers.
        """
        scores = np.full(len(self.place), np.nan)
        contribution = self.contribution(query)
        if len(contribution.rating_indices):
            scores[self.head[self.covered]] = self.score_head(contribution)[self.covered]
        return scores

    def rating_parts(
        self, contribution: ItemContribution, films: npt.NDArray[np.int64], ratings: int
    ) -> Array64:
        """Returns (k, ratings) what each of the person's ratings adds to the scores of k films.

        What the rating adds on average to a film that can be scored is subtracted. If the model
        does not cover the scored or the rated film, the result is 0.

        contribution: the person's ratings and their weights. films: (k,) film rows. ratings: number
        of ratings in the query.
        """
        parts = np.zeros((len(films), ratings))
        inside = np.flatnonzero(self.place[films] >= 0)
        if len(inside) and len(contribution.rating_indices):
            column = np.full(len(self.head), -1, np.int32)
            column[self.place[films[inside]]] = np.arange(len(inside))
            cells = column[contribution.cells.columns]
            found = np.flatnonzero(cells >= 0)
            row = np.searchsorted(np.cumsum(contribution.cells.counts), found, side="right")
            away = np.tile(-self.usual[contribution.places], (len(inside), 1))
            away[cells[found], row] += contribution.cells.values[found]
            parts[inside[:, None], contribution.rating_indices] = away * contribution.preferences
        return parts


def assemble_item_item(
    head: npt.NDArray[np.int64], films: int, weights: Sparse, floor: float
) -> ItemItemModel:
    """Returns a model made of its stored attributes; all other attributes are computed.

    head: (head,) rows of the films that the model covers. films: number of films in the catalogue.
    weights: (head, head) weight from a rated film (row) to a scored film (column). floor: smallest
    preference of a rated film.
    """
    place = np.full(films, -1, np.int64)
    place[head] = np.arange(len(head))
    covered = np.bincount(weights.indices, minlength=len(head)) > 0
    sums = (
        np.add.reduceat(np.append(weights.data.astype(np.float64), 0.0), weights.indptr[:-1])
        if len(head)
        else np.zeros(0)
    )
    usual = np.where(np.diff(weights.indptr) > 0, sums, 0.0) / max(1, int(covered.sum()))
    return ItemItemModel(head, place, weights, covered, usual, floor)
