"""Gates: moments in the middle of a transaction at which a test can hold a process of the bot.

A trigger at each gate asks for an advisory lock of the database, shared. As long as a test holds
the same lock alone, the process that comes to the gate waits there, within its transaction.
"""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import asyncpg

from storage.database.address import DatabaseUrl
from tests import postgres

SHARDS_OF_EACH = 4
SHARDS = 12

_LOCKS = 0x47617465  # "Gate"
_PLACES = 100  # numbers of locks of one gate
_FIRST_SHARD = f"((new.guild_id >> 22) % {SHARDS} / {SHARDS_OF_EACH} * {SHARDS_OF_EACH})::int"


class Gate(IntEnum):
    """A moment at which a process can be held."""

    RENEWAL = 1
    """The process renews its lease: its row is changed, and nothing is committed."""

    CLAIMED = 2
    """A post is claimed and not sent: its card is being stored."""

    SENT = 3
    """A post is sent, and that is being stored."""

    REGISTERED = 4
    """The leader stores a new version of the model. There is one such gate for all processes."""


_TRIGGERS = {
    Gate.RENEWAL: ("update on processes", "", "new.first_shard"),
    Gate.CLAIMED: ("insert on impressions", "when (new.surface = 'post')", _FIRST_SHARD),
    Gate.SENT: ("update on posts", "when (new.outcome = 'sent')", _FIRST_SHARD),
    Gate.REGISTERED: ("insert on model_versions", "", "0"),
}


def build(url: DatabaseUrl) -> None:
    """Builds all gates in a database; they are open."""
    for gate, (event, condition, place) in _TRIGGERS.items():
        name = f"gate_{gate.name.lower()}"
        postgres.execute(
            url,
            f"create function {name}() returns trigger language plpgsql as $$ begin"
            f" perform pg_advisory_xact_lock_shared({_LOCKS}, {_number(gate, 0)} + {place});"
            " return null; end $$",
            f"create trigger {name} after {event} for each row {condition}"
            f" execute function {name}()",
        )


@dataclass(frozen=True)
class Closed:
    """A gate that is closed for one process.

    Attributes:
        number: the number of its lock.
        conn: a connection to the database, which holds the lock.
    """

    number: int
    conn: Any

    async def is_reached(self) -> bool:
        """True if the process waits at the gate."""
        waits = (
            "select exists (select 1 from pg_locks where locktype = 'advisory'"
            " and classid = $1 and objid = $2 and not granted)"
        )
        return bool(await self.conn.fetchval(waits, _LOCKS, self.number))


@contextlib.asynccontextmanager
async def closed(url: DatabaseUrl, gate: Gate, first_shard: int = 0) -> AsyncIterator[Closed]:
    """Closes a gate within the block for the process whose first shard this is."""
    number = _number(gate, first_shard)
    conn = await asyncpg.connect(url.dsn)
    try:
        await conn.execute("select pg_advisory_lock($1::int, $2::int)", _LOCKS, number)
        yield Closed(number, conn)
    finally:
        await conn.close()


def _number(gate: Gate, first_shard: int) -> int:
    return gate * _PLACES + first_shard
