"""A sparse matrix that is multiplied in parts gives the same as the whole matrix."""

import numpy as np
import pytest

from recommender.numeric import products
from recommender.numeric.arrays import sparse
from recommender.numeric.parallel import shared
from recommender.numeric.products import parts_of, product


@pytest.mark.parametrize("cells", [1, 7, 50, 10_000])
def test_a_product_in_parts(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "PART_CELLS", cells)
    rng = np.random.default_rng(2)
    known = rng.integers(1, 9, (40, 12)) * (rng.random((40, 12)) < 0.3)
    known[[0, 7, 8, 39]] = 0
    known[20] = 3
    dense = rng.integers(0, 9, (12, 5)).astype(np.float32)
    parts = parts_of(sparse(known))
    with shared(2) as share:
        assert np.array_equal(product(parts, dense, share), known @ dense)
    assert sum(part.shape[0] for part in parts) == 40
    assert max(part.nnz for part in parts) < cells + 12


def test_a_matrix_without_cells_gives_zeros() -> None:
    with shared(2) as share:
        zeros = product(parts_of(sparse((3, 4))), np.ones((4, 2), np.float32), share)
    assert zeros.shape == (3, 2)
    assert not zeros.any()
