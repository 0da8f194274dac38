"""Threads, forums, slow mode, time-outs and automatic moderation, by Discord's rules."""

from datetime import timedelta
from typing import Any

import discord
import pytest

from bot.playground.records import permissions as p
from bot.playground.records.channels import FORUM
from bot.playground.testing import Refused
from bot.playground.validation.errors import ApiError
from bot.playground.world.channels import messages, threads
from tests.playground.stage import Stage, open_stage, refused


async def test_a_thread_has_the_permissions_of_its_channel(quick: Stage) -> None:
    world = quick.world
    june = await quick.person("june")
    films = world.channels[quick.room("films").id]
    card = await quick.room("films").send("a card")
    thread = threads.begin(world, films, "about it", int(june.id), message_id=card.id)
    assert thread.id == card.id
    with pytest.raises(ApiError, match="160004"):
        threads.begin(world, films, "again", int(june.id), message_id=card.id)
    (found,) = await quick.bot.until("thread_create")
    assert (found.parent, found.owner_id) == (quick.room("films"), int(june.id))
    await june.say(thread.id, "hello")
    await found.send("hello from the bot")
    guild = next(iter(world.guilds.values()))
    everyone = guild.roles[guild.id]
    world.set_overwrite(films, everyone, deny=p.SEND_MESSAGES)
    await june.say(thread.id, "sending in the channel does not matter")
    world.set_overwrite(films, everyone, deny=p.SEND_MESSAGES_IN_THREADS)
    with pytest.raises(Refused, match="Missing Permissions"):
        await june.say(thread.id, "this does")


async def test_an_archived_thread_stands_still_until_somebody_writes(quick: Stage) -> None:
    world = quick.world
    june = await quick.person("june")
    thread = threads.begin(world, world.channels[quick.room("films").id], "talk", int(june.id))
    (found,) = await quick.bot.until("thread_create")
    card = await found.send("a card")
    world.clock.advance(24 * 3600)
    threads.archive_idle(world)
    (_, after) = await quick.bot.until("thread_update")
    assert after.archived
    assert (await refused(card.edit(content="no"))).code == 50083
    assert (await refused(card.add_reaction("👍"))).code == 50083
    shown = (await june.messages(thread.id))[0]
    with pytest.raises(Refused, match="archived"):
        await june.react(shown, "👍")
    await june.say(thread.id, "awake")
    assert thread.thread is not None
    assert not thread.thread.archived
    threads.change(world, thread, archived=True, locked=True)
    assert (await refused(found.send("locked"))).code == 50083
    threads.delete(world, thread)
    await quick.bot.until("raw_thread_delete")
    assert (await refused(found.send("gone"))).code == 10003


async def test_a_private_thread_is_seen_by_those_in_it(quick: Stage) -> None:
    world = quick.world
    june, olek = await quick.person("june"), await quick.person("olek")
    films = world.channels[quick.room("films").id]
    guild = next(iter(world.guilds.values()))
    world.set_role(guild, guild.roles[guild.id], p.EVERYONE | p.CREATE_PRIVATE_THREADS)
    thread = threads.begin(world, films, "secret", int(june.id), private=True)
    assert world.permissions(int(june.id), thread)
    assert not world.permissions(int(olek.id), thread)
    assert not world.permissions(world.bot.id, thread)
    assert "thread_create" not in [name for name, _ in quick.bot.events]


async def test_a_forum_has_only_posts(quick: Stage) -> None:
    world = quick.world
    june = await quick.person("june")
    guild = next(iter(world.guilds.values()))
    forum = world.add_channel(guild, "reviews", kind=FORUM)
    await quick.bot.until("guild_channel_create")
    place = quick.guild.get_channel(forum.id)
    assert isinstance(place, discord.ForumChannel)
    with pytest.raises(ApiError, match="40058"):
        messages.send(world, forum, world.bot.id, {"content": "no"}, [])
    post = messages.begin_post(world, forum, int(june.id), "Alien", {"content": "Wow"}, [])
    assert list(post.messages) == [post.id]
    (found,) = await quick.bot.until("thread_create")
    assert found.parent == place


async def test_the_bot_begins_a_post() -> None:
    """Discord's description does not know all that discord.py sends; so nothing is recorded."""
    async with open_stage(rate_limits=False) as stage:
        guild = next(iter(stage.world.guilds.values()))
        forum = stage.world.add_channel(guild, "reviews", kind=FORUM)
        await stage.bot.until("guild_channel_create")
        place: Any = stage.guild.get_channel(forum.id)
        made = await place.create_thread(name="Tonight", content="What to watch?")
        assert made.message.id == made.thread.id
        granted = p.EVERYONE | p.CREATE_PRIVATE_THREADS | p.MANAGE_THREADS
        stage.world.set_role(guild, guild.roles[guild.id], granted)
        thread = await stage.room("films").create_thread(name="Private talk")
        assert thread.is_private()
        await thread.edit(archived=True)
        assert [x.id for x in await stage.guild.active_threads()] == [made.thread.id]


async def test_slow_mode_holds_people_back_and_bots_not(quick: Stage) -> None:
    world = quick.world
    june = await quick.person("june")
    films = world.channels[quick.room("films").id]
    world.set_slow_mode(films, 60)
    await quick.bot.until("guild_channel_update")
    assert quick.room("films").slowmode_delay == 60
    await june.say("films", "one")
    with pytest.raises(Refused, match="slowmode"):
        await june.say("films", "two")
    for _ in range(2):
        await quick.room("films").send("bots are free")
    world.clock.advance(61)
    await june.say("films", "three")


async def test_who_is_timed_out_may_only_read(quick: Stage) -> None:
    world = quick.world
    june = await quick.person("june")
    guild = next(iter(world.guilds.values()))
    card = await quick.room("films").send("a card")
    await card.add_reaction("👍")
    shown = (await june.messages("films"))[0]
    until = world.clock.now() + timedelta(hours=1)
    world.time_out(guild, world.users[int(june.id)], until)
    for refused_act in (june.say("films", "hello"), june.react(shown, "👍")):
        with pytest.raises(Refused, match="Missing Permissions"):
            await refused_act
    assert await june.messages("films")
    world.clock.advance(3601)
    await june.react(shown, "👍")
    until = world.clock.now() + timedelta(hours=1)
    world.time_out(guild, world.bot, until)
    (_, me) = await quick.bot.until("member_update")
    assert me.timed_out_until == until
    assert (await refused(card.add_reaction("👎"))).code == 50013
    assert (await refused(quick.room("films").send("x"))).code == 50013
    with pytest.raises(ApiError, match="50013"):
        world.time_out(guild, world.users[guild.owner_id], until)


async def test_moderation_keeps_words_out_of_messages_and_edits(quick: Stage) -> None:
    world = quick.world
    guild = next(iter(world.guilds.values()))
    world.block_words(guild, "Psycho")
    room = quick.room("films")
    error = await refused(room.send("Tonight: PSYCHO (1960)"))
    assert (error.status, error.code) == (400, 200000)
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay("Tonight: Psycho"))
    assert (await refused(room.send(view=view))).code == 200000
    sent = await room.send("Tonight: Alien")
    assert (await refused(sent.edit(content="psycho"))).code == 200000
    world.block_words(guild)
    await sent.edit(content="psycho")
