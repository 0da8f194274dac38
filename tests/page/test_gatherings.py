"""Polls, scheduled events and voice channels at the page."""

import re
from datetime import timedelta

import discord
import pytest
from playwright.async_api import Browser, expect

from bot.playground.testing import Person
from tests.browser import PageDriver, open_page
from tests.page.test_look import CONTRAST_SCRIPT, too_pale
from tests.playground.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def send_poll(stage: Stage, question: str, *, multiple: bool = False) -> discord.Message:
    """Lets the bot send a poll with three answers to the channel of films."""
    poll = discord.Poll(question, timedelta(hours=2), multiple=multiple)
    for text, emoji in (("Alien", "👽"), ("Brazil", None), ("Casablanca " * 4 + "again", None)):
        poll.add_answer(text=text, emoji=emoji)
    return await stage.room("films").send(poll=poll)


async def test_a_poll_is_voted_in_and_ends(page: PageDriver, stage: Stage) -> None:
    await page.open_channel("films")
    sent = await send_poll(stage, "What do we watch?")
    message = page.by_id(str(sent.id))
    answers = message.locator(".poll-answer")
    await expect(message.locator(".poll-foot")).to_have_text("0 votes · ends in 2 hours")
    await page.click(answers.nth(1))
    await expect(answers.nth(1)).to_have_attribute("aria-pressed", "true")
    await expect(answers.nth(1)).to_be_focused()
    await expect(answers.nth(1)).to_contain_text("100%")
    await page.page.keyboard.press("Shift+Tab")
    await page.page.keyboard.press("Enter")
    await expect(answers.nth(0)).to_have_attribute("aria-pressed", "true")
    await expect(answers.nth(1)).to_have_attribute("aria-pressed", "false")
    async with Person(stage.local.page_url, "june") as june:
        mine = next(x for x in await june.messages("films") if x["id"] == str(sent.id))
        await june.vote(mine, 1)
        await expect(answers.nth(0)).to_have_attribute("aria-label", re.compile("2 votes.*June"))
        await page.page.keyboard.press("Enter")
        await expect(message.locator(".poll-foot")).to_contain_text("1 vote ·")
    await page.screenshot("poll-open")
    await sent.end_poll()
    await expect(message.locator(".poll-foot")).to_have_text("1 vote · Final results")
    await expect(answers.nth(0)).to_be_disabled()
    result = page.page.locator(".poll-result").last
    await expect(result).to_contain_text("Winning answer · 100%")
    await expect(result).to_contain_text("What do we watch?")
    await page.screenshot("poll-ended")
    await page.click(result.get_by_role("button", name="View poll"))
    await expect(message).to_be_focused()
    tied = await send_poll(stage, "And then?", multiple=True)
    message = page.by_id(str(tied.id))
    answers = message.locator(".poll-answer")
    await page.click(answers.nth(0))
    await expect(answers.nth(0)).to_have_attribute("aria-pressed", "true")
    await page.click(answers.nth(2))
    await expect(message.locator("[aria-pressed=true]")).to_have_count(2)
    await tied.end_poll()
    await expect(page.page.locator(".poll-result").last).to_contain_text("It's a tie")
    async with Person(stage.local.page_url, "mira") as mira:
        own = await mira.say_poll("films", "Does anybody care?", "Yes", "No")
    await page.menu(page.by_id(own["id"]), "End poll now")
    await expect(page.page.locator(".poll-result").last).to_contain_text("Nobody voted")


async def test_people_join_and_leave_a_voice_channel(page: PageDriver, stage: Stage) -> None:
    voice = page.page.locator(".voice")
    async with Person(stage.local.page_url, "june") as june:
        await june.join_voice("Screening room")
        people = voice.locator("li")
        await expect(people).to_have_text(["JJune"])
        await page.click(voice.get_by_role("button", name="Join Screening room"))
        await expect(people).to_have_text(["JJune", "MMira"])
        await page.screenshot("voice")
        leave = voice.get_by_role("button", name="Leave Screening room")
        await expect(leave).to_be_focused()
        await page.page.keyboard.press("Enter")
        await expect(people).to_have_text(["JJune"])
        await june.leave_voice()
        await expect(people).to_have_count(0)
    await page.open_channel("Screening room")
    await page.say("The chat of a voice channel")
    await page.open_channel("films")


