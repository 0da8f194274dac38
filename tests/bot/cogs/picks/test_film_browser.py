"""The page of a film, the menus of a card and content to leave out, as people see them.

Keeps its pictures in build/screenshots/film-*.png.
"""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, expect

from tests.bot.fitted import learn_stars, rate
from tests.browser import SCREENSHOTS, PageDriver, chromium, open_page
from tests.house import FEW_FILMS, House, running

pytestmark = pytest.mark.browser

MIRA = "mira"
PHONE = 390


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with running(tmp_path_factory.mktemp("house"), max_films=FEW_FILMS) as house:
        await learn_stars(house.app)
        async with house.member(MIRA) as mira:
            await rate(house.app, int(mira.id), 40)
        yield house


async def keep(message: Locator, name: str) -> None:
    """Keeps a picture of a message. Checks that nothing of it is cut off."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await message.screenshot(path=SCREENSHOTS / f"film-{name}.png")
    assert await message.evaluate("x => x.scrollWidth <= x.clientWidth + 1"), name


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (PHONE, False)])
async def test_a_film_its_menus_and_content_to_leave_out(
    house: House, width: int, dark: bool
) -> None:
    async with (
        chromium() as browser,
        open_page(browser, house.local.page_url, width=width, dark=dark, member=MIRA) as page,
    ):
        await page.command("/film title:rashomon")
        shown = page.last_message("Rashomon (1950)")
        await expect(shown).to_contain_text("Directed by Akira Kurosawa")
        await keep(shown, f"page-{width}")
        await page.click_button(shown, "Good for me?")
        await expect(page.last_message()).to_contain_text("You'd probably give it ★")
        await keep(page.last_message(), f"for-me-{width}")
        await page.click_button(page.last_message(), "Content warnings")
        await expect(page.last_message()).to_contain_text("sexual violence")
        await keep(page.last_message(), f"content-{width}")
        await _menus(page, shown, width)
        await page.command("/settings")
        panel = page.last_message("Your settings")
        await page.choose(panel.locator("button.select").nth(2), ["gore", "suicide"])
        await expect(panel).to_contain_text("I'll leave out films with gore and")
        await keep(panel, f"settings-{width}")
        await page.click_button(panel, "Leave nothing out")
        await expect(panel).to_contain_text("I don't leave out any content now.")


async def _menus(page: PageDriver, shown: Locator, width: int) -> None:
    await page.menu(shown, "Rate this film")
    asked = page.last_message("Rashomon (1950)")
    await expect(asked).to_contain_text("Only you can see this")
    await keep(asked, f"rate-{width}")
    await page.choose(asked.locator("button.select"), ["★ 3.5"])
    await expect(page.last_message()).to_contain_text("Got it: ★ 3.5 for Rashomon (1950)")
    await page.menu(shown, "More like this")
    await expect(page.last_message()).to_contain_text("Films like Rashomon")
