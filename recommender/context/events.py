"""The data from which effects of time and mood are learned: which recommended films people
accepted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommender.context.clock import DAY_KINDS, DAYPARTS
from recommender.errors import DataError
from recommender.numeric.arrays import Array64, Ints64


@dataclass(frozen=True, eq=False)
class Events:
    """One row for each recommended film (pick) that a person saw.

    Raises DataError if the columns differ in length or a value is out of range.

    Attributes:
        person: (n,) ids of the people.
        film: (n,) rows of the films in `LiftFeatures.table`.
        daypart: (n,) part of the day of each event, as an index in DAYPARTS or in another division
            of the day; -1 is unknown.
        day: (n,) kind of day of each event, as an index in DAY_KINDS or in another division of the
            week; -1 is unknown.
        accepted: (n,) how well the pick was received, from 0 (refused) to 1 (taken).
        server: (n,) ids of the servers; -1 outside servers. None if servers are unknown.
        mood: (n,) numbers from 0 of the moods that the people chose; -1 for no mood. None if moods
            are unknown.
        position: (n,) number, from 0, of the place at which each pick was shown; None if unknown.
        weight: (n,) how much each event counts, not negative; None if all count the same.
        base: (n,) the film's score for the person without effects of time and mood, in standard
            deviations from the mean score of the person's best films; None if unknown.
        parts: number of parts into which `daypart` divides the day.
        days: number of kinds of day that `day` distinguishes.
    """

    person: Ints64
    film: Ints64
    daypart: Ints64
    day: Ints64
    accepted: Array64
    server: Ints64 | None = None
    mood: Ints64 | None = None
    position: Ints64 | None = None
    weight: Array64 | None = None
    base: Array64 | None = None
    parts: int = len(DAYPARTS)
    days: int = len(DAY_KINDS)

    def __post_init__(self) -> None:
        n = len(self.accepted)
        for column in (*self._ints().values(), self.weight, self.base):
            if column is not None and len(column) != n:
                raise DataError("events-differ-in-length")
        if n and not (self.accepted.min() >= 0 and self.accepted.max() <= 1):
            raise DataError("event-outcome")
        if n and (self.daypart.max() >= self.parts or self.day.max() >= self.days):
            raise DataError("event-daypart")

    def __len__(self) -> int:
        return len(self.accepted)

    def where(self, keep: npt.NDArray[np.bool_]) -> "Events":
        """Returns the events for which `keep` (n,) is True."""
        columns = {**self._ints(), "weight": self.weight, "base": self.base}
        some = {name: None if c is None else c[keep] for name, c in columns.items()}
        return replace(self, accepted=self.accepted[keep], **some)  # type: ignore[arg-type]

    def _ints(self) -> Mapping[str, Ints64 | None]:
        names = ("person", "film", "daypart", "day", "server", "mood", "position")
        return {name: getattr(self, name) for name in names}


def concatenate_events(first: Events, second: Events) -> Events:
    """Returns the events of `first`, followed by those of `second`.

    A column that is None in one of them must be None in the other too.
    """

    def column(name: str) -> npt.NDArray[np.generic] | None:
        one, other = getattr(first, name), getattr(second, name)
        return None if one is None else np.concatenate([one, other])

    names = ("person", "film", "daypart", "day", "accepted", "server", "mood", "position")
    return replace(first, **{name: column(name) for name in (*names, "weight", "base")})  # type: ignore[arg-type]
