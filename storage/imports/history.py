"""What a file with somebody's film history says: the records that every format is read into.

`storage.imports.reader.read_history` reads a file (bytes) into a `History`. It touches no database
and no network, and it may run in a thread. These records are what matching, previews and applying
build on, so they are kept stable. docs/imports.md says what each format becomes.

- There is one row for each film of a file. A diary, a list of what was watched and ratings of the
  same film are merged.
- Rows are films, or works of which the file does not say what they are. Series, episodes, games
  and everything else is only counted, in `History.skipped`. A file that lists nothing but series
  is no error: it has no rows, and the counts say why.
- A date without a time stays a date. A time becomes both: an instant and its date in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from storage.errors import StorageError

Source = Literal[
    "letterboxd",
    "imdb",
    "trakt",
    "movielens",
    "tmdb",
    "simkl",
    "criticker",
    "netflix",
    "movary",
    "plain",
]
"""Whose format a file has. "plain" is the CSV that docs/imports.md describes."""

Kind = Literal["film", "unknown"]
"""What a row is: a film according to the file, or a work of which the file does not say it."""

SkipReason = Literal[
    "series",  # series, seasons and mini-series
    "episode",
    "game",
    "other",  # podcasts, music videos, and kinds that are not known
    "trailer",  # in a list of what was played
    "started",  # played for only a few minutes
    "listed",  # on a list that says neither that it was seen nor that it is wanted
    "nameless",  # neither a title nor an id
    "torn",  # fewer or more cells than the heading
]
"""Why a row of a file is left out."""


class UnreadableHistory(StorageError):
    """A file is no film history that can be read. `bot/wording` has the sentence of each key.

    Names that the sentence contains are shortened: a zip and a heading may have endless ones.
    """

    def __init__(self, key: str, /, **data: object) -> None:
        super().__init__(key, **{name: _short(value) for name, value in data.items()})


def short_name(name: str) -> str:
    """Returns the name of a file or of a column for a sentence.

    Control and format characters become spaces, and the middle of a long name is left out.
    """
    name = "".join(sign if sign.isprintable() else " " for sign in name)
    if len(name) > _LONGEST_NAME:
        name = f"{name[: _LONGEST_NAME - _END_OF_NAME]}…{name[-_END_OF_NAME:]}"
    return name


def _short(value: object) -> object:
    if isinstance(value, str):
        return short_name(value)
    return [_short(each) for each in value] if isinstance(value, list) else value


_LONGEST_NAME = 60
_END_OF_NAME = 15


@dataclass(frozen=True, slots=True)
class OnScale:
    """A rating as a file gives it, and what it becomes.

    Attributes:
        value: the rating in the file, such as 8.
        best: the best rating of the file's scale, such as 10.
        stars: what it becomes: 0.5 to 5, in halves.
    """

    value: float
    best: float
    stars: float


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One film of somebody's history.

    Attributes:
        file: the name of the file of the row, inside a zip with its folders. If several rows
            are about one film, this is the first.
        line: the row's first line in the file, from 1; in JSON and XML, the number of the entry.
        title: the title as the file gives it, without a year in brackets. "" if it gives only ids.
        year: the year; None if the file does not say it.
        original_title: the title in the film's language, if the file gives it beside `title`.
        directors: names of directors.
        imdb: IMDb id, such as "tt0111161": "tt" and 7 to 10 digits.
        tmdb: TMDB id.
        movielens: MovieLens id.
        letterboxd: address of the film at Letterboxd, such as "https://boxd.it/zz1a".
        kind: whether the file says that this is a film.
        stars: the rating, 0.5 to 5 in halves; None without one.
        given: the rating as the file gives it; None without one.
        seen: True if the file says that the person saw the film; a rated film is a seen one.
        wanted: True if it is on their list of films to watch. It can be seen as well.
        liked: True if it is among their liked films. It says nothing about stars.
        seen_on: the day of the last viewing that has a day.
        rated_on: the day of the rating; None if the file does not say it.
        rated_at: the time of the rating, aware; None if the file has at most a day.
        added_on: the day on which the film was put on the list of films to watch.
    """

    file: str
    line: int
    title: str
    year: int | None = None
    original_title: str | None = None
    directors: tuple[str, ...] = ()
    imdb: str | None = None
    tmdb: int | None = None
    movielens: int | None = None
    letterboxd: str | None = None
    kind: Kind = "unknown"
    stars: float | None = None
    given: OnScale | None = None
    seen: bool = False
    wanted: bool = False
    liked: bool = False
    seen_on: date | None = None
    rated_on: date | None = None
    rated_at: datetime | None = None
    added_on: date | None = None


@dataclass(frozen=True, slots=True)
class HistoryRemark:
    """What people should know about how a file was read.

    Attributes:
        key: the name of the sentence, which `bot/wording` has.
        data: the values that the sentence contains, not escaped and not formatted.
    """

    key: str
    data: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class History:
    """A film history that was read.

    Attributes:
        source: whose format the file has.
        rows: the films, in the order of the file.
        skipped: how many rows were left out, by reason. Reasons without rows are absent.
        scales: what ratings become: one example for each different scale of the file, the most
            frequent rating on it.
        remarks: what people should know, such as that dates were left out because the order of day
            and month is unclear.
        read_rows: how many rows the file has, before merging and with those left out.
    """

    source: Source
    rows: tuple[HistoryRow, ...]
    skipped: Mapping[SkipReason, int]
    scales: tuple[OnScale, ...] = ()
    remarks: tuple[HistoryRemark, ...] = ()
    read_rows: int = 0


@dataclass(frozen=True, slots=True)
class HistoryLimits:
    """How large a file may be. Whatever is larger is refused before it is read.

    Attributes:
        size: bytes of the file, and of each file inside a zip.
        unpacked: bytes of all files inside a zip that are read, together.
        ratio: how many times larger than in the zip a file inside it may be.
        entries: files inside a zip.
        rows: rows of all files together.
        columns: columns of a table.
        cell: characters of a cell.
    """

    size: int = 25_000_000
    unpacked: int = 100_000_000
    ratio: int = 200
    entries: int = 5_000
    rows: int = 200_000
    columns: int = 100
    cell: int = 100_000


LIMITS = HistoryLimits()
"""The limits that hold unless others are given."""
