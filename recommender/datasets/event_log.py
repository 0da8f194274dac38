"""Any file of ratings or counts with times, as columns: whatever the delimiter and the names.

Columns are named by the caller or guessed from the header (`GUESSES`); a file without a header has
them in the order user, item, rating, time. Times are Unix seconds or milliseconds, or ISO 8601.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import pandas as pd

from recommender.context.clock import DAY_KINDS, DAYPARTS, moments
from recommender.errors import DataError, DatasetError
from recommender.numeric.arrays import Ints64, Sparse, sparse

DELIMITERS = ("::", "\t", ";", ",", "|", " ")
LOOKED_AT = 50  # lines to tell the delimiter by
HEADLESS = ("user", "item", "rating", "time")
GUESSES: Mapping[str, tuple[str, ...]] = {
    "user": ("user", "userid", "uid", "person", "personid", "member", "username", "listener"),
    "item": ("item", "itemid", "movie", "movieid", "film", "filmid", "song", "track", "trackid",
             "artist", "artistid", "app", "appid", "venue", "venueid", "business", "product",
             "asin"),
    "rating": ("rating", "stars", "score", "value"),
    "count": ("count", "cnt", "plays", "playcount", "freq", "frequency", "weight"),
    "time": ("timestamp", "time", "datetime", "date", "unixtime", "when", "at", "ts",
             "unix", "createdat", "playedat", "watchedat"),
    "daypart": ("daypart", "timeofday", "partofday", "daytime", "hour"),
    "weekday": ("weekday", "dayofweek", "daytype", "typeofday", "day", "isweekend"),
    "genres": ("genres", "genre", "category", "categories"),
}  # fmt: skip
KINDS = 24  # at most so many whole numbers below are hours or codes, and no time


@dataclass(frozen=True, eq=False)
class EventLog:
    """name: the file's; person, item: (n,) 0 …; value: (n,) rating or count, 1 where there is none;
    measure: which of them; when: (n,) Unix seconds, NaN unknown; daypart, day, mood: (n,) codes, -1
    unknown; parts, days: what they stand for; genres: (items, genres) 0/1 and their names; columns:
    what each was read from."""

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
        """(n,) the number of the local day each stands on, -1 unknown."""
        known = ~np.isnan(self.when)
        found = np.full(len(self), -1, np.int64)
        local = _local(self.when[known], zone)
        days = local.tz_localize(None).to_numpy().astype("datetime64[D]")
        found[known] = days.astype(np.int64)
        return found


def read_event_log(path: Path, names: Mapping[str, str], zone: str = "UTC") -> EventLog:
    """Read a file. names: columns by what they hold (keys of GUESSES), for those that are not to be
    guessed, and "mood", which never is: a mood is often noted afterwards, and then tells what it
    should predict. zone: IANA, of times that say none. Raises DatasetError for a file that cannot
    be read, DataError for a column or zone that is not there, or where there is no time of any
    kind."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise DataError(f"“{zone}” is no time zone; give one such as Europe/Paris.") from None
    table = _table(path)
    found = _columns(path, table, names)
    if "time" not in found and "daypart" not in found and "weekday" not in found:
        raise DataError(
            f"{path.name} has no column of times; name one with --time, --daypart or --weekday "
            f"(its columns: {', '.join(map(str, table.columns))})."
        )
    keep = table[found["user"]].notna() & table[found["item"]].notna()
    table = table[keep].reset_index(drop=True)
    if not len(table):
        raise DataError(f"{path.name} holds no rows with a user and an item.")
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


