"""Processes of the bot with shards, all on one PostgreSQL database and one data folder."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from bot.playground import LocalDiscord
from storage.database.address import DatabaseUrl
from storage.shards import Shards
from tests.house import until
from tests.soak import shard_logs
from tests.soak.process import PATIENCE_SECONDS, RECONCILED, BotProcess


@dataclass
class ShardProcess(BotProcess):
    """One of several processes of the bot.

    Attributes:
        shards: the shards that it runs.
        data_folder: its data folder; None for the common one.
        paused: True while it is stopped by SIGSTOP.
    """

    shards: Shards = field(default_factory=lambda: Shards(0, 0, 1))
    data_folder: Path | None = None
    paused: bool = False

    @property
    def log(self) -> Path:
        return self.folder / f"bot-{self.shards.first}.log"

    @property
    def data(self) -> Path:
        return self.data_folder or self.folder / "data"

    @property
    def runs(self) -> bool:
        """True if the process has been started and has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def is_ready(self) -> bool:
        """True if it runs, is not stopped, and each of its shards is connected."""
        return self.runs and not self.paused and self._connected() == {*self.shards.ids}

    async def kill(self) -> None:
        """Sends SIGKILL and waits until the process has ended."""
        assert self._process is not None
        assert self.runs, f"it ended by itself:\n{self.current_log()[-4000:]}"
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()
        self._process, self.paused = None, False
        await until(lambda: not self._connected(), "the gateway noticed", PATIENCE_SECONDS)

    def _connected(self) -> set[int]:
        """Returns those of its shards that have a session with an open connection."""
        sessions = self.local.gateway.sessions.values()
        return {one.shard[0] for one in sessions if one.connection is not None} & {*self.shards.ids}

    def pause(self) -> None:
        """Stops the process (SIGSTOP), so that it does nothing until `wake`."""
        os.kill(self.pid, signal.SIGSTOP)
        self.paused = True

    def wake(self) -> None:
        """Lets a stopped process go on."""
        os.kill(self.pid, signal.SIGCONT)
        self.paused = False

    async def end(self) -> None:
        if self.paused and self.runs:
            self.wake()
        await super().end()

    async def ended(self) -> int:
        """Waits until the process has ended by itself; returns its exit status."""
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), PATIENCE_SECONDS)


@dataclass
class Fleet:
    """All processes of the bot.

    Attributes:
        folder: holds the common data folder and the logs.
        local: the local Discord.
        url: the database.
        processes: the processes, by their first shard.
    """

    folder: Path
    local: LocalDiscord
    url: DatabaseUrl
    settings: dict[str, Any]
    processes: list[ShardProcess] = field(default_factory=list)

    def process(self, shards: Shards, data_folder: Path | None = None) -> ShardProcess:
        """Returns a process that has not been started; it ends with the fleet."""
        names = {f"MATINEE_{name.upper()}": str(value) for name, value in self.settings.items()}
        names |= {"MATINEE_SHARDS": str(shards), "MATINEE_DATABASE_URL": self.url.text}
        made = ShardProcess(self.folder, self.local, names, shards=shards, data_folder=data_folder)
        self.processes.append(made)
        return made

    async def read(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Returns rows of the database, as another program would read them.

        The values are $1, $2, … in the statement.
        """
        conn = await asyncpg.connect(self.url.dsn)
        try:
            return [tuple(row) for row in await conn.fetch(statement, *values)]
        finally:
            await conn.close()

    def running(self) -> set[int]:
        """Returns the shards that have a session with an open connection."""
        sessions = self.local.gateway.sessions.values()
        return {session.shard[0] for session in sessions if session.connection is not None}

    async def ready(self) -> None:
        """Waits until every process has compared its cards with Discord, so it has every server.

        That takes the longer, the more cards there are.
        """
        for one in self.processes:
            await until(
                lambda one=one: RECONCILED in one.current_log(),  # type: ignore[misc]
                RECONCILED,
                5 * PATIENCE_SECONDS,
                0.2,
            )

    async def fence(self) -> int:
        """Returns the number of the present lead."""
        ((fence,),) = await self.read("select fence from leases where name = 'leader'")
        return int(fence)

    async def leads(self, process: ShardProcess) -> bool:
        """True if a process has the lease of the lead."""
        leading = (
            "select first_shard from processes join leases on processes.holder = leases.holder"
        )
        return await self.read(leading) == [(process.shards.first,)]

    async def leader(self) -> ShardProcess:
        """Waits until a process that runs has the lease of the lead; returns that one."""
        found: list[ShardProcess] = []

        async def one_leads() -> bool:
            found[:] = [one for one in self.processes if one.is_ready and await self.leads(one)]
            return len(found) == 1

        await until(one_leads, "one process leads", PATIENCE_SECONDS, every=0.2)
        return found[0]

    def errors(self) -> list[str]:
        """Returns the errors in all logs."""
        return [line for one in self.processes for line in shard_logs.errors(one.whole_log())]

    def unexpected_errors(self) -> list[str]:
        """Returns the errors that no kill and no pause explains."""
        return [line for line in self.errors() if not shard_logs.is_expected(line)]


@contextlib.asynccontextmanager
async def fleet(
    folder: Path, local: LocalDiscord, url: DatabaseUrl, **settings: Any
) -> AsyncIterator[Fleet]:
    """Yields a fleet without processes. Its processes end with the block."""
    made = Fleet(folder, local, url, settings)
    try:
        yield made
    finally:
        for one in made.processes:
            with contextlib.suppress(ProcessLookupError):
                await one.end()
