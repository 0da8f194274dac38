"""Writes to the PostgreSQL database that a SQLite file is moved to.

A table of its own, `HALF_MOVED`, has for each begun table the last row number that was copied. It
is written in the same transaction as the rows, so neither is ever there without the other. Indexes
and foreign keys are left out until all rows are there, since PostgreSQL builds and checks them
several times faster at once than row by row; a second table, `LATER`, has the statements that add
them. The last transaction of the move adds them and deletes both tables. The bot refuses a database
that has the first.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Table

from storage.database import revisions
from storage.database.address import DatabaseUrl
from storage.database.moving.columns import Sum, quoted, sum_statement
from storage.database.postgres.failures import explain, unreachable
from storage.database.postgres.preparation import HALF_MOVED, prepare
from storage.database.postgres.server import connect
from storage.errors import MoveDiffers, MoveError, StorageError
from storage.schema import metadata

LATER = "move_later"
"""The table of statements that add what a half-moved database lacks."""
LOCK_SECONDS = 30.0
"""How long a move waits for another one, of which the server may not know yet that it was killed.
"""
_ONE_MOVER = 0x6D6F7665  # the number of the lock that a move holds
_NOT_UNIQUE, _LOCKED = "23505", "55P03"
_REFUSED_VALUES = ("22", "23")  # classes of codes: a value does not fit its column, or a constraint
_BAD_VALUES = (TypeError, ValueError, OverflowError)  # the driver's own refusals
_LOST = "08003"
_LACKING = """
    SELECT format('DROP INDEX %I', i.relname) AS remove, pg_get_indexdef(i.oid) AS add
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
    WHERE i.relnamespace = current_schema()::regnamespace AND NOT x.indisunique
    UNION ALL
    SELECT format('ALTER TABLE %I DROP CONSTRAINT %I', t.relname, c.conname),
        format('ALTER TABLE %I ADD CONSTRAINT %I %s', t.relname, c.conname,
            pg_get_constraintdef(c.oid))
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    WHERE c.connamespace = current_schema()::regnamespace AND c.contype = 'f'
"""  # how to remove and to add each index and foreign key

State = Literal["bare", "empty", "begun", "full"]
"""What a database holds: no tables at all; Matinee's tables without rows; what an earlier move
copied; or rows that no unfinished move brought."""


@dataclass(frozen=True)
class Target:
    """A connection to the PostgreSQL database. No other move has the database.

    Attributes:
        url: the database.
    """

    url: DatabaseUrl
    _driver: Any  # asyncpg's own connection, which has COPY

    async def state(self) -> State:
        """Returns what the database holds.

        Raises MoveError if it is no database for Matinee or has another schema than this version.
        """
        if await self._driver.fetchval("SHOW server_encoding") != "UTF8":
            raise MoveError("target-encoding", database=str(self.url))
        found = {
            name
            for (name,) in await self._driver.fetch(
                "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            )
        }
        if not found:
            return "bare"
        if "alembic_version" not in found:
            raise MoveError("target-foreign", database=str(self.url))
        at, known = await self._revision(), revisions.head()
        if at != known:
            raise MoveError("target-revision", database=str(self.url), revision=at, known=known)
        if HALF_MOVED in found:
            return "begun"
        for table in metadata.sorted_tables:
            if await self._driver.fetchval(f"SELECT 1 FROM {quoted(table.name)} LIMIT 1"):
                return "full"
        return "empty"

    async def _revision(self) -> str:
        found = await self._driver.fetchval("SELECT version_num FROM alembic_version")
        return "base" if found is None else str(found)

    async def make_tables(self) -> None:
        """Make all tables, without rows."""
        await asyncio.to_thread(prepare, self.url)

    async def begin(self) -> None:
        """Note that a move has begun, and leave out indexes and foreign keys until its end."""
        async with self._driver.transaction():
            await self._driver.execute(
                f"CREATE TABLE {HALF_MOVED} (name text PRIMARY KEY, last bigint NOT NULL)"
            )
            await self._driver.execute(f"CREATE TABLE {LATER} (statement text NOT NULL)")
            for remove, add in await self._driver.fetch(_LACKING):
                await self._driver.execute(remove)
                await self._driver.execute(f"INSERT INTO {LATER} VALUES ($1)", add)

    async def progress(self) -> dict[str, int]:
        """Returns the name of each table that has been begun -> the last row number copied."""
        rows = await self._driver.fetch(f"SELECT name, last FROM {HALF_MOVED}")
        return {row["name"]: row["last"] for row in rows}

    async def copy(self, table: Table, rows: Sequence[tuple[Any, ...]], last: int) -> None:
        """Copy rows into a table, all or none.

        last: the row number of the last row, which is stored in the same transaction.

        Raises MoveDiffers if PostgreSQL has one of the rows already, and MoveError if it cannot
        take a value.
        """
        async with self._driver.transaction():
            try:
                await self._driver.copy_records_to_table(
                    table.name, records=rows, columns=[column.name for column in table.columns]
                )
            except Exception as error:
                code = _code(error)
                if code == _NOT_UNIQUE:
                    raise self.differs([table.name]) from error
                if code.startswith(_REFUSED_VALUES) or isinstance(error, _BAD_VALUES):
                    raise self._not_taken(table.name, error) from error
                raise
            await self._driver.execute(
                f"INSERT INTO {HALF_MOVED} VALUES ($1, $2) "
                "ON CONFLICT (name) DO UPDATE SET last = excluded.last",
                table.name,
                last,
            )

    async def rows(self, table: Table) -> int:
        """Returns the number of a table's rows."""
        return int(await self._driver.fetchval(f"SELECT count(*) FROM {quoted(table.name)}"))

    async def sum(self, table: Table) -> Sum:
        """Returns the sum of a table's rows."""
        count, hashes = await self._driver.fetchrow(sum_statement(table), timeout=None)
        return Sum(int(count), int(hashes))

    def differs(self, tables: Sequence[str]) -> MoveDiffers:
        """Returns the error for tables whose rows are not those of the SQLite file."""
        return MoveDiffers("moved-differs", database=str(self.url), tables=list(tables))

    def _not_taken(self, table: str, error: Exception) -> MoveError:
        """Returns the error for rows that PostgreSQL does not take. It names no value."""
        cause = str(error).partition("\n")[0]
        return MoveError("rows-not-taken", database=str(self.url), table=table, cause=cause)

    async def start_over(self) -> None:
        """Delete what was copied, so that the next move begins at the beginning."""
        names = ", ".join(quoted(table.name) for table in metadata.sorted_tables)
        await self._driver.execute(f"TRUNCATE {names}, {HALF_MOVED}")

    async def finish(self, last_ids: Iterable[tuple[Table, int]]) -> None:
        """Add indexes and foreign keys, let new ids begin after the last ones, and end the move.

        last_ids: the tables whose ids count up, and the last id of each; 0 for none.
        """
        async with self._driver.transaction():
            for (statement,) in await self._driver.fetch(f"SELECT statement FROM {LATER}"):
                try:
                    await self._driver.execute(statement)
                except Exception as error:
                    if _code(error).startswith(_REFUSED_VALUES):
                        raise self._not_taken(statement.split()[2], error) from error
                    raise
            for table, last in last_ids:
                await self._driver.execute(
                    "SELECT setval(pg_get_serial_sequence($1, 'id'), $2, $3)",
                    table.name,
                    max(last, 1),
                    last > 0,
                )
            await self._driver.execute(f"DROP TABLE {HALF_MOVED}, {LATER}")
        await self._driver.execute("ANALYZE")


