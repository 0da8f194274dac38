"""The inverse of a large symmetric matrix, in place and on several cores."""

from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.numeric.parallel import Share, runs

INVERTED_WHOLE_ROWS = 128  # a matrix with at most this many rows is inverted without halving
STRIPE_ROWS = 256  # rows that one thread works on at a time


def symmetric_inverse(matrix: npt.NDArray[Any], share: Share) -> npt.NDArray[Any]:
    """Returns the inverse of a symmetric positive definite matrix, which the inverse overwrites.

    Only the upper triangle is read. The dtype stays the same. The matrix is split into halves,
    which are inverted recursively (Schur complements), because matrix products are much faster than
    a triangular inverse. share: runs a function for many tasks on several threads.
    """
    size = len(matrix)
    if size <= INVERTED_WHOLE_ROWS:
        upper = np.triu(matrix)
        matrix[:] = np.linalg.inv(upper + np.triu(upper, 1).T)
        _mirror(matrix, share)
        return matrix
    half = size // 2
    first, across, second = matrix[:half, :half], matrix[:half, half:], matrix[half:, half:]
    symmetric_inverse(first, share)
    carried = np.empty(across.shape, matrix.dtype)

    def carry(part: slice) -> None:
        np.matmul(first[part], across, out=carried[part])

    def complement(part: slice) -> None:
        second[part, part.start :] -= across[:, part].T @ carried[:, part.start :]

    def off(part: slice) -> None:
        across[part] = -(carried[part] @ second)

    def correct(part: slice) -> None:
        first[part, part.start :] -= across[part] @ carried[part.start :].T

    list(share(carry, runs(half, STRIPE_ROWS)))
    list(share(complement, runs(size - half, STRIPE_ROWS)))
    symmetric_inverse(second, share)
    list(share(off, runs(half, STRIPE_ROWS)))
    list(share(correct, runs(half, STRIPE_ROWS)))
    _mirror(matrix, share)
    return matrix


def _mirror(matrix: npt.NDArray[Any], share: Share) -> None:
    """Copies the upper triangle of a square matrix to the lower one, in place."""

    def copy(part: slice) -> None:
        matrix[part, : part.start] = matrix[: part.start, part].T
        block = matrix[part, part]
        block[:] = np.triu(block) + np.triu(block, 1).T

    list(share(copy, runs(len(matrix), STRIPE_ROWS)))
