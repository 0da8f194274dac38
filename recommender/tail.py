"""A place for the long tail: now and then one of the less known films, where it costs least.

The long tail is the films outside the fifth that is rated most. Where a list holds none of them,
the best of them takes the last place if its score lies within a margin of the film it displaces.
The margin is taken from the people of the fit, so that a given share of their lists are changed:
those whose best film of the long tail comes nearest to being shown anyway.
"""

import numpy as np
import numpy.typing as npt

HEAD = 0.2  # share of the films, by ratings, that is not the long tail


def long_tail(count: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """(films,) whether a film is outside the most rated fifth of them; ties in row order."""
    tail = np.ones(len(count), np.bool_)
    tail[np.argsort(-count, kind="stable")[: int(np.ceil(HEAD * len(count)))]] = False
    return tail


def gap(
    scores: npt.NDArray[np.float64], tail: npt.NDArray[np.bool_], chosen: npt.NDArray[np.int64]
) -> tuple[float, int]:
    """How far the best film of the tail stays behind the last one chosen, in spreads of the chosen
    films' scores, and its position; 0 and -1 where one is chosen already or there is none.

    scores, tail: (k,) of the films that may be shown; chosen: (n,) positions, in order of showing.
    """
    if len(chosen) < 2 or tail[chosen].any() or not tail.any():
        return 0.0, -1
    rows = np.flatnonzero(tail)
    best = int(rows[np.argmax(scores[rows])])
    spread = float(scores[chosen].std())
    behind = float(scores[chosen[-1]] - scores[best])
    return (behind / spread if spread > 0 else np.inf), best


def margin(gaps: npt.NDArray[np.float64], share: float) -> float:
    """The margin that changes this share of the lists whose gaps these are."""
    return float(np.quantile(gaps, share)) if len(gaps) and share > 0 else 0.0


def with_tail(
    scores: npt.NDArray[np.float64],
    tail: npt.NDArray[np.bool_],
    chosen: npt.NDArray[np.int64],
    within: float,
) -> npt.NDArray[np.int64]:
    """The chosen positions, the last given to the best of the tail where that lies within."""
    behind, best = gap(scores, tail, chosen)
    if best < 0 or behind > within:
        return chosen
    return np.append(chosen[:-1], best)
