"""Fits the item-item model of `item_item`: computes its weights in the primal or the dual form.

The columns of the weight matrix B are computed some at a time (in blocks), to save memory.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from recommender.data.preferences import preferences
from recommender.models.item_item import ItemItemConfig, ItemItemModel, assemble_item_item
from recommender.numeric.arrays import Array32, Array64, Bools, Ints64, Sparse, sparse
from recommender.numeric.inverse import symmetric_inverse
from recommender.numeric.parallel import Share, runs, shared
from recommender.numeric.progress import Progress

StepCallback: TypeAlias = Callable[[], None]  # is called after each step
BLOCK_NUMBERS = 1 << 19  # float32 numbers in a dense block: 2 MiB
STRIPE_ROWS = 256  # rows of a matrix that one thread works on at a time
DENSE_COLUMN_SHARE = 0.03  # columns with at least this share of cells are multiplied as dense
SPREAD_SAMPLE_PEOPLE = 500  # people whose scores give the spread of a film's scores
PENALTY_BASE_PEOPLE = 1000  # up to this number of people, the penalty is used as given
MIN_RELATIVE_SPREAD = 0.003  # of the largest spread; bounds the weights of unrated films


class Blocks(NamedTuple):
    """The columns of an item-item model's weight matrix, computed some at a time to save memory.

    Attributes:
        order: (head,) indices of films in the head (the films that the model covers), in the order
            in which the rows of B are computed.
        columns: a function that takes a slice of the head and returns the columns of these films,
            transposed: (block, head)."""

    order: npt.NDArray[np.int32]
    columns: Callable[[slice], Array32]


class SparseColumns(NamedTuple):
    """The kept weights of some columns of the weight matrix, one column after the other.

    Attributes:
        values: (weights,) the weights.
        rows: (weights,) the rated film of each weight, as an index in the films that are covered.
        counts: (columns,) number of weights of each column.
        spread: (columns,) standard deviation of each column's scores over people."""

    values: Array32
    rows: npt.NDArray[np.int32]
    counts: npt.NDArray[np.int64]
    spread: Array64


