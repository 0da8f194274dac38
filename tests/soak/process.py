"""The bot as a process of its own, which can be killed, against a local Discord in this one."""

import asyncio
import contextlib
import json
import os
import re
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.clock import system_clock
from bot.playground import LocalDiscord
from tests.house import until

ROOT = Path(__file__).resolve().parents[2]
SCALE = float(os.environ.get("MATINEE_SOAK") or 1.0)
PATIENCE = 90.0  # seconds; a start shares the machine with everything else

RECONCILED = "reactions reconciled"


def scaled(count: int, at_least: int = 1) -> int:
    """A count, scaled by MATINEE_SOAK."""
    return max(at_least, round(count * SCALE))


def thinned(log: Path, most: int = 200) -> Path:
    """Recorded traffic with so many exchanges of each kind (method, route, status), spread evenly:
    checking every one of many thousands alike would take longer than the run."""
    kinds: dict[str, list[str]] = {}
    with log.open(encoding="utf-8") as file:
        for line in file:
            told = json.loads(line)
            route = re.sub(r"\d{5,}|%[^/]*", "#", told["path"])
            route = re.sub(r"(?<=#/)[\w-]{40,}", "#", route)
            kinds.setdefault(f"{told['method']} {route} {told['status']}", []).append(line)
    target = log.with_suffix(".thin.jsonl")
    with target.open("w", encoding="utf-8") as file:
        for lines in kinds.values():
            step = max(1, len(lines) // most)
            file.writelines(lines[::step][:most])
    return target


@dataclass
class BotProcess:
    """`matinee attach`, started and killed any number of times on the same data folder."""

    folder: Path
    local: LocalDiscord
    settings: dict[str, str] = field(default_factory=dict)
    _process: asyncio.subprocess.Process | None = None
    _heard: int = 0

    @property
    def log(self) -> Path:
        """What all the processes have written to stderr."""
        return self.folder / "bot.log"

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start the process, by the clock of its local Discord; it is not yet online."""
        assert self._process is None, "it runs already"
        certificate = self.folder / "ca.pem"
        certificate.write_bytes(self.local.ca_pem)
        ahead = (self.local.world.clock.now() - system_clock()).total_seconds()
        self._heard = len(self.said())
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command("attach", str(self.local.port), str(certificate), f"--ahead={ahead}"),
                cwd=self.folder,
                env=environment(self.data) | self.settings,
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """SIGKILL, and wait until nothing of the process is left."""
        assert self._process is not None
        assert self._process.returncode is None, f"it ended by itself:\n{self.said()[-4000:]}"
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()
        self._process = None
        # What it had sent is still in the sockets; the local Discord takes it as Discord would.
        await until(lambda: not self.local.world.bot_online, "the gateway noticed")
        await asyncio.sleep(0.1)

    async def end(self) -> None:
        """SIGTERM, the clean way."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
        self._process = None

    def said(self) -> str:
        """The whole log of all processes."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def said_now(self) -> str:
        """The log of the process that runs now."""
        return self.said()[self._heard :]

    async def reconciled(self) -> None:
        """Wait until the process that runs now has compared its cards with Discord."""

        def done() -> bool:
            assert self._process is not None
            assert self._process.returncode is None, self.said_now()[-4000:]
            return RECONCILED in self.said_now()

        await until(done, RECONCILED, PATIENCE)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Straight from the database file, as any other program would read it."""
        with contextlib.closing(sqlite3.connect(self.data / "matinee.sqlite3")) as conn:
            return conn.execute(statement, values).fetchall()

    def moment(self, *statements: str) -> list[list[tuple[Any, ...]]]:
        """What several statements give at one moment."""
        with contextlib.closing(sqlite3.connect(self.data / "matinee.sqlite3")) as conn:
            conn.execute("begin")
            return [conn.execute(statement).fetchall() for statement in statements]

    def errors(self) -> list[str]:
        """Lines of the log that should not be there: errors, tracebacks, task leftovers."""
        bad = re.compile(r" (ERROR|CRITICAL) |^Traceback|never awaited|never retrieved")
        return [line for line in self.said().splitlines() if bad.search(line)]


def command(*arguments: str) -> list[str]:
    """`matinee ARGUMENTS`, with this interpreter."""
    return [sys.executable, "-m", "bot", *arguments]


def environment(data: Path) -> dict[str, str]:
    """This process' environment without any setting of ours, and the data folder."""
    ours = ("MATINEE_", "DISCORD_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PYTHONPATH": str(ROOT), "MATINEE_DATA": str(data)}


@contextlib.asynccontextmanager
async def attached(
    folder: Path, local: LocalDiscord, **settings: object
) -> AsyncIterator[BotProcess]:
    """A bot process that is ended when the block is left, whatever happened."""
    names = {f"MATINEE_{name.upper()}": str(value) for name, value in settings.items()}
    process = BotProcess(folder, local, names)
    try:
        yield process
    finally:
        await process.end()


async def run(folder: Path, *arguments: str) -> None:
    """`matinee ARGUMENTS` to its end; AssertionError with what it said where it fails."""
    process = await asyncio.create_subprocess_exec(
        *command(*arguments),
        cwd=folder,
        env=environment(folder / "data"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode(errors="replace")
