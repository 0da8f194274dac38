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

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.linalg
import scipy.sparse as sp

from recommender.data import Query, Sparse, sparse
from recommender.factorization import Array32, Array64, preferences

BLOCK = 1 << 22  # numbers in a dense block: 16 MiB
SOLVED_WHOLE = 256  # rows up to which a matrix is inverted in one go
SAMPLE = 1000  # people over whom the spread of scores is taken
LEAST_SPREAD = 0.003  # of the widest, so that films nobody rated are not blown up


@dataclass(frozen=True)
class ItemItemConfig:
    """penalty and dropout of L; side: the weight of the side rows; people: power of a person's
    number of ratings by which their row is weighed down; head: films at most, those with the most
    ratings; kept: weights kept for each film; evened: power of the spread of a film's scores
    by which its weights are divided; floor of a preference."""

    penalty: float = 100.0
    dropout: float = 0.0
    side: float = 2.0
    people: float = 0.25
    head: int = 10_000
    kept: int = 1000
    evened: float = 0.2
    floor: float = 0.1


@dataclass(frozen=True, eq=False)
class ItemItemModel:
    """head: (head,) film rows in ascending order; place: (films,) int64 place in the head, -1
    outside it; weights: (head, head) from a rated film (row) to the film it speaks of (column);
    heard: (head,) whether anything speaks of the film; usual: (head,) the mean of each row of
    `weights` over the films that are heard."""

    head: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]
    weights: Sparse
    heard: npt.NDArray[np.bool_]
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
        return assembled(theirs[order], len(rows), weights, self.floor)

    def wants(self, query: Query) -> tuple[npt.NDArray[np.int64], Array64]:
        """(n,) places of the person's ratings, -1 outside the head, and their preferences."""
        return self.place[query.films], preferences(query.stars, self.floor)

    def score_head(self, query: Query) -> Array64:
        """(head,) sums of the person's preferences times the weights; zero where none speaks."""
        places, wants = self.wants(query)
        inside = places >= 0
        theirs = self.weights[places[inside].astype(self.weights.indices.dtype)]
        return np.asarray(theirs.T @ wants[inside].astype(np.float32), np.float64)

    def score(self, query: Query) -> Array64:
        """(films,) as `score_head`; NaN outside the head, for films of which nothing speaks, and
        for everything where none of the person's ratings is in the head."""
        scores = np.full(len(self.place), np.nan)
        if len(query.films) and (self.place[query.films] >= 0).any():
            mine = self.score_head(query)
            scores[self.head[self.heard]] = mine[self.heard]
        return scores

    def rating_parts(self, query: Query, films: npt.NDArray[np.int64]) -> Array64:
        """(k, n) share of each of the person's n ratings in the scores of k films above the mean of
        the films heard; zero for what is outside the head."""
        parts = np.zeros((len(films), len(query.films)))
        places, wants = self.wants(query)
        theirs, mine = np.flatnonzero(self.place[films] >= 0), np.flatnonzero(places >= 0)
        if len(theirs) and len(mine):
            rows = self.weights[places[mine].astype(self.weights.indices.dtype)]
            column = np.full(len(self.head), -1, np.int32)
            column[self.place[films[theirs]]] = np.arange(len(theirs))
            cells = column[rows.indices]
            found = np.flatnonzero(cells >= 0)
            row = np.searchsorted(rows.indptr, found, side="right") - 1
            away = np.tile(-self.usual[places[mine]], (len(theirs), 1))
            away[cells[found], row] += rows.data[found]
            parts[np.ix_(theirs, mine)] = away * wants[mine]
        return parts


def fit_item_item(
    matrix: Sparse, side: Sparse | None, config: ItemItemConfig = ItemItemConfig()
) -> ItemItemModel:
    """Fit to stars (people, films) and side rows (features, films). No randomness. Memory: the
    square of the head in float32, or of people and features where these are fewer."""
    films = matrix.shape[1]
    head = _head(matrix, side, config.head)
    place = np.full(films, -1, np.int64)
    place[head] = np.arange(len(head))
    rows = _rows(matrix, side, head, config)
    blocks = _dual(rows, config) if rows.shape[0] < 0.8 * len(head) else _primal(rows, config)
    kept = [_greatest(columns, config.kept) for columns in blocks]
    weights = sparse(sp.hstack(kept, format="csr")) if kept else sparse((0, 0))
    if config.evened and weights.nnz:
        weights = _evened(weights, sparse(matrix[:, head]), config)
    return assembled(head, films, weights, config.floor)


