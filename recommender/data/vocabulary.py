"""Vocabularies: maps between ids of films or people and their rows in arrays."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recommender.errors import DataError
from recommender.numeric.arrays import Ints, frozen


class Vocabulary:
    """A frozen two-way map between n unique ids (int64) and the rows 0 to n - 1.

    The ids keep the order in which they are given. Raises DataError if an id is given twice.
    """

    __slots__ = ("_hash", "_order", "_sorted", "ids_array")

    def __init__(self, ids: Sequence[int] | Ints) -> None:
        self.ids_array = frozen(ids, np.int64)
        self._order = frozen(np.argsort(self.ids_array, kind="stable"), np.int64)
        self._sorted = self.ids_array[self._order]
        if len(self._sorted) > 1 and bool((self._sorted[1:] == self._sorted[:-1]).any()):
            raise DataError("id-twice")
        self._hash = hash(self.ids_array.tobytes())

    def rows(self, ids: Sequence[int] | Ints) -> npt.NDArray[np.int64]:
        """Returns the rows of `ids`, in the same shape; -1 for an unknown id."""
        wanted = np.asarray(ids, np.int64)
        if not len(self._sorted):
            return np.full(wanted.shape, -1, np.int64)
        place = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        return np.where(self._sorted[place] == wanted, self._order[place], -1)

    def row(self, identity: int) -> int:
        """Returns the row of one id, or -1 if it is unknown."""
        return int(self.rows([identity])[0])

    def ids(self, rows: Sequence[int] | Ints) -> npt.NDArray[np.int64]:
        """Returns the ids of `rows`, in the same shape. Raises IndexError for a bad row."""
        wanted = np.asarray(rows, np.int64)
        if wanted.size and (wanted.min() < 0 or wanted.max() >= len(self)):
            raise IndexError(f"a row lies outside 0..{len(self) - 1}")
        return np.asarray(self.ids_array[wanted])

    @property
    def by_id(self) -> npt.NDArray[np.int64]:
        """(n,) all rows, in ascending order of their ids."""
        return self._order

    def __len__(self) -> int:
        return len(self.ids_array)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary) and bool(
            np.array_equal(self.ids_array, other.ids_array)
        )

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Vocabulary({len(self)} ids)"
