"""Modals at the page: every kind of field, required fields, kept answers."""

import re

import pytest
from playwright.async_api import expect

from tests.browser import PageDriver
from tests.page.showcase import Heard

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_every_kind_of_field(page: PageDriver, heard: Heard) -> None:
    await page.command("/start")
    dialog = page.modal()
    await expect(dialog).to_be_visible()
    await expect(dialog.get_by_role("heading")).to_have_text("Your taste in a minute")
    await expect(dialog.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    await page.fill_modal(
        {
            "Shelves you would browse": ["City comedies", "Long roads"],
            "Please never": ["Horror", "War"],
            "How far off": "Deep cuts",
            "Time zone": "Asia/Tokyo",
            "Show my taste": True,
        },
        submit=False,
    )
    await page.screenshot("modal-filled")
    await page.click(dialog.get_by_role("button", name="Submit"))
    await expect(dialog).to_have_count(0)
    assert await heard.last("modal") == {
        "shelves": ["City comedies", "Long roads"],
        "never": ["Horror", "War"],
        "dial": "deep",
        "zone": "Asia/Tokyo",
        "public": True,
    }
    assert page.clicks == 9
    await expect(page.last_message()).to_contain_text("Thank you, noted.")
    await expect(page.last_message().locator(".origin")).to_have_text(
        re.compile("Mira used /start")
    )


async def test_required_fields_must_be_filled(page: PageDriver, heard: Heard) -> None:
    await page.command("/start")
    dialog = page.modal()
    before = len(heard.acts)
    await page.fill_modal({"Time zone": ""})
    shelves = dialog.locator('[data-field="shelves"]')
    await expect(shelves.locator(".field-problem")).to_have_text("Please choose at least one.")
    zone = dialog.locator('[data-field="zone"]')
    await expect(zone.locator(".field-problem")).to_have_text("Please answer this.")
    await expect(shelves.locator("input").first).to_be_focused()
    await page.screenshot("modal-problems")
    boxes = shelves.locator("input")
    for place in range(3):
        await boxes.nth(place).check()
    await expect(boxes.nth(3)).to_be_disabled()
    await expect(shelves.locator(".field-problem")).to_be_hidden()
    await page.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(page.page.locator("#composer-text")).to_be_focused()
    assert len(heard.acts) == before


async def test_by_keyboard_alone(page: PageDriver, heard: Heard) -> None:
    await page.command("/start")
    keyboard = page.page.keyboard
    await expect(page.modal().locator('[data-field="shelves"] input').first).to_be_focused()
    await keyboard.press("Space")  # the first shelf has the focus
    for _ in range(3):
        await keyboard.press("Tab")
    await keyboard.press("Tab")  # the select
    await keyboard.press("ArrowDown")
    await expect(page.page.locator(".select-panel [role=listbox]")).to_be_focused()
    await keyboard.press("Enter")
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await expect(page.page.locator(".select-panel")).to_have_count(0)
    await keyboard.press("Tab")  # the radio group
    await keyboard.press("ArrowUp")
    await keyboard.press("Tab")  # the text
    await keyboard.press("Enter")  # submits
    await expect(page.modal()).to_have_count(0)
    given = await heard.last("modal")
    assert given["shelves"] == ["Space and silence"]
    assert given["never"] == ["Horror"]
    assert given["dial"] == "crowd"
    assert given["zone"] == "Europe/Berlin"
    assert given["public"] is False
    assert page.clicks == 0


async def test_the_older_shape_with_a_long_text(page: PageDriver, heard: Heard) -> None:
    await page.command("/note")
    dialog = page.modal()
    await page.fill_modal({"What did you think?": "Short"})
    await expect(dialog.locator(".field-problem")).to_have_text("At least 10 characters, please.")
    await page.fill_modal({"What did you think?": "Slow, and worth every minute."})
    await expect(dialog).to_have_count(0)
    assert await heard.last("note") == {"words": "Slow, and worth every minute."}
    await expect(page.last_message().locator("blockquote")).to_have_text(
        "Slow, and worth every minute."
    )
