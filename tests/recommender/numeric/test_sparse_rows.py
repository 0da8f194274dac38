"""A few rows of a sparse matrix, compared with scipy's own indexing."""

import numpy as np
import pytest

from recommender.numeric.arrays import sparse
from recommender.numeric.sparse_rows import (
    FEW_ROWS,
    LONG_ROW_CELLS,
    compact_rows,
    dense_rows,
    sparse_rows,
)


@pytest.mark.parametrize("cells", [1, 3 * LONG_ROW_CELLS])
def test_rows_are_those_asked_for(cells: int) -> None:
    rng = np.random.default_rng(cells)
    rows = np.repeat(np.arange(40), rng.integers(0, 2 * cells, 40))
    matrix = sparse(
        (rng.normal(size=len(rows)), (rows, rng.integers(0, 300, len(rows)))), (40, 300)
    )
    wanted = np.array([7, 3, 3, 39, 0])
    found, usual = sparse_rows(matrix, wanted), matrix[wanted]
    assert found.counts.tolist() == np.diff(usual.indptr).tolist()
    assert found.columns.tolist() == usual.indices.tolist()
    assert found.values.tolist() == usual.data.tolist()
    assert found.rows.tolist() == usual.tocoo().row.tolist()
    many = np.arange(2 * FEW_ROWS)
    for some in (wanted, many):
        assert np.array_equal(dense_rows(matrix, some), matrix[some].toarray())
        used = np.unique(matrix[some].indices)
        columns, values = compact_rows(matrix, some)
        assert columns.tolist() == used.tolist()
        assert np.array_equal(values, matrix[some].toarray()[:, used])


def test_no_rows_and_empty_rows() -> None:
    matrix = sparse((3, 4))
    assert dense_rows(matrix, np.zeros(0, np.int64)).shape == (0, 4)
    assert not dense_rows(matrix, np.array([2, 0])).any()
    assert compact_rows(matrix, np.array([2, 0])).values.shape == (2, 0)
