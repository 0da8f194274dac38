"""Turns a lift model (learned effects of time and mood on films) into named arrays, and back."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.context.lift import LearnedLevel, LiftFeatures, LiftModel
from recommender.data import Vocabulary


def lift_arrays(model: LiftModel) -> dict[str, npt.NDArray[Any]]:
    """Returns the arrays, by name, with which a model of effects of time and mood is stored.

    Only the keys of the film features are stored, not which films have them. `LiftModel.supports`
    is not stored either.
    """
    stored: dict[str, npt.NDArray[Any]] = {
        "lift": np.array([model.strength, model.slope, model.events, model.parts, model.days]),
        "lift_levels": np.array(list(model.learned), np.str_),
        "lift_features": np.array(model.features.keys, np.str_),
    }
    for at, one in enumerate(model.learned.values()):
        stored[f"lift_units_{at}"] = one.units.ids_array
        stored[f"lift_times_{at}"] = np.array([one.times], np.int64)
        stored[f"lift_keys_{at}"] = one.keys
        stored[f"lift_coefficients_{at}"] = one.coefficients
    return stored


def lift_from_arrays(stored: Mapping[str, npt.NDArray[Any]], features: LiftFeatures) -> LiftModel:
    """Returns the model of effects of time and mood that `lift_arrays` stored.

    The given features may differ from the stored ones; they are matched by key. A stored feature
    that is not given loses its effects. A given feature that was not stored has no effect.
    `supports` of the result is empty. stored: the arrays by name. features: the features of today's
    films.
    """
    strength, slope, events, parts, days = stored["lift"].tolist()
    old = {str(name): at for at, name in enumerate(stored["lift_features"].tolist())}
    here = np.array([old.get(name, -1) for name in features.keys], np.int64)
    learned = {}
    for at, name in enumerate(stored["lift_levels"].tolist()):
        before = stored[f"lift_coefficients_{at}"]
        table = np.where(here >= 0, before[:, np.maximum(here, 0)], 0).astype(np.float32)
        units = Vocabulary(stored[f"lift_units_{at}"])
        times = int(stored[f"lift_times_{at}"][0])
        learned[str(name)] = LearnedLevel(units, times, stored[f"lift_keys_{at}"], table)
    return LiftModel(features, learned, (), strength, slope, int(events), int(parts), int(days))
