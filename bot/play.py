"""The playground: the same bot, through the real discord.py, against a local Discord."""

from collections.abc import Callable
from datetime import timedelta

from bot.app import open_app
from bot.clock import system_clock
from bot.playground import connect, server
from bot.playground.stage import default_world
from bot.playground.world import TOKEN, World
from bot.run import run_bot
from bot.services import pretend
from bot.services.errors import Sorry
from bot.settings import Settings

TICK_SECONDS = 1.0
"""The playground's clock can jump, so what is due is looked for often."""


async def play(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve the playground and run the bot in it until the process is asked to end."""
    ours = settings.model_copy(update={"tick_seconds": TICK_SECONDS})
    world = default_world()
    try:
        await _play(ours, world, say)
    except server.PortInUse as error:
        raise Sorry(str(error)) from None


async def _play(settings: Settings, world: World, say: Callable[[str], None]) -> None:
    async with (
        server.start(world, page_port=settings.playground_port) as local,
        open_app(settings, world.clock.now) as app,
    ):
        await pretend.remember(app, [person.id for person in world.people()], list(world.guilds))
        say(f"Matinee plays at {local.page_url}  (Ctrl-C ends it)")
        await run_bot(app, TOKEN, connector=connect.connector(local.port, local.ca_pem))


async def attach(settings: Settings, port: int, ca_pem: bytes, ahead: timedelta) -> None:
    """Run the bot against a local Discord of another process, whose clock is `ahead` of the
    machine's."""
    async with open_app(settings, lambda: system_clock() + ahead) as app:
        await run_bot(app, TOKEN, connector=connect.connector(port, ca_pem))
