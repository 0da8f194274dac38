"""Reactions of people and the bot, and Discord's rules for reactions."""

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.playground.records import permissions as p
from bot.playground.records.channels import Reaction
from bot.playground.testing import Refused
from bot.playground.validation.emoji import is_unicode
from bot.playground.validation.errors import ApiError
from bot.playground.world import emoji
from tests.clock import club_world
from tests.playground.stage import Stage, open_stage, refused


def counts(message: dict[str, Any] | None) -> list[tuple[str, int, bool]]:
    assert message is not None
    return [(x["emoji"]["name"], x["count"], x["me"]) for x in message.get("reactions", [])]


async def test_the_bots_and_the_members_reactions(quick: Stage) -> None:
    june, mira = await quick.person("june"), await quick.person("mira")
    sent = await quick.room("films").send("a card")
    for x in ("❤️", "👍", "😐", "👎"):
        await sent.add_reaction(x)
    card = (await june.messages("films"))[0]
    assert counts(card) == [(x, 1, False) for x in ("❤️", "👍", "😐", "👎")]
    await june.react(card, "❤️")
    await june.react(card, "❤️")  # a second time changes nothing
    await mira.react(card, "👎")
    assert counts(await june.message(card))[0] == ("❤️", 2, True)
    assert counts(await mira.message(card))[0] == ("❤️", 2, False)
    await quick.bot.until("raw_reaction_add", 6)
    (added,) = await quick.bot.until("raw_reaction_add", 5)
    assert (added.user_id, str(added.emoji)) == (int(june.id), "❤️")
    assert added.message_author_id == quick.guild.me.id
    assert added.member is not None
    await june.unreact(card, "❤️")
    (removed,) = await quick.bot.until("raw_reaction_remove")
    assert (removed.user_id, removed.member, removed.message_author_id) == (
        int(june.id),
        None,
        None,
    )
    await sent.remove_reaction("😐", quick.guild.me)
    assert [x[0] for x in counts(await june.message(card))] == ["❤️", "👍", "👎"]
    fetched = await quick.room("films").fetch_message(sent.id)
    assert [(str(x.emoji), x.count, x.me) for x in fetched.reactions] == [
        ("❤️", 1, True),
        ("👍", 1, True),
        ("👎", 2, True),
    ]
    reactor_ids = [user.id async for user in fetched.reactions[2].users()]
    assert sorted(reactor_ids) == sorted([quick.guild.me.id, int(mira.id)])
    after = discord.Object(min(reactor_ids))
    assert [x.id async for x in fetched.reactions[2].users(limit=1, after=after)] == [
        max(reactor_ids)
    ]


async def test_reactions_in_direct_messages_name_no_member(quick: Stage) -> None:
    june = await quick.person("june")
    june_message = await june.say("dm", "hello")
    await june.react(june_message, "👍")
    (event,) = await quick.bot.until("raw_reaction_add")
    assert (event.guild_id, event.member) == (None, None)


async def test_a_moderator_clears(quick: Stage) -> None:
    june, mira = await quick.person("june"), await quick.person("mira")
    june_message = await june.say("films", "hello")
    for x in ("👍", "👎"):
        await june.react(june_message, x)
    with pytest.raises(Refused, match="Missing Permissions"):
        await june.clear_reactions(june_message)
    await mira.clear_reactions(june_message, "👍")
    (event,) = await quick.bot.until("raw_reaction_clear_emoji")
    assert str(event.emoji) == "👍"
    assert counts(await june.message(june_message)) == [("👎", 1, True)]
    await mira.clear_reactions(june_message)
    await quick.bot.until("raw_reaction_clear")
    assert counts(await june.message(june_message)) == []


async def test_the_bot_as_moderator(quick: Stage) -> None:
    june = await quick.person("june")
    june_message = await june.say("films", "hello")
    await june.react(june_message, "👍")
    await june.react(june_message, "👎")
    message = await quick.room("films").fetch_message(int(june_message["id"]))
    user = discord.Object(int(june.id))
    assert (await refused(message.remove_reaction("👍", user))).code == 50013
    assert (await refused(message.clear_reactions())).code == 50013
    guild = quick.world.guilds[quick.guild.id]
    role = quick.world.add_role(guild, "mod", p.MANAGE_MESSAGES)
    quick.world.add_member(guild, quick.world.bot, [role])
    await message.remove_reaction("👍", user)
    await message.clear_reaction("👎")
    assert (await refused(message.clear_reaction("👎"))).code == 10014
    await message.clear_reactions()
    assert counts(await june.message(june_message)) == []


