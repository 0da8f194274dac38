"""The rows of a file with times, made ready for asking whether the time helps."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.context.lift import Kind, LiftFeatures
from recommender.datasets.event_log import EventLog
from recommender.errors import DataError
from recommender.feedback import bulk, one_day_share
from recommender.numeric.arrays import Bools, Ints64, sparse

EVENT_LIKED_SHARE = 0.8  # of the greatest rating, at least
ITEMS = 20_000  # the most frequent, at most
MOSTLY = 0.5  # a share of rows in bulk above which there are no viewing times
AGAIN = 0.05  # a share of repeated pairs above which items return


@dataclass(frozen=True)
class Times:
    """What the times are worth. bulk: share of the rows of known time that were entered in bulk;
    at_once: share of people whose history lies within a day; both NaN without times; viewing:
    whether they can be times of choosing."""

    bulk: float
    at_once: float
    viewing: bool


@dataclass(frozen=True, eq=False)
class ContextData:
    """The rows that count. sitting: (n,) what is held out together; good: (n,) to be found;
    evidence: (n,) of a time of choosing; stars: (n,) for the factor model; returning: whether
    items return."""

    person: Ints64
    item: Ints64
    daypart: Ints64
    day: Ints64
    mood: Ints64
    sitting: Ints64
    stars: npt.NDArray[np.float32]
    good: Bools
    evidence: Bools
    people: int
    items: int
    parts: int
    days: int
    genres: LiftFeatures | None
    described: str
    returning: bool
    times: Times


def prepared(viewings: EventLog, zone: str, liked: float | None) -> ContextData:
    v = viewings
    timed = ~np.isnan(v.when)
    entered = np.zeros(len(v), bool)
    times = Times(float("nan"), float("nan"), True)
    if timed.any():
        entered = bulk(v.person, v.when)
        share = float(entered[timed].mean())
        at_once = one_day_share(v.person, v.when)
        times = Times(share, at_once, share < MOSTLY and at_once < MOSTLY)
    count = np.bincount(v.item, minlength=v.items)
    frequent = np.zeros(v.items, bool)
    frequent[np.argsort(-count, kind="stable")[:ITEMS]] = True
    keep = frequent[v.item]
    new = np.cumsum(frequent) - 1
    day = v.local_day(zone)[keep]
    rows = np.flatnonzero(keep)
    person, item = v.person[rows], new[v.item[rows]]
    sitting = np.where(day >= 0, day, -1 - np.arange(len(rows)))
    sitting = np.unique(np.column_stack([person, sitting]), axis=0, return_inverse=True)[1]
    stars, good = _grades(v, rows, liked)
    pairs = np.unique(person * v.items + item)
    genres = None
    if v.genres is not None and len(v.genre_names) > 1:
        table = sparse(v.genres[np.flatnonzero(frequent)])
        genres = LiftFeatures(table, v.genre_names, _kinds(len(v.genre_names)))
    known = (v.daypart[rows] >= 0) | (v.day[rows] >= 0) | (v.mood[rows] >= 0)
    evidence = known & ~entered[rows] if times.viewing else known
    if not (evidence & good).any():
        raise DataError(f"{v.name} has no row with a known time that could be learned from.")
    return ContextData(
        person, item, v.daypart[rows], v.day[rows], v.mood[rows], sitting.reshape(-1), stars, good,
        evidence, v.people, int(frequent.sum()), len(v.parts), len(v.days), genres,
        "genres" if genres is not None else "groups of items found among the factors",
        1 - len(pairs) / len(rows) > AGAIN, times,
    )  # fmt: skip


def _grades(
    v: EventLog, rows: Ints64, liked: float | None
) -> tuple[npt.NDArray[np.float32], Bools]:
    """(n,) stars, 1 … 5, and what is to be found."""
    value = v.value[rows]
    if v.measure == "rating":
        low, high = float(v.value.min()), float(v.value.max())
        at_least = EVENT_LIKED_SHARE * high if liked is None else liked
        stars = 1 + 4 * (value - low) / (high - low) if high > low else np.full(len(value), 5.0)
        return stars.astype(np.float32), value >= at_least
    if v.measure == "count":
        logs = np.log1p(np.maximum(value, 0))
        top = float(np.quantile(logs, 0.95)) or 1.0
        return (3 + 2 * np.minimum(logs / top, 1.0)).astype(np.float32), value > 0
    return np.full(len(value), 5.0, np.float32), np.ones(len(value), bool)


def _kinds(n: int) -> tuple[Kind, ...]:
    kinds: list[Kind] = ["genre"] * n
    return tuple(kinds)