def fit_item_item(
    matrix: Sparse,
    side: Sparse | None,
    config: ItemItemConfig = ItemItemConfig(),
    progress: Progress | None = None,
) -> ItemItemModel:
    """Returns a model fitted to ratings and film features.

    Nothing is random, and any number of cores gives the same weights. The fit needs memory for 1.3
    matrices of shape (head, head) in float32, or in the dual form of shape (people + features,
    people + features) in float64. It also needs three copies of the ratings and of the weights.

    Args:
        matrix: (people, films) stars.
        side: (features, films) values of film features, or None.
        config: settings.
        progress: is called after each step."""
    films = matrix.shape[1]
    raters = int((np.diff(matrix.indptr) > 0).sum())
    growth = max(1.0, raters / PENALTY_BASE_PEOPLE) ** config.grown
    weight = config.feature_weight_at(matrix.nnz / max(1, films))
    config = replace(config, penalty=config.penalty * growth, feature_weight=weight)
    head = _head(matrix, side, config.head)
    place = np.full(films, -1, np.int64)
    place[head] = np.arange(len(head))
    rows = _rows(matrix, side, head, config)
    sampled = _sampled_preferences(matrix, head, config) if config.popularity_penalty else None
    dual = rows.shape[0] < 0.8 * len(head)
    parts = runs(len(head), max(1, BLOCK_NUMBERS // max(len(head), 1)))
    step_done = _step_callback(progress, len(parts) + 2)
    with shared() as share:
        blocks = (_dual if dual else _primal)(rows, config, share, step_done)
        if sampled is not None:
            sampled = sparse(sampled[:, blocks.order])

        def finish(part: slice) -> SparseColumns:
            columns = blocks.columns(part)
            kept = _largest(columns, config.kept)
            columns *= kept
            tall = np.ascontiguousarray(columns.T)
            scores = np.zeros((1, len(columns))) if sampled is None else sampled @ tall
            counts = np.count_nonzero(kept, axis=1)
            place = np.flatnonzero(kept)
            row = place - np.repeat(np.arange(len(columns)) * len(head), counts)
            values, spread = columns.reshape(-1)[place], scores.std(axis=0)
            return SparseColumns(values, blocks.order[row], counts, spread)

        done: list[SparseColumns] = []
        for each in share(finish, parts):
            done.append(each)
            step_done()
    weights = _join_columns(done)
    if sampled is not None and weights.nnz:
        spread = np.concatenate([each.spread for each in done])
        weights.data *= _popularity_factors(spread, config.popularity_penalty)[weights.indices]
    return assemble_item_item(head, films, weights, config.floor)


def _step_callback(progress: Progress | None, steps: int) -> StepCallback:
    """Returns a function that reports one more of `steps` steps as done each time it is called."""
    steps_done = iter(range(1, steps + 1))
    return lambda: None if progress is None else progress(next(steps_done), steps)


def _join_columns(done: list[SparseColumns]) -> Sparse:
    """Returns the (head, head) weight matrix made of its computed columns. done: the columns, some
    in each item."""
    if not done:
        return sparse((0, 0))
    values, rows, counts = (
        np.concatenate([getattr(each, name) for each in done])
        for name in ("values", "rows", "counts")
    )
    starts = np.concatenate([[0], np.cumsum(counts)])
    return sparse(sp.csc_array((values, rows, starts), shape=(len(counts), len(counts))))


def _head(matrix: Sparse, side: Sparse | None, most: int) -> npt.NDArray[np.int64]:
    """Returns the rows of the films that the model covers, at most `most`, in ascending order.
    Films with the most ratings are chosen first. Films with features but without ratings are chosen
    last. matrix: (people, films) stars. side: (features, films), or None."""
    count = np.bincount(matrix.indices, minlength=matrix.shape[1])
    known = count > 0
    if side is not None:
        known |= np.bincount(side.indices, minlength=matrix.shape[1]) > 0
    order = np.argsort(-count, kind="stable")
    return np.sort(order[known[order]][:most])


def _sampled_preferences(
    matrix: Sparse, head: npt.NDArray[np.int64], config: ItemItemConfig
) -> Sparse | None:
    """Returns (people, head) the preferences of a sample of people, taken at regular steps; None if
    they rated no covered film. head: rows of the films that the model covers."""
    counted = np.flatnonzero(np.diff(matrix.indptr) > 0)
    rows = sparse(matrix[counted[:: max(1, -(-len(counted) // SPREAD_SAMPLE_PEOPLE))]][:, head])
    rows.data = preferences(rows.data, config.floor).astype(np.float32)
    return rows if rows.nnz else None


def _popularity_factors(spread: Array64, power: float) -> Array32:
    """Returns (head,) a factor for the weights of each covered film: (spread / largest
    spread)^-power. spread: (head,) standard deviation of each film's scores over people."""
    widest = float(spread.max(initial=0.0))
    if widest <= 0.0:
        return np.ones(len(spread), np.float32)
    return np.asarray((np.maximum(spread / widest, MIN_RELATIVE_SPREAD)) ** -power, np.float32)


def _rows(
    matrix: Sparse, side: Sparse | None, head: npt.NDArray[np.int64], config: ItemItemConfig
) -> Sparse:
    """Returns (people + features, head) preferences and film features in one matrix, without empty
    rows. The first rows are the people's preferences, weighted as the settings say. The rows of
    features follow, multiplied by their weight. head: rows of the films that the model covers.
    side: (features, films), or None."""
    people = sparse(matrix[:, head]) if len(head) < matrix.shape[1] else sparse(matrix)
    people.data = preferences(people.data, config.floor).astype(np.float32)
    ratings = np.diff(people.indptr)
    usual = float(np.median(ratings[ratings > 0])) if (ratings > 0).any() else 1.0
    weight = (np.maximum(ratings, 1) / usual) ** (-config.people / 2)
    people.data *= np.repeat(weight, ratings).astype(np.float32)
    parts = [people[ratings > 0]]
    if side is not None and side.shape[0] and config.feature_weight > 0:
        features = sparse(side[:, head])
        features.data *= np.float32(config.feature_weight)
        parts.append(features[np.diff(features.indptr) > 0])
    return sparse(sp.vstack(parts, format="csr"))


def _ridge(rows: Sparse, config: ItemItemConfig) -> Array64:
    """Returns (head,) the penalty on each film's weights: `penalty` plus the part that dropout
    adds. rows: (people + features, head) preferences and features."""
    squares = rows.data.astype(np.float64) ** 2
    own = np.bincount(rows.indices, weights=squares, minlength=rows.shape[1])
    return np.asarray(config.penalty + config.dropout / (1.0 - config.dropout) * own)


def _dual(rows: Sparse, config: ItemItemConfig, share: Share, step_done: StepCallback) -> Blocks:
    """Returns the columns of the weight matrix by the dual form. This form inverts a matrix over
    people and features, and is used if there are fewer of these than films. rows: (people +
    features, head) preferences and features. share: runs tasks on several threads. step_done: is
    called after each step."""
    count, films = rows.shape
    ridge = _ridge(rows, config)
    scaled = sparse(rows)
    scaled.data = (scaled.data / ridge[scaled.indices]).astype(np.float32)
    kernel = np.asarray((scaled @ rows.T).toarray(), np.float64)
    kernel[np.diag_indices(count)] += 1.0
    step_done()
    inverse = symmetric_inverse(kernel, share).astype(np.float32)
    step_done()
    across = sparse(scaled.T)

    def columns(part: slice) -> Array32:
        half = np.asarray(across[part] @ inverse)
        product = across @ np.ascontiguousarray(-half.T)
        own = np.arange(films)[part]
        return _off_diagonal(np.ascontiguousarray(product.T), own, 1.0 / ridge[part])

    return Blocks(np.arange(films, dtype=np.int32), columns)


def _primal(rows: Sparse, config: ItemItemConfig, share: Share, step_done: StepCallback) -> Blocks:
    """Returns the columns of the weight matrix by the primal form, which inverts a matrix over
    films. That matrix is first scaled to a unit diagonal, so that single precision is enough.
    During the computation, films are in descending order of their number of ratings. rows: (people
    + features, head) preferences and features. share: runs tasks on several threads. step_done: is
    called after each step."""
    films = rows.shape[1]
    order = np.argsort(-np.bincount(rows.indices, minlength=films), kind="stable")
    rows = sparse(sparse(rows.T)[order].T)
    gram = _gram(rows, share)
    step_done()
    diagonal = np.diagonal(gram) + _ridge(rows, config)
    scale = (1.0 / np.sqrt(diagonal)).astype(np.float32)
    for part in runs(films, STRIPE_ROWS):
        gram[part] *= scale[part, None]
        gram[part] *= scale
    gram[np.diag_indices(films)] = 1.0
    inverse = symmetric_inverse(gram, share)
    step_done()
    place = np.argsort(order)

    def columns(part: slice) -> Array32:
        product = inverse[place[part]]
        product *= scale
        product *= scale[place[part], None]
        return _off_diagonal(product, place[part])

    return Blocks(order.astype(np.int32), columns)


def _off_diagonal(columns: Array32, own: Ints64, extra: Array64 | float = 0.0) -> Array32:
    """Returns columns of B = I - P / diag(P), which has a zero diagonal, computed from columns of
    P. columns: (block, head) columns of P, transposed; they are overwritten with the result. own:
    (block,) where each has its entry of the diagonal. extra: (block,) is added to these entries
    before dividing."""
    rows = np.arange(len(columns))
    columns /= -(columns[rows, own] + extra).astype(np.float32)[:, None]
    columns[rows, own] = 0.0
    return columns


def _gram(rows: Sparse, share: Share) -> Array32:
    """Returns (head, head) the product of `rows` transposed and `rows`; only its upper triangle is
    filled. The columns must be in descending order of their number of cells. Columns with many
    cells are multiplied as dense arrays, the others as sparse ones. share: runs tasks on several
    threads."""
    height, films = rows.shape
    count = np.bincount(rows.indices, minlength=films)
    full = int((count >= DENSE_COLUMN_SHARE * height).sum())
    total = np.zeros((films, films), np.float32)
    thick, thin = sparse(rows[:, :full]), sparse(rows[:, full:])
    for some in runs(height, max(1, BLOCK_NUMBERS * 4 // max(full, 1))) if full else ():
        dense = thick[some].toarray()
        across = sparse(thin[some].T)

        def product(part: slice, dense: Array32 = dense, across: Sparse = across) -> None:
            block = dense[:, part]
            total[part, part.start : full] += block.T @ dense[:, part.start :]
            total[part, full:] += (across @ np.ascontiguousarray(block)).T

        list(share(product, runs(full, STRIPE_ROWS)))
    across = sparse(thin.T)

    def sparsely(part: slice) -> None:
        at = full + part.start
        total[at : full + part.stop, at:] = (across[part] @ thin[:, part.start :]).toarray()

    list(share(sparsely, runs(films - full, STRIPE_ROWS)))
    return total


def _largest(columns: Array32, kept: int) -> Bools:
    """Returns (block, head) True for the `kept` largest weights of each row by absolute value,
    apart from zeros. columns: (block, head) columns of the weight matrix, transposed."""
    height = columns.shape[1]
    size = np.abs(columns)
    bound = np.zeros(len(columns), np.float32)
    if kept < height:
        bound = np.partition(size, height - kept, axis=1)[:, height - kept]
    return np.asarray(size >= np.maximum(bound, np.finfo(np.float32).tiny)[:, None])
