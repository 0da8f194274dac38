"""What a rating of one film says of another: closed-form item-item autoencoders.

EASE (Steck 2019, "Embarrassingly shallow autoencoders for sparse data") with the dropout of EDLAE
(Steck 2020, "Autoencoders that don't overfit towards the identity") and side information as further
rows (Jeunen et al. 2020, "Closed-form models for collaborative filtering with side-information").
With X the graded preferences (people, films), each person's row weighed down as their ratings grow
many, and S the side rows, the weights B minimise, at a zero diagonal,

    |X - X B|^2 + side^2 |S - S B|^2 + |L^(1/2) B|^2,   L = penalty + dropout / (1 - dropout) diag

so B = I - P / diag(P) with P = (X'X + side^2 S'S + L)^-1. Where people and features are fewer than
films, P comes from a matrix as small as they are (the dual form), else from one as large as the
head of the catalogue. Of each film the `kept` greatest weights stay. Last, each film's weights are
divided by a power of how widely its scores spread over the people, which takes back part of what
well-known films gain merely by being known.
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
    """penalty and dropout of L; grown: power of the number of people beyond `CROWD` by which the
    penalty grows, because what is noise in the cross products grows with them; feature_weight: the weight of the side rows; people: power of a person's number of ratings by which their row is weighed down;
    head: films at most, those with the most ratings; kept: weights kept for each film; popularity_penalty:
    power of the spread of a film's scores by which its weights are divided; floor of a
    preference."""

    penalty: float = 100.0
    grown: float = 0.35
    dropout: float = 0.0
    feature_weight: float = 3.0
    people: float = 0.25
    head: int = 10_000
    kept: int = 1000
    popularity_penalty: float = 0.2
    floor: float = 0.1


class ItemContribution(NamedTuple):
    """Of a person's ratings, those known: (k,) as indices, their places in the head and their
    preferences; cells: of the weights' rows at those places."""

    known: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    wants: Array64
    cells: SparseRows


@dataclass(frozen=True, eq=False)
class ItemItemModel:
    """head: (head,) film rows in ascending order; place: (films,) int64 place in the head, -1
    outside it; weights: (head, head) from a rated film (row) to the film it speaks of (column);
    covered: (head,) whether anything speaks of the film; usual: (head,) the mean of each row of
    `weights` over the films that are covered."""

    head: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]
    weights: Sparse
    covered: npt.NDArray[np.bool_]
    usual: Array64
    floor: float

    def over(self, rows: npt.NDArray[np.int64], back: npt.NDArray[np.int64]) -> "ItemItemModel":
        """The same model over other rows. rows: (new films,) each film's old row, -1 where it is
        new; back: (old films,) each old row's new one, -1 where it is gone. Where films are gone
        their weights are too."""
        theirs = back[self.head]
        stays = np.flatnonzero(theirs >= 0)
        order = stays[np.argsort(theirs[stays], kind="stable")]
        weights = sparse(self.weights[order][:, order])
        return assemble_item_item(theirs[order], len(rows), weights, self.floor)

    def contribution(self, query: Query) -> ItemContribution:
        """What the weights say of the person's ratings, those outside the head left out."""
        places = self.place[query.films]
        known = np.flatnonzero(places >= 0)
        wants = preferences(query.stars[known], self.floor)
        return ItemContribution(
            known, places[known], wants, sparse_rows(self.weights, places[known])
        )

    def score_head(self, contribution: ItemContribution) -> Array64:
        """(head,) sums of the person's preferences times the weights; zero where none speaks."""
        worth = contribution.cells.values * np.repeat(contribution.wants, contribution.cells.counts)
        return np.asarray(
            np.bincount(contribution.cells.columns, worth, minlength=len(self.head)), np.float64
        )

    def score(self, query: Query) -> Array64:
        """(films,) as `score_head`; NaN outside the head, for films of which nothing speaks, and
        for everything where none of the person's ratings is in the head."""
        scores = np.full(len(self.place), np.nan)
        contribution = self.contribution(query)
        if len(contribution.known):
            scores[self.head[self.covered]] = self.score_head(contribution)[self.covered]
        return scores

    def rating_parts(
        self, contribution: ItemContribution, films: npt.NDArray[np.int64], ratings: int
    ) -> Array64:
        """(k, ratings) share of each of the person's ratings in the scores of k films above the
        mean of the films covered; zero for what is outside the head."""
        parts = np.zeros((len(films), ratings))
        theirs = np.flatnonzero(self.place[films] >= 0)
        if len(theirs) and len(contribution.known):
            column = np.full(len(self.head), -1, np.int32)
            column[self.place[films[theirs]]] = np.arange(len(theirs))
            cells = column[contribution.cells.columns]
            found = np.flatnonzero(cells >= 0)
            row = np.searchsorted(np.cumsum(contribution.cells.counts), found, side="right")
            away = np.tile(-self.usual[contribution.places], (len(theirs), 1))
            away[cells[found], row] += contribution.cells.values[found]
            parts[theirs[:, None], contribution.known] = away * contribution.wants
        return parts


def assemble_item_item(
    head: npt.NDArray[np.int64], films: int, weights: Sparse, floor: float
) -> ItemItemModel:
    """A model from its stored parts: what follows from them is made anew."""
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
