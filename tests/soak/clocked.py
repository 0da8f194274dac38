"""The bot in a process of its own, whose clock another process sets.

    python -m tests.soak.clocked PORT CERTIFICATE CLOCK

It runs the same bot as `matinee attach`. CLOCK is a file of eight bytes: a number (a double in the
machine's byte order), by how many seconds the bot's clock is ahead of the machine's.
"""

import asyncio
import mmap
import os
import struct
import sys
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console

from bot.clock import Clock, system_clock
from bot.observability import logs
from bot.playground import LocalDiscord, connector
from bot.playground.world.state import TOKEN
from bot.run import run_bot
from bot.services.operations.alone import only_bot
from bot.settings import read_settings
from bot.wiring import open_app
from tests.soak.process import BotProcess

_SECONDS = struct.Struct("d")


class ClockedProcess(BotProcess):
    """A bot process whose clock follows that of its local Discord, plus an error of its own."""

    def __init__(self, folder: Path, local: LocalDiscord, settings: dict[str, str]) -> None:
        super().__init__(folder, local, settings)
        self._file = folder / "clock"
        self._file.write_bytes(_SECONDS.pack(0.0))
        self._error = timedelta(0)
        local.world.clock.listeners.append(self._tell)
        self._tell()

    def jump(self, error: timedelta) -> None:
        """Makes the bot's clock wrong by `error`; zero makes it right."""
        self._error = error
        self._tell()

    def _tell(self) -> None:
        ahead = self.local.world.clock.now() - system_clock() + self._error
        with self._file.open("r+b") as file:
            file.write(_SECONDS.pack(ahead.total_seconds()))

    def _command(self, certificate: Path) -> list[str]:
        place = [str(self.local.port), str(certificate), str(self._file)]
        return [sys.executable, "-m", "tests.soak.clocked", *place]


def clock_in(file: Path) -> Clock:
    """Returns a clock that reads the file at each call."""
    with file.open("rb") as opened:
        memory = mmap.mmap(opened.fileno(), _SECONDS.size, access=mmap.ACCESS_READ)

    def now() -> datetime:
        (ahead,) = _SECONDS.unpack(memory[:])
        return system_clock() + timedelta(seconds=ahead)

    return now


async def _run(port: int, ca_pem: bytes, clock: Path) -> None:
    settings = read_settings(os.environ, None)
    logs.set_up("info", Console(stderr=True, width=400), form="plain")
    with only_bot(settings):
        async with open_app(settings, clock_in(clock)) as app:
            door = connector(port, ca_pem)
            await run_bot(app, TOKEN, connector=door)


if __name__ == "__main__":
    asyncio.run(_run(int(sys.argv[1]), Path(sys.argv[2]).read_bytes(), Path(sys.argv[3])))
