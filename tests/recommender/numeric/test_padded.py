"""Groups of rows hold every cell of a matrix once."""

import numpy as np
import scipy.sparse as sp

from recommender.numeric.arrays import sparse
from recommender.numeric.padded import row_groups


def test_the_groups_hold_every_cell_once() -> None:
    rng = np.random.default_rng(4)
    share = rng.random((200, 1)) ** 3  # many short rows, few long ones, some empty
    known = rng.integers(1, 9, (200, 60)) * (rng.random((200, 60)) < share)
    groups = row_groups(sparse(known), 4, 600)
    again = np.zeros((200, 61))
    for group in groups:
        assert len(group.rows) == 1 or group.columns.size * 4 + len(group.rows) * 16 <= 600
        assert (group.counts > 0).all()
        assert group.counts.max() == group.columns.shape[1]
        again[group.rows[:, None], group.columns] += group.values
    assert np.array_equal(again[:, :60], known)
    assert not again[:, 60].any()
    assert sum(len(group.rows) for group in groups) == (known > 0).any(axis=1).sum()
    assert sum(group.columns.size for group in groups) < 1.3 * (known > 0).sum() + 400


def test_a_matrix_without_cells_has_no_groups() -> None:
    assert row_groups(sparse(sp.csr_array((5, 3))), 4, 600) == []
    assert row_groups(sparse(sp.csr_array((0, 3))), 4, 600) == []
