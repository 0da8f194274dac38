"""Maps stars to preferences, the scale that ends at 1 on which the ranking models are fitted."""

from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.numeric.arrays import Array64


def preferences(stars: npt.NDArray[Any], floor: float) -> Array64:
    """Returns (stars - 1) / 4, in the shape of `stars`, but at least `floor`. Five stars give 1."""
    wants = np.array(stars, np.float64)
    wants -= 1.0
    wants /= 4.0
    return np.maximum(wants, floor, out=wants)
