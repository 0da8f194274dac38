"""A person who has installed the bot for themselves uses it in a server where it is no member."""

import discord
import pytest
from discord import app_commands

from bot.playground.records import permissions as p
from bot.playground.testing import Refused
from bot.playground.world.stage import whole_world
from tests.clock import NOW
from tests.playground.stage import SmallBot, Stage, open_stage

ELSEWHERE = "general"


def prepare(bot: SmallBot) -> None:
    @bot.tree.command(description="Says hello")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def hello(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Good evening!")
        interaction.extras["more"] = [
            await interaction.followup.send(str(place), wait=True) for place in range(5)
        ]
        with pytest.raises(discord.HTTPException) as caught:
            await interaction.followup.send("one too many")
        interaction.extras["code"] = caught.value.code

    @bot.tree.command(description="Only where the bot is a member")
    @app_commands.allowed_installs(guilds=True, users=False)
    async def here(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Here.")


async def test_the_world_of_the_playground(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = whole_world(NOW)
    assert [x.name for x in world.guilds.values()] == [
        "The Matinee Club",
        "Rooftop Cinema",
        "A server without Matinee",
    ]
    assert world.users[world.application.owner_id].username == "robin"
    assert list(whole_world(NOW).channels) == list(world.channels)


async def test_the_app_goes_with_its_user() -> None:
    async with open_stage(world=whole_world(NOW), prepare=prepare, rate_limits=False) as stage:
        world = stage.world
        mira, olek = await stage.person("mira"), await stage.person("olek")
        place = next(x for x in world.channels.values() if x.name == ELSEWHERE)
        assert len(stage.bot.guilds) == 2
        with pytest.raises(Refused, match="cannot use"):
            await olek.command(place.id, "hello")
        with pytest.raises(Refused, match="cannot use"):
            await mira.command(place.id, "here")
        outcome = await mira.command(place.id, "hello")
        assert outcome.text == "Good evening!"
        (interaction,) = await stage.bot.until("interaction")
        assert interaction.context.guild
        assert interaction.is_user_integration()
        assert not interaction.is_guild_integration()
        assert interaction.guild_id == place.guild_id
        assert not interaction.app_permissions.view_channel
        await stage.bot.until("app_command_completion")
        assert (len(interaction.extras["more"]), interaction.extras["code"]) == (5, 40094)
        assert stage.bot.count("message") == 0  # the bot is no member, so it hears nothing
        assert len(await olek.messages(place.id)) == 6
        await _is_private_without_the_permission(stage, place.id)


async def _is_private_without_the_permission(stage: Stage, channel_id: int) -> None:
    world = stage.world
    mira, olek = await stage.person("mira"), await stage.person("olek")
    place = world.channels[channel_id]
    guild = world.guilds[place.guild_id or 0]
    before = len(await olek.messages(place.id))
    world.set_overwrite(place, guild.roles[guild.id], deny=p.USE_EXTERNAL_APPS)
    await mira.command(place.id, "hello")
    await stage.bot.until("app_command_completion", 2)
    assert len(await olek.messages(place.id)) == before
