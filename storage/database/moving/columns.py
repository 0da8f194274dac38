"""How the values of a column are in SQLite, in PostgreSQL, and in the text that both are compared
by.

Each row has a text, the same in both databases, and the texts of a table are compared by their
number and the sum of their hashes. SQLite's text is made here. PostgreSQL makes its own, so the
rows do not travel back.
"""

import hashlib
import struct
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Column, Float, Integer, Table
from sqlalchemy.types import JSON, TypeEngine

from storage.types import UtcDateTime

NO_TEXT = "\0"
"""The one character that PostgreSQL's texts cannot have."""
INSTEAD = "\N{REPLACEMENT CHARACTER}"
HASH_DIGITS = 15  # hexadecimal; 60 bits, so that PostgreSQL takes a hash as a positive bigint
_TIME_FORMAT = "%Y-%m-%d %H:%M:%S.%f"
_SQL_TIME_FORMAT = "YYYY-MM-DD HH24:MI:SS.US"
_TIME_LENGTH = len("2026-01-31 20:15:00.000000")

Values = Sequence[Any]


class Sum(NamedTuple):
    """What a table's rows amount to. Tables with the same rows have the same sum.

    Attributes:
        rows: their number.
        hashes: the sum of the hashes of their texts.
    """

    rows: int
    hashes: int


def to_postgres(table: Table) -> Callable[[Values], tuple[Any, ...]]:
    """Returns the function that turns a row of SQLite's own values into one for PostgreSQL."""
    changes = [
        (place, change)
        for place, column in enumerate(table.columns)
        if (change := _change(column.type)) is not None
    ]

    def changed(row: Values) -> tuple[Any, ...]:
        values = list(row)
        for place, change in changes:
            if (value := values[place]) is not None:
                values[place] = change(value)
        return tuple(values)

    return changed


def add_up(table: Table, rows: Iterable[Values]) -> Sum:
    """Returns the sum of rows, which hold SQLite's own values."""
    texts = [_text(column.type) for column in table.columns]
    count = hashes = 0
    for row in rows:
        line = "".join(
            "-," if value is None else text(value) for text, value in zip(texts, row, strict=True)
        )
        digest = hashlib.md5(line.encode(), usedforsecurity=False).hexdigest()
        hashes += int(digest[:HASH_DIGITS], 16)
        count += 1
    return Sum(count, hashes)


def sum_statement(table: Table) -> str:
    """Returns PostgreSQL's statement for the sum of a table: one row of two numbers."""
    line = " || ".join(f"coalesce({_expression(column)}, '-,')" for column in table.columns)
    bits = HASH_DIGITS * 4
    return (
        f"SELECT count(*), coalesce(sum(('x' || left(md5({line}), {HASH_DIGITS}))"
        f"::bit({bits})::bigint), 0) FROM {quoted(table.name)}"
    )


def quoted(name: str) -> str:
    """Returns a name of a table or column, as both databases take it in a statement."""
    return f'"{name}"'


def names(table: Table) -> str:
    """Returns the columns of a table, for a statement."""
    return ", ".join(quoted(column.name) for column in table.columns)


def _change(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """Returns how a value of SQLite becomes one for PostgreSQL; None if it is the same."""
    if isinstance(kind, Boolean):
        return bool
    if isinstance(kind, UtcDateTime):
        return lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC)
    if isinstance(kind, Float):
        return float
    return None if isinstance(kind, Integer) else _speakable


def _speakable(text: str) -> str:
    return text.replace(NO_TEXT, INSTEAD) if NO_TEXT in text else text


def _text(kind: TypeEngine[Any]) -> Callable[[Any], str]:
    """Returns how a value of SQLite becomes a part of a row's text."""
    if isinstance(kind, Float):
        return lambda value: f"{struct.pack('>d', value).hex()},"
    if isinstance(kind, UtcDateTime):
        return lambda value: f"{_full(value)},"
    if isinstance(kind, Integer | Boolean):
        return lambda value: f"{value:d},"
    return lambda value: f"{len(value)}:{_speakable(value)},"


def _full(text: str) -> str:
    """Returns a time in the form with microseconds, which Matinee's own rows have already."""
    if len(text) == _TIME_LENGTH:
        return text
    return datetime.fromisoformat(text).strftime(_TIME_FORMAT)


def _expression(column: Column[Any]) -> str:
    """Returns PostgreSQL's expression for the same part of a row's text as `_text` makes."""
    name, kind = quoted(column.name), column.type
    if isinstance(kind, Float):
        return f"encode(float8send({name}), 'hex') || ','"
    if isinstance(kind, UtcDateTime):
        return f"to_char(timezone('UTC', {name}), '{_SQL_TIME_FORMAT}') || ','"
    if isinstance(kind, Boolean):
        return f"{name}::int || ','"
    if isinstance(kind, Integer):
        return f"{name} || ','"
    value = f"{name}::text" if isinstance(kind, JSON) else name
    return f"length({value}) || ':' || {value} || ','"
