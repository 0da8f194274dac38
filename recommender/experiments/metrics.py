"""What experiments are judged by: metrics and guardrails.

A metric is a mean over the films shown, which should rise. It is computed from rewards between 0
and 1 for what people did about a film (`recommender.feedback`). A guardrail is a figure that must
not rise while the metric improves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from recommender.feedback import NAMES
from recommender.numeric.arrays import Array64, Ints64

TAKEN_REWARD = 0.5  # a film shown counts as taken if its reward is at least this
RATED_OUTCOMES = tuple(NAMES.index(name) for name in ("reacted", "rated"))
_REFUSED_OUTCOME = NAMES.index("refused")


@dataclass(frozen=True)
class Metric:
    """A metric: one number for each film shown, whose mean is compared between arms (variants).

    Attributes:
        of: a function that returns (k,) numbers for k films. It takes (k,) outcomes (what people
            did about the films, as indices in `feedback.NAMES`) and (k,) rewards. The number is 0
            for a film about which nobody did anything.
    """

    of: Callable[[Ints64, Array64], Array64]


METRICS: Mapping[str, Metric] = {
    "taken": Metric(lambda outcome, reward: (reward >= TAKEN_REWARD).astype(np.float64)),
    "reward": Metric(lambda outcome, reward: reward),
    "rated": Metric(
        lambda outcome, reward: np.isin(outcome, RATED_OUTCOMES).astype(np.float64),
    ),
}
REFUSAL_RATE = Metric(
    lambda outcome, reward: (outcome == _REFUSED_OUTCOME).astype(np.float64),
)


@dataclass(frozen=True)
class Guardrail:
    """A figure of an experiment that must not rise while the metric improves.

    Attributes:
        units: the kinds of units for which it can be counted: "person", "server" or both.
        by_team: True if it can be counted for each of two arms (variants) that choose the films of
            one message in turn.
    """

    units: tuple[str, ...] = ("person", "server")
    by_team: bool = False


GUARDRAILS: Mapping[str, Guardrail] = {
    "refused": Guardrail(by_team=True),
    "unrated": Guardrail(by_team=True),
    "opted-out": Guardrail(("person",)),
    "seconds": Guardrail(),
}
