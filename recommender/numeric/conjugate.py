"""Many small systems of linear equations at once, by conjugate gradients.

Hestenes and Stiefel 1952 ("Methods of conjugate gradients for solving linear systems"), with the
diagonal as preconditioner. NumPy's own solver needs several microseconds for each system, however
small it is. Here a step for all systems is a few array operations.
"""

from collections.abc import Callable

import numpy as np

from recommender.numeric.arrays import Array32

TOLERANCE = 1e-4  # a system is solved when its residual is this share of its right-hand side
LEAST = np.float32(1e-30)  # keeps divisors above 0 when a system is solved exactly


def solve_all(
    multiply: Callable[[Array32], Array32], wanted: Array32, diagonal: Array32, most: int
) -> Array32:
    """Returns (systems, n) the solutions of symmetric positive definite systems.

    Args:
        multiply: returns the product of every matrix with its row of a (systems, n) array.
        wanted: (systems, n) right-hand sides.
        diagonal: (systems, n) diagonals of the matrices, above 0.
        most: largest number of steps. In exact arithmetic n steps solve every system.
    """
    solved = np.zeros_like(wanted)
    residual = wanted.copy()
    scaled = residual / diagonal
    direction = scaled
    size = _dots(residual, scaled)
    enough = TOLERANCE**2 * size
    for _ in range(most):
        product = multiply(direction)
        length = size / np.maximum(_dots(direction, product), LEAST)
        solved += length * direction
        residual -= length * product
        scaled = residual / diagonal
        before, size = size, _dots(residual, scaled)
        if (size <= enough).all():
            break
        direction = scaled + size / np.maximum(before, LEAST) * direction
    return solved


def _dots(first: Array32, second: Array32) -> Array32:
    """Returns (systems, 1) the scalar products of the rows of two arrays."""
    return np.asarray(np.einsum("ij,ij->i", first, second)[:, None])
