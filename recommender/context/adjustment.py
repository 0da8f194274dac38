"""Score changes for the current time and mood: the editorial tilt and the learned lift.

The two are kept separate, so that each can be switched off and named as a reason.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.context.editorial import ContextModel
from recommender.context.lift import LiftModel, circumstance
from recommender.data import Part, Query
from recommender.numeric.arrays import Array64


@dataclass(frozen=True, eq=False)
class ContextAdjustment:
    """Score changes of k films.

    Attributes:
        clock: (tilts, k) what each active editorial tilt adds to each film's score.
        tilts: (tilts,) indices of these tilts in `editorial.TILTS`.
        lift: (k,) what the learned lift adds.
        coefficients: (features,) log-odds of each feature, from which the lift is computed; empty
            if no lift is active.
    """

    clock: Array64
    tilts: npt.NDArray[np.int64]
    lift: Array64
    coefficients: Array64

    @property
    def total(self) -> Array64:
        """(k,) the sum of all changes."""
        return np.asarray(self.clock.sum(axis=0) + self.lift)

    def parts(self, model: LiftModel, place: int, film: int) -> tuple[Part, ...]:
        """Returns the parts that add up to a film's `total`, the largest first.

        place: index of the film among the k films. film: its row in the catalogue.
        """
        parts = [
            Part("context", int(tilt), float(amount))
            for tilt, amount in zip(self.tilts, self.clock[:, place], strict=True)
            if amount
        ]
        if lifted := float(self.lift[place]):
            each = model.reasons_by(self.coefficients, film)
            same_sign = (feature for feature, log_odds in each if log_odds * lifted > 0)
            parts.append(Part("lift", next(same_sign, -1), lifted))
        return tuple(sorted(parts, key=lambda part: -part.amount))


def context_adjustment(
    context: ContextModel,
    learned: LiftModel,
    query: Query,
    films: npt.NDArray[np.int64],
    clock: float,
    lift: float,
) -> ContextAdjustment:
    """Returns the score changes of films (k,) for the query's time and mood.

    clock, lift: change of score per unit of log-odds of the editorial tilt and of the learned lift.
    """
    hour = query.hour if query.editorial else None
    amounts, tilts = context.parts(hour, query.weekday, films)
    if not learned.active:
        return ContextAdjustment(amounts * clock, tilts, np.zeros(len(films)), np.zeros(0))
    at = circumstance(query.hour, query.weekday, query.person, query.server, mood=query.mood_number)
    coefficients = learned.coefficients(at)
    lifts = learned.applied(coefficients, films) * lift
    return ContextAdjustment(amounts * clock, tilts, lifts, coefficients)
