"""/import at the page, as people see it: the file, the preview, questions, applied and undone.

Keeps its pictures in build/screenshots/import-*.png.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.bot.cogs.people.exports_elsewhere import table
from tests.browser import SCREENSHOTS, PageDriver, open_page
from tests.house import FEW_FILMS, House, running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MIRA, PHONE, WIDE, TALL = "mira", 390, 1280, 1400


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with running(tmp_path_factory.mktemp("house"), max_films=FEW_FILMS) as house:
        yield house


def history(house: House) -> bytes:
    """Returns a history with films that are known, one that is only guessed and one unknown."""
    films = sorted(house.app.live.served.library.films.values(), key=lambda film: film.id)
    plain = [film for film in films if film.title.isascii() and film.year and len(film.title) > 9]
    rows: list[list[object]] = [[film.title, film.year, 8, "2024-03-01", ""] for film in plain[:9]]
    rows += [[film.title, film.year, "", "", "yes"] for film in plain[9:11]]
    rows += [[plain[11].title, "", 6, "", ""], ["Zzyzx Lantern", 1971, 7, "2024-03-02", ""]]
    return table("title,year,rating,rated on,watchlist", *rows).encode()


async def pictures(page: PageDriver, message: Locator, name: str) -> None:
    """Keeps pictures of a message on a light phone and a dark wide page. Nothing is cut off."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for width, scheme in ((PHONE, "light"), (WIDE, "dark")):
        await page.page.emulate_media(color_scheme=scheme)
        await page.page.set_viewport_size({"width": width, "height": TALL})
        await message.screenshot(path=SCREENSHOTS / f"import-{name}-{width}.png")
        assert await page.cut(message) == [], (name, width)


async def test_a_history_comes_in_and_goes_again(browser: Browser, house: House) -> None:
    url = house.local.page_url
    async with open_page(browser, url, height=TALL, member=MIRA) as page:
        await page.type_command("/import")
        field = page.page.locator(".field-chip[data-option=file] input[type=file]")
        file = {"name": "mine.csv", "mimeType": "text/csv", "buffer": history(house)}
        await field.set_input_files(file)  # type: ignore[arg-type]
        await expect(page.page.locator(".field-chip input[type=text]")).to_have_value("mine.csv")
        await page.page.keyboard.press("Enter")
        await page.settled()
        shown = page.by_id(await page.message_id(page.last_message("Your film history")))
        await expect(shown).to_contain_text("9 new ratings")
        await expect(shown).to_contain_text("8 out of 10 becomes ★ 4")
        await pictures(page, shown, "preview")
        await page.click_button(shown, "Which ones?")
        await expect(shown).to_contain_text("Zzyzx Lantern")
        await pictures(page, shown, "questions")
        await page.choose(shown.locator("button.select").last, ["None of these. Leave it out"])
        await expect(shown).to_contain_text("left out")
        await page.click_button(shown, "Use the guesses")
        await page.click_button(shown, "Import")
        await expect(shown).to_contain_text("I've imported 10 ratings and 2 films for later")
        await pictures(page, shown, "applied")
        await page.click_button(shown, "Undo")
        await expect(shown).to_contain_text("Everything is as it was before you imported mine.csv.")
