"""A place for the long tail: now and then one of the less known films, where it costs least.

The long tail is the films outside the fifth that is rated most. Where a list holds none of them,
the best of them takes the last place if its score lies within a margin of the film it displaces.
The margin is taken from people of the fit, so that a given share of their lists hold such a film:
first those that do anyway, then those whose best film of the long tail comes nearest to it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

PIPELINE_HEAD_SHARE = 0.2  # share of the films, by ratings, that is not the long tail


@dataclass(frozen=True)
class TailConfig:
    """share: of the lists, where the dial stands in the middle, that hold a film of the long tail;
    people: of the fit whose lists tell the margin, at most."""

    share: float = 0.17
    people: int = 200


@dataclass(frozen=True, eq=False)
class TailPlace:
    """tail: (films,) whether a film belongs to the long tail; margin: how far behind the film it
    displaces it may be, in spreads of the chosen films' scores."""

    tail: npt.NDArray[np.bool_]
    margin: float

    def candidate(
        self,
        scores: npt.NDArray[np.float64],
        films: npt.NDArray[np.int64],
        chosen: npt.NDArray[np.int64],
        adventurousness: float,
    ) -> int:
        """The position of the film that takes the last place, -1 where none does. The further the
        dial is turned to deep cuts, the wider the margin; at its other end there is none.

        scores, films: (k,) of the films allowed; chosen: (n,) positions, in order of showing.
        """
        if self.margin <= 0.0:
            return -1
        behind, best = gap(scores, self.tail[films], chosen)
        return best if behind <= self.margin * 2.0 * adventurousness else -1


def long_tail_by_count(count: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """(films,) whether a film is outside the most rated fifth of them; films with as many ratings
    as the least rated of that fifth belong to it."""
    if not len(count):
        return np.zeros(0, np.bool_)
    head = int(np.ceil(PIPELINE_HEAD_SHARE * len(count)))
    return np.asarray(count < np.partition(count, len(count) - head)[len(count) - head])


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
    """The margin within which this share of the lists whose gaps these are lie; 0 of none."""
    return float(np.quantile(gaps, share)) if len(gaps) and share > 0 else 0.0
