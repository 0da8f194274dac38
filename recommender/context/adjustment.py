"""What a moment does to films: the editorial tilt and what was learned, each for itself."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.context.editorial import ContextModel
from recommender.context.lift import LiftModel, circumstance
from recommender.data import Part, Query
from recommender.numeric.arrays import Array64


@dataclass(frozen=True, eq=False)
class ContextAdjustment:
    """clock: (tilts, k) what each editorial tilt adds to k films, and (tilts,) the indices of those
    tilts; lift: (k,) what was learned adds, by its (features,) coefficients here and now."""

    clock: Array64
    tilts: npt.NDArray[np.int64]
    lift: Array64
    coefficients: Array64

    @property
    def total(self) -> Array64:
        """(k,) both together."""
        return np.asarray(self.clock.sum(axis=0) + self.lift)

    def parts(self, model: LiftModel, place: int, film: int) -> tuple[Part, ...]:
        """Of the film at a place, which is that row: the parts that add up to `total`, the greatest
        first."""
        parts = [
            Part("context", int(tilt), float(amount))
            for tilt, amount in zip(self.tilts, self.clock[:, place], strict=True)
            if amount
        ]
        if lifted := float(self.lift[place]):
            each = model.reasons_by(self.coefficients, film)
            same = (feature for feature, log_odds in each if log_odds * lifted > 0)
            parts.append(Part("lift", next(same, -1), lifted))
        return tuple(sorted(parts, key=lambda part: -part.amount))


def context_adjustment(
    context: ContextModel,
    learned: LiftModel,
    query: Query,
    films: npt.NDArray[np.int64],
    clock: float,
    lift: float,
) -> ContextAdjustment:
    """The moment's say about films (k,), in scores. clock, lift: scores for each unit of log-odds
    of the editorial tilt and of what was learned."""
    hour = query.hour if query.editorial else None
    amounts, tilts = context.parts(hour, query.weekday, films)
    if not learned.active:
        return ContextAdjustment(amounts * clock, tilts, np.zeros(len(films)), np.zeros(0))
    at = circumstance(query.hour, query.weekday, query.person, query.server, mood=query.mood_number)
    each = learned.coefficients(at)
    return ContextAdjustment(amounts * clock, tilts, learned.applied(each, films) * lift, each)
