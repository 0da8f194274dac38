"""Finds the films that are on none of a person's usual shelves (named lists of films)."""

from dataclasses import dataclass

import numpy as np

from recommender.numeric.arrays import Bools, Ints, Rows
from recommender.shelves.shelves import Shelves


@dataclass(frozen=True, eq=False)
class UsualShelves:
    """A person's usual shelves (named lists of films), and the films on them.

    Attributes:
        shelves: (k,) columns of the shelves, the one with most films that the person likes first.
        films: (films,) True for the films that are on any of these shelves.
    """

    shelves: Rows
    films: Bools


def usual_shelves(shelves: Shelves, liked: Ints, allowed: Bools, leave: int) -> UsualShelves:
    """Returns the shelves (named lists of films) that have films that a person likes.

    If too few allowed films are outside these shelves, only shelves with at least two liked films
    are usual, then with at least three, and so on. liked: rows of the films that the person likes.
    allowed: (films,) True if a film may be shown. leave: the number of allowed films that should be
    outside the usual shelves; at most a quarter of the allowed films has to be.
    """
    membership = shelves.membership
    counts = np.asarray(membership[liked].sum(axis=0), np.float64).reshape(-1)
    most = np.zeros(membership.shape[0])  # of the shelves that a film is on, the highest count
    rows = np.repeat(np.arange(len(most)), np.diff(membership.indptr))
    np.maximum.at(most, rows, counts[membership.indices])
    levels = np.unique(most)
    leave = max(1, min(leave, int(allowed.sum()) // 4))
    enough = (level for level in levels if int((allowed & (most <= level)).sum()) >= leave)
    few = next(enough, levels[-1])
    order = np.argsort(-counts, kind="stable")
    return UsualShelves(order[counts[order] > few], most > few)
