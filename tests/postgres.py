"""A private PostgreSQL server for a run of the tests, and databases on it.

    MATINEE_TEST_DATABASE=postgresql pytest tests/storage

The server listens on a socket in a temporary folder only. PostgreSQL refuses to run as root, so
root starts it as the user `nobody`. It sorts texts as people in Germany do and not by their codes,
as a server of somebody else may.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from bot.settings import Settings
from storage.database.address import DatabaseUrl
from storage.database.postgres.preparation import prepare
from storage.database.postgres.server import TAKE_WRITE_LOCK
from storage.schema import metadata
from tests.direct import rows

CHOICE = "MATINEE_TEST_DATABASE"
"""Environment variable: "postgresql" runs the tests on PostgreSQL instead of SQLite."""
MIGRATED = "migrated"
"""Name of an empty database after all migrations: migrating takes most of a test."""
SERVER = "STOCKED_SERVER"
"""Environment variable with the folder of the running server, which all workers of a run share."""

END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
"""Ends all other connections to a database."""

_Found = TypeVar("_Found")


def chosen() -> bool:
    """True if the tests run on PostgreSQL."""
    return os.environ.get(CHOICE) == "postgresql"


@dataclass(frozen=True)
class Cluster:
    """A private server.

    Attributes:
        folder: where its files and its socket are.
    """

    folder: Path

    def url(self, name: str) -> DatabaseUrl:
        """Returns the URL of a database on the server."""
        return DatabaseUrl(f"postgresql+asyncpg://matinee@/{name}?host={self.folder}")

    def start(self) -> None:
        """Starts the server, and waits until it answers."""
        with (self.folder / "log").open("ab") as log:
            command = [*_command("postgres"), "-D", str(self.folder / "data")]
            # It is a child of this process, which can therefore wait for its end.
            _SERVERS[self.folder] = subprocess.Popen(
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.await_answers()

    def await_answers(self) -> None:
        """Waits until the server answers, for two minutes at most."""
        end = time.monotonic() + 120
        while True:
            try:
                self.execute("SELECT 1")
            except (OSError, asyncpg.PostgresError):
                assert time.monotonic() < end, (self.folder / "log").read_text()[-4000:]
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """Stops the server at once."""
        server = _SERVERS.pop(self.folder, None)
        if server is not None:
            server.send_signal(signal.SIGQUIT)
            server.wait()

    def create(self, name: str, template: str = "template0") -> DatabaseUrl:
        """Creates a database, in place of one with the same name."""
        self.drop(name)
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Deletes a database, even if it is open."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def exists(self, name: str) -> bool:
        """True if there is a database of this name."""
        return bool(rows(self.url("postgres"), "SELECT 1 FROM pg_database WHERE datname = ?", name))

    def execute(self, statement: str) -> None:
        """Runs a statement outside of any database of the tests."""
        execute(self.url("postgres"), statement)

    def kill(self) -> None:
        """Kills all processes of the server (SIGKILL), and waits until they are gone."""
        server = _SERVERS.pop(self.folder)
        server.send_signal(signal.SIGSTOP)  # so that it neither starts new ones nor tidies up
        while _state(server.pid) not in "TZX":
            time.sleep(0.01)
        children = _children(server.pid)
        for process in (*children, server.pid):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        server.wait()
        while any(_state(process) not in "ZX" for process in children):
            time.sleep(0.01)

    def pause(self) -> None:
        """Stops all processes of the server (SIGSTOP), which then says nothing until `wake`."""
        self._send(signal.SIGSTOP)

    def wake(self) -> None:
        """Lets the processes of the server go on."""
        self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        """Sends a signal to all processes of the server."""
        server = _SERVERS[self.folder].pid
        for process in (server, *_children(server)):
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def kill_connection(self, name: str) -> None:
        """Kills a process that serves a connection to a database.

        The server then ends all others by itself, and recovers.
        """
        busy = "SELECT pid FROM pg_stat_activity WHERE datname = ?"
        for (process,) in rows(self.url("postgres"), busy, name)[:1]:
            os.kill(process, signal.SIGKILL)


@contextmanager
def cluster(*, safe: bool = False) -> Iterator[Cluster]:
    """Yields a new running server, and removes it in the end.

    safe: True if commits reach the disk, as they do on every server that is not a test's.
    """
    folder = Path(tempfile.mkdtemp(prefix="matinee-pg-"))
    made = Cluster(folder)
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody", "nogroup")
        _run("initdb", "-D", folder / "data", "-U", "matinee", "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=de-DE",
             "--no-sync")  # fmt: skip
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "max_connections": "400",
            "fsync": "on" if safe else "off",
            "full_page_writes": "on" if safe else "off",
            "autovacuum": "off",
            "shared_buffers": "64MB",
            "max_wal_size": "512MB",
        }
        written = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
        with (folder / "data" / "postgresql.conf").open("a") as file:
            file.write(written)
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def use(at_the_end: Callable[[Callable[[], object]], object]) -> None:
    """Makes this process run its tests on PostgreSQL: each data folder gets a database there.

    The first process of a run starts the server, which its workers inherit.

    at_the_end: takes a function to call at the end of the run.
    """
    if SERVER not in os.environ:
        stack = ExitStack()
        made = stack.enter_context(cluster())
        prepare(made.create(MIGRATED))
        os.environ[SERVER] = str(made.folder)
        at_the_end(lambda: os.environ.pop(SERVER))
        at_the_end(stack.close)
    Settings.database = property(lambda settings: database_of(settings.data))  # type: ignore[assignment,method-assign]


def database_of(folder: Path) -> DatabaseUrl:
    """Returns the database that belongs to a data folder.

    If it is missing, an empty one is created in which all migrations were made.
    """
    name = name_of(folder)
    if name not in _KNOWN:
        if not running().exists(name):
            running().create(name, MIGRATED)
        _KNOWN.add(name)
    return running().url(name)


_KNOWN: set[str] = set()
"""Names of databases that are known to exist."""


async def emptied(name: str) -> DatabaseUrl:
    """Returns a database of this worker without any rows, which is quicker than a new database.

    name: what it is for.
    """
    url = database_of(Path(name) / os.environ.get("PYTEST_XDIST_WORKER", "alone"))
    counters = [
        f'ALTER SEQUENCE "{table.name}_id_seq" RESTART'
        for table in metadata.tables.values()
        if "id" in table.c and table.c.id.autoincrement is True
    ]
    conn = await asyncpg.connect(url.dsn)
    try:
        # Foreign keys are not looked at. To truncate the tables would take ten times as long.
        await conn.execute("SET session_replication_role = replica")
        await conn.execute(
            ";".join([*(f'DELETE FROM "{name}"' for name in metadata.tables), *counters])
        )
    finally:
        await conn.close()
    return url


@asynccontextmanager
async def write_lock(url: DatabaseUrl) -> AsyncIterator[Any]:
    """Holds the lock of all writers in the block, on a connection of another program."""
    holder = await asyncpg.connect(url.dsn)
    try:
        await holder.execute(f"BEGIN; {TAKE_WRITE_LOCK}")
        yield holder
    finally:
        await holder.close()


@cache
def running() -> Cluster:
    """Returns the server that all workers of this run share; `tests/conftest.py` starts it."""
    return Cluster(Path(os.environ[SERVER]))


def name_of(folder: Path) -> str:
    """Returns the name of the database that belongs to a data folder."""
    return f"t_{blake2b(str(folder.absolute()).encode(), digest_size=12).hexdigest()}"


def execute(url: DatabaseUrl, *statements: str) -> None:
    """Runs statements that have no values, as another program would."""

    async def run() -> None:
        conn = await asyncpg.connect(url.dsn)
        try:
            for statement in statements:
                await conn.execute(statement)
        finally:
            await conn.close()

    _apart(run())


def _apart(work: Coroutine[Any, Any, _Found]) -> _Found:
    """Runs a coroutine in a thread of its own: the caller's may run an event loop."""
    found: list[_Found] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(asyncio.run(work))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return found[0]


def _children(process: int) -> list[int]:
    """Returns the ids of the processes that a process has started."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(number) for number in listed.split()]


def _state(process: int) -> str:
    """Returns the state of a process: "T" is stopped, "Z" has ended, "X" is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "X"


def _command(program: str) -> list[str]:
    """Returns the beginning of a command: a program of PostgreSQL, run by a user it accepts."""
    found = installed(program)
    assert found is not None, f"{program} is missing: install PostgreSQL"
    if os.geteuid() != 0:
        return [found]
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", found]


def installed(program: str = "initdb") -> str | None:
    """Returns the path of a program of PostgreSQL; None if it is not installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    where = os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")])
    return shutil.which(program, path=where)


def _run(program: str, *arguments: object) -> None:
    """Runs a program of PostgreSQL to its end."""
    done = subprocess.run(
        [*_command(program), *map(str, arguments)],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode(errors="replace")


_SERVERS: dict[Path, "subprocess.Popen[bytes]"] = {}
"""The servers that this process has started, by their folders."""
