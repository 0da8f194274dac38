"""Voice channels: joining, moving and leaving, through discord.py and the page."""

from datetime import timedelta
from pathlib import Path

import discord
import pytest

from bot.playground.records import permissions as p
from bot.playground.records.channels import VOICE
from bot.playground.testing import Refused
from bot.playground.world.guilds import voice
from tests.clock import club_world
from tests.playground.gatherings.conftest import INTENTS
from tests.playground.stage import Stage, open_stage, refused


async def test_members_join_move_and_leave(club: Stage) -> None:
    guild = club.world.guilds[club.guild.id]
    club.world.add_channel(guild, "Bar", kind=VOICE)
    june, olek = await club.person("june"), await club.person("olek")
    await june.join_voice("Screening room")
    member, before, after = await club.bot.until("voice_state_update")
    assert (member.id, before.channel) == (int(june.id), None)
    assert isinstance(after.channel, discord.VoiceChannel)
    assert after.channel.name == "Screening room"
    assert [x.id for x in after.channel.members] == [int(june.id)]
    await june.join_voice("Screening room")
    await june.join_voice("Bar")
    member, before, after = await club.bot.until("voice_state_update", 2)
    assert (before.channel.name, after.channel.name) == ("Screening room", "Bar")
    assert before.session_id == after.session_id
    state = await member.fetch_voice()
    assert (state.channel, state.session_id) == (after.channel, after.session_id)
    assert (await refused(club.guild.me.fetch_voice())).code == 10065
    club.world.set_overwrite(club.world.channels[after.channel.id], club.world.bot, deny=p.CONNECT)
    assert (await refused(member.fetch_voice())).code == 50013
    await olek.join_voice("Bar")
    sent = await club.room("films").send(poll=_poll())
    found = [x for x in await olek.messages("films") if x["id"] == str(sent.id)]
    await olek.vote(found[0], 1)
    voter, answer = await club.bot.until("poll_vote_add")
    assert (voter.id, answer.text, answer.vote_count) == (int(olek.id), "Alien", 1)
    await june.leave_voice()
    member, before, after = await club.bot.until("voice_state_update", 4)
    assert (member.id, after.channel) == (int(june.id), None)
    with pytest.raises(Refused, match="in no voice channel"):
        await june.leave_voice()
    club.world.remove_member(guild, club.world.users[int(olek.id)])
    member, before, after = await club.bot.until("voice_state_update", 5)
    assert (member.id, before.channel.name, after.channel) == (int(olek.id), "Bar", None)


def _poll() -> discord.Poll:
    return discord.Poll("What?", timedelta(hours=1)).add_answer(text="Alien")


async def test_who_may_not_connect(club: Stage) -> None:
    world, guild = club.world, club.world.guilds[club.guild.id]
    bar = world.add_channel(guild, "Bar", kind=VOICE)
    bar.user_limit = 1
    june, olek = await club.person("june"), await club.person("olek")
    await june.join_voice("Bar")
    with pytest.raises(Refused, match="full"):
        await olek.join_voice("Bar")
    with pytest.raises(Refused, match="channel type") as wrong:
        await olek.join_voice("films")
    assert wrong.value.code == 50024
    world.set_overwrite(bar, guild.roles[guild.id], deny=p.CONNECT)
    with pytest.raises(Refused, match="Missing Permissions"):
        await olek.join_voice("Bar")
    world.remove_channel(bar)
    assert not world.voice_states


async def test_the_guild_tells_who_is_there(record: Path) -> None:
    for intents, inside in ((INTENTS, 1), (discord.Intents(guilds=True), 0)):
        world = club_world()
        guild = next(iter(world.guilds.values()))
        june = next(x for x in world.people() if x.username == "june")
        room = next(world.channels[x] for x in guild.channels if world.channels[x].kind == VOICE)
        voice.join(world, room, june.id)
        async with open_stage(record, world=world, intents=intents) as stage:
            found = stage.guild.voice_channels[0]
            assert len(found.voice_states) == inside
            assert [x.name for x in found.members] == ["june"] * inside
            visitor = await stage.person("june")
            await visitor.leave_voice(guild.id)
            if inside:
                await stage.bot.until("voice_state_update")
            await visitor.say("films", f"<@{world.bot.id}> hello")
            assert stage.bot.count("voice_state_update") == inside