async def test_what_the_server_said_last_is_shown(page: PageDriver, stage: Stage) -> None:
    """The answer to the first of two questions comes after that to the second."""
    await page.hold("/api/state")
    async with Person(stage.local.page_url, "june") as june:
        await june.join_voice("Screening room")
        await page.held()
        async with page.page.expect_response("**/api/state*"):
            await june.leave_voice()
    await page.release()
    await expect(page.page.locator(".voice li")).to_have_count(0)


async def test_events_and_who_is_interested(page: PageDriver, stage: Stage) -> None:
    start = stage.world.clock.now() + timedelta(hours=3)
    event = await stage.guild.create_scheduled_event(
        name="Movie night: Alien",
        description="Bring popcorn.\nAnd a friend.",
        channel=stage.guild.voice_channels[0],
        start_time=start,
        privacy_level=discord.PrivacyLevel.guild_only,
    )
    line = page.page.locator(".place", has_text="Events")
    await expect(line).to_contain_text("1")
    await page.click(line)
    card = page.page.locator(".event")
    await expect(card).to_contain_text("Movie night: Alien")
    await expect(card).to_contain_text("in 3 hours")
    await expect(card).to_contain_text("Screening room")
    interested = card.get_by_role("button", name="Interested")
    await page.click(interested)
    await expect(interested).to_have_attribute("aria-pressed", "true")
    await expect(interested).to_be_focused()
    await expect(card).to_contain_text("1 interested: Mira")
    await page.screenshot("events")
    await page.click(card.get_by_role("button", name="Start event"))
    await expect(card.get_by_role("button", name="End event")).to_be_visible()
    await expect(card).to_contain_text("Happening now")
    assert await page.page.evaluate(CONTRAST_SCRIPT) == []
    await event.delete()
    await expect(page.page.locator(".modal-body")).to_have_text("Nothing is scheduled.")
    await page.page.keyboard.press("Escape")
    await expect(line).to_be_focused()


async def test_a_phone_shows_all_of_it(browser: Browser, stage: Stage) -> None:
    sent = await send_poll(stage, "A question that is rather long, so that it needs two lines?")
    end = stage.world.clock.now() + timedelta(hours=4)
    event = await stage.guild.create_scheduled_event(
        name="Open-air cinema in the park, with a name that is long",
        start_time=end - timedelta(hours=3),
        end_time=end,
        entity_type=discord.EntityType.external,
        privacy_level=discord.PrivacyLevel.guild_only,
        location="The park behind the old station",
    )
    url = stage.local.page_url
    async with (
        Person(url, "june") as june,
        open_page(browser, url, member="olek", width=390, height=760) as page,
    ):
        await june.join_voice("Screening room")
        await page.open_channel("films")
        message = page.by_id(str(sent.id))
        await page.click(message.locator(".poll-answer").nth(2))
        await expect(message.locator("[aria-pressed=true]")).to_have_count(1)
        await sent.end_poll()
        await expect(page.page.locator(".poll-result").last).to_contain_text("again")
        assert await page.overflow() == 0
        assert await too_pale(page, "phone-poll-{}") == []
        await page.click(page.page.locator("#open-sidebar"))
        await expect(page.page.locator(".voice li")).to_have_text(["JJune"])
        assert await too_pale(page, "phone-voice-{}") == []
        await page.click(page.page.locator(".place", has_text="Events"))
        await expect(page.page.locator(".event")).to_contain_text("The park behind")
        assert await page.overflow() == 0
        assert await too_pale(page, "phone-events-{}") == []
        await june.leave_voice()
    await event.delete()
