"""What the bot does when Discord begins a new session."""

import logging
import weakref
from pathlib import Path
from typing import Any

import pytest

from bot import run
from bot.client.client import MatineeBot
from bot.playground.records.channels import Reaction
from bot.playground.world.channels import reactions
from bot.settings import Settings
from bot.wiring import open_app
from tests.clock import IMPORTED_AT, PATIENCE_SECONDS
from tests.house import FEWEST_FILMS, running, stocked, until


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


class SlowToBeReady(MatineeBot):
    """A bot for which the first seconds of a session, which discord.py counts, do not end."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._connection.guild_ready_timeout = PATIENCE_SECONDS


async def test_a_server_that_was_away_in_the_first_seconds_loses_no_reaction(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """discord.py then reports a joined server only as available."""
    monkeypatch.setattr(run, "MatineeBot", SlowToBeReady)
    caplog.set_level(logging.INFO, "bot.jobs.reconciling")

    def rounds() -> int:
        return caplog.text.count("reactions reconciled")

    async with (
        running(tmp_path, max_films=FEWEST_FILMS, seed_reactions=False) as house,
        house.member("mira") as mira,
    ):
        world, guild = house.world, next(iter(house.world.guilds.values()))
        shown = (await mira.command("films", "recommend")).message
        assert shown is not None
        await until(lambda: house.rows("select 1 from cards") == [(1,)], "recorded")
        before = rounds()
        house.local.let_identify()
        house.local.invalidate_sessions()
        await until(lambda: rounds() > before, "compared after the new session began")
        world.remove_guild(guild)
        channel = world.channels[int(shown["channel_id"])]
        message = channel.messages[int(shown["id"])]
        reactions.add(world, channel, message, int(mira.id), Reaction("👍"))
        world.invite_bot(guild)
        stars = "select stars from ratings"
        await until(lambda: house.rows(stars) == [(4.0,)], "the reaction is found")
