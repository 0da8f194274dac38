"""Stages for the tests of polls, scheduled events and voice channels."""

from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest

from tests.playground.stage import Stage, open_stage

INTENTS = discord.Intents(
    guilds=True,
    guild_messages=True,
    dm_messages=True,
    guild_polls=True,
    dm_polls=True,
    guild_scheduled_events=True,
    voice_states=True,
)


@pytest.fixture
async def club(record: Path) -> AsyncIterator[Stage]:
    """A stage without rate limits, whose bot hears of polls, events and voice channels."""
    async with open_stage(record, intents=INTENTS, rate_limits=False) as stage:
        yield stage
        assert stage.world.unsupported == []


@pytest.fixture
async def rough() -> AsyncIterator[Stage]:
    """A stage like `club` whose traffic is not checked, for requests that are wrong on purpose."""
    async with open_stage(intents=INTENTS, rate_limits=False) as stage:
        yield stage
