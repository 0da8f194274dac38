"""A movie night as people see it, from the command to the card that is rated.

Keeps its pictures in build/screenshots/night-*.png.
"""

import contextlib
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error, Locator, expect

from tests.bot.cogs.nights.evening import SCREEN, agree, rate_taste
from tests.browser import SCREENSHOTS, open_page
from tests.house import FEW_FILMS, House, running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MINUTE = 60.0
PHONE = 390
PRESS_TWO = "poll => [1, 2].forEach(at => poll.querySelectorAll('.poll-answer')[at].click())"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A bot; June has tastes and shows them, and waits in the voice channel."""
    async with running(tmp_path_factory.mktemp("house"), max_films=FEW_FILMS) as house:
        async with house.member("june") as june:
            await rate_taste(house.app, june, "june")
            await agree(june)
            await june.join_voice(SCREEN)
        yield house


async def picture(message: Locator, name: str) -> None:
    """Keeps a picture of a message. Checks that nothing of it is cut off."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for _ in range(3):  # the bot may change the message meanwhile
        with contextlib.suppress(Error):
            await message.screenshot(path=SCREENSHOTS / f"night-{name}.png")
            break
    assert await message.evaluate("x => x.scrollWidth <= x.clientWidth + 1"), name


async def test_a_night_on_the_page(browser: Browser, house: House) -> None:
    clock, url = house.world.clock, house.local.page_url
    async with open_page(browser, url, member="mira") as page:
        await page.open_channel("films")
        await page.command(f"/movienight plan when:in 3 hours voice:{SCREEN}", pick=False)
        list_id = await page.message_id(page.last_message("Movie night"))
        listed = page.by_id(list_id)
        await expect(listed).to_contain_text("June")
        await picture(listed, "list")
        await page.click_button(listed, "Start a poll")
        await expect(listed).to_contain_text("Vote in the poll")
        poll = page.page.locator(".poll").last
        answers = poll.locator(".poll-answer")
        await expect(answers).to_have_count(5)
        await poll.evaluate(PRESS_TWO)  # faster than the page hears of the first vote
        for place in (1, 2):
            await expect(answers.nth(place)).to_have_attribute("aria-pressed", "true")
        await page.click(answers.nth(2))
        await expect(answers.nth(2)).to_have_attribute("aria-pressed", "false")
        await expect(answers.nth(1)).to_have_attribute("aria-pressed", "true")
        clock.advance(170 * MINUTE)
        won = page.by_id(await page.message_id(page.last_message("It won with 1 vote")))
        await picture(won, "won")
        await page.click_button(won, "Create an event")
        await expect(won).to_contain_text("in the server's events")
        clock.advance(11 * MINUTE)
        clock.advance(400 * MINUTE)
        card = page.by_id(await page.message_id(page.last_message("How was the film?")))
        await picture(card, "card")
        await page.click_button(card, "I was there")
        await expect(page.last_message()).to_contain_text("as seen. How did you like it?")
        await page.command("/movienight history")
        await expect(page.last_message()).to_contain_text("you were there")
        await picture(page.last_message(), "history")
        async with open_page(browser, url, width=PHONE, dark=False, member="june") as phone:
            await phone.open_channel("films")
            await picture(phone.by_id(list_id), "list-phone")
            await picture(phone.last_message("It won with 1 vote"), "won-phone")
            await picture(phone.last_message("How was the film?"), "card-phone")
