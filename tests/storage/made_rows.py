"""Makes rows of every table, and ratings in any number, in a database file."""

import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Float,
    Integer,
    Table,
)
from sqlalchemy.types import JSON

from recommender.datasets.synthetic import SyntheticWorld
from storage.database import revisions
from storage.schema import metadata
from storage.types import UtcDateTime
from tests.storage.samples import NOW

ODD_TEXTS = (
    "",
    " ",
    "-,",
    "\\N",
    "3:abc,",
    "a\tb\nc\r\nd\\",
    "'; DROP TABLE films; --",
    'she said "no"',
    "\N{NO-BREAK SPACE}¡Amélie! 千と千尋 \N{CLAPPER BOARD}\N{ZERO WIDTH JOINER}",
    "e\N{COMBINING ACUTE ACCENT}",
    "x" * 5_000,
)
BEYOND_32_BITS = 2**62 + 1
FIRST_PERSON = 900_000_000_000_000_000


def make_database(path: Path) -> None:
    """Makes an empty database with all tables."""
    with revisions.connection(path) as conn:
        revisions.upgrade(conn)


def fill_every_table(path: Path, rng: Random, rows: int = 30) -> None:
    """Stores rows with unusual values in every table. The largest id of some is deleted again."""
    with revisions.connection(path) as conn:
        for table in metadata.sorted_tables:
            _fill(conn, table, rng, rows)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DELETE FROM schedules WHERE id = (SELECT max(id) FROM schedules)"
                    " AND id NOT IN (SELECT schedule_id FROM posts)")  # fmt: skip
        raw.execute("DELETE FROM imports WHERE id = (SELECT max(id) FROM imports)")
        raw.execute("DELETE FROM import_films WHERE import_id NOT IN (SELECT id FROM imports)")
        raw.execute("DELETE FROM import_questions WHERE import_id NOT IN (SELECT id FROM imports)")


def _fill(conn: Connection, table: Table, rng: Random, rows: int) -> None:
    taken = {
        key.parent.name: [
            value
            for (value,) in conn.execute(key.column.table.select().with_only_columns(key.column))
        ]
        for key in table.foreign_keys
    }
    choices = _choices(table)
    uniques = [[column.name for column in table.primary_key]]
    uniques += [[column.name] for column in table.columns if column.unique]
    seen: list[set[tuple[Any, ...]]] = [set() for _ in uniques]
    for number in range(rows):
        row = {
            column.name: _value(column, number, rng, taken.get(column.name), choices)
            for column in table.columns
        }
        keys = [tuple(row[name] for name in names) for names in uniques]
        if any(key in had for key, had in zip(keys, seen, strict=True)):
            continue
        for key, had in zip(keys, seen, strict=True):
            had.add(key)
        conn.execute(table.insert().values(row))


def _choices(table: Table) -> dict[str, list[str]]:
    """Returns the values that a table allows in its columns, for those that allow only some."""
    found = {}
    for check in table.constraints:
        if isinstance(check, CheckConstraint):
            names = re.fullmatch(r"(\w+) IN \((.*)\)", str(check.sqltext))
            if names is not None:
                found[names[1]] = re.findall(r"'([\w-]+)'", names[2])
    return found


def _value(
    column: Column[Any],
    number: int,
    rng: Random,
    taken: list[Any] | None,
    choices: dict[str, list[str]],
) -> Any:
    if column.nullable and rng.random() < 0.3:
        return None
    if taken is not None:
        return rng.choice(taken)
    if column.name in choices:
        return rng.choice(choices[column.name])
    if column.primary_key or column.unique:
        if isinstance(column.type, Integer):
            large = isinstance(column.type, BigInteger) and column.autoincrement is not True
            return FIRST_PERSON + number if large else number + 1
        if not isinstance(column.type, UtcDateTime):
            return f"{number}{rng.choice(ODD_TEXTS)}"
    return _free_value(column, rng)


def _free_value(column: Column[Any], rng: Random) -> Any:
    match column.type:
        case Boolean():
            return rng.random() < 0.5
        case Float():
            return rng.choice((0.5, 4.0, 1 / 3 + 1, 4.999999999999999, 5.0))
        case UtcDateTime():
            return NOW + timedelta(microseconds=rng.randrange(-(10**16), 10**16))
        case JSON():
            return rng.choice(([], {"a": [1, 2.5, None]}, list(ODD_TEXTS), None, "text"))
        case Integer():
            most = BEYOND_32_BITS if isinstance(column.type, BigInteger) else 2**31 - 1
            return rng.choice((0, 1, -1, most))
        case _:
            return rng.choice(ODD_TEXTS)


def store_ratings(path: Path, world: SyntheticWorld) -> None:
    """Stores a made-up world beside what is there: its films, and each rating with its event."""
    at = f"{NOW:%Y-%m-%d %H:%M:%S.%f}"
    table = world.catalogue
    genres = [
        "[" + ", ".join(f'"{table.genre_names[at]}"' for at in table.genres.indices[a:b]) + "]"
        for a, b in zip(table.genres.indptr, table.genres.indptr[1:], strict=False)
    ]
    people, films = world.stars.shape
    cells = world.stars.tocoo()
    order = np.random.default_rng(1).permutation(world.stars.nnz)
    with closing(sqlite3.connect(path)) as conn, conn:

        def first_id(table: str) -> int:
            return int(conn.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0])

        film_id, event_id = first_id("films"), first_id("rating_events")
        person_id = max(first_id("people"), FIRST_PERSON)
        conn.executemany(
            "INSERT INTO films (id, key, title, aliases, year, runtime, countries, languages, "
            'directors, "cast", genres, audience, adult, source, added_at) '
            "VALUES (?, ?, ?, '[]', ?, ?, '[]', '[\"en\"]', '[]', '[]', ?, 'everyone', 0, "
            "'made-up', ?)",
            (
                (row + film_id, f"made-up-{row}", f"{table.titles[row]} {row}",
                 int(table.years[row]), int(table.runtimes[row]), genres[row], at)
                for row in range(films)
            ),
        )  # fmt: skip
        conn.executemany(
            "INSERT INTO people (id, created_at, updated_at) VALUES (?, ?, ?)",
            ((row + person_id, at, at) for row in range(people)),
        )
        when = (
            f"{NOW - timedelta(seconds=len(order) - number):%Y-%m-%d %H:%M:%S.%f}"
            for number in range(len(order))
        )
        conn.executemany(
            "INSERT INTO rating_events (id, person_id, film_id, source, action, stars, at, origin) "
            "VALUES (?, ?, ?, 'button', 'set', ?, ?, 'live')",
            zip(
                range(event_id, event_id + len(order)),
                (cells.row[order].astype(np.int64) + person_id).tolist(),
                (cells.col[order].astype(np.int64) + film_id).tolist(),
                cells.data[order].astype(float).tolist(),
                when,
                strict=True,
            ),
        )
        conn.execute(
            "INSERT INTO standing_acts (person_id, film_id, source, message_id, emoji, event_id, "
            "stars, at) SELECT person_id, film_id, source, 0, '', id, stars, at FROM rating_events "
            "WHERE id >= ?",
            (event_id,),
        )
        conn.execute(
            "INSERT INTO ratings (person_id, film_id, stars, source, event_id, at) "
            "SELECT person_id, film_id, stars, source, id, at FROM rating_events WHERE id >= ?",
            (event_id,),
        )
