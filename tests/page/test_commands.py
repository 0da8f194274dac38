"""Slash commands at the page by keyboard: the picker, options, suggestions, mistakes."""

import pytest
from playwright.async_api import expect

from tests.browser import PageDriver
from tests.page.showcase import FILMS, Heard
from tests.playground.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_picker_lists_and_filters(page: PageDriver) -> None:
    await page.page.locator("#composer-text").focus()
    await page.page.keyboard.type("/")
    entries = page.page.locator(".suggestion")
    await expect(entries.first).to_be_visible()
    titles = await page.page.locator(".suggestion-title").all_inner_texts()
    assert {"/recommend", "/similar", "/watchlist add", "/watchlist show"} <= set(titles)
    assert titles == sorted(titles)
    await expect(entries.filter(has_text="/recommend")).to_contain_text("A film for right now")
    await page.screenshot("commands-picker")
    await page.page.keyboard.type("sim")
    await expect(entries).to_have_count(1)
    await expect(entries).to_contain_text("/similar")
    await page.page.keyboard.press("Escape")
    await expect(page.page.locator(".suggestions")).to_be_hidden()
    await page.page.keyboard.type("xyz")
    await page.page.keyboard.press("Enter")
    await expect(page.problem()).to_contain_text("There is no command /simxyz")


async def test_a_whole_command_by_keyboard_alone(page: PageDriver, heard: Heard) -> None:
    await page.command(
        "/recommend mood:Tense max_runtime:120 private:True friend:June where:lounge"
    )
    given = await heard.last("recommend")
    assert given["mood"] == "tense"
    assert given["max_runtime"] == 120
    assert given["private"] is True
    assert given["friend"] == "june"
    assert given["where"] == "lounge"
    assert page.clicks == 0
    message = page.last_message()
    await expect(message).to_contain_text("Only you can see this")
    await expect(message.locator(".origin")).to_contain_text("Mira used /recommend")
    await expect(page.page.locator("#composer-text")).to_be_focused()


async def test_typing_straight_through_without_the_picker(page: PageDriver, heard: Heard) -> None:
    await page.page.locator("#composer-text").focus()
    keyboard = page.page.keyboard
    await keyboard.type("/recommend max_runtime:95 mood:cosy")
    await keyboard.press("Enter")  # takes the choice
    await keyboard.press("Enter")  # sends
    await expect(page.page.locator(".bar-fields")).to_have_count(0)
    await page.settled()
    assert (await heard.last("recommend"))["mood"] == "cosy"
    assert (await heard.last("recommend"))["max_runtime"] == 95


async def test_pasting_a_whole_command(page: PageDriver, heard: Heard) -> None:
    await page.page.locator("#composer-text").fill("/rate film:anything at all stars:4.5")
    await expect(page.page.locator('.field-chip[data-option="stars"] input')).to_have_value("4.5")
    await page.page.keyboard.press("Enter")
    await expect(page.page.locator(".bar-fields")).to_have_count(0)
    await page.settled()
    assert await heard.last("rate") == {"film": "anything at all", "stars": 4.5}


async def test_suggestions_come_from_the_bot(page: PageDriver, heard: Heard) -> None:
    await page.page.locator("#composer-text").focus()
    keyboard = page.page.keyboard
    await keyboard.type("/similar ")
    film = page.page.locator('.field-chip[data-option="film"] input')
    await expect(film).to_be_focused()
    entries = page.page.locator(".suggestion")
    await expect(entries).to_have_count(len(FILMS))
    await keyboard.type("pla")
    await expect(entries).to_have_count(1)
    await page.screenshot("commands-autocomplete")
    await keyboard.press("Backspace")
    await keyboard.press("Backspace")
    await keyboard.press("Backspace")
    await expect(entries).to_have_count(len(FILMS))
    await keyboard.type("a")
    await expect(page.page.locator(".suggestion.is-active")).to_contain_text(FILMS[0])
    await keyboard.press("ArrowDown")
    await keyboard.press("ArrowDown")
    await expect(page.page.locator(".suggestion.is-active")).to_contain_text(FILMS[2])
    active = await page.page.locator(".suggestion.is-active").get_attribute("id")
    assert active
    await expect(film).to_have_attribute("aria-activedescendant", active)
    await keyboard.press("Tab")
    await expect(film).to_have_value(FILMS[2])
    await keyboard.press("Enter")
    await page.settled()
    assert await heard.last("similar") == {"film": "film:2", "by": "tags"}


async def test_suggestions_for_earlier_text_are_not_shown(page: PageDriver) -> None:
    """The answer about the empty field comes late, just after something was typed."""
    await page.hold("/api/autocomplete")
    await page.page.locator("#composer-text").fill("/similar ")
    film = page.page.locator('.field-chip[data-option="film"] input')
    await expect(film).to_be_focused()
    await page.held()
    await page.release(
        """window.most = 0;
        const count = () => document.querySelectorAll(".suggestion").length;
        const look = () => { window.most = Math.max(window.most, count()); };
        new MutationObserver(look).observe(document.body, {subtree: true, childList: true});
        document.activeElement.value = "pla";
        document.activeElement.dispatchEvent(new Event("input", {bubbles: true}));"""
    )
    await expect(page.page.locator(".suggestion")).to_have_text([FILMS[4]])
    assert await page.page.evaluate("window.most") == 1


