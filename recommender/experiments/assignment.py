"""Experiments: who gets which arm, and what may be said of the difference, however often one looks.

Arms follow from a salted hash of the unit (a person or a server), so nothing has to be stored and
nothing moves anybody: no restart, no renaming, no other experiment. What is said of a difference
holds at every look at once (anytime-valid): the mixture sequential probability ratio test of
Robbins 1970, as Johari, Pekelis and Walsh 2017 ("Peeking at A/B tests") use it, on the information
that the units give, with each unit counted as one observation (its own mean). Whether the arms have
the sizes they should is tested by the sequential multinomial test of Lindon and Malek 2022
("Anytime-valid inference for multinomial count data").
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

import numpy as np

from recommender.errors import DataError
from recommender.numeric.arrays import Array64

Unit: TypeAlias = Literal["person", "server"]
Kind: TypeAlias = Literal["ab", "interleave"]


@dataclass(frozen=True)
class Arm:
    """One of the ways to do it: its share among the arms, and what it changes, by setting."""

    name: str
    share: float = 1.0
    changes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Experiment:
    """A definition. The first arm is the control. kind: "ab" gives each unit one arm, "interleave"
    both of two arms in each card; share: of all units that take part; start, end: aware, None for
    open. Raises DataError where it makes no sense."""

    name: str
    arms: tuple[Arm, ...]
    kind: Kind = "ab"
    unit: Unit = "person"
    share: float = 1.0
    metric: str = "taken"
    guardrails: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None

    def __post_init__(self) -> None:
        names = [arm.name for arm in self.arms]
        if len(names) < 2 or len(set(names)) < len(names) or not all(names):
            raise DataError(f"Experiment {self.name} needs two arms at least, each with a name.")
        if not all(arm.share > 0 for arm in self.arms) or not 0 < self.share <= 1:
            raise DataError(
                f"Experiment {self.name}: shares lie above 0, and that of all units up to 1."
            )
        if self.kind == "interleave" and (len(names) != 2 or self.unit != "person"):
            raise DataError(
                f"Experiment {self.name}: interleaving compares two arms, in the cards of persons."
            )
        for moment in (self.start, self.end):
            if moment is not None and moment.tzinfo is None:
                raise DataError(f"Experiment {self.name}: its times need a zone.")
        if self.start and self.end and self.end <= self.start:
            raise DataError(f"Experiment {self.name} ends before it starts.")

    def running(self, now: datetime) -> bool:
        """Whether it runs at `now`, aware."""
        begun = self.start is None or self.start <= now
        return begun and (self.end is None or now < self.end)

    @property
    def shares(self) -> Array64:
        """(arms,) of the units that take part; they add up to 1."""
        shares = np.array([arm.share for arm in self.arms])
        return np.asarray(shares / shares.sum())


def arm_of(experiment: Experiment, unit_id: int) -> Arm | None:
    """The arm of a person or server, the same for ever; None for who does not take part."""
    if place(f"{experiment.name}:in", unit_id) >= experiment.share:
        return None
    at = int(
        np.searchsorted(np.cumsum(experiment.shares), place(experiment.name, unit_id), "right")
    )
    return experiment.arms[min(at, len(experiment.arms) - 1)]


def place(salt: str, unit_id: int) -> float:
    """Where a unit stands in 0 … 1 for this salt; as if drawn evenly, and the same every time."""
    digest = hashlib.blake2b(f"{salt}:{unit_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


# What may be said --------------------------------------------------------------------------------


# Two rankings in one card ------------------------------------------------------------------------
