"""The k largest of many numbers, in order."""

import numpy as np
import numpy.typing as npt

SAMPLE_STEP = 16  # every 16th value is sampled, to find a lower bound of the largest values


def top_k(values: npt.NDArray[np.float64], n: int) -> npt.NDArray[np.int64]:
    """Returns the positions of the n largest values, largest first.

    Equal values are in the order of their positions. Returns all positions if there are fewer than
    n values. The values must not contain NaN.
    """
    if n < 1:
        return np.zeros(0, np.int64)
    if n >= len(values):
        return np.argsort(-values, kind="stable")
    candidates = _candidates(values, n)
    large = values if candidates is None else values[candidates]
    kept = np.flatnonzero(large >= np.partition(large, len(large) - n)[len(large) - n])
    kept = kept[np.argsort(-large[kept], kind="stable")][:n]
    return kept if candidates is None else candidates[kept]


def _candidates(values: npt.NDArray[np.float64], n: int) -> npt.NDArray[np.int64] | None:
    """Returns the positions of some values, among which the n largest are; None to sort all values.

    A sample of every 16th value gives a bound, and smaller values are left out.
    """
    sample = values[::SAMPLE_STEP]
    rank = 2 * n // SAMPLE_STEP + 8
    if rank >= len(sample):
        return None
    candidates = np.flatnonzero(
        values >= np.partition(sample, len(sample) - rank)[len(sample) - rank]
    )
    return candidates if len(candidates) >= n else None
