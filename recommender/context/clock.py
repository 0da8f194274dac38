"""What time it is: dayparts, kinds of day, and a small editorial tilt by both.

The definitions stand here and nowhere else; what data alone say of them is learned in
`recommender.context.lift` and kept apart. A night belongs to the day it began on: two o'clock on
Saturday morning is still Friday night. Measured on real data the clock is a weak signal (issue 7's
published shares: comedy a third above its average around six in the morning and again around
eleven at night, drama a little from noon to two, thrillers a quarter around nine in the evening,
documentaries overnight, families earlier in the day, shorter films on weeknights), so a film's
log-odds move by at most `editorial.MAX_TILT`: the clock tilts, the person steers.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.errors import DataError

Daypart: TypeAlias = Literal["morning", "afternoon", "evening", "late night"]
DayKind: TypeAlias = Literal["weekday", "friday night", "weekend"]

DAYPARTS: tuple[Daypart, ...] = ("morning", "afternoon", "evening", "late night")
DAY_KINDS: tuple[DayKind, ...] = ("weekday", "friday night", "weekend")


@dataclass(frozen=True)
class Moment:
    """A time of day and a kind of day."""

    daypart: Daypart
    day: DayKind


def moment(hour: int, weekday: int) -> Moment:
    """The moment of a local hour 0–23 and weekday 0–6 (0 Monday): morning from 5, afternoon from
    12, evening from 17, late night from 23 to 5. Raises DataError outside those ranges."""
    if not (0 <= hour <= 23 and 0 <= weekday <= 6):
        raise DataError("Hours go from 0 to 23 and weekdays from 0, Monday, to 6.")
    part: Daypart
    if 5 <= hour < 12:
        part = "morning"
    elif 12 <= hour < 17:
        part = "afternoon"
    elif 17 <= hour < 23:
        part = "evening"
    else:
        part = "late night"
    begun = (weekday - 1) % 7 if hour < 5 else weekday
    if begun == 4 and part in ("evening", "late night"):
        return Moment(part, "friday night")
    return Moment(part, "weekend" if begun >= 5 else "weekday")


def moments(
    hour: npt.NDArray[np.integer], weekday: npt.NDArray[np.integer]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(n,) indices in DAYPARTS and in DAY_KINDS of local hours 0–23 and weekdays 0–6. Raises
    DataError outside those ranges."""
    if len(hour) and not (
        hour.min() >= 0 and hour.max() <= 23 and weekday.min() >= 0 and weekday.max() <= 6
    ):
        raise DataError("Hours go from 0 to 23 and weekdays from 0, Monday, to 6.")
    every = [moment(at % 24, at // 24) for at in range(7 * 24)]
    slot = np.asarray(weekday, np.int64) * 24 + hour
    part = np.array([DAYPARTS.index(each.daypart) for each in every], np.int64)
    day = np.array([DAY_KINDS.index(each.day) for each in every], np.int64)
    return part[slot], day[slot]
