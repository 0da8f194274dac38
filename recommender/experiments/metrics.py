"""What experiments are judged by: metrics, made of the rewards of `recommender.feedback`, and
guardrails, which must not rise meanwhile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from recommender.feedback import NAMES
from recommender.numeric.arrays import Array64, Ints64

TAKEN = 0.5  # reward from which a pick was taken
RATED = tuple(NAMES.index(name) for name in ("reacted", "rated"))
_REFUSED = NAMES.index("refused")


@dataclass(frozen=True)
class Metric:
    """meaning: in words; of: outcome (k,) and reward (k,) of answers -> (k,) a number each, 0 for
    silence."""

    meaning: str
    of: Callable[[Ints64, Array64], Array64]


METRICS: Mapping[str, Metric] = {
    "taken": Metric(
        "share of the films shown whose reward is a half or more: rated with three stars or more, "
        "kept for later, or watched",
        lambda outcome, reward: (reward >= TAKEN).astype(np.float64),
    ),
    "reward": Metric("mean reward of the films shown", lambda outcome, reward: reward),
    "rated": Metric(
        "share of the films shown that were rated, well or badly",
        lambda outcome, reward: np.isin(outcome, RATED).astype(np.float64),
    ),
}
REFUSED = Metric(
    "share of the films shown that were answered with “not for me”",
    lambda outcome, reward: (outcome == _REFUSED).astype(np.float64),
)


@dataclass(frozen=True)
class Guardrail:
    """What must not rise: in words, by which units it can be counted, and whether by which of two
    interleaved rankings chose a film."""

    meaning: str
    units: tuple[str, ...] = ("person", "server")
    by_team: bool = False


GUARDRAILS: Mapping[str, Guardrail] = {
    "refused": Guardrail(REFUSED.meaning, by_team=True),
    "unrated": Guardrail("share of the ratings of films shown that were taken back", by_team=True),
    "opted-out": Guardrail(
        "share of the people who then kept out of others' picks, or had everything deleted",
        ("person",),
    ),
    "seconds": Guardrail("seconds that it took to choose the films of a card, on the mean"),
}
