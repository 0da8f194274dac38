"""Reads an event log: a file of ratings or play counts with times.

The file may have any delimiter and any column names; `event_columns` finds out which column holds
which kind of value. Times are Unix seconds or milliseconds, or ISO 8601.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import pandas as pd

from recommender.context.clock import DAY_KINDS, DAYPARTS, moments
from recommender.datasets.event_columns import find_columns, plain_name, read_table
from recommender.errors import DataError, DatasetError
from recommender.numeric.arrays import Ints64, Sparse, sparse


@dataclass(frozen=True, eq=False)
class EventLog:
    """A log of n rows: ratings, or counts of plays.

    Attributes:
        name: name of the file.
        people: number of people.
        items: number of items.
        person: (n,) number of the person, from 0.
        item: (n,) number of the item, from 0.
        value: (n,) rating or count; 1 if the file has neither.
        measure: what `value` holds: ratings, counts or neither.
        when: (n,) Unix seconds, NaN unknown.
        daypart: (n,) index in `parts`, -1 unknown.
        day: (n,) index in `days`, -1 unknown.
        mood: (n,) number of the mood, -1 unknown.
        parts: names of the dayparts.
        days: names of the kinds of day.
        genres: (items, genres) 1 if an item is of a genre, otherwise 0; None if unknown.
        genre_names: names of the genres.
        columns: for each kind of value, such as "time", the column of the file that holds it.
    """

    name: str
    people: int
    items: int
    person: Ints64
    item: Ints64
    value: npt.NDArray[np.float64]
    measure: Literal["rating", "count", "none"]
    when: npt.NDArray[np.float64]
    daypart: Ints64
    day: Ints64
    mood: Ints64
    parts: tuple[str, ...]
    days: tuple[str, ...]
    genres: Sparse | None
    genre_names: tuple[str, ...]
    columns: Mapping[str, str]

    def __len__(self) -> int:
        return len(self.person)

    def local_day(self, zone: str) -> Ints64:
        """Returns (n,) the number of each row's local day, counted from 1970; -1 unknown.

        zone: IANA time zone.
        """
        known = ~np.isnan(self.when)
        found = np.full(len(self), -1, np.int64)
        local = _local(self.when[known], zone)
        days = local.tz_localize(None).to_numpy().astype("datetime64[D]")
        found[known] = days.astype(np.int64)
        return found


def read_event_log(path: Path, names: Mapping[str, str], zone: str = "UTC") -> EventLog:
    """Returns the log in a file.

    names: the column of each kind of value (keys of `event_columns.COLUMN_NAMES`) that should not
    be guessed from the header. The kind "mood" is never guessed: a mood is often written down after
    the film, and then it reveals the choice that it should predict. zone: IANA time zone of times
    that are written without one.

    Raises DatasetError if the file cannot be read. Raises DataError if a column or the zone does
    not exist, or if the file has no times, dayparts or weekdays.
    """
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise DataError("no-such-log-zone", zone=zone) from None
    table = read_table(path)
    found = find_columns(path, table, names)
    if "time" not in found and "daypart" not in found and "weekday" not in found:
        raise DataError("no-time-column", file=path.name, columns=tuple(map(str, table.columns)))
    keep = table[found["user"]].notna() & table[found["item"]].notna()
    table = table[keep].reset_index(drop=True)
    if not len(table):
        raise DataError("no-viewings", file=path.name)
    person, people = pd.factorize(table[found["user"]])
    item, items = pd.factorize(table[found["item"]])
    measure = next((m for m in ("rating", "count") if m in found), "none")
    value = np.ones(len(table)) if measure == "none" else _numbers(path, table, found[measure])
    when = np.full(len(table), np.nan)
    if "time" in found:
        when = _times(path, table[found["time"]], zone, found["time"])
    parts, daypart = _dayparts(table, found, when, zone)
    days, day = _days(table, found, when, zone)
    mood = np.full(len(table), -1, np.int64)
    if "mood" in found:
        mood = _codes(table[found["mood"]])[1]
    genres, genre_names = _genres(table, found, item, len(items))
    return EventLog(
        path.name, len(people), len(items), person.astype(np.int64), item.astype(np.int64), value,
        measure, when, daypart, day, mood, parts, days, genres, genre_names, found,  # type: ignore[arg-type]
    )  # fmt: skip


def _numbers(path: Path, table: pd.DataFrame, name: str) -> npt.NDArray[np.float64]:
    """Returns (n,) the numbers in a column of the table. Raises DatasetError if a cell holds no
    number.
    """
    numbers = pd.to_numeric(table[name], errors="coerce").to_numpy(np.float64)
    if not np.isfinite(numbers).all():
        at = int(np.flatnonzero(~np.isfinite(numbers))[0])
        raise DatasetError("cell-no-number", file=path.name, row=at + 1, column=name)
    return numbers


def _times(path: Path, column: "pd.Series[Any]", zone: str, name: str) -> npt.NDArray[np.float64]:
    """Returns (n,) Unix seconds, NaN for empty cells. Raises DatasetError for other values.

    zone: IANA time zone of times that are written without one. name: name of the column.
    """
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    if np.isfinite(numbers).sum() >= column.notna().sum():
        return np.where(np.abs(numbers) > 1e11, numbers / 1000, numbers)  # milliseconds
    read = pd.to_datetime(column, errors="coerce", format="ISO8601", utc=False)
    if read.notna().sum() < column.notna().sum():
        raise DatasetError("column-no-times", file=path.name, column=name)
    stamps = pd.DatetimeIndex(read)
    if stamps.tz is None:
        stamps = stamps.tz_localize(zone, ambiguous="NaT", nonexistent="shift_forward")
    utc = stamps.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")
    seconds = utc.astype(np.int64) / 1e6
    return np.where(np.isnat(utc), np.nan, seconds)


def _local(when: npt.NDArray[np.float64], zone: str) -> pd.DatetimeIndex:
    """Returns (n,) local times in a time zone. when: (n,) Unix seconds, without NaN. zone: IANA
    name."""
    return pd.DatetimeIndex(pd.to_datetime(when, unit="s", utc=True)).tz_convert(zone)


def _moments(when: npt.NDArray[np.float64], zone: str) -> tuple[Ints64, Ints64]:
    """Returns (n,) dayparts and (n,) kinds of day, -1 if unknown.

    If all times are dates without a time of day, the dayparts are unknown. when: (n,) Unix seconds,
    NaN unknown. zone: IANA time zone.
    """
    part, day = np.full(len(when), -1, np.int64), np.full(len(when), -1, np.int64)
    known = np.flatnonzero(~np.isnan(when))
    local = _local(when[known], zone)
    hour, weekday = np.asarray(local.hour), np.asarray(local.day_of_week)
    if len(known) and bool((local == local.normalize()).all()):  # dates without a time
        day[known] = moments(np.full(len(known), 12), weekday)[1]
        return part, day
    part[known], day[known] = moments(hour, weekday)
    return part, day


def _dayparts(
    table: pd.DataFrame, found: Mapping[str, str], when: npt.NDArray[np.float64], zone: str
) -> tuple[tuple[str, ...], Ints64]:
    """Returns the names of the dayparts and (n,) the index of each row's daypart among them.

    The index is -1 if the daypart is unknown. table: the rows of the file. found: the column that
    holds each kind of value. when: (n,) Unix seconds, NaN unknown. zone: IANA time zone.
    """
    if "daypart" not in found:
        return DAYPARTS, _moments(when, zone)[0]
    column = table[found["daypart"]]
    if plain_name(found["daypart"]) == "hour":
        hours = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
        valid = (hours >= 0) & (hours < 24)
        whole = np.where(valid, hours, 0).astype(np.int64)
        return DAYPARTS, np.where(valid, moments(whole, np.zeros_like(whole))[0], -1)
    return _codes(column)


def _days(
    table: pd.DataFrame, found: Mapping[str, str], when: npt.NDArray[np.float64], zone: str
) -> tuple[tuple[str, ...], Ints64]:
    """Returns the names of the kinds of day and (n,) the index of the kind of each row's day.

    The index is -1 if the kind is unknown. table: the rows of the file. found: the column that
    holds each kind of value. when: (n,) Unix
    seconds, NaN unknown. zone: IANA time zone.
    """
    if "weekday" not in found:
        return DAY_KINDS, _moments(when, zone)[1]
    return _codes(table[found["weekday"]])


def _codes(column: "pd.Series[Any]") -> tuple[tuple[str, ...], Ints64]:
    """Returns the distinct values of a column, sorted, and (n,) the number of each row's value.

    The number is -1 for empty cells and for negative numbers, with which some files mark unknown
    values.
    """
    numbers = pd.to_numeric(column, errors="coerce")
    cleaned = column.mask(numbers < 0)
    codes, values = pd.factorize(cleaned, sort=True)
    return tuple(map(str, values)), codes.astype(np.int64)


def _genres(
    table: pd.DataFrame, found: Mapping[str, str], item: npt.NDArray[Any], items: int
) -> tuple[Sparse | None, tuple[str, ...]]:
    """Returns (items, genres) 1 if an item is of a genre, and the genres' names.

    A cell lists genres with bars, commas or semicolons between them. Returns None and () if the
    genres are unknown. table: the rows of the file. found: the column that holds each kind of
    value. item: (n,) number of each row's item. items: number of items.
    """
    if "genres" not in found:
        return None, ()
    first = np.unique(item, return_index=True)[1]
    cells = table[found["genres"]].iloc[first].fillna("").astype(str)
    lists = [
        [genre.strip() for genre in cell.replace(";", "|").replace(",", "|").split("|")]
        for cell in cells
    ]
    names = tuple(sorted({genre for genres in lists for genre in genres if genre}))
    column_of = {name: column for column, name in enumerate(names)}
    pairs = np.array(
        [
            (row, column_of[genre])
            for row, genres in enumerate(lists)
            for genre in set(genres)
            if genre
        ],
        np.int64,
    ).reshape(-1, 2)
    return sparse((np.ones(len(pairs), np.float32), pairs.T), (items, len(names))), names
