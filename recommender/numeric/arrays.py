"""Type aliases for the arrays that the recommender uses, and two functions that make arrays."""

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

Array64: TypeAlias = npt.NDArray[np.float64]  # for calculations that need double precision
Array32: TypeAlias = npt.NDArray[np.float32]  # for large arrays, to save memory
Ints64: TypeAlias = npt.NDArray[np.int64]  # ids and counts
Rows: TypeAlias = Ints64  # row numbers
Ints: TypeAlias = npt.NDArray[np.integer[Any]]  # integers of any width
Floats: TypeAlias = npt.NDArray[np.floating[Any]]  # floating-point numbers of any width
Bools: TypeAlias = npt.NDArray[np.bool_]

if TYPE_CHECKING:
    Sparse: TypeAlias = sp.csr_array[np.float32, tuple[int, int]]
else:
    Sparse = sp.csr_array  # older versions of scipy cannot subscript `csr_array` at run time


def frozen(values: Any, dtype: Any) -> npt.NDArray[Any]:
    """Returns a read-only one-dimensional copy of `values`."""
    array = np.array(values, dtype=dtype).reshape(-1)
    array.flags.writeable = False
    return array


def sparse(values: Any, shape: tuple[int, int] | None = None) -> Sparse:
    """Returns a (rows, columns) float32 copy of anything that `scipy.sparse.csr_array` accepts.

    If a cell is given several times, its values are added up.
    """
    made: Any = sp.csr_array(values, shape=shape, dtype=np.float32, copy=True)
    made.sum_duplicates()
    result: Sparse = made
    return result
