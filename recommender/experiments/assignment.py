"""Defines experiments and their arms, and decides which arm a person or server gets.

An arm is a variant of the bot. A unit is the person or the server that gets an arm. The arm follows
from a hash of the unit's id and the experiment's name, so it is not stored. Nobody moves to another
arm when the bot restarts, when another experiment starts, or when `Experiment.share` (the share of
all units that take part) changes. A larger share only adds units, and a smaller share only removes
some.
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
    """One arm of an experiment: a variant of the bot that is compared with the others.

    Attributes:
        name: the arm's name, unique within its experiment.
        share: the arm's weight among all arms, above 0. The weights need not add up to 1.
        changes: the value of each changed setting by its name; empty for the unchanged bot.
    """

    name: str
    share: float = 1.0
    changes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Experiment:
    """The definition of an experiment, which compares variants of the bot (arms).

    The constructor raises DataError if the definition makes no sense.

    Attributes:
        name: the experiment's name. It goes into the hash that decides the arms, so another name
            gives other arms.
        arms: two arms or more; the first one is the control.
        kind: "ab" gives each unit one arm; "interleave" mixes two arms in every card (a message
            that shows films).
        unit: what is assigned to an arm, a person or a server.
        share: the share of all units that take part, above 0 and up to 1.
        metric: the name of the metric that decides, a key of `metrics.METRICS`.
        guardrails: names of figures that must not rise, keys of `metrics.GUARDRAILS`.
        start: when the experiment starts, an aware time; None for an experiment without a start.
        end: when the experiment ends, an aware time at which it no longer runs; None for no end.
    """

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
            raise DataError("experiment-arms", experiment=self.name)
        if not all(arm.share > 0 for arm in self.arms) or not 0 < self.share <= 1:
            raise DataError("experiment-shares", experiment=self.name)
        if self.kind == "interleave" and (len(names) != 2 or self.unit != "person"):
            raise DataError("experiment-interleaving", experiment=self.name)
        for moment in (self.start, self.end):
            if moment is not None and moment.tzinfo is None:
                raise DataError("experiment-zone", experiment=self.name)
        if self.start and self.end and self.end <= self.start:
            raise DataError("experiment-ends-early", experiment=self.name)

    def running(self, now: datetime) -> bool:
        """True if the experiment runs at `now`, an aware time."""
        begun = self.start is None or self.start <= now
        return begun and (self.end is None or now < self.end)

    @property
    def shares(self) -> Array64:
        """(arms,) the share of the people or servers in the experiment that get each arm; adds up
        to 1.
        """
        shares = np.array([arm.share for arm in self.arms])
        return np.asarray(shares / shares.sum())


def arm_of(experiment: Experiment, unit_id: int) -> Arm | None:
    """Returns the arm (variant) that a person or server gets; None if they do not take part.

    The result is the same at every call. unit_id: id of the person or server.
    """
    if place(f"{experiment.name}:in", unit_id) >= experiment.share:
        return None
    at = int(
        np.searchsorted(np.cumsum(experiment.shares), place(experiment.name, unit_id), "right")
    )
    return experiment.arms[min(at, len(experiment.arms) - 1)]


def place(salt: str, unit_id: int) -> float:
    """Returns a number from 0 up to 1 that is the same at every call with the same salt and id.

    The numbers of many ids are evenly spread. salt: a text that is hashed together with the id.
    With another salt, the numbers are unrelated to the first ones.
    """
    digest = hashlib.blake2b(f"{salt}:{unit_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
