"""Polls: sent, voted in and ended, through discord.py and the page."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.playground.records import permissions as p
from bot.playground.testing import JSON, Refused
from tests.playground.gatherings.conftest import INTENTS
from tests.playground.stage import RawRest, Stage, open_stage, refused


def poll(*answers: str, multiple: bool = False, hours: int = 2) -> discord.Poll:
    made = discord.Poll("What do we watch?", timedelta(hours=hours), multiple=multiple)
    for answer in answers or ("Alien", "Brazil"):
        made.add_answer(text=answer)
    return made


async def shown(person: Any, channel: str = "films") -> JSON:
    """Returns the newest poll that a person sees in a channel."""
    found: JSON = [x for x in await person.messages(channel) if "poll" in x][-1]
    return found


async def test_people_vote_and_the_clock_ends_the_poll(club: Stage) -> None:
    june, olek = await club.person("june"), await club.person("olek")
    sent = await club.room("films").send(poll=poll())
    assert sent.poll is not None
    assert sent.poll.expires_at is not None
    assert abs(sent.poll.expires_at - sent.created_at - timedelta(hours=2)) < timedelta(seconds=1)
    assert (sent.poll.total_votes, sent.poll.is_finalised()) == (0, False)
    voted = await june.vote(await shown(june), "Alien")
    counts = voted["poll"]["results"]["answer_counts"]
    assert counts == [{"id": 1, "count": 1, "me_voted": True}]
    (raw,) = await club.bot.until("raw_poll_vote_add")
    assert (raw.user_id, raw.answer_id, raw.message_id) == (int(june.id), 1, sent.id)
    await june.vote(voted, "Brazil")
    (raw,) = await club.bot.until("raw_poll_vote_remove")
    assert raw.answer_id == 1
    await club.bot.until("raw_poll_vote_add", 2)
    await olek.vote(voted, 2)
    await club.bot.until("raw_poll_vote_add", 3)
    cached = next(x for x in club.bot.cached_messages if x.id == sent.id)
    assert cached.poll is not None
    fetched = await club.room("films").fetch_message(sent.id)
    assert fetched.poll is not None
    assert [x.vote_count for x in fetched.poll.answers] == [0, 2]
    assert {x.id async for x in fetched.poll.answers[1].voters()} == {int(june.id), int(olek.id)}
    await june.let_poll_end(voted)
    told = (await club.bot.until("message", 2))[0]
    assert told.type is discord.MessageType.poll_result
    assert told.reference.message_id == sent.id
    assert told.embeds[0].type == "poll_result"
    fields = {x.name: x.value for x in told.embeds[0].fields}
    assert fields == {
        "poll_question_text": "What do we watch?",
        "victor_answer_votes": "2",
        "total_votes": "2",
        "victor_answer_id": "2",
        "victor_answer_text": "Brazil",
    }
    assert club.bot.count("raw_message_edit") == 2, "it ends, and then its votes are counted"
    fetched = await club.room("films").fetch_message(sent.id)
    assert fetched.poll is not None
    assert fetched.poll.is_finalised()
    with pytest.raises(Refused, match="Poll expired") as late:
        await olek.vote(voted, 1)
    assert late.value.code == 520001
    assert (await refused(sent.end_poll())).code == 520001
    assert (await refused(told.edit(content="no"))).code == 50021
    assert "system message" in (await refused(told.reply("no"))).text


async def test_the_bot_ends_its_own_poll_and_a_tie_has_no_winner(club: Stage) -> None:
    june, olek = await club.person("june"), await club.person("olek")
    sent = await club.room("films").send("Vote, please", poll=poll(multiple=True))
    await june.vote(await shown(june), 1, 2)
    ended = await sent.end_poll()
    assert ended.poll is not None
    assert not ended.poll.is_finalised(), "its votes are counted later"
    assert (ended.poll.multiple, ended.content) == (True, "Vote, please")
    told = (await club.bot.until("message", 2))[0]
    fields = {x.name: x.value for x in told.embeds[0].fields}
    assert fields == {
        "poll_question_text": "What do we watch?",
        "victor_answer_votes": "1",
        "total_votes": "2",
    }
    theirs = await olek.say_poll("films", "And then?", "Home", "Another")
    (message,) = await club.bot.until("message", 3)
    assert message.poll is None, "without the intent for the content of messages"
    assert (await refused(message.end_poll())).code == 50013
    await olek.close_poll(theirs)
    await club.bot.until("message", 4)
    with pytest.raises(Refused, match="one answer"):
        await june.vote(await olek.say_poll("films", "Which?", "One", "Two"), 1, 2)


async def test_polls_that_discord_refuses(rough: Stage) -> None:
    films = rough.room("films")
    sent = await films.send(poll=poll())
    assert (await refused(sent.edit(content="changed"))).code == 520003
    plain = await films.send("no poll")
    assert (await refused(plain.end_poll())).code == 520006
    answer: JSON = {"poll_media": {"text": "Alien"}}
    good: JSON = {"question": {"text": "Which?"}, "answers": [answer, answer]}
    wrong: dict[str, JSON] = {
        "question": {"question": {"text": "x" * 301}},
        "answers": {"answers": [answer] * 11},
        "poll_media": {"answers": [{"poll_media": {"text": "x" * 56}}]},
        "duration": {"duration": 769},
        "layout_type": {"layout_type": 2},
    }
    async with RawRest(rough.local.port, rough.local.ca_pem) as rest:
        path = f"/channels/{films.id}/messages"
        for key, change in wrong.items():
            status, body, _ = await rest.call("POST", path, json={"poll": good | change})
            assert (status, body["code"]) == (400, 50035), key
            assert key in str(body["errors"]["poll"]), key
        odd = [{"poll_media": {"text": "x", "emoji": {"name": "no emoji"}}}]
        for change in (
            {"answers": []},
            {"answers": odd},
            {"duration": 0},
            {"duration": 1.5},
            {"question": {}},
        ):
            status, body, _ = await rest.call("POST", path, json={"poll": good | change})
            assert (status, body["code"]) == (400, 50035), change
        v2: JSON = {"flags": 1 << 15, "components": [{"type": 10, "content": "text"}], "poll": good}
        status, body, _ = await rest.call("POST", path, json=v2)
        assert list(body["errors"]) == ["poll"]
        later = f"{path}/{plain.id}"
        assert (await rest.call("PATCH", later, json={"poll": good}))[0] == 400
        voters = f"/channels/{films.id}/polls/{sent.id}/answers/3"
        assert (await rest.call("GET", voters))[1]["code"] == 50035
    guild = rough.world.guilds[rough.guild.id]
    everyone = guild.roles[guild.id]
    rough.world.set_role(guild, everyone, everyone.permissions & ~p.SEND_POLLS)
    assert (await refused(films.send(poll=poll()))).code == 50013
    june = await rough.person("june")
    with pytest.raises(Refused, match="Missing Permissions"):
        await june.say_poll("films", "May I?", "No")


async def test_the_end_of_a_poll_that_is_gone_is_not_told(club: Stage) -> None:
    world, guild = club.world, club.world.guilds[club.guild.id]
    june = await club.person("june")
    await june.say_poll("lounge", "Channel removed?", "Yes")
    counting = await june.say_poll("lounge", "Removed before the votes are counted?", "Yes")
    await june.close_poll(counting)
    gone = await june.say_poll("films", "Message deleted?", "Yes")
    await june.delete_message(gone)
    lounge = world.channels[club.room("lounge").id]
    world.remove_channel(lounge)
    last = await june.say_poll("films", "Still here?", "Yes")
    await june.let_poll_end(last)
    await club.bot.until("message", 5)
    told = [x for x in await june.messages("films") if x["type"] == 46]
    assert [x["embeds"][0]["fields"][0]["value"] for x in told] == ["Still here?"]
    assert lounge.id not in guild.channels


async def test_votes_come_only_with_their_intents(record: Path) -> None:
    intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    async with open_stage(record, intents=intents, rate_limits=False) as stage:
        june = await stage.person("june")
        sent = await stage.room("films").send(poll=poll())
        await june.vote(await shown(june), 1)
        await sent.end_poll()
        told = (await stage.bot.until("message", 2))[0]
        assert told.type is discord.MessageType.poll_result
        assert stage.bot.count("raw_poll_vote_add") == 0


async def test_a_poll_answers_a_command_also_after_a_deferral(record: Path) -> None:
    def prepare(bot: Any) -> None:
        @bot.tree.command(description="asks at once")
        async def ask(interaction: discord.Interaction[Any]) -> None:
            await interaction.response.send_message(poll=poll("At once", "Later"))

        @bot.tree.command(description="asks later")
        async def think(interaction: discord.Interaction[Any]) -> None:
            await interaction.response.defer()
            await interaction.followup.send(poll=poll("Thought", "Of it"))

        @bot.tree.command(description="asks one person")
        async def whisper(interaction: discord.Interaction[Any]) -> None:
            error = await refused(interaction.response.send_message(poll=poll(), ephemeral=True))
            bot.errors.append(error.code)
            await interaction.response.send_message("no", ephemeral=True)

    async with open_stage(record, intents=INTENTS, prepare=prepare, rate_limits=False) as stage:
        june = await stage.person("june")
        for name, first in (("ask", "At once"), ("think", "Thought")):
            outcome = await june.command("films", name)
            voted = await june.vote(outcome.message, first)
            assert voted["poll"]["answers"][0]["people"] == [june.id]
        await stage.bot.until("raw_poll_vote_add", 2)
        olek = await stage.person("olek")
        await olek.command("dm", "ask")
        await olek.vote(await shown(olek, "dm"), 1)
        (raw,) = await stage.bot.until("raw_poll_vote_add", 3)
        assert raw.guild_id is None
        await june.command("films", "whisper")
        assert stage.bot.errors == [50035]
