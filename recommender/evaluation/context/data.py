"""Turns an event log into the rows of the context study.

An event log is a file of ratings or plays with times. The study measures whether knowing the time
helps to rank.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.context.lift import Kind, LiftFeatures
from recommender.datasets.event_log import EventLog
from recommender.errors import DataError
from recommender.feedback import bulk, one_day_share
from recommender.numeric.arrays import Bools, Ints64, sparse

EVENT_LIKED_SHARE = 0.8  # share of the highest rating from which an item is liked
MAX_ITEMS = 20_000  # the most frequent items are kept
# Largest share of rows entered in bulk, and of people who entered everything within a day. Above it
# the times of a file do not say when people chose.
MAX_BULK_SHARE = 0.5
MIN_REPEAT_SHARE = 0.05  # share of rows that repeat a person and item; above it, people return

MIN_PEOPLE, MIN_ITEMS, MIN_ROWS = 2, 5, 20  # with fewer, nothing can be held out and learned


@dataclass(frozen=True)
class Times:
    """What the times of a file of ratings or plays can be used for.

    Attributes:
        bulk: the share of timed rows that were entered in bulk (many by one person within minutes);
            NaN without times.
        at_once: the share of people whose whole history is within a day; NaN without times.
        viewing: True if the times can be when people chose the items. False if most were entered
            afterwards.
    """

    bulk: float
    at_once: float
    viewing: bool


@dataclass(frozen=True, eq=False)
class ContextData:
    """The n rows that the study uses. A row is one person's rating or play of one item.

    Attributes:
        person: (n,) rows of people.
        item: (n,) rows of items.
        daypart: (n,) indices of dayparts, -1 unknown.
        day: (n,) indices of kinds of day, -1 unknown.
        mood: (n,) indices of moods, -1 unknown.
        sitting: (n,) number of the sitting that each row belongs to. A sitting is all rows of one
            person on one local day, or a single row if the day is unknown. It is held out as a
            whole.
        stars: (n,) from 1 to 5, for the factor model.
        good: (n,) True if the person liked the item, so that a ranking should find it.
        evidence: (n,) True if the row may be learned from: its time or mood is known, and it was
            not entered in bulk. In a file without viewing times, bulk rows may be learned from too.
        people: how many people there are.
        items: how many items there are.
        parts: how many dayparts there are.
        days: how many kinds of day there are.
        genres: the items' genres; None for a file without genres.
        described: a phrase that names the features of the items, such as "genres".
        returning: True if people choose the same items again, such as songs.
        times: what the times can be used for.
    """

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


def prepare(viewings: EventLog, zone: str, liked: float | None) -> ContextData:
    """Returns the rows of an event log that the study uses.

    viewings: the event log, a file of ratings or plays with times. zone: the time zone of the file.
    liked: the lowest rating of a liked item; None for four fifths of the highest rating. Raises
    DataError if no row with a known time can be learned from.
    """
    v = viewings
    timed = ~np.isnan(v.when)
    entered = np.zeros(len(v), bool)
    times = Times(float("nan"), float("nan"), True)
    if timed.any():
        entered = bulk(v.person, v.when)
        share = float(entered[timed].mean())
        at_once = one_day_share(v.person, v.when)
        times = Times(share, at_once, share < MAX_BULK_SHARE and at_once < MAX_BULK_SHARE)
    count = np.bincount(v.item, minlength=v.items)
    frequent = np.zeros(v.items, bool)
    frequent[np.argsort(-count, kind="stable")[:MAX_ITEMS]] = True
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
    has_time = (v.daypart[rows] >= 0) | (v.day[rows] >= 0) | (v.mood[rows] >= 0)
    evidence = has_time & ~entered[rows] if times.viewing else has_time
    if not (evidence & good).any():
        raise DataError("no-known-times", data=v.name)
    if v.people < MIN_PEOPLE or v.items < MIN_ITEMS or len(v) < MIN_ROWS:
        raise DataError(
            "too-little-to-compare",
            data=v.name,
            rows=len(v),
            people=v.people,
            items=v.items,
            min_rows=MIN_ROWS,
            min_people=MIN_PEOPLE,
            min_items=MIN_ITEMS,
        )
    return ContextData(
        person, item, v.daypart[rows], v.day[rows], v.mood[rows], sitting.reshape(-1), stars, good,
        evidence, v.people, int(frequent.sum()), len(v.parts), len(v.days), genres,
        "genres" if genres is not None else "groups of items found among the factors",
        1 - len(pairs) / len(rows) > MIN_REPEAT_SHARE, times,
    )  # fmt: skip


def _grades(
    v: EventLog, rows: Ints64, liked: float | None
) -> tuple[npt.NDArray[np.float32], Bools]:
    """Returns (n,) stars from 1 to 5, and (n,) True for rows whose item the person liked.

    v: the log. rows: (n,) which rows of the log to use. liked: the lowest rating of a liked item;
    None for four fifths of the highest rating.
    """
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
