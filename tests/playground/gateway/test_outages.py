"""Guilds that an outage hides, and a bot that is removed from a guild and invited again."""

from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest

from tests.clock import club_world
from tests.playground.stage import Stage, open_stage


async def test_an_outage_hides_a_guild_and_its_events(stage: Stage) -> None:
    world, bot = stage.world, stage.bot
    guild = world.guilds[stage.guild.id]
    june = await stage.person("june")
    world.hide_guild(guild)
    await bot.until("guild_unavailable")
    assert stage.guild.unavailable
    await june.say("films", "nobody hears this")
    world.show_guild(guild)
    await bot.until("guild_available", 2)
    await june.say("films", "but this")
    await bot.until("message")
    assert not stage.guild.unavailable
    assert bot.count("message") == 1
    assert bot.count("guild_remove") == 0


async def test_a_hidden_guild_is_in_ready_and_comes_later(record: Path) -> None:
    world = club_world()
    (guild,) = world.guilds.values()
    world.hide_guild(guild)
    async with open_stage(record, world=world) as stage:
        assert stage.bot.count("guild_available") == 0
        assert stage.guild.unavailable
        assert not stage.guild.channels
        world.show_guild(guild)
        await stage.bot.until("guild_available")
        assert stage.room("films").name == "films"


async def test_a_hidden_guild_tells_a_new_member_nothing_but_its_id(stage: Stage) -> None:
    world, bot = stage.world, stage.bot
    guild = world.add_guild("Elsewhere", world.people()[0], bot=False)
    world.hide_guild(guild)
    world.invite_bot(guild)
    world.show_guild(guild)
    await bot.until("guild_available", 2)
    assert bot.count("guild_join") == 0
    assert {one.name for one in bot.guilds} == {"The Matinee Club", "Elsewhere"}


async def test_who_was_removed_while_offline_does_not_find_the_guild(record: Path) -> None:
    async with open_stage(record, rate_limits=False) as stage:
        world = stage.world
        guild = world.guilds[stage.guild.id]
        stage.local.invalidate_sessions()
        world.remove_guild(guild)
        ready = (await stage.bot.until("shard_ready", 2))[0]
        assert ready == 0
        with pytest.raises(discord.NotFound) as gone:
            await stage.bot.fetch_guild(guild.id)
        assert gone.value.code == 10004
        world.invite_bot(guild)
        await stage.bot.until("guild_join")


async def test_the_page_can_do_it(stage: Stage) -> None:
    guild = stage.guild.id
    async with aiohttp.ClientSession() as session:

        async def do(what: str) -> Any:
            body = {"guild": str(guild), "do": what}
            async with session.post(f"{stage.local.page_url}/api/guild", json=body) as response:
                return await response.json()

        assert await do("hide") == {"available": False, "member": True}
        await stage.bot.until("guild_unavailable")
        assert await do("show") == {"available": True, "member": True}
        assert await do("kick") == {"available": True, "member": False}
        await stage.bot.until("guild_remove")
        assert await do("invite") == {"available": True, "member": True}
        await stage.bot.until("guild_join")
        assert "hide, show" in (await do("burn"))["error"]