@asynccontextmanager
async def connected(url: DatabaseUrl) -> AsyncIterator[Target]:
    """Opens a connection, and keeps other moves from the database until the end of the block.

    Raises MoveError if another move has the database. Within the block, errors of the server or the
    connection become a StorageError.
    """
    with _storage_errors(url):
        driver = await connect(url, patient=True)
        try:
            await _lock(driver, url)
            yield Target(url, driver)
        finally:
            driver.terminate()  # everything is committed or not meant to be


async def _lock(driver: Any, url: DatabaseUrl) -> None:
    """Takes the lock of a move. Raises MoveError if another move keeps it."""
    try:
        # The server then soon notices that this process is gone, also amid a long statement.
        await driver.execute("SET client_connection_check_interval = '1s'")
    except Exception as error:
        if not _code(error).startswith(_REFUSED_VALUES):  # its system lacks what this needs
            raise
    try:
        await driver.execute(f"SET lock_timeout = '{round(LOCK_SECONDS * 1000)}ms'")
        await driver.fetchval("SELECT pg_advisory_lock($1)", _ONE_MOVER)
        await driver.execute("SET lock_timeout = 0")
    except Exception as error:
        if _code(error) == _LOCKED:
            raise MoveError("moving-already", database=str(url)) from error
        raise


@contextmanager
def _storage_errors(url: DatabaseUrl) -> Iterator[None]:
    try:
        yield
    except StorageError:
        raise
    except OSError as error:
        raise unreachable(url, error.strerror or str(error)) from error
    except Exception as error:
        known = explain(url, _code(error), str(error).partition("\n")[0])
        if known is None:
            raise
        raise known from error


def _code(error: Exception) -> str:
    """Returns the code of an error of PostgreSQL or its driver; the empty text for another error.

    A lost connection counts as one, which the driver itself gives no code.
    """
    if type(error).__name__ == "InterfaceError" and "clos" in str(error):
        return _LOST
    return str(getattr(error, "sqlstate", None) or "")
