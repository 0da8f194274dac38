"""Keeps this process' place among the processes of the bot, as long as it runs.

It stores every few seconds that the process still runs (`bot/services/cluster/cluster.py`). If
another process has taken its shards meanwhile, the bot stops. Work that only one process may do
runs here while this process leads.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from bot.client.client import MatineeBot
from bot.errors import CannotConnect, Lapsed, NotLeading
from bot.scheduler import TickJob
from bot.services.app import App
from bot.services.cluster.cluster import ALL, RENEW_SECONDS
from bot.services.cluster.standing import LEASE

log = logging.getLogger(__name__)

JOIN_SECONDS = LEASE.total_seconds() + 3 * RENEW_SECONDS
"""How long a start waits for a process that has the same shards. If that one was killed, its place
expires meanwhile."""


async def join(app: App) -> None:
    """Takes this process' place; waits for an earlier process with the same shards to end.

    Raises CannotConnect if that one goes on running.
    """
    cluster = app.cluster
    if cluster.alone:
        return
    until = time.monotonic() + JOIN_SECONDS
    while (other := await cluster.join(app.db)) is not None:
        if time.monotonic() > until:
            others, shards = str(other.shards), str(cluster.shards or ALL)
            raise CannotConnect("shards-taken", shards=shards, others=others)
        log.info("waiting for the process that runs the shards %s to end", other.shards)
        await asyncio.sleep(RENEW_SECONDS / 2)


async def leave(app: App) -> None:
    """Gives this process' place up, so that the next one need not wait until it expires."""
    if app.cluster.alone or app.cluster.is_over:
        return
    try:
        await app.cluster.leave(app.db)
    except Exception:
        log.exception("this process' place is free when it expires")


async def keep(bot: MatineeBot) -> None:
    """Renews this process' place until the task is cancelled, so also while the bot ends its work.

    The bot sends only as many requests a second as belong to this process.

    Raises Lapsed if another process has taken the place.
    """
    app = bot.app
    if app.cluster.alone:
        await asyncio.Event().wait()
    while True:
        bot.budget.change(app.cluster.share)
        await asyncio.sleep(RENEW_SECONDS)
        try:
            await app.cluster.renew(app.db, app.live.served.version)
        except Lapsed:
            raise
        except Exception:
            log.exception("this process' place is not renewed; it is tried again")


def led(app: App, work: Callable[[App], Awaitable[object]], name: str) -> TickJob:
    """Returns a job that does its work only while this process leads.

    work: gets an app whose writes check that this process still leads.
    name: what the work is called in the log.
    """

    async def job() -> None:
        if not app.cluster.leading:
            return
        try:
            await work(app.as_leader())
        except NotLeading as lost:
            log.warning("%s: another process leads now (fence %s)", name, lost)

    job.__name__ = name
    return job
