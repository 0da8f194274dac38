"""Moves everything from the SQLite file into PostgreSQL: copies the rows, then compares both.

A move that was interrupted goes on where it stopped. The SQLite file is only read.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Table

from storage.database.moving.columns import to_postgres
from storage.database.moving.source import BEFORE_ALL, Source
from storage.database.moving.target import Target
from storage.errors import MoveDiffers, MoveError
from storage.schema import metadata

BATCH_ROWS = 20_000  # in one transaction; a killed move loses the last transaction at most

Step = Literal["copy", "compare"]
Show = Callable[[Step, str, int, int], None]
"""Takes what is being done, the table's name, and how many rows of all tables are done, of how
many."""


@dataclass(frozen=True)
class Moved:
    """What a move did.

    Attributes:
        tables: the number of tables, which are all equal now.
        rows: the number of rows in them.
        copied: how many rows this move copied. An earlier one may have copied others.
    """

    tables: int
    rows: int
    copied: int


async def move(source: Source, target: Target, show: Show) -> Moved:
    """Moves all rows. Returns what was done.

    Raises MoveError if PostgreSQL holds other rows already, and MoveDiffers if it has other rows
    than SQLite in the end; what was copied is then deleted there.
    """
    counts = {table: source.rows(table) for table in metadata.sorted_tables}
    total = sum(counts.values())
    state = await target.state()
    if state == "full":
        if not await _equal_counts(target, counts) or await _differing(source, target, show):
            raise MoveError("target-not-empty", database=str(target.url))
        return Moved(len(counts), total, 0)  # an earlier move was interrupted after its end
    if state == "bare":
        await target.make_tables()
    if state != "begun":
        await target.begin()
    try:
        copied = await _copy_all(source, target, show, counts)
        if different := await _differing(source, target, show):
            raise target.differs(different)
    except MoveDiffers:
        await target.start_over()
        raise
    counting = [table for table in counts if table.autoincrement_column is not None]
    await target.finish((table, source.last_id(table)) for table in counting)
    return Moved(len(counts), total, copied)


async def _copy_all(source: Source, target: Target, show: Show, counts: dict[Table, int]) -> int:
    """Copies all rows that are not copied yet; returns their number.

    Each batch is read and turned while PostgreSQL takes the one before.
    """
    begun, total = await target.progress(), sum(counts.values())
    copied = done = 0
    for table, rows in counts.items():
        before = done
        last = begun.get(table.name, BEFORE_ALL)
        if table.name in begun:
            done = min(before + await target.rows(table), before + rows)
        show("copy", table.name, done, total)
        reading = _reading(source, table, last)
        try:
            while batch := await reading:
                last = batch[-1][0]
                reading = _reading(source, table, last)
                await target.copy(table, [row for _, row in batch], last)
                copied += len(batch)
                done = min(done + len(batch), before + rows)
                show("copy", table.name, done, total)
        finally:
            await asyncio.gather(reading, return_exceptions=True)
        done = before + rows
    return copied


def _reading(
    source: Source, table: Table, after: int
) -> "asyncio.Future[list[tuple[int, tuple[Any, ...]]]]":
    """Begins to read a batch of rows, each as its row number and PostgreSQL's values."""
    turned = to_postgres(table)

    def read() -> list[tuple[int, tuple[Any, ...]]]:
        rows = source.batch(table, after, BATCH_ROWS)
        return [(row[0], turned(row[1:])) for row in rows]

    return asyncio.ensure_future(asyncio.to_thread(read))


async def _equal_counts(target: Target, counts: dict[Table, int]) -> bool:
    for table, rows in counts.items():
        if await target.rows(table) != rows:
            return False
    return True


async def _differing(source: Source, target: Target, show: Show) -> list[str]:
    """Returns the names of the tables whose rows are not the same in both databases."""
    tables = metadata.sorted_tables
    different = []
    done, total = 0, sum(source.rows(table) for table in tables)
    for table in tables:
        show("compare", table.name, done, total)
        there, here = await asyncio.gather(target.sum(table), asyncio.to_thread(source.sum, table))
        if here != there:
            different.append(table.name)
        done += here.rows
    show("compare", "", done, total)
    return different
