"""Team-draft interleaving: two rankings take turns to choose the films of one message.

The method is from Radlinski, Kurup and Joachims 2008. A message that shows films is called a card.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from recommender.numeric.arrays import Array64


@dataclass(frozen=True, eq=False)
class Interleaved:
    """The films of one message (card), chosen by two rankings in turn.

    Attributes:
        films: (n,) films in the order shown.
        team: (n,) which ranking chose each film: 0 for the first, 1 for the second.
    """

    films: npt.NDArray[np.int64]
    team: npt.NDArray[np.int64]


def interleave(
    first: Sequence[int] | npt.NDArray[np.int64],
    second: Sequence[int] | npt.NDArray[np.int64],
    n: int,
    rng: np.random.Generator,
) -> Interleaved:
    """Returns up to n films that two rankings choose in turn, for a message with films.

    In each round a coin decides which ranking chooses first. Each ranking then chooses its best
    film that is not chosen yet. There are fewer than n films if both rankings run out of films.
    first, second: the rankings, best film first. rng: throws the coins.
    """
    coins = iter(lambda: int(rng.integers(2)), -1)
    films, team = _drafted([*map(int, first)], [*map(int, second)], n, coins)
    return Interleaved(np.array(films, np.int64), np.array(team, np.int64))


def _drafted(
    first: Sequence[int], second: Sequence[int], n: int, coins: Iterator[int]
) -> tuple[list[int], list[int]]:
    """Returns two lists: the films that two rankings choose in turn, and which ranking chose each,
    0 or 1.

    first, second: the rankings, best film first. n: largest number of films. coins: for each round,
    which ranking chooses first, 0 or 1.
    """
    ranks = (first, second)
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
        before, begins = len(films), next(coins)
        for side in (begins, 1 - begins):
            if len(films) < n:
                pick(side)
        if len(films) == before:
            break
    return films, team


def shown_chances(
    first: Sequence[int], second: Sequence[int], n: int, max_rounds: int = 8
) -> dict[int, float] | None:
    """Returns, for each film, the chance that `interleave` shows it, over all its coin throws.

    first, second: the rankings, best film first. n: largest number of films. max_rounds: if
    choosing n films may take more rounds, there are too many cases, and None is returned.
    """
    if n > max_rounds:  # each round chooses at least one film
        return None
    chances: dict[int, float] = {}
    for coins in product((0, 1), repeat=n):
        for film in _drafted(first, second, n, iter(coins))[0]:
            chances[film] = chances.get(film, 0.0) + 0.5**n
    return chances


def winner(team: npt.NDArray[np.int64], rewards: Array64) -> int:
    """Returns which of two rankings earned the larger sum of rewards: 0, 1, or -1 for a tie.

    team: (n,) which ranking chose each film, 0 or 1. rewards: (n,) reward of each film.
    """
    earned = [float(rewards[team == side].sum()) for side in (0, 1)]
    return -1 if earned[0] == earned[1] else int(earned[1] > earned[0])
