"""Usual shelves are those with liked films, as long as enough films are outside them."""

import numpy as np
import pytest

from recommender.numeric.arrays import sparse
from recommender.shelves.outside import usual_shelves
from recommender.shelves.shelves import Shelf, Shelves

ON = {0: (0, 1, 2, 3), 1: (3, 4, 5), 2: (6, 7), 3: (8, 9)}
"""Shelf -> its films; the films 10 and 11 are on no shelf."""


def shelves() -> Shelves:
    matrix = np.zeros((12, len(ON)), np.float32)
    for column, films in ON.items():
        matrix[list(films), column] = 1
    named = tuple(Shelf(str(at), (), films) for at, films in ON.items())
    return Shelves(named, sparse(matrix))


@pytest.mark.parametrize(
    ("liked", "leave", "usual"),
    [
        ((), 1, []),
        ((10,), 1, []),
        ((6,), 1, [2]),
        ((0, 1, 6), 3, [0, 2]),
        ((3,), 1, [0, 1]),
        ((0, 1, 4, 6, 8), 3, [0]),  # all shelves would leave two films
        ((0, 1, 4, 6, 8), 2, [0, 1, 2, 3]),
    ],
)
def test_shelves_with_liked_films_are_usual(
    liked: tuple[int, ...], leave: int, usual: list[int]
) -> None:
    allowed = np.ones(12, bool)
    found = usual_shelves(shelves(), np.array(liked, np.int64), allowed, leave)
    assert found.shelves.tolist() == usual
    on = {film for at in usual for film in ON[at]}
    assert set(np.flatnonzero(found.films)) == on


def test_narrow_wishes_leave_at_least_a_quarter() -> None:
    allowed = np.zeros(12, bool)
    allowed[[0, 1, 2, 6]] = True
    found = usual_shelves(shelves(), np.array([0, 1]), allowed, 50)
    assert found.shelves.tolist() == [0]
    assert (allowed & ~found.films).sum() == 1
