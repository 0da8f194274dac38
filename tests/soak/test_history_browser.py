"""The files of every service at the page: uploaded, looked at, settled, applied and undone.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_history_browser.py

Keeps pictures in build/screenshots/import-*.png: each preview on a dark wide page and on a light
phone, and the questions and the result in one of the two.
"""

from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.browser import SCREENSHOTS, PageDriver, chromium, open_page
from tests.house import FEW_FILMS, running
from tests.soak.foreign_files import ForeignFile, every_file
from tests.soak.process import scaled

pytestmark = [pytest.mark.soak, pytest.mark.browser]

WIDE, PHONE, TALL = 1280, 390, 1400
DONE = {"rated": "1 rating", "seen": "1 film you've seen", "wanted": "1 film for later"}


async def test_every_file_comes_in_and_goes_again(tmp_path: Path) -> None:
    async with (
        chromium() as browser,
        running(tmp_path, max_films=FEW_FILMS, cooldown_days=0) as house,
        open_page(browser, house.local.page_url, height=TALL, member="mira") as page,
    ):
        before = await picks(page)
        library = house.app.live.served.library
        film = next(x for x in library.films.values() if library.name(x.id) == before[0])
        ids = "select external_id from external_ids where source = 'imdb' and film_id = ?"
        files = every_file(film, (house.rows(ids, film.id) or [("",)])[0][0])
        count = scaled(len(files), at_least=3)
        for at in range(count):
            file = files[at * len(files) // count]
            await look(page, PHONE if at % 2 else WIDE)
            message = await bring(page, file)
            changed = await picks(page)
            assert changed != before, file.kind
            assert file.fate == "wanted" or before[0] not in changed, file.kind
            await page.click_button(message, "Undo")
            await expect(message).to_contain_text(f"as it was before you imported {file.name}.")
            assert await picks(page) == before, file.kind
        print(f"\n{count} of {len(files)} kinds of files")


async def picks(page: PageDriver) -> list[str]:
    """Asks for films; returns the names of those on the card, the headline first."""
    await page.command("/recommend")
    card = page.last_message()
    names = await card.locator(".heading").all_inner_texts()
    return names + await card.locator(".components strong").all_inner_texts()


async def bring(page: PageDriver, file: ForeignFile) -> Locator:
    """Brings in a file and settles one film that was not recognised; returns its message."""
    await page.type_command("/import")
    field = page.page.locator(".field-chip[data-option=file] input[type=file]")
    await field.set_input_files(
        [{"name": file.name, "mimeType": "application/octet-stream", "buffer": file.content}]
    )
    await expect(page.page.locator(".field-chip input[type=text]")).to_have_value(file.name)
    await page.page.keyboard.press("Enter")
    await page.settled()
    message = page.by_id(await page.message_id(page.last_message(file.told[0])))
    for sentence in file.told:
        await expect(message).to_contain_text(sentence)
    width = (page.page.viewport_size or {})["width"]
    for each in (WIDE + PHONE - width, width):
        await look(page, each)
        await picture(page, message, f"{file.kind}-{each}")
    await page.click_button(message, "Which ones?")
    await expect(message).to_contain_text("Which films are these?")
    await page.choose(message.locator("button.select").last, ["None of these. Leave it out"])
    await expect(message).to_contain_text("left out")
    await picture(page, message, f"{file.kind}-questions")
    await page.click_button(message, "Back")
    guesses = message.get_by_role("button", name="Use the guesses")
    if await guesses.count():
        await page.click_button(message, "Use the guesses")
        await expect(guesses).to_have_count(0)
    await page.click_button(message, "Import")
    await expect(message).to_contain_text(f"I've imported {DONE[file.fate]}")
    await picture(page, message, f"{file.kind}-applied")
    return message


async def look(page: PageDriver, width: int) -> None:
    """Makes the page a dark wide one, or a light one on a phone."""
    await page.page.emulate_media(color_scheme="dark" if width == WIDE else "light")
    await page.page.set_viewport_size({"width": width, "height": TALL})


async def picture(page: PageDriver, message: Locator, name: str) -> None:
    """Keeps a picture of a message. Checks that nothing of it is cut off."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await message.scroll_into_view_if_needed()
    await message.screenshot(path=SCREENSHOTS / f"import-{name}.png")
    assert await page.cut(message) == [], name
    assert await page.overflow() == 0, name
