"""The page of a film, the menus of a card and content to leave out, as people see them.

Keeps its pictures in build/screenshots/film-*.png.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.bot.fitted import learn_stars, rate
from tests.browser import SCREENSHOTS, PageDriver, open_page
from tests.house import FEW_FILMS, House, running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MIRA = "mira"
PHONE = 390


@pytest_asyncio.fixture(scope="module", loop_scope="session")
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


async def film_page(page: PageDriver, width: int) -> Locator:
    """Asks for a film's page, keeps its picture, and returns its message."""
    await page.command("/film title:rashomon")
    found = page.last_message("Rashomon (1950)")
    await expect(found).to_contain_text("Directed by Akira Kurosawa")
    shown = page.by_id(await page.message_id(found))
    await keep(shown, f"page-{width}")
    return shown


async def test_a_film_its_menus_and_content_to_leave_out(browser: Browser, house: House) -> None:
    url = house.local.page_url
    async with open_page(browser, url, member=MIRA) as page:
        shown = await film_page(page, 1280)
        await page.click_button(shown, "Good for me?")
        await expect(page.last_message()).to_contain_text("You'd probably give it ★")
        await page.click_button(page.last_message(), "Content warnings")
        await expect(page.last_message()).to_contain_text("sexual violence")
        await keep(page.last_message(), "content")
        await _menus(page, shown)
        await _leave_out(page, 1280)
    async with open_page(browser, url, width=PHONE, dark=False, member=MIRA) as page:
        await film_page(page, PHONE)
        await _leave_out(page, PHONE)


async def _menus(page: PageDriver, shown: Locator) -> None:
    await page.menu(shown, "Rate this film")
    asked = page.last_message("How was Rashomon (1950)?")
    await expect(asked).to_contain_text("Only you can see this")
    await keep(asked, "rate")
    await page.choose(asked.locator("button.select"), ["★ 3.5"])
    await expect(page.last_message()).to_contain_text("Got it: Rashomon (1950), ★ 3.5")
    await page.menu(shown, "More like this")
    await expect(page.last_message()).to_contain_text("Films like Rashomon")


async def _leave_out(page: PageDriver, width: int) -> None:
    await page.command("/settings")
    panel = page.last_message("Your settings")
    menu = panel.locator("button.select", has_text="Content to leave out")
    await page.choose(menu, ["gore", "suicide"])
    await expect(panel).to_contain_text("I'll leave out films that I know have gore and suicide")
    await keep(panel, f"settings-{width}")
    await page.click_button(panel, "Allow all content")
    await expect(panel).to_contain_text(
        "I won't leave out films because of their content any more."
    )
