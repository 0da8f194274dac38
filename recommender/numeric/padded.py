"""Rows of a sparse matrix as dense arrays, in groups of rows with similar numbers of cells."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.numeric.arrays import Array32, Rows, Sparse


@dataclass(frozen=True, eq=False)
class RowGroup:
    """Rows with similar numbers of cells, which are calculated with together.

    Attributes:
        rows: (b,) the rows.
        counts: (b,) number of cells of each row.
        columns: (b, width) columns of the cells, padded with the number of all columns.
        values: (b, width) values of the cells, padded with 0.
    """

    rows: Rows
    counts: Rows
    columns: npt.NDArray[np.int32]
    values: Array32


def row_groups(matrix: Sparse, size: int, numbers: int) -> list[RowGroup]:
    """Returns all rows that have cells, in groups in which little has to be padded.

    A group of several rows has b × (width × size + size × size) at most equal to `numbers`.

    matrix: (rows, columns). size: how many numbers the caller uses for each cell.
    """
    counts = np.diff(matrix.indptr).astype(np.int64)
    order = np.argsort(counts, kind="stable")
    order = order[counts[order] > 0]
    ascending = counts[order]
    groups: list[RowGroup] = []
    start = 0
    while start < len(order):
        shortest = int(ascending[start])
        widest = max(shortest + 2, int(shortest * 1.2))
        stop = int(np.searchsorted(ascending, widest, side="right"))
        most = numbers // (int(ascending[stop - 1]) * size + size * size)
        stop = min(stop, start + max(1, most))
        groups.append(_group(matrix, order[start:stop], counts[order[start:stop]]))
        start = stop
    return groups


def _group(matrix: Sparse, rows: Rows, counts: Rows) -> RowGroup:
    """Returns a group of rows. counts: (b,) their numbers of cells, in ascending order."""
    at = np.arange(counts[-1])
    inside = at < counts[:, None]
    cells = np.where(inside, matrix.indptr[rows][:, None] + at, 0)
    columns = np.where(inside, matrix.indices[cells], matrix.shape[1]).astype(np.int32)
    values = np.where(inside, matrix.data[cells], np.float32(0))
    return RowGroup(rows, counts, columns, values)
