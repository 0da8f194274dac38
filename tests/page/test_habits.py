"""What people know from Discord: names on reactions, Reply, Ctrl+K, members, and a reload."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, expect

from tests.browser import PageDriver, open_page
from tests.house import until
from tests.page.conftest import Beside
from tests.playground.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

EMOJI_FONTS = ("Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji")
GENERIC = "sans-serif"
NO_COLOUR = "rgba(0, 0, 0, 0)"
STYLE = Path(__file__).resolve().parents[2] / "bot" / "playground" / "page" / "style.css"


async def test_who_reacted_is_seen_on_hovering(page: PageDriver, beside: Beside) -> None:
    message = await page.say("Who likes this?")
    wanted = await page.message_id(message)
    await page.react(message, "👍")
    like = page.reaction(message, "👍")
    await expect(like).to_have_attribute("data-people", "Mira")
    async with beside("june") as june:
        await june.react(june.by_id(wanted), "👍")
        await expect(like).to_have_attribute("data-people", "Mira and June")
        await expect(like).to_have_attribute("aria-label", "👍 2 reactions: Mira and June")
        await june.react(june.by_id(wanted), "👍")
    await expect(like).to_have_attribute("data-people", "Mira")
    await like.hover()
    await expect(like).to_have_css("content", '"Mira"', pseudo="after")
    await page.screenshot("habits-reaction")


async def test_reply(page: PageDriver) -> None:
    asked = await page.say("Shall we watch something?")
    await asked.hover()
    await page.click(asked.get_by_role("button", name="Reply"))
    await expect(page.page.locator(".replying")).to_contain_text("Replying to Mira")
    await expect(page.page.locator("#composer-text")).to_be_focused()
    await page.page.keyboard.press("Escape")
    await expect(page.page.locator(".replying")).to_be_hidden()
    await page.menu(asked, "Reply")
    await page.screenshot("habits-reply")
    answer = await page.say("Yes, tonight")
    await expect(answer.locator(".origin")).to_contain_text("Mira Shall we watch something?")
    await expect(page.page.locator(".replying")).to_be_hidden()
    last = await page.say("And this answers nothing")
    await expect(last.locator(".origin")).to_have_count(0)


async def test_a_channel_is_reached_by_ctrl_k(page: PageDriver) -> None:
    keyboard = page.page.keyboard
    await keyboard.press("Control+k")
    box = page.page.get_by_role("combobox", name="Where would you like to go?")
    await expect(box).to_be_focused()
    await keyboard.type("lou")
    await expect(page.page.locator(".switcher .place")).to_have_count(1)
    await page.screenshot("habits-switcher")
    await keyboard.press("Enter")
    await expect(page.page.locator("#channel-name")).to_have_text("lounge")
    await keyboard.press("Control+k")
    await keyboard.press("ArrowDown")
    await keyboard.type("zzzz")
    await expect(page.page.locator(".switcher")).to_contain_text("No channel")
    await keyboard.press("Escape")
    await expect(page.page.locator(".switcher")).to_have_count(0)


async def test_the_members_of_the_server(page: PageDriver) -> None:
    await page.click(page.page.get_by_role("button", name="Members", exact=True))
    panel = page.page.get_by_role("dialog", name=re.compile("members"))
    await expect(panel).to_be_visible()
    names = await panel.locator(".person-name").all_inner_texts()
    assert {"Mira", "Tomás", "June", "Olek"} <= set(names)
    await expect(panel.locator(".person", has_text="Mira")).to_contain_text("Manager")
    await expect(panel.locator(".person").filter(has_text="App")).to_have_count(1)
    await page.screenshot("habits-members")
    await page.click(panel.locator(".person", has_text="June"))
    await expect(page.page.get_by_role("menuitem", name="Copy user ID")).to_be_visible()


async def test_what_only_one_sees_is_gone_after_a_reload(page: PageDriver) -> None:
    await page.open_channel("lounge")
    await page.command("/recommend private:True")
    mine = page.page.locator("article[data-ephemeral=true]")
    await expect(mine).to_have_count(1)
    await page.open_channel("films")
    await page.open_channel("lounge")
    await expect(mine).to_have_count(1)
    await page.page.reload()
    await page.page.wait_for_selector("body[data-ready]")
    await page.say("After the reload")
    await expect(mine).to_have_count(0)


async def test_only_what_is_chosen_looks_ticked(page: PageDriver) -> None:
    await page.command("/recommend")
    card = page.by_id(await page.message_id(page.last_message("The Apartment")))
    await page.click(card.locator("button.select").nth(1))
    options = page.page.locator(".select-panel [role=option]")
    await expect(options.first).to_be_visible()

    async def ticked() -> list[bool]:
        paint = "el => getComputedStyle(el.querySelector('.tick-box')).backgroundColor"
        return [await one.evaluate(paint) != NO_COLOUR for one in await options.all()]

    assert [at for at, on in enumerate(await ticked()) if on] == [2], "the one that was chosen"
    await page.screenshot("habits-ticks")
    await page.click(options.first)
    assert [at for at, on in enumerate(await ticked()) if on] == [0, 2]


async def test_a_select_is_never_wider_than_a_phone(browser: Browser, stage: Stage) -> None:
    url = stage.local.page_url
    async with open_page(browser, url, member="olek", width=390, height=800) as page:
        await page.command("/recommend")
        card = page.by_id(await page.message_id(page.last_message("The Apartment")))
        for place in ("components", "card"):
            bare = """(card, place) => {
              const select = card.querySelector("button.select").cloneNode(true);
              card.querySelector("." + place).append(select);
              return select.getBoundingClientRect().right;
            }"""
            assert await card.evaluate(bare, place) <= 390, place
        assert await page.overflow() == 0


async def test_emoji_are_in_colour(page: PageDriver) -> None:
    """Some fonts for text have faces in black and white."""
    shown = (await page.say("😐 fine")).locator(".text")

    async def yellow() -> bool:
        # The page may redraw the message. Then Chromium can take no picture of the old element.
        place = await shown.bounding_box()
        if place is None:
            return False
        picture = Image.open(BytesIO(await page.page.screenshot(clip=place))).convert("RGB")
        colours = [colour for _, colour in picture.getcolors(picture.width * picture.height) or ()]
        return any(red > 200 and blue < 100 for red, _, blue in colours)  # type: ignore[misc]

    await until(yellow, "the face is yellow")


async def test_letters_and_digits_never_come_from_an_emoji_font() -> None:
    fonts = re.findall(r"--sans: (.*?);", STYLE.read_text(encoding="utf-8"))
    assert len(fonts) == 1
    listed = [name.strip(' "') for name in fonts[0].split(",")]
    assert all(listed.index(GENERIC) < listed.index(emoji) for emoji in EMOJI_FONTS)
