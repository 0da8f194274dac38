"""Conjugate gradients, compared with NumPy's solver."""

import numpy as np
import pytest

from recommender.numeric.conjugate import solve_all


def solved(matrices: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    diagonal = np.einsum("ijj->ij", matrices)
    return solve_all(
        lambda vectors: (matrices @ vectors[:, :, None])[:, :, 0],
        wanted,
        diagonal,
        wanted.shape[1],
    )


@pytest.mark.parametrize("systems", [0, 1, 50])
@pytest.mark.parametrize("size", [1, 2, 7, 32])
def test_every_system_is_solved(systems: int, size: int) -> None:
    rng = np.random.default_rng(size)
    half = rng.normal(size=(systems, 3 * size, size)).astype(np.float32)
    matrices = half.transpose(0, 2, 1) @ half + np.eye(size, dtype=np.float32)
    wanted = rng.normal(size=(systems, size)).astype(np.float32)
    expected = np.linalg.solve(matrices.astype(np.float64), wanted[:, :, None])[:, :, 0]
    assert np.allclose(solved(matrices, wanted), expected, rtol=1e-3, atol=1e-4)


def test_a_solved_system_does_not_disturb_the_others() -> None:
    rng = np.random.default_rng(1)
    half = rng.normal(size=(3, 20, 8)).astype(np.float32)
    matrices = half.transpose(0, 2, 1) @ half
    matrices[1] = 2 * np.eye(8)  # solved in one step
    wanted = rng.normal(size=(3, 8)).astype(np.float32)
    wanted[0] = 0.0  # solved before the first
    expected = np.linalg.solve(matrices, wanted[:, :, None])[:, :, 0]
    assert np.allclose(solved(matrices, wanted), expected, rtol=1e-3, atol=1e-4)
    assert not solved(matrices, wanted)[0].any()
