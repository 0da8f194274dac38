"""Interactions with a real bot: commands, buttons, menus, modals, deadlines, ephemeral answers."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest

from bot.playground import Person
from bot.playground.records import permissions as p
from bot.playground.testing import Refused, buttons_of, text_of
from bot.playground.world.interactions import lifecycle
from tests.clock import PATIENCE_SECONDS
from tests.playground.small_cinema import prepare
from tests.playground.stage import Stage, open_stage


@pytest.fixture
async def scene(record: Path) -> AsyncIterator[Stage]:
    async with open_stage(record, prepare=prepare) as stage:
        yield stage
        assert stage.world.unsupported == []
        assert stage.bot.errors == []


@pytest.fixture
async def june(scene: Stage) -> Person:
    return await scene.person("june")


async def test_a_command_is_answered_with_a_card(scene: Stage, june: Person) -> None:
    outcome = await june.command("films", "recommend", mood="warm", stars=4, who=june.id)
    assert outcome.state == "done"
    assert outcome.first_response_ms is not None
    assert "warm 4 june" in outcome.text
    message = outcome.message
    assert message is not None
    assert message["flags"] == 32768
    assert message["type"] == 20
    assert message["interaction_metadata"]["name"] == "recommend"
    assert message["interaction_metadata"]["user"]["id"] == june.id
    mira = await scene.person("mira")
    assert [x["id"] for x in await mira.messages("films")] == [message["id"]]


async def test_a_private_answer_is_for_one_member(scene: Stage, june: Person) -> None:
    outcome = await june.command("films", "recommend", private=True)
    assert outcome.message is not None
    assert outcome.message["flags"] & 64
    mira = await scene.person("mira")
    assert await mira.messages("films") == []
    assert len(await june.messages("films")) == 1
    with pytest.raises(Refused, match="gone"):
        await mira.press(outcome.message, "another")
    with pytest.raises(Refused, match="Unknown Message"):
        await june.react(outcome.message, "👍")
    changed = await june.click(outcome.message, "Another")
    assert "Another" in changed.text
    with pytest.raises(Refused, match="dismissed"):
        await june.delete_message(outcome.message)
    await june.dismiss(outcome.message)
    assert await june.messages("films") == []
    with pytest.raises(discord.NotFound):
        await scene.room("films").fetch_message(int(outcome.message["id"]))
    (created,) = await scene.bot.until("message")
    assert created.guild is None  # an ephemeral message has no guild_id


async def test_options_are_checked_as_discords_client_does(june: Person) -> None:
    for options, sentence in (
        ({"stars": 6}, "stars"),
        ({"stars": "many"}, "whole number"),
        ({"mood": 3}, "text"),
        ({"who": "5"}, "member"),
        ({"private": "yes"}, "true or false"),
        ({"nonsense": 1}, "no option"),
    ):
        with pytest.raises(Refused, match=sentence):
            await june.command("films", "recommend", **options)
    with pytest.raises(Refused, match="required"):
        await june.command("films", "watchlist add")
    with pytest.raises(Refused, match="no command"):
        await june.command("films", "nothing")
    with pytest.raises(Refused, match="no such channel"):
        await june.command("nowhere", "recommend")


async def test_autocomplete(scene: Stage, june: Person) -> None:
    choices = await june.autocomplete("films", "recommend", "mood", "w")
    assert choices == [{"name": "Warm", "value": "warm"}, {"name": "Witty", "value": "witty"}]
    with pytest.raises(Refused, match="No option with suggestions"):
        await june.autocomplete("films", "recommend", "private", "w")


async def test_a_deferred_answer_keeps_its_visibility(scene: Stage, june: Person) -> None:
    outcome = await june.command("films", "slow", private=True)
    await _until(june, outcome.id, "edited")
    first, second = await june.messages("films")
    assert text_of(first) == "first, edited"
    assert first["flags"] & 64  # the follow-up replaced the loading message
    assert not first["flags"] & 128
    assert second["flags"] & 64
    assert second["message_reference"]["message_id"] == first["id"]


async def _until(person: Person, interaction: str, word: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while word not in (await person.wait_for(interaction)).text:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_public_deferral_can_end_in_a_private_message(scene: Stage, june: Person) -> None:
    mira = await scene.person("mira")
    outcome = await june.command("films", "sorry")
    await _until(june, outcome.id, "sorry")
    assert await mira.messages("films") == []
    (only,) = await june.messages("films")
    assert (only["content"], only["flags"] & 64) == ("sorry", 64)


async def test_no_answer_in_three_seconds(scene: Stage, june: Person) -> None:
    outcome = await june.command("films", "silent")
    assert (outcome.state, outcome.error) == ("failed", "The application did not respond")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not scene.bot.errors:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    late = scene.bot.errors.pop()
    assert isinstance(late, discord.NotFound)
    assert late.code == 10062
    assert await june.messages("films") == []


async def test_answering_twice_is_refused(scene: Stage, june: Person) -> None:
    await june.command("films", "twice")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not scene.bot.errors:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    again = scene.bot.errors.pop()
    assert isinstance(again, discord.HTTPException)
    assert again.code == 40060
    assert len(await june.messages("films")) == 1


async def test_a_token_expires_after_fifteen_minutes(scene: Stage, june: Person) -> None:
    await june.command("films", "recommend")
    (created,) = await scene.bot.until("interaction")
    known = scene.world.interactions[created.id]
    known.started -= lifecycle.TOKEN_SECONDS + 1
    with pytest.raises(discord.HTTPException) as refused:
        await created.followup.send("late")
    assert (refused.value.status, refused.value.code) == (401, 50027)


async def test_buttons(scene: Stage, june: Person) -> None:
    message = (await june.command("films", "recommend")).message
    assert message is not None
    assert list(buttons_of(message)) == ["Another", "Site", "Off", "up"]
    changed = await june.click(message, "Another")
    assert changed.state == "done"
    assert changed.message is not None
    assert changed.message["id"] == message["id"]
    assert "Another" in changed.text
    mira = await scene.person("mira")
    voted = await mira.click(message, "up")
    assert voted.message is not None
    assert voted.text == "up for 7"
    assert voted.message["type"] == 19
    assert voted.message["interaction_metadata"]["interacted_message_id"] == message["id"]
    with pytest.raises(Refused, match="disabled"):
        await june.click(message, "Off")
    with pytest.raises(Refused, match="no such button"):
        await june.press(message, "forged")


async def test_menus(june: Person) -> None:
    message = (await june.command("films", "recommend")).message
    chosen = await june.select(message, 0, ["1", "3"])
    await _until(june, chosen.id, "1 3")
    for values, sentence in (
        ([], "Choose 1 to 2"),
        (["1", "2", "3"], "Choose 1 to 2"),
        (["9"], "none of the options"),
        (["1", "1"], "once"),
    ):
        with pytest.raises(Refused, match=sentence):
            await june.select(message, "pick", values)


async def test_a_form_from_a_command(june: Person) -> None:
    opened = await june.command("dm", "start")
    assert opened.modal is not None
    assert opened.modal["title"] == "Your taste"
    answers = {"shelves": ["noir"], "never": ["war", "horror"], "style": "deep", "news": True}
    done = await june.submit(opened.modal, answers)
    assert done.text == repr((["noir"], ["war", "horror"], "deep", True, "Europe/Paris"))


async def test_a_form_from_a_menu_edits_the_message(june: Person) -> None:
    message = (await june.command("films", "recommend")).message
    opened = await june.select(message, "who", [june.id])
    done = await june.submit(opened.modal, {"style": "crowd"})
    assert done.message is not None
    assert message is not None
    assert done.message["id"] == message["id"]
    assert "'crowd', False" in done.text


async def test_forms_are_checked_before_they_are_sent(scene: Stage, june: Person) -> None:
    modal = (await june.command("films", "start")).modal
    for answers, sentence in (
        ({}, "Style.*needs an answer"),
        ({"style": "other"}, "none of the options"),
        ({"style": "deep", "zone": "x" * 21}, "at most 20"),
        ({"style": "deep", "zone": ""}, "Zone.*needs an answer"),
        ({"style": "deep", "shelves": ["noir", "noir"]}, "once"),
    ):
        with pytest.raises(Refused, match=sentence):
            await june.submit(modal, answers)
    mira = await scene.person("mira")
    with pytest.raises(Refused, match="no such form"):
        await mira.submit(modal, {"style": "deep"})


async def test_files_in_answers(june: Person) -> None:
    outcome = await june.command("films", "chart")
    await _until(june, outcome.id, "chart of 10")
    (message,) = await june.messages("films")
    assert message["attachments"][0]["ephemeral"]


async def test_managers_commands(scene: Stage, june: Person) -> None:
    mira = await scene.person("mira")
    assert "setup" in await mira.commands()
    assert "setup" not in await june.commands()
    lounge = mira.channel("lounge")
    done = await mira.command("films", "setup", channel=lounge)
    assert done.text == "lounge True True"
    with pytest.raises(Refused, match="cannot use"):
        await june.command("films", "setup", channel=lounge)
    with pytest.raises(Refused, match="cannot use"):
        await mira.command("dm", "setup", channel=lounge)
    films = scene.world.channels[int(mira.channel("films"))]
    scene.world.set_overwrite(films, scene.world.bot, deny=p.ADD_REACTIONS)
    assert (await mira.command("films", "setup", channel=lounge)).text == "lounge False True"


async def test_answers_need_no_permission_to_send(scene: Stage, june: Person) -> None:
    films = scene.world.channels[int(june.channel("films"))]
    scene.world.set_overwrite(films, scene.world.bot, deny=p.SEND_MESSAGES | p.VIEW_CHANNEL)
    assert (await june.command("films", "recommend")).state == "done"


async def test_subcommands_and_context_menus(scene: Stage, june: Person) -> None:
    added = await june.command("films", "watchlist add", film="42")
    assert added.text == "added 42"
    assert added.message is not None
    assert added.message["interaction_metadata"]["name"] == "watchlist add"
    june_message = await june.say("films", "a film I like")
    rated = await june.menu("films", "Rate this film", june_message["id"])
    assert rated.text == "rated a film I like"  # the target message comes with its content
    mira = await scene.person("mira")
    compared = await june.menu("films", "Compare taste", mira.id)
    assert compared.text == "with mira"
    assert compared.message is not None
    assert compared.message["type"] == 23


async def test_in_a_direct_message(scene: Stage, june: Person) -> None:
    done = await june.command("dm", "recommend")
    assert done.state == "done"
    (created,) = await scene.bot.until("interaction")
    assert isinstance(created.channel, discord.DMChannel)
    assert created.guild is None
    assert created.user.id == int(june.id)
    assert created.context.dm_channel
    changed = await june.click(done.message, "Another")
    assert "Another" in changed.text


@pytest.mark.clock
async def test_an_interaction_carries_the_time_of_the_clock(scene: Stage, june: Person) -> None:
    await june.set_clock("2031-05-09T22:00:00Z")
    await june.command("films", "recommend")
    (created,) = await scene.bot.until("interaction")
    assert created.created_at.isoformat().startswith("2031-05-09T22:00:0")
    assert created.locale is discord.Locale.american_english


async def test_interactions_while_the_bot_is_offline(scene: Stage, june: Person) -> None:
    await scene.bot.close()
    state = await june.refresh()
    assert state["bot"]["online"] is False
    outcome = await june.command("films", "recommend")
    assert outcome.error == "The application did not respond"
