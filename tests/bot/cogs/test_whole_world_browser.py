"""The owner, the second server, permissions and a user's own app, as people meet them at the page.

Keeps its screenshots in build/screenshots/world-*.png.
"""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.playground.world.stage import whole_world
from tests.browser import open_page
from tests.clock import at
from tests.house import FEW_FILMS, running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TOO_WIDE = """() => [...document.querySelectorAll("#messages *")]
  .filter((x) => !x.closest(".unseen") && x.getBoundingClientRect().right > innerWidth)
  .map((x) => x.className)"""


async def test_everybody_of_the_playground_gets_somewhere(browser: Browser, tmp_path: Path) -> None:
    world = whole_world(at(1, "20:00"))
    async with (
        running(tmp_path, world=world, max_films=FEW_FILMS) as house,
        open_page(browser, house.local.page_url, member="robin") as page,
    ):
        await page.open_channel("films")
        await page.command("/status")
        await expect(page.last_message()).to_contain_text("Only you can see this")
        await page.screenshot("world-owner")
        await page.use("tomas")
        await page.open_channel("screenings")
        await page.command("/setup show")
        await expect(page.last_message()).to_contain_text("There are no posts yet")
        await page.click(page.page.get_by_role("button", name="Bad days"))
        lost = page.page.get_by_role("checkbox", name="Add Reactions: Matinee")
        await page.click(lost)
        await expect(lost).not_to_be_checked()
        await page.screenshot("world-permissions")
        await page.page.keyboard.press("Escape")
        await page.command("/recommend")
        await expect(page.last_message().get_by_role("button", name="Loved")).to_be_visible()
        await page.page.set_viewport_size({"width": 390, "height": 844})
        await page.command("/browse")
        await expect(page.last_message()).to_contain_text("See a whole shelf")
        assert await page.page.evaluate(TOO_WIDE) == []
        await page.screenshot("world-browse-390")
        await page.page.set_viewport_size({"width": 1280, "height": 860})
        await page.use("mira")
        await page.open_channel("general")
        await page.command("/recommend")
        await expect(page.last_message()).to_contain_text("First picks")
        await expect(page.last_message().get_by_role("button", name="Loved")).to_be_visible()
        await page.screenshot("world-user-installed")
        assert page.errors == []
