"""`matinee play`: runs the same bot, through the real discord.py, against a local Discord."""

from collections.abc import Callable
from datetime import timedelta

from bot.clock import system_clock
from bot.errors import Sorry
from bot.playground import World, connector, start
from bot.playground.server import PortInUse
from bot.playground.web.api import Messages
from bot.playground.world.stage import whole_world
from bot.playground.world.state import TOKEN
from bot.run import run_bot
from bot.services.operations.alone import only_bot
from bot.services.people import pretend
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.catalogues.gallery import shown_languages, shown_messages
from bot.wording.cli import terminal as words

TICK_SECONDS = 1.0
"""How often the bot looks for what is due.

This is often, because a person can set the playground's clock forwards."""

MESSAGES = Messages(shown_languages(), shown_messages)
"""What the page `/messages` of the playground shows."""


async def play(settings: Settings, say: Callable[[str], None]) -> None:
    """Serves the playground (a local Discord) and runs the bot in it until the process ends.

    say: prints a line.

    Raises Sorry if the page's port is in use, and AlreadyRunning if a bot uses the data folder.
    """
    quick = settings.model_copy(update={"tick_seconds": TICK_SECONDS})
    world = whole_world()
    try:
        with only_bot(settings):
            await _play(quick, world, say)
    except PortInUse as error:
        raise Sorry("playground-port-taken", port=str(error.port)) from None


async def _play(settings: Settings, world: World, say: Callable[[str], None]) -> None:
    async with (
        start(world, page_port=settings.playground_port, messages=MESSAGES) as local,
        open_app(settings, world.clock.now) as app,
    ):
        await pretend.record(app, [person.id for person in world.people()], list(world.guilds))
        say(words.playground_open(local.page_url))
        await run_bot(app, TOKEN, connector=connector(local.port, local.ca_pem))


async def attach(settings: Settings, port: int, ca_pem: bytes, ahead: timedelta) -> None:
    """Runs the bot against the local Discord of another process.

    port: its port.
    ca_pem: the certificate that it uses and that the bot should trust, in PEM form.
    ahead: how far its clock is ahead of this machine's.
    """
    with only_bot(settings):
        async with open_app(settings, lambda: system_clock() + ahead) as app:
            await run_bot(app, TOKEN, connector=connector(port, ca_pem))
