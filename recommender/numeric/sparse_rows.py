"""A few rows of a sparse matrix. scipy's own `matrix[rows]` makes and checks a new matrix, which
takes longer than what an answer does with the few rows."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.numeric.arrays import Sparse

LONG = 32  # cells of a row from which copying whole rows is quicker than picking cells


class SparseRows(NamedTuple):
    """counts: (k,) cells of each row; columns, values: of the cells, one row after the other."""

    counts: npt.NDArray[np.int64]
    columns: npt.NDArray[np.integer]
    values: npt.NDArray[np.float32]

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """(cells,) which of the k rows each cell is of, from 0."""
        return np.repeat(np.arange(len(self.counts)), self.counts)


def sparse_rows(matrix: Sparse, rows: npt.NDArray[np.integer]) -> SparseRows:
    """The cells of k rows of a matrix, in the order asked for."""
    start = matrix.indptr[rows].astype(np.int64)
    stop = matrix.indptr[rows + 1].astype(np.int64)
    counts = stop - start
    cells = int(counts.sum())
    if cells > LONG * len(rows):
        parts = [slice(a, b) for a, b in zip(start.tolist(), stop.tolist(), strict=True)]
        columns = np.concatenate([matrix.indices[part] for part in parts])
        return SparseRows(counts, columns, np.concatenate([matrix.data[part] for part in parts]))
    place = np.arange(cells) + np.repeat(start - (np.cumsum(counts) - counts), counts)
    return SparseRows(counts, matrix.indices[place], matrix.data[place])


def dense_rows(matrix: Sparse, rows: npt.NDArray[np.integer]) -> npt.NDArray[np.float32]:
    """(k, columns) k rows of a matrix, written out."""
    found = sparse_rows(matrix, rows)
    table = np.zeros((len(rows), matrix.shape[1]), np.float32)
    table[found.rows, found.columns] = found.values
    return table
