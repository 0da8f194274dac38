"""The few greatest of many numbers, in order."""

import numpy as np
import numpy.typing as npt

SAMPLED = 16  # of so many numbers one, to guess which can be among the greatest


def top_k(values: npt.NDArray[np.float64], n: int) -> npt.NDArray[np.int64]:
    """Positions of the n greatest, greatest first; ties in order of position. No NaN."""
    if n < 1:
        return np.zeros(0, np.int64)
    if n >= len(values):
        return np.argsort(-values, kind="stable")
    some = _some(values, n)
    theirs = values if some is None else values[some]
    kept = np.flatnonzero(theirs >= np.partition(theirs, len(theirs) - n)[len(theirs) - n])
    kept = kept[np.argsort(-theirs[kept], kind="stable")][:n]
    return kept if some is None else some[kept]


def _some(values: npt.NDArray[np.float64], n: int) -> npt.NDArray[np.int64] | None:
    """Positions of at least n of many numbers, the greatest among them: an even sample tells which
    are too small to matter. None where it tells nothing."""
    sample = values[::SAMPLED]
    rank = 2 * n // SAMPLED + 8
    if rank >= len(sample):
        return None
    some = np.flatnonzero(values >= np.partition(sample, len(sample) - rank)[len(sample) - rank])
    return some if len(some) >= n else None
