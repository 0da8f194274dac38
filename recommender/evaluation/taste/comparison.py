"""Compares two models on the taste test, person by person and taste by taste.

In this test, simulated people love films of a narrow taste, such as Korean films. The figure is the
share of their recommended films that are of that taste. The tastes are a sample of all tastes that
people could have. The interval of the overall mean is therefore computed from one figure for each
taste, not for each person. The difference for a single taste is tested over the people of that
taste, and Holm's method accounts for the number of tastes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.evaluation.significance import (
    CONFIDENCE,
    Estimate,
    Sample,
    estimate,
    holm,
    p_value,
)
from recommender.evaluation.taste.measure import TasteFigures
from recommender.evaluation.taste.tastes import NarrowTaste


@dataclass(frozen=True, slots=True)
class TasteGain:
    """How often two models recommend films of one taste to simulated people of that taste.

    Attributes:
        name: the taste.
        share: mean share of the first model's recommended films that are of the taste, 0 to 1.
        other: the same for the other model.
        p: Holm's adjusted p value of the difference.
    """

    name: str
    share: float
    other: float
    p: float

    @property
    def worse(self) -> bool:
        """True if the first model recommends fewer films of the taste than the other, beyond
        chance.
        """
        return self.share < self.other and self.p < 1.0 - CONFIDENCE


@dataclass(frozen=True)
class TasteComparison:
    """A model compared with another model on the taste test.

    In this test, simulated people love films of a narrow taste, and a model should recommend more
    such films.

    Attributes:
        people: number of simulated people who are compared. Each has one taste and a figure of both
            models.
        tastes: the tastes, in the order of the taste test.
        gain: the mean over tastes of the difference between the models' shares of films of the
            taste.
    """

    people: int
    tastes: tuple[TasteGain, ...]
    gain: Estimate

    @property
    def worse(self) -> tuple[TasteGain, ...]:
        """The tastes of which the model recommends fewer films than the other model, beyond chance.

        The taste with the greatest loss comes first.
        """
        lost = [each for each in self.tastes if each.worse]
        return tuple(sorted(lost, key=lambda each: each.share - each.other))

    @property
    def share(self) -> float:
        """Mean over tastes of the share of the model's recommended films that are of the taste."""
        return float(np.mean([each.share for each in self.tastes]))

    @property
    def other(self) -> float:
        """Mean over tastes of the share of the other model's recommended films that are of the
        taste.
        """
        return float(np.mean([each.other for each in self.tastes]))


def compare_tastes(
    figures: TasteFigures, others: TasteFigures, tastes: Sequence[NarrowTaste]
) -> TasteComparison:
    """Returns how one model's figures on the taste test compare with another model's.

    Both models were tested on the same simulated people. Only people of a single taste for whom
    both figures are known are compared. figures, others: the figures of the two models. tastes: all
    tastes, in the order in which the people refer to them.
    """
    counted = figures.among() & ~np.isnan(figures.taste) & ~np.isnan(others.taste)
    taste = np.array([person.tastes[0] for person in figures.people], np.int64)
    rows = [np.flatnonzero(counted & (taste == at)) for at in np.unique(taste[counted])]
    gains = [estimate([Sample(of, figures.taste[of] - others.taste[of])]) for of in rows]
    found = tuple(
        TasteGain(
            tastes[int(taste[of[0]])].name,
            float(figures.taste[of].mean()),
            float(others.taste[of].mean()),
            float(p),
        )
        for of, p in zip(rows, holm([p_value(gain) for gain in gains]), strict=True)
    )
    means = np.array([gain.mean for gain in gains])
    overall = estimate([Sample(np.arange(len(means)), means)])
    return TasteComparison(int(counted.sum()), found, overall)