async def test_permissions_to_react(quick: Stage) -> None:
    june = await quick.person("june")
    june_message = await june.say("films", "hello")
    message = quick.room("films").get_partial_message(int(june_message["id"]))
    films = quick.world.channels[message.channel.id]
    quick.world.set_overwrite(films, quick.world.bot, deny=p.ADD_REACTIONS)
    assert (await refused(message.add_reaction("👍"))).code == 50013
    await june.react(june_message, "👍")
    await message.add_reaction("👍")  # joining an existing reaction needs no ADD_REACTIONS
    quick.world.set_overwrite(films, quick.world.bot, deny=p.READ_MESSAGE_HISTORY)
    assert (await refused(message.add_reaction("👍"))).code == 50013
    quick.world.set_overwrite(films, quick.world.bot, deny=p.VIEW_CHANNEL)
    assert (await refused(message.add_reaction("👍"))).code == 50001


async def test_unknown_emoji_and_messages_are_refused(quick: Stage) -> None:
    sent = await quick.room("films").send("hello")
    assert (await refused(sent.add_reaction("heart"))).code == 10014
    assert (await refused(sent.add_reaction("<:gone:123456789012345678>"))).code == 10014
    assert (await refused(sent.remove_reaction("👍", quick.guild.me))).code == 10014
    gone = quick.room("films").get_partial_message(5)
    assert (await refused(gone.add_reaction("👍"))).code == 10008


async def test_a_message_has_at_most_twenty_different_reactions(quick: Stage) -> None:
    sent = await quick.room("films").send("hello")
    faces = [chr(0x1F600 + x) for x in range(21)]
    for face in faces[:20]:
        await sent.add_reaction(face)
    assert (await refused(sent.add_reaction(faces[20]))).code == 30010
    june = await quick.person("june")
    card = (await june.messages("films"))[0]
    await june.react(card, faces[0])
    with pytest.raises(Refused, match="20"):
        await june.react(card, faces[20])


async def test_a_guilds_own_emoji(quick: Stage) -> None:
    own = quick.world.add_emoji(quick.world.guilds[quick.guild.id], "popcorn")
    june = await quick.person("june")
    sent = await quick.room("films").send("hello")
    await sent.add_reaction(f"<:popcorn:{own.id}>")
    card = (await june.messages("films"))[0]
    await june.react(card, f"popcorn:{own.id}")
    (event,) = await quick.bot.until("raw_reaction_add", 2)
    assert (event.emoji.id, event.emoji.name) == (own.id, "popcorn")


async def test_the_variation_selector_makes_no_difference(quick: Stage) -> None:
    june = await quick.person("june")
    sent = await quick.room("films").send("hello")
    await sent.add_reaction("❤️")
    card = (await june.messages("films"))[0]
    await june.react(card, "\u2764")
    assert counts(await june.message(card)) == [("❤️", 2, True)]


@pytest.mark.parametrize(
    "text",
    ["❤️", "\u2764", "👍", "👍🏽", "😐", "👎", "🏳️‍🌈", "👨‍👩‍👧", "🇫🇷", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "⭐", "🫠", "▶️"],
)
def test_emoji(text: str) -> None:
    assert is_unicode(text)


@pytest.mark.parametrize("text", ["", "a", "1", "❤️❤️", "heart", "👍 ", "\ufe0f", "é", "<:a:1>"])
def test_no_emoji(text: str) -> None:
    assert not is_unicode(text)
    with pytest.raises(ApiError):
        emoji.parse(club_world(), text)


def test_custom_emoji_differ_by_id() -> None:
    assert emoji.is_same(Reaction("a", 1), Reaction("b", 1))
    assert not emoji.is_same(Reaction("a", 1), Reaction("a", 2))
    assert not emoji.is_same(Reaction("👍"), Reaction("👍🏽"))


async def test_adding_reactions_is_slow(record: Path) -> None:
    async with open_stage(record) as stage:
        june = await stage.person("june")
        sent = await stage.room("films").send("hello")
        for x in ("❤️", "👍", "😐"):
            await sent.add_reaction(x)  # discord.py itself waits for the bucket
        assert stage.local.limits.hits == 0
        assert len(counts((await june.messages("films"))[0])) == 3
