"""Does some work as soon as a new model answers requests, before anybody needs the result."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from bot.scheduler import wait_unless_stopping
from bot.services.serving.live_model import LiveModel

log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0  # after a failure


async def prepare_each_model(
    live: LiveModel,
    stopping: asyncio.Event,
    prepare: Callable[[], Awaitable[object]],
    *,
    what: str,
    start: asyncio.Event | None = None,
) -> None:
    """Calls `prepare` for the model that answers requests now, and again for each model that
    replaces it.

    This ends when `stopping` is set. If `prepare` raises an error, it is called again after
    RETRY_SECONDS.

    what: what is prepared, for the log.
    start: an event to wait for before the first call; None to begin at once.
    """
    swapped = asyncio.Event()
    swapped.set()  # the model that serves at the start needs the first call
    live.subscribe(lambda _: swapped.set())
    if start is not None and not await wait_unless_stopping(start, stopping):
        return
    while await wait_unless_stopping(swapped, stopping) and not stopping.is_set():
        swapped.clear()
        try:
            await prepare()
        except Exception:
            log.exception("%s could not be prepared; it is tried again", what)
            swapped.set()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), RETRY_SECONDS)