def _table(path: Path) -> pd.DataFrame:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}.") from error
    for encoding in ("utf-8-sig", "latin-1"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    lines = [line for line in text[:100_000].splitlines() if line.strip()][:LOOKED_AT]
    if len(lines) < 2:
        raise DatasetError(f"{path} holds no rows; give a file with a line for each rating.")
    delimiter = _delimiter(lines)
    first, second = (next(csv.reader([_single(line, delimiter)], delimiter=_one(delimiter)))
                     for line in lines[:2])  # fmt: skip
    header = _header(first, second)
    if delimiter == "::":
        text = text.replace("::", _one(delimiter))
    try:
        table = pd.read_csv(
            StringIO(text),
            sep=_one(delimiter),
            header=0 if header else None,
            skipinitialspace=True,
            low_memory=False,
        )
    except (pd.errors.ParserError, ValueError) as error:
        raise DatasetError(f"{path} is torn: {str(error).strip()}.") from error
    if not header:
        more = [str(at + 1) for at in range(len(HEADLESS), table.shape[1])]
        table.columns = pd.Index([*HEADLESS[: table.shape[1]], *more])
    table.columns = pd.Index([str(name).strip() for name in table.columns])
    return table


def _one(delimiter: str) -> str:
    """A single sign in place of "::"."""
    return "\x1f" if delimiter == "::" else delimiter


def _single(line: str, delimiter: str) -> str:
    return line.replace(delimiter, _one(delimiter))


def _delimiter(lines: Sequence[str]) -> str:
    """The one that cuts all lines into the same number of cells, the most of them."""
    best, chosen = 1, ""
    for delimiter in DELIMITERS:
        rows = csv.reader((_single(line, delimiter) for line in lines), delimiter=_one(delimiter))
        counts = {len(row) for row in rows}
        if len(counts) == 1 and (cells := counts.pop()) > best:
            best, chosen = cells, delimiter
            if delimiter == "::":
                break
    if not chosen:
        raise DatasetError(
            "The lines do not fall into columns; separate them with commas, tabs, semicolons, bars "
            "or double colons."
        )
    return chosen


def _header(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether the first line names the columns: no numbers in it, and some below it or a name that
    is known."""
    if any(_is_number(cell) for cell in first):
        return False
    known = {guess for guesses in GUESSES.values() for guess in guesses}
    return any(_is_number(cell) for cell in second) or any(_bare(cell) in known for cell in first)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _bare(name: str) -> str:
    return "".join(sign for sign in str(name).lower() if sign.isalnum())


def _columns(path: Path, table: pd.DataFrame, names: Mapping[str, str]) -> dict[str, str]:
    """What each column is: as named, else as guessed."""
    found: dict[str, str] = {}
    there = list(table.columns)
    for what, name in names.items():
        if name not in there:
            raise DataError(
                f"{path.name} has no column “{name}”; it has {', '.join(map(str, there))}."
            )
        found[what] = name
    for what, guesses in GUESSES.items():
        if what in found or (what == "count" and "rating" in found):
            continue
        free = {_bare(name): name for name in there if name not in found.values()}
        guess = next((guess for guess in guesses if guess in free), None)
        if guess is None:
            continue
        name = free[guess]
        if what == "time" and what not in names and _is_code(table[name]):
            if "daypart" not in names:
                found["daypart"] = name
            continue
        found[what] = name
    for what in ("user", "item"):
        if what not in found:
            raise DataError(
                f"Which column of {path.name} is the {what}? Name it with --{what} "
                f"(its columns: {', '.join(map(str, there))})."
            )
    return found


def _is_code(column: "pd.Series[Any]") -> bool:
    """Whether a "time" is but an hour or the number of a daypart."""
    numbers = pd.to_numeric(column, errors="coerce").dropna()
    return bool(len(numbers)) and bool((numbers.abs() <= KINDS).all())


def _numbers(path: Path, table: pd.DataFrame, name: str) -> npt.NDArray[np.float64]:
    numbers = pd.to_numeric(table[name], errors="coerce").to_numpy(np.float64)
    if not np.isfinite(numbers).all():
        at = int(np.flatnonzero(~np.isfinite(numbers))[0])
        raise DatasetError(f"{path.name}: row {at + 1} has no number in the column {name}.")
    return numbers


def _times(path: Path, column: "pd.Series[Any]", zone: str, name: str) -> npt.NDArray[np.float64]:
    """Unix seconds, NaN where a cell is empty."""
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    if np.isfinite(numbers).sum() >= column.notna().sum():
        return np.where(np.abs(numbers) > 1e11, numbers / 1000, numbers)  # milliseconds
    read = pd.to_datetime(column, errors="coerce", format="ISO8601", utc=False)
    if read.notna().sum() < column.notna().sum():
        raise DatasetError(
            f"{path.name}: the column {name} holds times that are neither Unix seconds nor ISO "
            "8601, such as 2024-05-01T20:15."
        )
    stamps = pd.DatetimeIndex(read)
    if stamps.tz is None:
        stamps = stamps.tz_localize(zone, ambiguous="NaT", nonexistent="shift_forward")
    utc = stamps.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")
    seconds = utc.astype(np.int64) / 1e6
    return np.where(np.isnat(utc), np.nan, seconds)


def _local(when: npt.NDArray[np.float64], zone: str) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(pd.to_datetime(when, unit="s", utc=True)).tz_convert(zone)


def _clock(when: npt.NDArray[np.float64], zone: str) -> tuple[Ints64, Ints64]:
    """(n,) dayparts and kinds of day, -1 where the time is unknown; of dates alone, no dayparts."""
    part, day = np.full(len(when), -1, np.int64), np.full(len(when), -1, np.int64)
    known = np.flatnonzero(~np.isnan(when))
    local = _local(when[known], zone)
    hour, weekday = np.asarray(local.hour), np.asarray(local.day_of_week)
    if len(known) and bool((local == local.normalize()).all()):  # dates alone
        day[known] = moments(np.full(len(known), 12), weekday)[1]
        return part, day
    part[known], day[known] = moments(hour, weekday)
    return part, day


def _dayparts(
    table: pd.DataFrame, found: Mapping[str, str], when: npt.NDArray[np.float64], zone: str
) -> tuple[tuple[str, ...], Ints64]:
    if "daypart" not in found:
        return DAYPARTS, _clock(when, zone)[0]
    column = table[found["daypart"]]
    if _bare(found["daypart"]) == "hour":
        hours = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
        ok = (hours >= 0) & (hours < 24)
        whole = np.where(ok, hours, 0).astype(np.int64)
        return DAYPARTS, np.where(ok, moments(whole, np.zeros_like(whole))[0], -1)
    return _codes(column)


def _days(
    table: pd.DataFrame, found: Mapping[str, str], when: npt.NDArray[np.float64], zone: str
) -> tuple[tuple[str, ...], Ints64]:
    if "weekday" not in found:
        return DAY_KINDS, _clock(when, zone)[1]
    return _codes(table[found["weekday"]])


def _codes(column: "pd.Series[Any]") -> tuple[tuple[str, ...], Ints64]:
    """A column's values as they are, numbered in order; -1 where a cell is empty or negative, by
    which some files mark the unknown."""
    numbers = pd.to_numeric(column, errors="coerce")
    cleaned = column.mask(numbers < 0)
    codes, values = pd.factorize(cleaned, sort=True)
    return tuple(map(str, values)), codes.astype(np.int64)


def _genres(
    table: pd.DataFrame, found: Mapping[str, str], item: npt.NDArray[Any], items: int
) -> tuple[Sparse | None, tuple[str, ...]]:
    """Genres of the items, with bars, commas or semicolons between."""
    if "genres" not in found:
        return None, ()
    first = np.unique(item, return_index=True)[1]
    cells = table[found["genres"]].iloc[first].fillna("").astype(str)
    lists = [
        [genre.strip() for genre in cell.replace(";", "|").replace(",", "|").split("|")]
        for cell in cells
    ]
    names = tuple(sorted({genre for genres in lists for genre in genres if genre}))
    at = {name: place for place, name in enumerate(names)}
    pairs = np.array(
        [(row, at[genre]) for row, genres in enumerate(lists) for genre in set(genres) if genre],
        np.int64,
    ).reshape(-1, 2)
    return sparse((np.ones(len(pairs), np.float32), pairs.T), (items, len(names))), names
