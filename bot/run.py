"""Running the bot: one async context, one task group, a clean end on SIGTERM and Ctrl-C."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Iterator

import aiohttp
import discord

from bot import instrument
from bot.client.client import MatineeBot
from bot.cogs.owner.lab import Lab
from bot.cogs.owner.status import Status
from bot.cogs.people.privacy import Privacy
from bot.cogs.people.quiz import Quiz
from bot.cogs.people.ratings import Ratings
from bot.cogs.people.settings import PersonalSettings
from bot.cogs.picks.browse import BrowseShelves
from bot.cogs.picks.card_buttons import CardButtons
from bot.cogs.picks.recommend import Recommend
from bot.cogs.servers.setup import Setup
from bot.errors import CannotConnect
from bot.jobs.jobs import Jobs
from bot.services.app import App
from bot.services.localtime import zones

log = logging.getLogger(__name__)

COGS = (
    Recommend,
    BrowseShelves,
    CardButtons,
    Ratings,
    Quiz,
    Privacy,
    PersonalSettings,
    Setup,
    Lab,
    Status,
)
"""Every cog of the bot, in the order in which the client loads them."""

SWITCH_SECONDS = 0.0002
"""After which a thread that computes hands Python's lock on to one that waits for it. An answer
asks for it a hundred times: at Python's usual 5 ms it would be late while shelves are made."""

DRAIN_SECONDS = 8.0
"""How long answers and writes that have begun may take to end, once asked to stop."""


async def run_bot(
    app: App,
    token: str,
    *,
    connector: aiohttp.BaseConnector | None = None,
    stop: asyncio.Event | None = None,
    handle_signals: bool = True,
) -> None:
    """Run the bot until `stop` is set or the process is asked to end.

    Raises CannotConnect when Discord refuses the token or the intents.
    """
    stop = stop or asyncio.Event()
    with _prompt(), _signals(stop) if handle_signals else contextlib.nullcontext():
        await asyncio.to_thread(zones)
        async with MatineeBot(app, COGS, connector=connector) as bot:
            instrument.attach(bot)
            jobs = Jobs(bot)
            await _enter(bot, token)
            await jobs.prepare()
            gateway = asyncio.create_task(bot.connect(reconnect=True), name="gateway")
            beside = asyncio.create_task(jobs.run(), name="jobs")
            asked = asyncio.create_task(stop.wait(), name="stop")
            done, _ = await asyncio.wait(
                {gateway, beside, asked}, return_when=asyncio.FIRST_COMPLETED
            )
            bot.stopping.set()
            await asyncio.wait({beside, *_in_flight()}, timeout=DRAIN_SECONDS)
            await bot.close()
            rest = {gateway, beside, asked} - done
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)
            for task in done:
                _reraise(task)


def _in_flight() -> "set[asyncio.Task[object]]":
    """The answers that are being worked on, by the names discord.py gives their tasks."""
    names = ("CommandTree-invoker", "discord-ui-", "discord.py: on_interaction")
    return {task for task in asyncio.all_tasks() if task.get_name().startswith(names)}


async def _enter(bot: MatineeBot, token: str) -> None:
    try:
        await bot.login(token)
    except discord.LoginFailure:
        raise CannotConnect(
            "Discord refused the token. Copy it again from the developer portal (Bot, Reset "
            "Token) into DISCORD_TOKEN in your .env file."
        ) from None
    except discord.HTTPException as refusal:
        raise CannotConnect(
            f"Discord answers with an error of its own (HTTP {refusal.status}); try again in a few "
            "minutes."
        ) from None
    except aiohttp.ClientConnectionError as error:
        raise CannotConnect(f"Discord cannot be reached ({error}); check the network.") from None


def _reraise(task: "asyncio.Task[object]") -> None:
    error = task.exception()
    if isinstance(error, discord.PrivilegedIntentsRequired):
        raise CannotConnect("Discord refused the intents; the bot needs none that is privileged.")
    if isinstance(error, discord.ConnectionClosed) and error.code == 4004:
        raise CannotConnect("Discord refused the token at the gateway; reset it in the portal.")
    if error is not None:
        raise error


@contextlib.contextmanager
def _prompt() -> Iterator[None]:
    """Threads that compute let answers pass."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """The first SIGTERM or Ctrl-C lets what has begun end; the second ends the process at once,
    which loses nothing that was acknowledged."""
    loop = asyncio.get_running_loop()

    def asked(number: int) -> None:
        if stop.is_set():
            log.warning("asked to stop a second time; stopping at once")
            logging.shutdown()
            os._exit(128 + number)
        log.info("asked to stop; what has begun ends first")
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows has no loop signal handlers
            loop.add_signal_handler(number, asked, number)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):
                loop.remove_signal_handler(number)
