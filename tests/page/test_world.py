"""The world around the messages: the clock, the bot going offline and online, a lost connection."""

import re
from datetime import UTC, datetime

import pytest
from playwright.async_api import Browser, WebSocketRoute, expect

from bot.playground import Person, start
from tests.browser import PageDriver, open_page
from tests.clock import club_world
from tests.page.showcase import Heard
from tests.playground.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_bot_follows_the_clock_that_is_set(
    page: PageDriver, stage: Stage, heard: Heard
) -> None:
    face = page.page.locator("#clock")
    try:
        await page.set_clock("2026-11-27T22:05")
        await expect(face).to_contain_text("Fri 27 Nov")
        await expect(face).to_contain_text(re.compile("22:0[5-9]"))
        await expect(face).to_have_attribute("aria-label", re.compile("Friday.*pretend"))
        await page.command("/recommend private:True")
        at = (await heard.last("recommend"))["at"]
        assert 0 <= (at - datetime(2026, 11, 27, 21, 5, tzinfo=UTC)).total_seconds() < 300
        await page.click(face)
        await page.screenshot("clock")
        await page.click(page.page.get_by_role("button", name="+1 hour"))
        await expect(face).to_contain_text(re.compile("23:[01]"))
        await page.click(face)
        await page.click(page.page.get_by_role("button", name="Tuesday 08:00"))
        await expect(face).to_contain_text("Tue 1 Dec")
        await expect(face).to_contain_text(re.compile("08:0[0-4]"))
        await page.click(face)
        await page.click(page.page.get_by_role("button", name="Friday 22:00"))
        await expect(face).to_contain_text("Fri 4 Dec")
        await page.click(face)
        await page.click(page.page.get_by_role("button", name="Back to real time"))
        await expect(face).not_to_have_class(re.compile("is-pretend"))
        await expect(face).to_be_focused()
    finally:
        stage.world.clock.real()


async def test_the_clock_moves_for_everyone(page: PageDriver, stage: Stage) -> None:
    try:
        stage.world.clock.set(datetime(2027, 6, 1, 6, 30, tzinfo=UTC))
        await expect(page.page.locator("#clock")).to_contain_text("Tue 1 Jun")
        await expect(page.page.locator("#clock")).to_contain_text(
            re.compile("08:3[0-4]")
        )  # in Berlin
    finally:
        stage.world.clock.real()


async def test_an_offline_bot(browser: Browser) -> None:
    async with (
        start(club_world()) as local,
        open_page(browser, local.page_url) as page,
    ):
        await expect(page.page.locator("#bot-status")).to_have_text("Matinee is offline")
        await expect(page.page.locator("#connection")).to_contain_text("Matinee is offline")
        await page.page.locator("#composer-text").focus()
        await page.page.keyboard.type("/")
        await expect(page.page.locator(".suggestions")).to_contain_text("offline: no commands yet")
        await page.screenshot("bot-offline")
        local.world.set_online(True)
        await expect(page.page.locator("#bot-status")).to_have_text("Matinee is online")
        await expect(page.page.locator("#connection")).to_be_hidden()


async def test_a_lost_connection_is_shown_and_restored(browser: Browser, stage: Stage) -> None:
    lines: list[WebSocketRoute] = []
    refuse = [False]

    async def route(line: WebSocketRoute) -> None:
        if refuse[0]:
            await line.close()
        else:
            line.connect_to_server()
            lines.append(line)

    context = await browser.new_context()
    await context.route_web_socket(re.compile("/api/live"), route)
    sheet = await context.new_page()
    page = PageDriver(sheet)
    try:
        await sheet.goto(f"{stage.local.page_url}/#as=june")
        await sheet.wait_for_selector("body[data-ready]")
        await page.open_channel("lounge")
        refuse[0] = True
        await lines[0].close()
        notice = sheet.locator("#connection")
        await expect(notice).to_contain_text("connection to the playground is lost")
        async with Person(stage.local.page_url, "tomas") as tomas:
            await tomas.say("lounge", "said while June was away")
        await expect(page.last_message("said while June was away")).to_have_count(0)
        refuse[0] = False
        await expect(page.last_message("said while June was away")).to_be_visible()
        await expect(notice).to_be_hidden()
    finally:
        await context.close()


async def test_channel_and_member_survive_a_reload(page: PageDriver) -> None:
    await page.use("tomas")
    await page.open_channel("lounge")
    await page.page.reload()
    await page.page.wait_for_selector("body[data-ready]")
    await expect(page.page.locator(".person[aria-checked=true]")).to_contain_text("Tomás")
    await expect(page.page.locator("#channel-name")).to_have_text("lounge")
