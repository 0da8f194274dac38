"""The array types that every model shares, and two ways to make one."""

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

Array64: TypeAlias = npt.NDArray[np.float64]  # numbers that are calculated with
Array32: TypeAlias = npt.NDArray[np.float32]  # numbers of which there are many
Ints64: TypeAlias = npt.NDArray[np.int64]  # ids and counts
Rows: TypeAlias = Ints64  # row numbers
Ints: TypeAlias = npt.NDArray[np.integer[Any]]  # whole numbers of any width
Floats: TypeAlias = npt.NDArray[np.floating[Any]]  # numbers of either width
Bools: TypeAlias = npt.NDArray[np.bool_]

if TYPE_CHECKING:
    Sparse: TypeAlias = sp.csr_array[np.float32, tuple[int, int]]
else:
    Sparse = sp.csr_array  # subscripting it at run time asks for a newer scipy


def frozen(values: Any, dtype: Any) -> npt.NDArray[Any]:
    """A read-only one-dimensional copy of `values`."""
    array = np.array(values, dtype=dtype).reshape(-1)
    array.flags.writeable = False
    return array


def sparse(values: Any, shape: tuple[int, int] | None = None) -> Sparse:
    """A (rows, columns) float32 copy of what `scipy.sparse.csr_array` takes; of cells given twice,
    the sum."""
    made: Any = sp.csr_array(values, shape=shape, dtype=np.float32, copy=True)
    made.sum_duplicates()
    result: Sparse = made
    return result
