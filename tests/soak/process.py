"""The bot in its own process, which can be killed. Its local Discord runs in the test process."""

import asyncio
import contextlib
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.clock import system_clock
from bot.playground import LocalDiscord
from storage.database.address import Address, DatabaseUrl
from tests import direct
from tests.house import until

ROOT = Path(__file__).resolve().parents[2]
SCALE = float(os.environ.get("MATINEE_SOAK") or 1.0)
PATIENCE_SECONDS = 90.0  # a start shares the machine with everything else

RECONCILED = "reactions reconciled"

USUAL = {"MATINEE_POST_SPREAD_MINUTES": "0"}
"""Settings of every bot process, so that posts come at their time on PostgreSQL too."""


def scaled(count: int, at_least: int = 1) -> int:
    """Returns a count scaled by MATINEE_SOAK, at least `at_least`."""
    return max(at_least, round(count * SCALE))


def thinned(log: Path, max_per_kind: int = 200) -> Path:
    """Writes a sample of recorded traffic. Returns its path.

    The sample has at most `max_per_kind` exchanges of each kind (method, route, status), evenly
    spread. Checking many thousands of similar exchanges would take longer than the run.
    """
    kinds: dict[str, list[str]] = {}
    with log.open(encoding="utf-8") as file:
        for line in file:
            exchange = json.loads(line)
            route = re.sub(r"\d{5,}|%[^/]*", "#", exchange["path"])
            route = re.sub(r"(?<=#/)[\w-]{40,}", "#", route)
            kinds.setdefault(f"{exchange['method']} {route} {exchange['status']}", []).append(line)
    target = log.with_suffix(".thin.jsonl")
    with target.open("w", encoding="utf-8") as file:
        for lines in kinds.values():
            step = max(1, len(lines) // max_per_kind)
            file.writelines(lines[::step][:max_per_kind])
    return target


@dataclass
class BotProcess:
    """`matinee attach`, started and killed any number of times on the same data folder.

    Attributes:
        folder: holds the data folder, the certificate and the log.
        local: the local Discord.
        settings: environment variables of the process.
    """

    folder: Path
    local: LocalDiscord
    settings: dict[str, str] = field(default_factory=dict)
    _process: asyncio.subprocess.Process | None = None
    _log_start: int = 0

    @property
    def log(self) -> Path:
        """The file with the output of all processes."""
        return self.folder / "bot.log"

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def database(self) -> Address:
        """The database."""
        url = self.settings.get("MATINEE_DATABASE_URL")
        return DatabaseUrl(url) if url is not None else self.data / "matinee.sqlite3"

    @property
    def pid(self) -> int:
        """Id of the running process."""
        assert self._process is not None
        return self._process.pid

    def processor_seconds(self) -> float:
        """Returns the processor time that the running process has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self) -> float:
        """Returns the memory that the running process has, in MiB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    async def start(self) -> None:
        """Starts the process with the clock of its local Discord. It may not be online yet."""
        assert self._process is None, "it runs already"
        certificate = self.folder / "ca.pem"
        certificate.write_bytes(self.local.ca_pem)
        self._log_start = len(self.whole_log())
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command(certificate),
                cwd=self.folder,
                env=environment(self.data) | USUAL | self.settings,
                stdout=log,
                stderr=log,
            )

    def _command(self, certificate: Path) -> list[str]:
        ahead = (self.local.world.clock.now() - system_clock()).total_seconds()
        return command("attach", str(self.local.port), str(certificate), f"--ahead={ahead}")

    async def kill(self) -> None:
        """Sends SIGKILL and waits until the process has ended and the gateway noticed."""
        assert self._process is not None
        assert self._process.returncode is None, f"it ended by itself:\n{self.whole_log()[-4000:]}"
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()
        self._process = None
        # Its last requests may still be in the sockets. The local Discord reads them like Discord.
        await until(lambda: not self.local.world.bot_online, "the gateway noticed")
        await asyncio.sleep(0.1)

    async def end(self) -> None:
        """Sends SIGTERM, for a clean end, and waits."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
        self._process = None

    def whole_log(self) -> str:
        """Returns the log of all processes."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def current_log(self) -> str:
        """Returns the log of the running process."""
        return self.whole_log()[self._log_start :]

    async def reconciled(self) -> None:
        """Waits until the running process has compared its cards with Discord."""

        def done() -> bool:
            assert self._process is not None
            assert self._process.returncode is None, self.current_log()[-4000:]
            return RECONCILED in self.current_log()

        await until(done, RECONCILED, PATIENCE_SECONDS)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Returns rows read directly from the database, as another program would read it."""
        return direct.rows(self.database, statement, *values)

    def errors(self) -> list[str]:
        """Returns bad lines of the log: errors, tracebacks, tasks left over."""
        bad = re.compile(r" (ERROR|CRITICAL) |^Traceback|never awaited|never retrieved")
        return [line for line in self.whole_log().splitlines() if bad.search(line)]


def command(*arguments: str) -> list[str]:
    """Returns the command `matinee ARGUMENTS` with this interpreter."""
    return [sys.executable, "-m", "bot", *arguments]


def environment(data: Path) -> dict[str, str]:
    """Returns this process' environment without the bot's settings, except for the data folder."""
    ours = ("MATINEE_", "DISCORD_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PYTHONPATH": str(ROOT), "MATINEE_DATA": str(data)}


@contextlib.asynccontextmanager
async def attached(
    folder: Path, local: LocalDiscord, **settings: object
) -> AsyncIterator[BotProcess]:
    """Yields a bot process, which always ends with the block."""
    names = {f"MATINEE_{name.upper()}": str(value) for name, value in settings.items()}
    process = BotProcess(folder, local, names)
    try:
        yield process
    finally:
        await process.end()


async def run(folder: Path, *arguments: str) -> None:
    """Runs `matinee ARGUMENTS` to its end. Raises AssertionError with its output if it fails."""
    process = await asyncio.create_subprocess_exec(
        *command(*arguments),
        cwd=folder,
        env=environment(folder / "data"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode(errors="replace")
