"""Turns the model of stars that the bot uses into arrays for a model folder, and back.

This code is separate from the fit, so that a process that only answers requests does not load the
sampler.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.models.star_draws import Draws, HalfDraws
from recommender.models.stars import StarModel

HALF = ("values", "mean", "weights", "precision", "scatter")
"""The names of the arrays of `HalfDraws`, the draws of people or of films."""
WHOLE = ("centre", "typical_precision", "shape")
"""The names of the arrays of `Draws` that are stored: all except those of people and films, and
people's noise.
"""


def star_arrays(model: StarModel) -> dict[str, npt.NDArray[Any]]:
    """Returns the arrays to store, by name, of a model of stars that holds no people's factors."""
    draws = model.draws
    if draws is None:
        return {}
    halves = {"people": draws.people, "films": draws.films}
    return {
        "stars_bounds": np.array([model.lowest, model.highest]),
        "stars_rows": model.film_place,
        "stars_basis": model.basis,
        **{f"stars_{name}": getattr(draws, name) for name in WHOLE},
        **{
            f"stars_{side}_{name}": getattr(half, name)
            for side, half in halves.items()
            for name in HALF
        },
    }


def stars_from_arrays(
    stored: Mapping[str, npt.NDArray[Any]], rows: npt.NDArray[np.int64]
) -> StarModel | None:
    """Returns the model of stars that `star_arrays` stored, moved to another catalogue.

    Returns None if its arrays were not stored. Raises KeyError if only some are missing. stored:
    the arrays by name. rows: (new films,) row of each film in the old catalogue; -1 for a new film.
    """
    if "stars_bounds" not in stored:
        return None
    basis = stored["stars_basis"]
    people, films = (
        HalfDraws(**{name: stored[f"stars_{side}_{name}"] for name in HALF}, rated=rated)
        for side, rated in (("people", 0), ("films", len(basis)))
    )
    centre, typical_precision, shape = (stored[f"stars_{name}"] for name in WHOLE)
    draws = Draws(centre, people, films, typical_precision, shape, np.zeros(0))
    lowest, highest = stored["stars_bounds"].tolist()
    place = np.asarray(stored["stars_rows"], np.int64)
    return StarModel(lowest, highest, np.zeros(0, np.int64), place, basis, draws).over(rows)
