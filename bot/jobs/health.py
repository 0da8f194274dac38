"""Answers `matinee healthcheck`: listens on a Unix socket in the data folder.

`bot/health.py` has the asking side. Whether the database takes writes is found out by a write.
"""

import asyncio
import contextlib
import logging
from pathlib import Path

from bot import instrument
from bot.client.client import MatineeBot
from bot.health import GRACE_SECONDS, Answer, socket_address
from bot.services.app import App
from bot.services.operations import saving
from bot.wording.cli import health as words
from bot.wording.errors.said import said
from storage.errors import StorageError

log = logging.getLogger(__name__)


class WriteProbe:
    """Tries a small write whenever somebody asks, and never two at a time.

    A write that waits for another program's lock is not cancelled when the asking side has to
    answer: the next question waits for the same write.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._pending: asyncio.Task[str | None] | None = None

    async def trouble(self, seconds: float) -> str | None:
        """Returns a sentence on why the database takes no write; None if it takes one.

        seconds: how long to wait for the write.
        """
        pending = self._pending
        if pending is None or pending.done():
            pending = self._pending = asyncio.create_task(self._write(), name="health-write")
        done, _ = await asyncio.wait({pending}, timeout=seconds)
        if not done:
            return words.not_writing(str(self._app.db.address), seconds)
        return pending.result()

    async def close(self) -> None:
        """Cancels a write that still waits."""
        if self._pending is not None:
            self._pending.cancel()
            await asyncio.gather(self._pending, return_exceptions=True)

    async def _write(self) -> str | None:
        """Tries a write; returns a sentence on why it failed, or None."""
        try:
            await saving.try_to_write(self._app)
        except StorageError as error:
            return said(error)
        except Exception as error:
            log.exception("the write of a health check failed")
            cause, *_ = str(error).splitlines() or [repr(error)]
            return words.write_failed(str(self._app.db.address), cause)
        return None


async def serve(bot: MatineeBot) -> None:
    """Answers on the socket until the bot is stopping. Without a socket, it logs a warning."""
    probe = WriteProbe(bot.app)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(GRACE_SECONDS):  # a stop waits for open connections
                seconds = float(await reader.readline())
            writer.write((await examine(bot, probe, seconds)).to_line())
            await writer.drain()
        except (OSError, ValueError):
            pass  # somebody else's words, or they hung up, or said nothing
        finally:
            writer.close()

    path = bot.app.settings.health_socket
    with contextlib.ExitStack() as stack:
        try:
            address = stack.enter_context(
                socket_address(path.parent, path.name)
            )  # Python 3.13 removes it by this
            server = await asyncio.start_unix_server(answer, address)
            inode = path.stat().st_ino
        except (OSError, NotImplementedError, AttributeError) as error:  # as on Windows
            log.warning(
                "%s cannot be made (%s), so `matinee healthcheck` finds no bot", path, error
            )
            return
        async with server:
            await bot.stopping.wait()
    await probe.close()
    _remove(path, inode)


async def examine(bot: MatineeBot, probe: WriteProbe, seconds: float) -> Answer:
    """Returns how the bot is now.

    seconds: how long a write may take.
    """
    trouble = await probe.trouble(seconds)
    if not instrument.is_connected(bot):
        return Answer(False, words.disconnected())
    if trouble is not None:
        return Answer(False, trouble)
    shards = bot.app.cluster.shards
    version = bot.app.live.served.version
    return Answer(True, words.well(version, None if shards is None else str(shards)))


def _remove(path: Path, inode: int) -> None:
    """Removes the socket, unless another bot's socket or nothing has its path now."""
    with contextlib.suppress(OSError):
        if path.stat().st_ino == inode:
            path.unlink()