def assembled(
    head: npt.NDArray[np.int64], films: int, weights: Sparse, floor: float
) -> ItemItemModel:
    """A model from its stored parts: what follows from them is made anew."""
    place = np.full(films, -1, np.int64)
    place[head] = np.arange(len(head))
    heard = np.bincount(weights.indices, minlength=len(head)) > 0
    sums = (
        np.add.reduceat(np.append(weights.data.astype(np.float64), 0.0), weights.indptr[:-1])
        if len(head)
        else np.zeros(0)
    )
    usual = np.where(np.diff(weights.indptr) > 0, sums, 0.0) / max(1, int(heard.sum()))
    return ItemItemModel(head, place, weights, heard, usual, floor)


def _head(matrix: Sparse, side: Sparse | None, most: int) -> npt.NDArray[np.int64]:
    """The films with the most ratings, then those of which something else is known; ascending."""
    count = np.bincount(matrix.indices, minlength=matrix.shape[1])
    known = count > 0
    if side is not None:
        known |= np.bincount(side.indices, minlength=matrix.shape[1]) > 0
    order = np.argsort(-count, kind="stable")
    return np.sort(order[known[order]][:most])


def _evened(weights: Sparse, ratings: Sparse, config: ItemItemConfig) -> Sparse:
    """The weights, each column divided by a power of the spread of its scores, relative to the
    widest. Over many people an even sample of them is taken."""
    mine = sparse(ratings[np.flatnonzero(np.diff(ratings.indptr) > 0)])
    mine = sparse(mine[:: max(1, -(-mine.shape[0] // SAMPLE))])
    mine.data = preferences(mine.data, config.floor).astype(np.float32)
    scores = (mine @ weights).tocsr()
    people, films = max(1, scores.shape[0]), weights.shape[1]
    values = scores.data.astype(np.float64)
    mean = np.bincount(scores.indices, weights=values, minlength=films) / people
    square = np.bincount(scores.indices, weights=values**2, minlength=films) / people
    spread = np.sqrt(np.maximum(square - mean**2, 0.0))
    widest = float(spread.max(initial=0.0))
    if widest <= 0.0:
        return weights
    factor = (np.maximum(spread, LEAST_SPREAD * widest) / widest) ** -config.evened
    weights.data = (weights.data * factor[weights.indices]).astype(np.float32)
    return weights


def _rows(
    matrix: Sparse, side: Sparse | None, head: npt.NDArray[np.int64], config: ItemItemConfig
) -> Sparse:
    """(people + features, head) the weighted problem's rows, without empty ones."""
    mine = sparse(matrix[:, head]) if len(head) < matrix.shape[1] else sparse(matrix)
    mine.data = preferences(mine.data, config.floor).astype(np.float32)
    ratings = np.diff(mine.indptr)
    usual = float(np.median(ratings[ratings > 0])) if (ratings > 0).any() else 1.0
    weight = (np.maximum(ratings, 1) / usual) ** (-config.people / 2)
    mine.data *= np.repeat(weight, ratings).astype(np.float32)
    parts = [sparse(mine[ratings > 0])]
    if side is not None and side.shape[0] and config.side > 0:
        theirs = sparse(side[:, head])
        theirs.data *= np.float32(config.side)
        parts.append(sparse(theirs[np.diff(theirs.indptr) > 0]))
    return sparse(sp.vstack(parts, format="csr"))


def _ridge(rows: Sparse, config: ItemItemConfig) -> Array64:
    """(head,) the diagonal L."""
    squares = rows.data.astype(np.float64) ** 2
    own = np.bincount(rows.indices, weights=squares, minlength=rows.shape[1])
    return np.asarray(config.penalty + config.dropout / (1.0 - config.dropout) * own)


def _dual(rows: Sparse, config: ItemItemConfig) -> Iterator[Array32]:
    """Columns of B by a system of people and features, in blocks (head, block)."""
    count, films = rows.shape
    ridge = _ridge(rows, config)
    scaled = sparse(rows)
    scaled.data = (scaled.data / ridge[scaled.indices]).astype(np.float32)
    kernel = np.asarray((scaled @ rows.T).toarray(), np.float64)
    kernel[np.diag_indices(count)] += 1.0
    inverse = _inverse(kernel).astype(np.float32)
    across = sparse(scaled.T)
    width = max(1, BLOCK // max(count, films, 1))
    for start in range(0, films, width):
        stop = min(films, start + width)
        columns = np.arange(start, stop)
        product = -(across @ (inverse @ scaled[:, start:stop].toarray()))
        product[columns, columns - start] += (1.0 / ridge[start:stop]).astype(np.float32)
        yield _off_diagonal(np.asarray(product, np.float32), start)


def _primal(rows: Sparse, config: ItemItemConfig) -> Iterator[Array32]:
    """Columns of B by a system of films, scaled to a unit diagonal so that single precision does,
    in blocks (head, block)."""
    films = rows.shape[1]
    gram = _gram(rows)
    diagonal = np.diagonal(gram) + _ridge(rows, config)
    scale = (1.0 / np.sqrt(diagonal)).astype(np.float32)
    gram *= scale[:, None]
    gram *= scale[None, :]
    gram[np.diag_indices(films)] = 1.0
    inverse = _inverse(gram)
    width = max(1, BLOCK // max(films, 1))
    for start in range(0, films, width):
        stop = min(films, start + width)
        product = inverse[:, start:stop] * scale[:, None]
        product *= scale[start:stop]
        yield _off_diagonal(product, start)


def _off_diagonal(columns: npt.NDArray[np.float32], start: int) -> Array32:
    """Columns of P as columns of B = I - P / diag(P): a zero diagonal."""
    places = np.arange(columns.shape[1])
    own = columns[start + places, places].copy()
    columns /= -own
    columns[start + places, places] = 0.0
    return columns


def _gram(rows: Sparse) -> npt.NDArray[np.float32]:
    """(head, head) rows' cross products, by dense blocks of rows."""
    films = rows.shape[1]
    total = np.zeros((films, films), np.float32, order="F")
    height = max(1, BLOCK * 4 // max(films, 1))
    for start in range(0, rows.shape[0], height):
        dense = rows[start : start + height].toarray()
        total = scipy.linalg.blas.ssyrk(
            1.0, dense.T, beta=1.0, c=total, trans=0, lower=1, overwrite_c=1
        )
    for start in range(0, films, 512):  # the upper triangle, strip by strip
        stop = min(films, start + 512)
        total[start:stop, stop:] = total[stop:, start:stop].T
        strip = total[start:stop, start:stop]
        strip[:] = np.tril(strip) + np.tril(strip, -1).T
    return np.asarray(total.T)


def _inverse(matrix: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The inverse of a symmetric positive definite matrix, in its own precision, by halves (Schur
    complements): all of it matrix products, which are far quicker than a triangular inverse."""
    size = len(matrix)
    if size <= SOLVED_WHOLE:
        whole = np.linalg.inv(matrix)
        return np.asarray((whole + whole.T) / 2, matrix.dtype)
    half = size // 2
    across = matrix[:half, half:]
    first = _inverse(matrix[:half, :half])
    carried = first @ across
    second = _inverse(matrix[half:, half:] - across.T @ carried)
    inverse = np.empty_like(matrix)
    inverse[half:, half:] = second
    off = carried @ second
    np.negative(off, out=inverse[:half, half:])
    inverse[half:, :half] = inverse[:half, half:].T
    first += off @ carried.T
    inverse[:half, :half] = first
    return inverse


def _greatest(columns: Array32, kept: int) -> Sparse:
    """The `kept` entries of greatest size of each column, and no zeros."""
    height = len(columns)
    if kept < height:
        size = np.abs(columns.T)
        bound = np.partition(size, height - kept, axis=1)[:, height - kept]
        columns = np.where(np.abs(columns) >= bound, columns, np.float32(0))
    return sparse(columns)
