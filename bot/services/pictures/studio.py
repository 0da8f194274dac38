"""Has pictures drawn in a process of its own, one after the other.

It is not a thread, since a thread that draws would hold Python's global lock (the GIL), so that
other answers would be late. The process starts with the first picture, and ends when nothing was
drawn for a while. At most MAX_WAITING pictures wait. A picture that cannot be drawn is no error:
the answer then comes without one.
"""

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator

from bot.services.pictures.sheet import Sheet, to_line
from bot.services.processes import environment

COMMAND = (sys.executable, "-P", "-m", "bot.services.pictures.process")
LENGTH_BYTES = 4
MAX_WAITING = 10
"""The most pictures that are drawn or wait at once."""

MAX_BYTES = 4 << 20
"""The most bytes of a picture."""

DRAWING_SECONDS = 5.0
"""The longest time that one picture may take, with the start of the process."""

IDLE_SECONDS = 120.0
"""The process ends if nothing was drawn for this long."""

log = logging.getLogger(__name__)


class Studio:
    """The process that draws, and the pictures that wait for it."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0
        self._idle: asyncio.TimerHandle | None = None

    @property
    def process_id(self) -> int | None:
        """The id of the process that draws; None if it does not run."""
        return None if self._process is None else self._process.pid

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        """Waits until nobody else's picture is prepared or drawn.

        What a picture shows is computed in the block too. Otherwise, ten requests at once would
        delay all other answers by ten computations in a row.

        Yields False if MAX_WAITING others were waiting; then no picture is to be drawn.
        """
        has_place = self._waiting < MAX_WAITING
        self._waiting += 1
        try:
            async with self._one_at_a_time:
                yield has_place
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Ends the process. It starts again if another picture is asked for."""
        if self._idle is not None:
            self._idle.cancel()
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def draw(self, sheet: Sheet) -> bytes | None:
        """Returns a picture as a PNG; None if it could not be drawn. Call it within a `turn`."""
        if self._idle is not None:
            self._idle.cancel()
        drawn = False
        try:
            async with asyncio.timeout(DRAWING_SECONDS):
                picture = await self._ask(to_line(sheet))
            drawn = True
        except (OSError, EOFError, TimeoutError) as error:
            log.warning("a picture could not be drawn: %s", str(error) or type(error).__name__)
            return None
        finally:
            if not drawn:  # the rest of an answer may still come, or the process has died
                await self.close()
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(IDLE_SECONDS, self._end_idle_process)
        return picture or None

    async def _ask(self, task: bytes) -> bytes:
        """Returns what the process answers. Raises OSError or EOFError if it has died."""
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *COMMAND,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=environment(),
                start_new_session=True,  # Ctrl-C is for the parent to handle
            )
        writer, reader = self._process.stdin, self._process.stdout
        assert writer is not None
        assert reader is not None
        writer.write(task)
        await writer.drain()
        size = int.from_bytes(await reader.readexactly(LENGTH_BYTES), "big")
        if size > MAX_BYTES:
            raise OSError(f"a picture of {size} bytes")
        return await reader.readexactly(size)

    def _end_idle_process(self) -> None:
        """Lets the process end, by ending its input."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()
