"""Reactions at the page: toggling, counts, the picker, and what each member sees."""

import pytest
from playwright.async_api import expect

from tests.browser import PageDriver
from tests.house import until
from tests.page.conftest import Beside
from tests.playground.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def reactions_heard(stage: Stage) -> list[str]:
    """Returns the bot's events about reactions, oldest first."""
    return [event for event, _ in stage.bot.events if event.startswith("raw_reaction")]


async def test_toggling_counts_for_everyone(page: PageDriver, beside: Beside, stage: Stage) -> None:
    heard_before = len(reactions_heard(stage))
    message = await page.say("React to this")
    wanted = await page.message_id(message)
    await page.react(message, "❤️")  # through the picker
    heart = page.reaction(message, "❤️")
    await expect(heart).to_have_attribute("data-count", "1")
    async with beside("june") as june:
        her_heart = june.reaction(june.by_id(wanted), "❤️")
        await expect(her_heart).to_have_attribute("aria-pressed", "false")
        await june.react(june.by_id(wanted), "❤️")
        await expect(her_heart).to_have_attribute("aria-pressed", "true")
        await expect(heart).to_have_attribute("data-count", "2")
        await expect(heart).to_have_attribute("aria-pressed", "true")
        assert june.clicks == 1
        await page.react(message, "❤️")  # taken back
        await expect(her_heart).to_have_attribute("data-count", "1")
        await expect(heart).to_have_attribute("aria-pressed", "false")
        await june.react(june.by_id(wanted), "❤️")
        await expect(heart).to_have_count(0)
    await until(
        lambda: len(reactions_heard(stage)) >= heard_before + 4, "the bot hears of the reactions"
    )
    assert reactions_heard(stage)[heard_before:] == [
        "raw_reaction_add",
        "raw_reaction_add",
        "raw_reaction_remove",
        "raw_reaction_remove",
    ]


async def test_the_picker_by_keyboard(page: PageDriver) -> None:
    message = await page.say("Pick by keyboard")
    keyboard = page.page.keyboard
    await message.focus()
    await keyboard.press("Tab")  # the author
    await keyboard.press("Tab")  # the tools
    await keyboard.press("Enter")
    await expect(page.page.locator(".emoji-key").first).to_be_focused()
    await keyboard.press("ArrowRight")
    await page.screenshot("reactions-picker")
    await keyboard.press("Enter")
    await expect(page.reaction(message, "👍")).to_have_attribute("aria-pressed", "true")


async def test_text_that_is_no_emoji_is_refused_with_a_sentence(page: PageDriver) -> None:
    message = await page.say("No emoji")
    await message.hover()
    await page.click(message.get_by_role("button", name="Add a reaction"))
    await page.page.get_by_label("Any other emoji").fill("nonsense")
    await page.page.keyboard.press("Enter")
    await expect(page.page.locator(".toast")).to_contain_text("Unknown Emoji")
    await expect(message.locator(".reaction")).to_have_count(0)


async def test_a_moderator_clears(page: PageDriver, beside: Beside) -> None:
    message = await page.say("Clear this")
    for emoji in ("👍", "👎", "😐"):
        await page.react(message, emoji)
    await page.menu(message, "Remove all 👍")
    await expect(page.reaction(message, "👍")).to_have_count(0)
    await expect(page.reaction(message, "👎")).to_have_count(1)
    await page.menu(message, "Remove all reactions")
    await expect(message.locator(".reaction")).to_have_count(0)
    async with beside("june") as june:
        her_message = june.last_message("Clear this")
        await june.react(her_message, "👍")
        await her_message.hover()
        await june.click(her_message.get_by_role("button", name="More actions"))
        await expect(june.page.get_by_role("menuitem", name="Reply")).to_be_visible()
        items = await june.page.get_by_role("menuitem").all_inner_texts()
        assert "Remove all reactions" not in items
        assert "Delete message" not in items
