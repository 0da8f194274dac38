"""The few greatest of many numbers, in order."""

import numpy as np
import numpy.typing as npt

SAMPLED = 16  # of so many numbers one, to guess which can be among the greatest


def greatest(values: npt.NDArray[np.float64], n: int) -> npt.NDArray[np.int64]:
    """Positions of the n greatest, greatest first; ties in order of position. No NaN."""
    if n < 1:
        return np.zeros(0, np.int64)
    if n < len(values):
        some = np.flatnonzero(values >= _bound(values, n))
        return some[np.argsort(-values[some], kind="stable")][:n]
    return np.argsort(-values, kind="stable")


def _bound(values: npt.NDArray[np.float64], n: int) -> float:
    """The n-th greatest. Of many numbers, an even sample first tells which are too small to
    matter."""
    sample = values[::SAMPLED]
    rank = 2 * n // SAMPLED + 8
    if rank < len(sample):
        floor = np.partition(sample, len(sample) - rank)[len(sample) - rank]
        some = values[values >= floor]
        if len(some) >= n:
            values = some
    return float(np.partition(values, len(values) - n)[len(values) - n])
