"""The plans of hot queries also hold where SQLite knows that the tables have a million rows.

Nothing of the bot's runs ANALYZE, so by itself SQLite guesses and the plans do not depend on how
many rows there are (`test_query_plans.py`). An operator may run it. Then SQLite plans by what it
stored in `sqlite_stat1`. This test writes there what ANALYZE would for a million rows in each
table; the planner reads nothing else, so the rows themselves are not needed.
"""

import pytest
from sqlalchemy import Connection, text

from storage.database.engine import Database
from storage.schema import metadata
from tests.storage.database.sqlite.test_query_plans import SLOW, functions, is_whole, plans, stage

pytestmark = pytest.mark.sqlite

ROWS = 1_000_000
FEW = 1_000
"""Rows in an index that holds only the rows of one question, such as those without a message."""

VALUES_OF_FIRST_COLUMN = 1_000
"""How many different values the first column of an index has; the columns after it tell apart."""


def pretend_many_rows(conn: Connection) -> None:
    """Writes the statistics of big tables, and lets this connection plan by them."""
    conn.execute(text("ANALYZE"))
    conn.execute(text("DELETE FROM sqlite_stat1"))
    indexes = conn.execute(
        text(
            'SELECT m.tbl_name, m.name, l."unique", l.partial FROM sqlite_master m'
            " JOIN pragma_index_list(m.tbl_name) l ON l.name = m.name WHERE m.type = 'index'"
        )
    ).all()
    written = set()
    for table, index, is_unique, is_partial in indexes:
        columns = conn.execute(text(f"SELECT count(*) FROM pragma_index_info('{index}')"))
        rows = FEW if is_partial else ROWS
        told = [str(rows)]
        for number in range(1, columns.scalar_one() + 1):
            told.append(str(max(rows // VALUES_OF_FIRST_COLUMN**number, 1 if is_unique else 2)))
        if is_unique:
            told[-1] = "1"
        write(conn, table, index, " ".join(told))
        written.add(table)
    for name in set(metadata.tables) - written:
        write(conn, name, None, str(ROWS))
    conn.execute(text("ANALYZE sqlite_schema"))


def write(conn: Connection, table: str, index: str | None, told: str) -> None:
    conn.execute(
        text("INSERT INTO sqlite_stat1 VALUES (:table, :index, :told)"),
        {"table": table, "index": index, "told": told},
    )


async def test_with_a_million_rows_no_hot_query_reads_a_whole_table(db: Database) -> None:
    schedule = await stage(db)
    async with db.write() as conn:
        await conn.run_sync(pretend_many_rows)
    whole = {
        name: found
        for name in sorted(set(functions()) - set(SLOW))
        if (found := [one for one in await plans(db, name, schedule) if is_whole(one[0])])
    }
    lines = [f"{name}: {step}: {sql}" for name in whole for step, sql in whole[name]]
    assert not whole, "\n".join(lines)


async def test_the_statistics_are_used(db: Database) -> None:
    """Without them, a query that fits two indexes takes another one than with them."""
    query = "EXPLAIN QUERY PLAN SELECT 1 FROM a WHERE x = 1 AND y = 2"
    async with db.write() as conn:
        for statement in ("CREATE TABLE a (x, y)", "CREATE INDEX ax ON a (x)",
                          "CREATE INDEX ay ON a (y)"):  # fmt: skip
            await conn.exec_driver_sql(statement)

        async def taken() -> str:
            return str((await conn.exec_driver_sql(query)).all()[0][3])

        seen = set()
        for few, many in (("ax", "ay"), ("ay", "ax")):
            await conn.exec_driver_sql("ANALYZE")
            await conn.exec_driver_sql("DELETE FROM sqlite_stat1")
            for index, rows in ((few, 2), (many, 100_000)):
                told = f"'a', '{index}', '{ROWS} {rows}'"
                await conn.exec_driver_sql(f"INSERT INTO sqlite_stat1 VALUES ({told})")
            await conn.exec_driver_sql("ANALYZE sqlite_schema")
            assert few in await taken()
            seen.add(await taken())
        assert len(seen) == 2
