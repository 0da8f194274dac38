"""What the bot does when Discord begins a new session."""

import weakref
from pathlib import Path

from bot.client.client import MatineeBot
from bot.settings import Settings
from bot.wiring import open_app
from tests.clock import IMPORTED_AT
from tests.house import FEWEST_FILMS, stocked


class CachedServer:
    """An object that, like discord.py's servers and their channels, refers to itself."""

    def __init__(self) -> None:
        self.channel = self


async def test_the_servers_of_the_session_before_are_freed(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    await stocked(settings.database, FEWEST_FILMS)
    async with open_app(settings, lambda: IMPORTED_AT) as app:
        bot = MatineeBot(app, ())
        for _ in range(2):
            server = CachedServer()
            kept = weakref.ref(server)
            await bot.on_ready()
        del server
        assert kept() is not None, "it refers to itself"
        await bot.on_ready()
        assert kept() is None
