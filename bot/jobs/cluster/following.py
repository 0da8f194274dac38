"""Brings what a process keeps in memory up to what other processes have stored.

Every FOLLOW_SECONDS a process asks the database which model answers and what people and servers
chose, and reads the list of deletions again if it has grown. So everything that one process
stores counts in all of them within a minute.
"""

import asyncio
import contextlib
import logging
from typing import Any

from bot.client.client import MatineeBot
from bot.services.app import App
from bot.services.feedback.scales import read_scales
from bot.services.languages import read_chosen
from bot.services.people import erasure
from bot.services.training import versions

log = logging.getLogger(__name__)

FOLLOW_SECONDS = 20.0


async def follow(bot: MatineeBot) -> None:
    """Reads every FOLLOW_SECONDS what other processes stored, until the bot is stopping."""
    app, stopping = bot.app, bot.stopping
    if app.cluster.shards is None:
        return
    while not stopping.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), FOLLOW_SECONDS)
        if not stopping.is_set():
            await follow_once(app)
            try:
                await bot.send_commands()
            except Exception:
                log.exception("the commands are sent again later")


async def follow_once(app: App) -> None:
    """Reads what other processes stored. What fails is logged, and read the next time."""
    for name, read in (
        ("erasures", erasure.follow),
        ("choices", _follow_choices),
        ("model", versions.follow_registry),
    ):
        try:
            await read(app)
        except Exception:
            log.exception("what other processes stored is not read (%s); it is tried again", name)


async def _follow_choices(app: App) -> None:
    languages, scales = app.languages, app.scales
    mine: tuple[dict[int, Any], ...]
    mine = (languages.people, languages.servers, scales.known, scales.chosen)
    before: list[dict[int, Any]] = []
    theirs: tuple[dict[int, Any], ...] = ()
    while list(mine) != before:  # what this process changed meanwhile is newer than what was read
        before = [dict(one) for one in mine]
        chosen, stored = await read_chosen(app.db), await read_scales(app.db)
        theirs = (chosen.people, chosen.servers, stored.known, stored.chosen)
    for place, read in enumerate(theirs):
        mine[place].clear()
        mine[place].update(read)
