"""A PostgreSQL server ends connections or keeps silent, and nobody waits on it for long."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import pytest

from storage import keyvalue
from storage.database.address import DatabaseUrl
from storage.database.engine import Database, open_database
from storage.database.postgres import liveness, server
from storage.database.postgres.failures import explain
from storage.database.postgres.preparation import prepare
from storage.errors import CommitUnknown, DatabaseCorrupt, DatabaseNotWritable, DatabaseUnreachable
from tests import postgres
from tests.postgres import END_OTHERS, Cluster
from tests.storage.samples import NOW

pytestmark = pytest.mark.postgresql

DIE_IN_COMMIT = """
    CREATE OR REPLACE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
    CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON settings_kv
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()
"""
"""Ends the connection that commits a new row, once the server has begun the commit."""


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    """A server that no other test uses."""
    with postgres.cluster() as made:
        yield made


@pytest.fixture
async def url() -> DatabaseUrl:
    return await postgres.emptied("storage")


async def note(db: Database) -> None:
    """Writes a value."""
    async with db.write() as conn:
        await keyvalue.set_value(conn, "a", "1")


async def look(db: Database) -> str | None:
    """Reads it."""
    async with db.read() as conn:
        return await keyvalue.get_value(conn, "a")


def end_connections(url: DatabaseUrl) -> None:
    """Ends all connections to a database. The event loop has not noticed by then."""
    postgres.execute(url, END_OTHERS)
    time.sleep(0.1)  # until the server's last words are in the sockets


async def test_a_connection_that_was_ended_meanwhile_is_replaced(
    url: DatabaseUrl, db: Database
) -> None:
    for rounds in range(6):  # of the event loop, which hears the server's words one after another
        await note(db)
        await look(db)
        end_connections(url)
        for _ in range(rounds):
            await asyncio.sleep(0)
        await note(db)
        assert await look(db) == "1"


@pytest.mark.parametrize("rounds", range(6))
async def test_a_connection_that_ends_between_two_statements(
    url: DatabaseUrl, db: Database, rounds: int
) -> None:
    """What is said is that the connection broke, and not in which state asyncpg was."""

    async def interrupted() -> None:
        async with db.write() as conn:
            await keyvalue.set_value(conn, "a", "1")
            end_connections(url)
            for _ in range(rounds):
                await asyncio.sleep(0)
            await keyvalue.set_value(conn, "a", "2")

    with pytest.raises(DatabaseUnreachable) as caught:
        await interrupted()
    assert "connection" in str(caught.value.data["cause"]).lower()
    assert "switch to state" not in str(caught.value)
    assert await look(db) is None
    await note(db)


async def test_a_commit_whose_end_is_unknown_is_said(url: DatabaseUrl, db: Database) -> None:
    postgres.execute(url, DIE_IN_COMMIT)
    try:
        with pytest.raises(CommitUnknown, match="commit-unknown"):
            await note(db)
    finally:
        postgres.execute(url, "DROP TRIGGER dies ON settings_kv")
    await note(db)


async def silent(work: Callable[[], Awaitable[object]]) -> None:
    """Asserts that the work ends by itself with the error that the server is out of reach."""
    with pytest.raises(DatabaseUnreachable) as caught:
        await asyncio.wait_for(work(), 60)
    assert caught.value.data["cause"] == "Connection timed out"


async def test_a_server_that_keeps_silent_is_given_up(
    own: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "SILENCE_SECONDS", 0.5)
    monkeypatch.setattr(server, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(liveness, "ANSWER_SECONDS", 0.5)

    async def interrupted() -> None:
        async with db.write() as conn:
            await keyvalue.set_value(conn, "a", "1")
            own.pause()
            await keyvalue.set_value(conn, "a", "2")

    async with open_database(await asyncio.to_thread(own.create, "silent"), now=NOW) as db:
        await note(db)
        await look(db)
        own.pause()
        try:
            await silent(lambda: note(db))
            await silent(lambda: look(db))
            await silent(lambda: note(db))
        finally:
            own.wake()
        monkeypatch.setattr(server, "CONNECT_SECONDS", 30.0)
        await note(db)
        try:
            await silent(interrupted)
        finally:
            own.wake()
        await note(db)
        assert await look(db) == "1"


def test_a_server_with_a_bad_disk_is_said_plainly() -> None:
    url = postgres.running().url("storage")
    disk = explain(url, "58030", "could not write to file")
    assert isinstance(disk, DatabaseNotWritable)
    assert disk.key == "server-failing"
    assert isinstance(explain(url, "XX001", "invalid page"), DatabaseCorrupt)
    assert explain(url, "XX000", "cache lookup failed") is None


@asynccontextmanager
async def over_tcp(folder: str) -> AsyncIterator[int]:
    """Yields a port from which connections are passed on to the server's socket."""

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(4096):
            writer.write(data)
        writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.5432")
        await asyncio.gather(pass_on(reader, there[1]), pass_on(there[0], writer))

    async with await asyncio.start_server(accept, "127.0.0.1", 0) as passing:
        yield passing.sockets[0].getsockname()[1]


async def test_this_machine_notices_that_the_servers_machine_is_gone(url: DatabaseUrl) -> None:
    async with over_tcp(str(postgres.running().folder)) as port:
        there = DatabaseUrl(f"postgresql+asyncpg://matinee@127.0.0.1:{port}/{url.name}")
        conn = await server.connect(there)
        sock = conn._transport.get_extra_info("socket")
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 15
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 15_000
        await conn.close()


async def test_a_start_does_not_wait_for_writers_if_there_is_nothing_to_migrate(
    url: DatabaseUrl,
) -> None:
    async with postgres.write_lock(url):
        await asyncio.wait_for(asyncio.to_thread(prepare, url), 30)


async def test_cancelled_work_leaves_the_connections_usable(db: Database) -> None:
    """Readers and writers are cancelled wherever they are, as answers are when the bot ends."""

    async def busy(number: int) -> None:
        while True:
            await note(db)
            await look(db)
            await asyncio.sleep(number / 1000)

    for delay in range(1, 16):
        tasks = [asyncio.create_task(busy(number)) for number in range(8)]
        await asyncio.sleep(delay / 300)
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError) for one in ended), ended
        await note(db)
        assert await look(db) == "1"
