"""Runs the bot until it is asked to stop, and then lets it finish what it has begun.

The client gets its cogs (groups of commands), its metrics and its jobs here. The jobs are listed in
`bot/jobs/jobs.py`.
"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator

import aiohttp
import discord

from bot import instrument
from bot.client.client import MatineeBot
from bot.cogs.feedback.ratings import Ratings
from bot.cogs.nights.nights import MovieNights
from bot.cogs.operations.lab import Lab
from bot.cogs.operations.status import Status
from bot.cogs.people.hidden import HiddenList
from bot.cogs.people.history_import import HistoryImport
from bot.cogs.people.preferences import PersonalSettings
from bot.cogs.people.privacy import Privacy
from bot.cogs.people.profile import Profiles
from bot.cogs.people.servers import Servers
from bot.cogs.picks.browse import BrowseShelves
from bot.cogs.picks.card_buttons import CardButtons
from bot.cogs.picks.film import FilmPages
from bot.cogs.picks.recommend import Recommend
from bot.cogs.picks.watchlist import WatchlistCommand
from bot.cogs.posts.setup import Setup
from bot.cogs.quiz.quiz import Quiz
from bot.errors import CannotConnect
from bot.garbage import rare_collections
from bot.jobs.cluster import keeper
from bot.jobs.jobs import Jobs
from bot.services.app import App
from bot.services.zone_tables import zones
from bot.wording.speech import load_rules, speak

log = logging.getLogger(__name__)

COGS = (
    Recommend,
    BrowseShelves,
    FilmPages,
    CardButtons,
    WatchlistCommand,
    MovieNights,
    Ratings,
    Quiz,
    Privacy,
    PersonalSettings,
    HiddenList,
    Profiles,
    HistoryImport,
    Servers,
    Setup,
    Lab,
    Status,
)
"""Every cog of the bot, in the order in which the client loads them."""

SWITCH_INTERVAL_SECONDS = 0.0002
"""How long a computing thread keeps Python's global lock (GIL) while another thread waits for it.
One answer takes the lock about a hundred times. With Python's usual 5 ms, answers would be late
while another thread makes the shelves."""

DRAIN_SECONDS = 8.0
"""How long answers and writes that have begun may continue after the bot was asked to stop."""


async def run_bot(
    app: App,
    token: str,
    *,
    connector: aiohttp.BaseConnector | None = None,
    stop: asyncio.Event | None = None,
    handle_signals: bool = True,
) -> None:
    """Runs the bot until `stop` is set, or the process gets SIGTERM or Ctrl-C.

    Raises CannotConnect if Discord cannot be reached or refuses the token or the intents.

    app: the application.
    token: the bot's token.
    connector: connects to a local Discord, for the playground and tests; None connects to
        discord.com.
    stop: an event that the caller sets to stop the bot; None if only signals stop it.
    handle_signals: False if the caller handles signals.
    """
    speak(app.settings.locale)
    stop = stop or asyncio.Event()
    signals = _signals(stop) if handle_signals else contextlib.nullcontext()
    with _short_switch_interval(), rare_collections(), signals:
        await asyncio.to_thread(zones)
        await asyncio.to_thread(load_rules)
        await keeper.join(app)
        async with _place_given_up(app), MatineeBot(app, COGS, connector=connector) as bot:
            instrument.attach(bot)
            jobs = Jobs(bot)
            await _log_in(bot, token)
            await jobs.prepare()
            gateway = asyncio.create_task(bot.connect(reconnect=True), name="gateway")
            running_jobs = asyncio.create_task(jobs.run(), name="jobs")
            place = asyncio.create_task(keeper.keep(bot), name="place")
            asked_to_stop = asyncio.create_task(stop.wait(), name="stop")
            tasks = {gateway, running_jobs, place, asked_to_stop}
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            bot.stopping.set()
            await asyncio.wait({running_jobs, *_work_in_progress()}, timeout=DRAIN_SECONDS)
            await bot.close()
            if late := _work_in_progress():  # events that came meanwhile; the database closes next
                await asyncio.wait(late, timeout=DRAIN_SECONDS)
            rest = tasks - done
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)
            for task in done:
                _reraise(task)


@contextlib.asynccontextmanager
async def _place_given_up(app: App) -> AsyncIterator[None]:
    """Gives up this process' place among the bot's processes at the end of the `with` block."""
    try:
        yield
    finally:
        await keeper.leave(app)


def _work_in_progress() -> "set[asyncio.Task[object]]":
    """Returns the tasks that are working on an answer or another event. They are found by
    discord.py's names of tasks.
    """
    names = ("CommandTree-invoker", "discord-ui-", "discord.py: on_")
    return {task for task in asyncio.all_tasks() if task.get_name().startswith(names)}


async def _log_in(bot: MatineeBot, token: str) -> None:
    """Logs in and loads the cogs. Raises CannotConnect if Discord refuses or cannot be reached."""
    try:
        await bot.login(token)
    except discord.LoginFailure:
        raise CannotConnect("token-refused") from None
    except discord.HTTPException as refusal:
        raise CannotConnect("discord-error", status=str(refusal.status)) from None
    except aiohttp.ClientConnectionError as error:
        raise CannotConnect("discord-unreachable", cause=str(error)) from None


CLOSED_FOR_GOOD = {
    4004: "token-refused-later",
    4010: "shards-refused",
    4011: "more-shards-needed",
    4012: "gateway-too-old",
    4013: "intents-unknown",
    4014: "intents-refused",
}
"""Discord's close codes after which it lets nobody reconnect -> key of the sentence
(topics/opcodes-and-status-codes)."""


def _reraise(task: "asyncio.Task[object]") -> None:
    """Raises the error that ended a task.

    If Discord refused the connection, the error is CannotConnect.
    """
    error = task.exception()
    if isinstance(error, discord.PrivilegedIntentsRequired):
        raise CannotConnect(CLOSED_FOR_GOOD[4014])
    if isinstance(error, discord.ConnectionClosed) and error.code in CLOSED_FOR_GOOD:
        raise CannotConnect(CLOSED_FOR_GOOD[error.code])
    if error is not None:
        raise error


@contextlib.contextmanager
def _short_switch_interval() -> Iterator[None]:
    """Within the `with` block, a computing thread lets others run after SWITCH_INTERVAL_SECONDS."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """Within the `with` block, sets `stop` at the first SIGTERM or Ctrl-C, so that the bot can
    finish.

    A second signal ends the process at once. Even then, no rating is lost that a person saw
    confirmed.
    """
    loop = asyncio.get_running_loop()

    def on_signal(number: int) -> None:
        if stop.is_set():
            log.warning("asked to stop a second time; stopping at once")
            logging.shutdown()
            os._exit(128 + number)
        log.info("asked to stop; what has begun ends first")
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows has no loop signal handlers
            loop.add_signal_handler(number, on_signal, number)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):
                loop.remove_signal_handler(number)
