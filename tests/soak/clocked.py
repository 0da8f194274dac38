"""The bot in a process of its own, whose clock another process sets.

    python -m tests.soak.clocked PORT CERTIFICATE CLOCK

It runs the same bot as `matinee attach`. CLOCK is a file of two numbers (doubles in the machine's
byte order): by how many seconds the bot's clock is ahead of the machine's, and how often the bot
has looked for posts that are due, which the bot writes.
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
from bot.jobs.posts import PostSender
from bot.observability import logs
from bot.playground import LocalDiscord, connector
from bot.playground.world.state import TOKEN
from bot.run import run_bot
from bot.services.operations.alone import only_bot
from bot.settings import read_settings
from bot.wiring import open_app
from tests.house import until
from tests.soak.process import BotProcess

_NUMBER = struct.Struct("d")
_LOOK_SECONDS = 240.0


class ClockedProcess(BotProcess):
    """A bot process whose clock follows that of its local Discord, plus an error of its own."""

    def __init__(self, folder: Path, local: LocalDiscord, settings: dict[str, str]) -> None:
        super().__init__(folder, local, settings)
        self._file = folder / "clock"
        self._file.write_bytes(_NUMBER.pack(0.0) * 2)
        self._error = timedelta(0)
        local.world.clock.listeners.append(self._tell)
        self._tell()

    def jump(self, error: timedelta) -> None:
        """Makes the bot's clock wrong by `error`; zero makes it right."""
        self._error = error
        self._tell()

    async def looked(self) -> None:
        """Waits until the bot has looked for due posts by the time that its clock shows now.

        The look that is under way may have begun at another time.
        """
        before = self._looks()
        await until(lambda: self._looks() >= before + 2, "it looks for due posts", _LOOK_SECONDS)

    def _looks(self) -> float:
        return float(_NUMBER.unpack_from(self._file.read_bytes(), _NUMBER.size)[0])

    def _tell(self) -> None:
        ahead = self.local.world.clock.now() - system_clock() + self._error
        with self._file.open("r+b") as file:
            file.write(_NUMBER.pack(ahead.total_seconds()))

    def _command(self, certificate: Path) -> list[str]:
        place = [str(self.local.port), str(certificate), str(self._file)]
        return [sys.executable, "-m", "tests.soak.clocked", *place]


def clock_in(memory: mmap.mmap) -> Clock:
    """Returns a clock that reads the file at each call."""

    def now() -> datetime:
        (ahead,) = _NUMBER.unpack_from(memory)
        return system_clock() + timedelta(seconds=ahead)

    return now


def count_looks(memory: mmap.mmap) -> None:
    """Lets the file tell how often the bot has looked for due posts."""
    look = PostSender.send_due

    async def counted(sender: PostSender) -> None:
        try:
            await look(sender)
        finally:
            (looks,) = _NUMBER.unpack_from(memory, _NUMBER.size)
            _NUMBER.pack_into(memory, _NUMBER.size, looks + 1)

    PostSender.send_due = counted  # type: ignore[method-assign]


async def _run(port: int, ca_pem: bytes, clock: Path) -> None:
    settings = read_settings(os.environ, None)
    with clock.open("r+b") as opened:
        memory = mmap.mmap(opened.fileno(), 2 * _NUMBER.size)
    count_looks(memory)
    logs.set_up("info", Console(stderr=True, width=400), form="plain")
    with only_bot(settings):
        async with open_app(settings, clock_in(memory)) as app:
            door = connector(port, ca_pem)
            await run_bot(app, TOKEN, connector=door)


if __name__ == "__main__":
    asyncio.run(_run(int(sys.argv[1]), Path(sys.argv[2]).read_bytes(), Path(sys.argv[3])))
