"""Buttons, selects and cards at the page."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser import PageDriver
from tests.clock import PATIENCE_SECONDS
from tests.page.showcase import FILMS, NO_TIME, Heard
from tests.playground.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def card(page: PageDriver) -> PageDriver:
    """The page with a fresh card as its last message that everyone can see."""
    await page.command("/recommend")
    await expect(page.last_message("The Apartment").locator(".reaction[data-emoji]")).to_have_count(
        4
    )
    return page


async def test_a_card_is_drawn_whole(card: PageDriver) -> None:
    message = card.last_message("The Apartment")
    await expect(message.locator(".card-accent")).to_have_css(
        "border-left-color", "rgb(180, 35, 90)"
    )
    await expect(message.get_by_role("heading", name="The Apartment (1960)")).to_be_visible()
    await expect(message.locator("em")).to_have_text("because you loved")
    poster = message.get_by_role("img", name="Poster of The Apartment (1960)")
    assert await poster.evaluate("(image) => image.decode().then(() => image.naturalHeight)") == 180
    link = message.get_by_role("link", name="Source")
    await expect(link).to_have_attribute("href", "https://example.org/film")
    await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    await card.screenshot("components-card")


async def test_buttons(card: PageDriver, heard: Heard) -> None:
    message = card.by_id(await card.message_id(card.last_message("The Apartment")))
    await card.click_button(message, "Why?")
    assert await heard.last("button") == {"label": "Why?", "by": "mira"}
    reply = card.last_message()
    await expect(reply).to_contain_text("You pressed Why?")
    await expect(reply).to_have_attribute("data-ephemeral", "true")
    await expect(reply.locator(".origin")).to_contain_text("The Apartment (1960)")
    assert card.clicks == 1


async def test_a_message_edited_in_place_keeps_the_focus(card: PageDriver) -> None:
    message = card.by_id(await card.message_id(card.last_message("The Apartment")))
    button = message.get_by_role("button", name="Another")
    await button.focus()
    await card.page.keyboard.press("Enter")
    await card.settled()
    await expect(message).to_contain_text("Solaris (1972)")
    await expect(button).to_be_focused()


async def test_a_button_that_gets_no_answer_says_so(card: PageDriver, stage: Stage) -> None:
    message = card.by_id(await card.message_id(card.last_message("The Apartment")))
    stage.world.answer_seconds = NO_TIME
    was_busy = await card.watch('button[aria-busy="true"]')
    await card.click(message.get_by_role("button", name="Not for me"))
    assert await was_busy() == "Not for me"
    await card.settled()
    failure = message.locator(".failure")
    await expect(failure).to_have_text("This interaction failed. The application did not respond.")
    await card.screenshot("components-failure")
    stage.world.answer_seconds = PATIENCE_SECONDS
    await card.click_button(message, "Why?")
    await expect(failure).to_have_count(0)


async def test_a_select_of_one(card: PageDriver, heard: Heard) -> None:
    message = card.by_id(await card.message_id(card.last_message("The Apartment")))
    select = message.locator("button.select").first
    await card.choose(select, [FILMS[4]])
    assert (await heard.last("select"))["values"] == ["4"]
    assert card.clicks == 2
    await expect(select).to_contain_text(FILMS[4])


async def test_a_select_of_several(card: PageDriver, heard: Heard) -> None:
    message = card.by_id(await card.message_id(card.last_message("The Apartment")))
    select = message.locator("button.select").nth(1)
    await expect(select).to_contain_text(FILMS[2])  # its default
    await card.click(select)
    options = card.page.locator(".select-panel [role=option]")
    await card.click(options.nth(0))
    await card.screenshot("components-select")
    await card.click(options.nth(4))
    await options.nth(5).click(force=True)  # a fourth one is not taken
    await expect(card.page.locator(".select-count")).to_have_text("3 of up to 3 chosen")
    await expect(options.nth(5)).to_have_attribute("aria-disabled", "true")
    await card.click(card.page.get_by_role("button", name="Done"))
    await card.settled()
    assert (await heard.last("select"))["values"] == [FILMS[0], FILMS[2], FILMS[4]]


async def test_a_select_by_keyboard(card: PageDriver, heard: Heard) -> None:
    message = card.by_id(await card.message_id(card.last_message("The Apartment")))
    select = message.locator("button.select").nth(1)
    keyboard = card.page.keyboard
    await select.focus()
    await keyboard.press("ArrowDown")
    listbox = card.page.get_by_role("listbox", name="Which did you love?")
    await expect(listbox).to_be_focused()
    await keyboard.press("Space")  # its default, taken off
    done = card.page.get_by_role("button", name="Done")
    await expect(done).to_be_disabled()
    await keyboard.type("so")  # to Solaris
    await keyboard.press("Space")
    await keyboard.press("Home")
    await keyboard.press("Enter")
    await keyboard.press("Tab")
    await expect(done).to_be_focused()
    await keyboard.press("Enter")
    await card.settled()
    assert (await heard.last("select"))["values"] == [FILMS[0], FILMS[5]]
    before = len(heard.acts)
    await select.focus()
    await keyboard.press("Enter")
    await keyboard.press("ArrowDown")
    await keyboard.press("Space")
    await keyboard.press("Escape")  # nothing is sent
    await expect(listbox).to_have_count(0)
    await expect(select).to_be_focused()
    assert len(heard.acts) == before
