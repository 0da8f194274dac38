"""Turns PostgreSQL's errors about the server, the connection or a lock into errors that say what
to do.

PostgreSQL names each error with a code of five characters, of which the first two are its class
(PostgreSQL documentation, errcodes-appendix.html).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as QueueTimeout

from storage.database.address import DatabaseUrl
from storage.errors import (
    DatabaseBusy,
    DatabaseCorrupt,
    DatabaseFull,
    DatabaseNotWritable,
    DatabaseRefused,
    DatabaseUnreachable,
    StorageError,
)

_LOST = ("08", "57P")  # codes begin so if the connection broke, or the server starts or stops
_REFUSED = ("28", "3D", "3F", "42501")  # the user, database, schema or permission is wrong
_FULL = ("53100",)
_CROWDED = ("53300", "53400", "53200")  # too many connections, or too little memory
_LOCKED = ("55P03", "40", "57014", "25P03", "25P04")
"""Codes of waits that took too long: for a lock, another transaction, a statement, or this process.
The last two are PostgreSQL's word for a transaction in which this process did nothing for long.
"""
_FAILING = ("58",)  # the system of the server failed, for instance in reading a file
_DAMAGED = ("XX001", "XX002")  # a page of a table or an index makes no sense
_READ_ONLY = "25006"


@contextmanager
def storage_errors(url: DatabaseUrl, *, reading: bool = False) -> Iterator[None]:
    """Within the `with` block, turn errors about the server, the connection or a lock into a
    StorageError.

    url: the database, for the message.
    reading: True if the block only reads.
    """
    try:
        yield
    except QueueTimeout as error:
        raise DatabaseBusy("server-too-slow", database=str(url)) from error
    except DBAPIError as error:
        code = str(getattr(error.orig, "sqlstate", None) or "")
        if reading and code == _READ_ONLY:
            raise  # a write in a read transaction is a bug, not a problem of the server
        lost = error.connection_invalidated or (isinstance(error, InterfaceError) and not code)
        explained = explain(url, "08000" if lost and not code else code, _first_line(error.orig))
        if explained is None:
            raise
        raise explained from error


def explain(url: DatabaseUrl, code: str, cause: str) -> StorageError | None:
    """Returns the error for a code of PostgreSQL; None for a code that means a bug.

    cause: PostgreSQL's own message.
    """
    if code.startswith(_LOCKED):
        return DatabaseBusy("server-locked", database=str(url))
    if code.startswith(_FULL):
        return DatabaseFull("server-no-room", database=str(url))
    if code.startswith(_CROWDED):
        return DatabaseBusy("server-crowded", database=str(url), cause=cause)
    if code.startswith(_FAILING):
        return DatabaseNotWritable("server-failing", database=str(url), cause=cause)
    if code.startswith(_DAMAGED):
        return DatabaseCorrupt("server-failing", database=str(url), cause=cause)
    if code == _READ_ONLY:
        return DatabaseNotWritable("server-read-only", database=str(url))
    if code.startswith(_REFUSED):
        return DatabaseRefused("server-refuses", database=str(url), cause=cause)
    if code.startswith(_LOST):
        return unreachable(url, cause)
    return None


def unreachable(url: DatabaseUrl, cause: str) -> DatabaseUnreachable:
    """Returns the error for a server that cannot be reached, or with which the connection broke."""
    return DatabaseUnreachable("server-unreachable", database=str(url), cause=cause)


def _first_line(error: BaseException | None) -> str:
    """Returns the first line of an error's text, without the name of its class.

    Further lines may hold what is stored about people.
    """
    line, *_ = str(error).splitlines() or [""]
    return line.rpartition(">: ")[2]