async def test_suggestions_that_are_closed_stay_closed(page: PageDriver) -> None:
    await page.hold("/api/autocomplete")
    await page.page.locator("#composer-text").fill("/similar ")
    await page.held()
    await page.page.keyboard.press("Escape")
    await expect(page.page.locator(".suggestions")).to_be_hidden()
    await page.release()
    await expect(page.page.locator(".suggestions")).to_be_hidden()
    await page.page.keyboard.press("Escape")
    await expect(page.page.locator("#composer-text")).to_be_focused()


async def test_typed_text_is_sent_without_suggestions(page: PageDriver, heard: Heard) -> None:
    await page.command("/similar film:Zardoz by:both")
    assert await heard.last("similar") == {"film": "Zardoz", "by": "both"}


async def test_subcommands(page: PageDriver, heard: Heard) -> None:
    await page.command("/watchlist add film:paris")
    assert await heard.last("watchlist add") == {"film": "film:3"}
    await expect(page.last_message().locator(".origin")).to_contain_text("used /watchlist add")


MISTAKES = (
    ("/recommend max_runtime:soon", "needs a whole number"),
    ("/recommend max_runtime:5", "between 30 and 400"),
    ("/recommend mood:Furious", "is no choice for “mood”"),
    ("/recommend friend:Nobody", "is no choice for “friend”"),
    ("/rate film:x stars:9", "between 0.5 and 5"),
    ("/similar film:", "Fill in “film”"),
)


async def test_mistakes_are_shown_in_place(page: PageDriver) -> None:
    before = await page.messages().count()
    for line, sentence in MISTAKES:
        await page.type_command(line)
        await page.page.keyboard.press("Enter")
        await expect(page.problem()).to_contain_text(sentence)
        await expect(page.page.locator(".field-chip.is-wrong input")).to_be_focused()
        await page.page.keyboard.press("Escape")
        await page.page.keyboard.press("Escape")
        await expect(page.page.locator("#composer-text")).to_be_focused()
        await expect(page.problem()).to_be_hidden()
    assert await page.messages().count() == before


async def test_an_unknown_option_is_named(page: PageDriver) -> None:
    await page.type_command("/recommend")
    await page.page.keyboard.type("colour:red")
    await page.page.keyboard.press("Enter")
    await expect(page.problem()).to_contain_text("has no option “colour:red”")


async def test_backspace_removes_value_and_option(page: PageDriver) -> None:
    await page.type_command("/recommend mood:Silly")
    chips = page.page.locator(".field-chip")
    await expect(chips).to_have_count(1)
    keyboard = page.page.keyboard
    await keyboard.press("Backspace")  # into the field
    for _ in "Silly":
        await keyboard.press("Backspace")
    await keyboard.press("Backspace")  # removes it
    await expect(chips).to_have_count(0)
    await keyboard.press("Backspace")  # back to plain text
    await expect(page.page.locator("#composer-text")).to_have_value("/recommend")


async def test_the_servers_refusal_is_shown_in_place(page: PageDriver, stage: Stage) -> None:
    await page.type_command("/similar film:solaris")
    command = next(x for x in stage.world.commands.values() if x["name"] == "similar")
    del stage.world.commands[int(command["id"])]  # removed while it was being typed
    try:
        await page.page.keyboard.press("Enter")
        await expect(page.problem()).to_contain_text("no command 'similar'")
        await expect(page.page.locator(".command-chip")).to_have_text("/similar")
    finally:
        stage.world.commands[int(command["id"])] = command


async def test_context_menus(page: PageDriver, heard: Heard) -> None:
    message = await page.say("A plain message")
    wanted = await page.message_id(message)
    await page.menu(message, "More like this")
    assert await heard.last("more like this") == {"message": int(wanted)}
    await expect(page.last_message()).to_contain_text("More of that")
    await page.click(message.locator("button.author"))
    await expect(page.page.get_by_role("menuitem", name="Compare taste")).to_be_focused()
    await page.page.keyboard.press("Enter")
    await expect(page.last_message()).to_contain_text("You and Mira")
    assert await heard.last("compare") == {"member": "mira"}


async def test_a_channel_in_which_a_member_may_only_read(page: PageDriver) -> None:
    await page.use("june")
    await page.open_channel("announcements")
    box = page.page.locator("#composer-text")
    await expect(box).to_be_disabled()
    await expect(box).to_have_attribute("placeholder", "You can read here, but not write")


async def test_a_file_is_chosen_for_an_option(page: PageDriver, heard: Heard) -> None:
    await page.command("/weigh", send=False)
    await page.page.locator("#composer-text, .tail").last.focus()
    await page.page.keyboard.press("Enter")
    await expect(page.problem()).to_contain_text("Choose a file for “file”.")
    field = page.page.locator(".field-chip[data-option=file]")
    await expect(field.get_by_role("button", name="Choose file")).to_be_visible()
    chosen = {
        "name": "mine notes.csv",
        "mimeType": "text/csv",
        "buffer": b"title,year\nHeat,1995\n",
    }
    await field.locator("input[type=file]").set_input_files(chosen)
    await expect(field.locator("input[type=text]")).to_have_value("mine_notes.csv")
    await page.screenshot("commands-file")
    await page.page.keyboard.press("Enter")
    await expect(page.page.locator(".bar-fields")).to_have_count(0)
    await page.settled()
    given = await heard.last("weigh")
    assert given == {"name": "mine_notes.csv", "content": b"title,year\nHeat,1995\n"}
    await expect(page.last_message()).to_contain_text("21 bytes")
