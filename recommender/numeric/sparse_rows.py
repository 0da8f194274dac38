"""Fast reading of a few rows of a sparse matrix.

scipy's own `matrix[rows]` makes a new matrix and checks it. For the few rows that answer one query,
that would take longer than all calculations with them.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.numeric.arrays import Sparse

FEW_ROWS = 8  # up to this number, copying row by row is faster
LONG_ROW_CELLS = 32  # if rows have more cells on average, copying row by row is faster


class SparseRows(NamedTuple):
    """The stored cells of k rows, one row after the other.

    Attributes:
        counts: (k,) number of cells of each row.
        columns: (cells,) column of each cell.
        values: (cells,) value of each cell.
    """

    counts: npt.NDArray[np.int64]
    columns: npt.NDArray[np.integer]
    values: npt.NDArray[np.float32]

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """(cells,) for each stored cell, the number of its row among the k rows, from 0."""
        return np.repeat(np.arange(len(self.counts)), self.counts)


def sparse_rows(matrix: Sparse, rows: npt.NDArray[np.integer]) -> SparseRows:
    """Returns the cells of k rows of a matrix, in the order of `rows`."""
    start = matrix.indptr[rows].astype(np.int64)
    stop = matrix.indptr[rows + 1].astype(np.int64)
    counts = stop - start
    cells = int(counts.sum())
    if cells > LONG_ROW_CELLS * len(rows):
        parts = [slice(a, b) for a, b in zip(start.tolist(), stop.tolist(), strict=True)]
        columns = np.concatenate([matrix.indices[part] for part in parts])
        return SparseRows(counts, columns, np.concatenate([matrix.data[part] for part in parts]))
    place = np.arange(cells) + np.repeat(start - (np.cumsum(counts) - counts), counts)
    return SparseRows(counts, matrix.indices[place], matrix.data[place])


def dense_rows(matrix: Sparse, rows: npt.NDArray[np.integer]) -> npt.NDArray[np.float32]:
    """Returns k rows of a matrix as a dense array (k, columns)."""
    table = np.zeros((len(rows), matrix.shape[1]), np.float32)
    if len(rows) <= FEW_ROWS:
        for place, row in zip(table, rows.tolist(), strict=True):
            cells = slice(matrix.indptr[row], matrix.indptr[row + 1])
            place[matrix.indices[cells]] = matrix.data[cells]
        return table
    found = sparse_rows(matrix, rows)
    table[found.rows, found.columns] = found.values
    return table


class CompactRows(NamedTuple):
    """k rows of a matrix as a dense array, without the columns that none of them has.

    Attributes:
        columns: (u,) the columns of the matrix that are kept, ascending.
        values: (k, u) the cells.
    """

    columns: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]


def compact_rows(matrix: Sparse, rows: npt.NDArray[np.integer]) -> CompactRows:
    """Returns k rows of a matrix without the columns that none of them has."""
    found = sparse_rows(matrix, rows)
    has = np.zeros(matrix.shape[1], np.bool_)
    has[found.columns] = True
    columns = np.flatnonzero(has)
    place = np.empty(len(has), np.int64)
    place[columns] = np.arange(len(columns))
    values = np.zeros((len(rows), len(columns)))
    values[found.rows, place[found.columns]] = found.values
    return CompactRows(columns, values)
