"""Divides the day into dayparts (such as evening), and the week into kinds of day (such as
weekend).

All other modules use these definitions. A night belongs to the day on which it began: two o'clock
on Saturday morning is still Friday night.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from recommender.errors import DataError

Daypart: TypeAlias = Literal["morning", "afternoon", "evening", "late night"]
DayKind: TypeAlias = Literal["weekday", "friday night", "weekend"]

DAYPARTS: tuple[Daypart, ...] = get_args(Daypart)
DAY_KINDS: tuple[DayKind, ...] = get_args(DayKind)
LATE_NIGHT: Daypart = DAYPARTS[3]
FRIDAY_NIGHT: DayKind = DAY_KINDS[1]


@dataclass(frozen=True)
class Moment:
    """A time of day and a kind of day.

    Attributes:
        daypart: the part of the day, such as "evening".
        day: the kind of day, such as "weekend".
    """

    daypart: Daypart
    day: DayKind


def moment(hour: int, weekday: int) -> Moment:
    """Returns the daypart and kind of day of a local hour 0–23 and weekday 0–6 (0 Monday).

    Morning begins at 5, afternoon at 12, evening at 17, and late night lasts from 23 to 5. Friday
    night lasts from 17 to 5, and the weekend from 5 on Saturday to 5 on Monday. Raises DataError
    for an hour or weekday outside its range.
    """
    if not (0 <= hour <= 23 and 0 <= weekday <= 6):
        raise DataError("clock-out-of-range")
    part: Daypart
    if 5 <= hour < 12:
        part = "morning"
    elif 12 <= hour < 17:
        part = "afternoon"
    elif 17 <= hour < 23:
        part = "evening"
    else:
        part = LATE_NIGHT
    began_on = (weekday - 1) % 7 if hour < 5 else weekday
    if began_on == 4 and part in ("evening", LATE_NIGHT):
        return Moment(part, FRIDAY_NIGHT)
    return Moment(part, "weekend" if began_on >= 5 else "weekday")


def moments(
    hour: npt.NDArray[np.integer], weekday: npt.NDArray[np.integer]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Returns (n,) indices in DAYPARTS and (n,) indices in DAY_KINDS of n times.

    hour, weekday: (n,) local hours 0–23 and weekdays 0–6 (0 Monday). Raises DataError outside these
    ranges.
    """
    if len(hour) and not (
        hour.min() >= 0 and hour.max() <= 23 and weekday.min() >= 0 and weekday.max() <= 6
    ):
        raise DataError("clock-out-of-range")
    every = [moment(at % 24, at // 24) for at in range(7 * 24)]
    slot = np.asarray(weekday, np.int64) * 24 + hour
    part = np.array([DAYPARTS.index(each.daypart) for each in every], np.int64)
    day = np.array([DAY_KINDS.index(each.day) for each in every], np.int64)
    return part[slot], day[slot]
