"""Products of a sparse matrix with a dense one, on several threads."""

from itertools import pairwise

import numpy as np
import scipy.sparse as sp

from recommender.numeric.arrays import Array32, Sparse
from recommender.numeric.parallel import Share

PART_CELLS = 100_000  # number of cells that one thread multiplies at a time


def parts_of(matrix: Sparse) -> list[Sparse]:
    """Returns the rows of a matrix in parts of roughly `PART_CELLS` cells, without copying them.

    matrix: (rows, columns), with at least one row.
    """
    starts = matrix.indptr
    cuts = np.searchsorted(starts, np.arange(PART_CELLS, matrix.nnz, PART_CELLS))
    parts: list[Sparse] = []
    for first, last in pairwise(np.unique([0, *cuts, matrix.shape[0]])):
        cells = slice(starts[first], starts[last])
        rows = (matrix.data[cells], matrix.indices[cells], starts[first : last + 1] - starts[first])
        parts.append(sp.csr_array(rows, shape=(last - first, matrix.shape[1])))
    return parts


def product(parts: list[Sparse], dense: Array32, share: Share) -> Array32:
    """Returns (rows, k) a sparse matrix times a dense one of shape (columns, k).

    parts: the sparse matrix, from `parts_of`. share: runs a function for many tasks on threads.
    """
    return np.concatenate(list(share(lambda part: np.asarray(part @ dense), parts)))
