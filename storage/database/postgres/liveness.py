"""Notices that a connection to a PostgreSQL server is dead, so that nobody waits on it for long.

A connection can break in three ways.

- The server ends it and says why. asyncpg does not keep these words if nobody waits for an answer.
  Whoever uses the connection before its end arrives gets the error "cannot switch to state 12;
  another operation (2) is in progress", which says nothing of the server.
- The server's machine is out of reach. The socket finds out, since both sides are asked to probe.
- The server says nothing, as when its processes are stopped. A time limit finds out.

In each case the connection is given up at once, without another word to the server.
"""

import errno
import os
import socket
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database.address import DatabaseUrl
from storage.database.postgres.failures import unreachable
from storage.errors import DatabaseUnreachable

PROBE_SECONDS = 15  # how long the other side of a connection may be out of reach
ANSWER_SECONDS = 5.0  # how long a server may take to say that a connection still works


def watch(engine: AsyncEngine, url: DatabaseUrl) -> None:
    """Replaces connections that broke before they were used, and gives up those that break later.

    Statements on a connection that breaks raise DatabaseUnreachable.

    url: the database, for the message.
    """

    @event.listens_for(engine.sync_engine, "checkout")
    def on_checkout(conn: Any, _record: Any, _proxy: Any) -> None:
        try:
            conn.run_async(_ask)
        except Exception as error:
            raise DisconnectionError from error  # SQLAlchemy then makes another connection

    @event.listens_for(engine.sync_engine, "handle_error")
    def on_error(context: Any) -> DatabaseUnreachable | None:
        code = _broke(context.original_exception)
        if code is None:
            return None
        context.is_disconnect = True  # otherwise a rollback would wait for the server once more
        return unreachable(url, os.strerror(code))


def probe(conn: Any) -> None:
    """Makes this machine notice that the server's machine is out of reach.

    conn: a connection of asyncpg. A socket on this machine needs no probes.
    """
    sock = conn._transport.get_extra_info("socket")  # asyncpg has no public name for it
    if sock is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", PROBE_SECONDS),
        ("TCP_KEEPINTVL", PROBE_SECONDS // 3),
        ("TCP_USER_TIMEOUT", PROBE_SECONDS * 1000),
    ):
        if hasattr(socket, name):  # not on every system
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


async def _ask(conn: Any) -> None:
    """Raises an error if the server does not answer on a connection."""
    await conn.execute("SELECT 1", timeout=ANSWER_SECONDS)


def _broke(error: BaseException) -> int | None:
    """Returns the system's code for how a connection broke; None if the error means another thing.

    error: what a statement raised.
    """
    if isinstance(error, TimeoutError):
        return errno.ETIMEDOUT
    if isinstance(error, OSError) or type(error).__name__ == "InternalClientError":
        return errno.ECONNRESET
    return None
