"""Score changes for the time and the mood of a query, from two sources.

Editorial tilts are hand-written changes of scores by time of day (`context.editorial`). The lift is
a change by time and mood that is learned from data (`context.lift`). The two are kept separate, so
that each can be switched off alone, and each can be named as a reason for a pick.
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
    """What the time and mood of a query change in the scores of k films.

    A tilt is a hand-written rule that raises or lowers some films at some times of day.

    Attributes:
        clock: (tilts, k) what each tilt that is active at this time adds to each film's score.
        tilts: (tilts,) index of each of these tilts in `editorial.TILTS`.
        lift: (k,) what the effects of time and mood that are learned from data add to each score.
        coefficients: (features,) log-odds that each film feature (genre, tag, runtime class) gains
            at this time and mood. `lift` is computed from them. Empty if no learned effect is
            active.
    """

    clock: Array64
    tilts: npt.NDArray[np.int64]
    lift: Array64
    coefficients: Array64

    @property
    def total(self) -> Array64:
        """(k,) what time and mood add to each film's score: the hand-written rules (tilts) and the
        learned effects (lifts) together.
        """
        return np.asarray(self.clock.sum(axis=0) + self.lift)

    def parts(self, model: LiftModel, place: int, film: int) -> tuple[Part, ...]:
        """Returns the parts of one film's score change, the largest first; they add up to `total`.

        There is one part for each active tilt (hand-written rule) and one for the learned effects.
        model: the model of learned effects from which `lift` was computed. place: index of the film
        among the k films. film: its catalogue row.
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
    """Returns the score changes of k films for the query's time and mood.

    Args:
        context: the hand-written effects of the time of day (tilts).
        learned: the effects of time and mood that were learned from data (lifts).
        query: the request, with its hour, weekday and mood.
        films: (k,) catalogue rows.
        clock: by how much a tilt of one unit of log-odds changes a score.
        lift: by how much a lift of one unit of log-odds changes a score.
    """
    hour = query.hour if query.editorial else None
    amounts, tilts = context.parts(hour, query.weekday, films)
    if not learned.active:
        return ContextAdjustment(amounts * clock, tilts, np.zeros(len(films)), np.zeros(0))
    at = circumstance(query.hour, query.weekday, query.person, query.server, mood=query.mood_number)
    coefficients = learned.coefficients(at)
    lifts = learned.applied(coefficients, films) * lift
    return ContextAdjustment(amounts * clock, tilts, lifts, coefficients)


def lifted_places(before: Array64, after: Array64, place: int) -> int:
    """Returns by how many places time and mood raised a film in a list; below 0 if they lowered it.

    before, after: (k,) the scores of all k films without and with time and mood. place: index of
    the film among the k films.
    """
    return int((before > before[place]).sum() - (after > after[place]).sum())
