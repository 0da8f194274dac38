"""Reads a few facts from a database file: read-only, synchronous, without migrating it.

The command `matinee doctor` uses it, because it has to examine a database of any age and in any
state.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.errors import DatabaseNotReadable


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


def post_channels(database: Path) -> tuple[tuple[int, int], ...]:
    """Returns (server id, channel id) of every scheduled post that is neither paused nor stopped.

    Posts that go to a person in a direct message are left out. Empty if the database cannot be
    read.
    """
    try:
        with reading(database) as conn:
            return tuple(
                conn.execute(
                    "SELECT guild_id, channel_id FROM schedules WHERE NOT paused"
                    " AND disabled_reason IS NULL AND channel_id IS NOT NULL"
                )
            )
    except sqlite3.Error:
        return ()


def live_version(database: Path) -> LiveVersion | None:
    """Returns the model version that answers requests; None if no version does.

    Raises DatabaseNotReadable if the database cannot be read.
    """
    try:
        return _live_version(database)
    except sqlite3.Error as error:
        raise DatabaseNotReadable(
            "database-not-read", file=str(database), cause=str(error)
        ) from error


def _live_version(database: Path) -> LiveVersion | None:
    with reading(database) as conn:
        row = conn.execute(
            "SELECT version, path, trained_at FROM model_versions WHERE is_live"
        ).fetchone()
    if row is None:
        return None
    version, path, trained_at = row
    return LiveVersion(version, path, datetime.fromisoformat(str(trained_at)).replace(tzinfo=UTC))


def value(database: Path, key: str) -> str | None:
    """Returns the value stored under `key` by `storage/keyvalue.py`.

    None if it was never set or the database cannot be read.
    """
    try:
        with reading(database) as conn:
            row = conn.execute("SELECT value FROM settings_kv WHERE key = ?", (key,)).fetchone()
    except sqlite3.Error:
        return None
    return None if row is None else str(row[0])


def count_later(database: Path, now: datetime) -> dict[str, int]:
    """Returns how many rows have a time in the future, by the kind of row.

    The result is empty if the database cannot be read or does not have these tables yet.

    now: the present time, with a zone.
    """
    limit = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    try:
        with reading(database) as conn:
            return {
                what: int(conn.execute(query, (limit,)).fetchone()[0])
                for what, query in _LATER.items()
            }
    except sqlite3.Error:
        return {}


_LATER = {
    "models": "SELECT count(*) FROM model_versions WHERE trained_at > ?",
    "ratings": "SELECT count(*) FROM ratings WHERE at > ?",
    "films-shown": "SELECT count(*) FROM impressions WHERE shown_at > ?",
}
"""For each kind of row, the query that counts the rows with a time in the future. Each query reads
an index.
"""


@contextmanager
def reading(database: Path) -> Iterator[sqlite3.Connection]:
    """Opens a database file for reading only."""
    address = f"{database.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as conn:
        yield conn
