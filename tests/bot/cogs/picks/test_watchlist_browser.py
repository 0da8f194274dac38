"""The list for later and the list of what is hidden, as people see them.

Keeps its pictures in build/screenshots/list-*.png.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from storage.people import film_marks
from tests.browser import SCREENSHOTS, open_page
from tests.clock import NOW
from tests.house import FEW_FILMS, House, running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MIRA = "mira"
PHONE = 390


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A bot; Mira keeps 12 films for later and has seen 12 others."""
    async with running(tmp_path_factory.mktemp("house"), max_films=FEW_FILMS) as house:
        library = house.app.live.served.library.films.values()
        films = [film.id for film in library if film.audience == "everyone"]
        async with house.member(MIRA) as mira, house.app.db.write() as conn:
            for kind, chosen in (("later", films[:12]), ("seen", films[12:24])):
                for film in chosen:
                    await film_marks.mark(conn, int(mira.id), film, kind, now=NOW)
        yield house


async def picture(message: Locator, name: str) -> None:
    """Keeps a picture of a message. Checks that nothing of it is cut off."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await message.screenshot(path=SCREENSHOTS / f"list-{name}.png")
    assert await message.evaluate("x => x.scrollWidth <= x.clientWidth + 1"), name


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (PHONE, False)])
async def test_the_lists_for_later_and_of_what_is_hidden(
    browser: Browser, house: House, width: int, dark: bool
) -> None:
    url = house.local.page_url
    async with open_page(browser, url, width=width, dark=dark, member=MIRA) as page:
        await page.command("/watchlist")
        shown = page.by_id(await page.message_id(page.last_message("For later")))
        await expect(shown).to_contain_text(
            "12 films for later. The best ones for right now come first."
        )
        await picture(shown, f"first-{width}")
        await page.click_button(shown, "Next page")
        await expect(shown).to_contain_text("Page 2 of 2")
        await page.click_button(shown, "Pick one for tonight")
        await expect(page.last_message()).to_contain_text("Tonight, from your list")
        await picture(page.last_message(), f"tonight-{width}")
        await page.command("/settings")
        await page.click_button(page.last_message("Your settings"), "What's hidden")
        hidden = page.by_id(await page.message_id(page.last_message("Hidden from your picks")))
        await picture(hidden, f"hidden-{width}")
        label = await hidden.locator("strong").first.inner_text()
        await page.choose(hidden.locator("button.select"), [label])
        await expect(hidden).to_contain_text("Got it, you haven't seen")
        await page.click_button(hidden, "Undo")
        await expect(hidden).to_contain_text("is hidden again.")
        await picture(hidden, f"undone-{width}")
