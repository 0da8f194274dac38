"""Reads a few facts from a database: read-only, synchronous, without migrating it.

The command `matinee doctor` uses it, because it has to examine a database of any age and in any
state.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, NullPool, create_engine, func, select
from sqlalchemy.exc import DBAPIError

from storage.database import revisions
from storage.database.address import Address, DatabaseUrl
from storage.errors import DatabaseNotReadable, StorageError
from storage.schema import impressions, model_versions, ratings, schedules, settings_kv

Found = TypeVar("Found")


@dataclass(frozen=True)
class LiveVersion:
    """The model version that answers requests.

    Attributes:
        version: its name.
        path: name of its folder in the folder of models.
        trained_at: when it was fitted, UTC.
    """

    version: str
    path: str
    trained_at: datetime


def post_channels(database: Address) -> tuple[tuple[int, int], ...]:
    """Returns (server id, channel id) of every scheduled post that is neither paused nor stopped.

    Posts that go to a person in a direct message are left out. Empty if the database cannot be
    read.
    """
    found = select(schedules.c.guild_id, schedules.c.channel_id).where(
        schedules.c.paused.is_(False),
        schedules.c.disabled_reason.is_(None),
        schedules.c.channel_id.is_not(None),
    )
    try:
        return inspecting(
            database, lambda conn: tuple((row[0], row[1]) for row in conn.execute(found))
        )
    except DatabaseNotReadable:
        return ()


def live_version(database: Address) -> LiveVersion | None:
    """Returns the model version that answers requests; None if no version does.

    Raises DatabaseNotReadable if the database cannot be read.
    """
    columns = model_versions.c
    found = select(columns.version, columns.path, columns.trained_at).where(columns.is_live)
    row = inspecting(database, lambda conn: conn.execute(found).first())
    return None if row is None else LiveVersion(*row)


def value(database: Address, key: str) -> str | None:
    """Returns the value stored under `key` by `storage/keyvalue.py`.

    None if it was never set or the database cannot be read.
    """
    try:
        return inspecting(database, lambda conn: stored_value(conn, key))
    except DatabaseNotReadable:
        return None


def stored_value(conn: Connection, key: str) -> str | None:
    """Returns the value stored under `key`; None if it was never set."""
    found: str | None = conn.execute(
        select(settings_kv.c.value).where(settings_kv.c.key == key)
    ).scalar()
    return found


def revision(database: Address) -> str | None:
    """Returns the revision of the database's schema; None for an empty database.

    Raises DatabaseNotReadable if the database cannot be read.
    """
    return inspecting(database, revisions.current)


def count_later(database: Address, now: datetime) -> dict[str, int]:
    """Returns how many rows have a time in the future, by the kind of row.

    The result is empty if the database cannot be read or does not have these tables yet.

    now: the present time, with a zone.
    """

    def count(conn: Connection) -> dict[str, int]:
        return {
            what: int(conn.execute(select(func.count()).where(column > now)).scalar_one())
            for what, column in _LATER.items()
        }

    try:
        return inspecting(database, count)
    except DatabaseNotReadable:
        return {}


_LATER = {
    "models": model_versions.c.trained_at,
    "ratings": ratings.c.at,
    "films-shown": impressions.c.shown_at,
}
"""For each kind of row, the column of its times. Each has an index, or few rows."""


def inspecting(database: Address, work: Callable[[Connection], Found]) -> Found:
    """Calls a function with a connection to a database that only reads; returns its result.

    Raises DatabaseNotReadable if the database cannot be read.
    """
    try:
        if isinstance(database, DatabaseUrl):
            from storage.database.postgres import preparation  # of no use with SQLite

            return preparation.inspecting(database, work)
        address = f"{database.absolute().as_uri()}?mode=ro"
        engine = create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(address, uri=True),
            poolclass=NullPool,
            hide_parameters=True,
        )
        with engine.connect() as conn:
            return work(conn)
    except (DBAPIError, sqlite3.Error, StorageError) as error:
        cause: object = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(error, StorageError):
            cause = error.data.get("cause", error.key)
        raise DatabaseNotReadable(
            "database-not-read", file=str(database), cause=str(cause)
        ) from error
