"""Two rankings in one card: team-draft interleaving."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.numeric.arrays import Array64


@dataclass(frozen=True, eq=False)
class Interleaved:
    """films: (n,) as shown; team: (n,) 0 where the first ranking chose the film, 1 the second."""

    films: npt.NDArray[np.int64]
    team: npt.NDArray[np.int64]


def interleave(
    first: Sequence[int] | npt.NDArray[np.int64],
    second: Sequence[int] | npt.NDArray[np.int64],
    n: int,
    rng: np.random.Generator,
) -> Interleaved:
    """Team-draft interleaving (Radlinski, Kurup and Joachims 2008): in each round a coin says which
    ranking picks its best film not yet there first, and the other picks next."""
    ranks = [list(map(int, first)), list(map(int, second))]
    films: list[int] = []
    team: list[int] = []
    shown: set[int] = set()

    def pick(side: int) -> None:
        left = next((film for film in ranks[side] if film not in shown), None)
        if left is not None:
            films.append(left)
            team.append(side)
            shown.add(left)

    while len(films) < n:
        before, begins = len(films), int(rng.integers(2))
        for side in (begins, 1 - begins):
            if len(films) < n:
                pick(side)
        if len(films) == before:
            break
    return Interleaved(np.array(films, np.int64), np.array(team, np.int64))


def winner(team: npt.NDArray[np.int64], rewards: Array64) -> int:
    """Which ranking a card speaks for: 0, 1, or -1 where neither earned more."""
    theirs = [float(rewards[team == side].sum()) for side in (0, 1)]
    return -1 if theirs[0] == theirs[1] else int(theirs[1] > theirs[0])
