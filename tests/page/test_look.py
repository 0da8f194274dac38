"""The look of the page: colour schemes, contrast, the width of a phone, keyboard access."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser import PageDriver, open_page
from tests.playground.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CONTRAST_SCRIPT = """() => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const brush = canvas.getContext("2d", {willReadFrequently: true});
  const rgba = (colour) => {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => top.slice(0, 3).map((x, i) => x * top[3] + below[i] * (1 - top[3]));
  const light = (colour) => {
    const [r, g, b] = colour.map((x) => {
      x /= 255;
      return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!/[\\p{L}\\p{N}]/u.test(text)) continue;
    if (!element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) continue;
    if (element.closest(":disabled, .unseen, .spoiler, .skip, noscript")) continue;
    const layers = [];
    let skip = false;
    for (let node = element; node; node = node.parentElement) {
      const style = getComputedStyle(node);
      if (style.backgroundImage !== "none") skip = true;
      layers.push(rgba(style.backgroundColor));
    }
    if (skip) continue;
    let ground = [255, 255, 255];
    for (const layer of layers.reverse()) ground = over(layer, ground);
    const style = getComputedStyle(element);
    const ink = over(rgba(style.color), ground);
    const [high, dim] = [light(ink), light(ground)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (dim + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio >= (large ? 3 : 4.5)) continue;
    const where = `${style.color} on ${ground.map(Math.round)}`;
    low.push(`${text.slice(0, 40)}: ${ratio.toFixed(2)} (${where})`);
  }
  return low;
}"""


async def _furnish(page: PageDriver) -> Locator:
    """Shows everything there is to look at in one channel. Returns the card."""
    await page.command("/legacy")
    await page.command("/words")
    await page.command("/recommend mood:Cosy")
    card = page.by_id(await page.message_id(page.last_message("The Apartment")))
    await expect(card.locator(".reaction[data-emoji]")).to_have_count(4)
    await page.react(card, "❤️")
    await page.click_button(card, "Why?")
    return card


async def too_pale(page: PageDriver, name: str) -> list[Any]:
    """Returns texts that are too pale in dark or in light colours. Keeps a picture of both."""
    found: list[Any] = []
    for scheme in ("light", "dark"):
        await page.page.emulate_media(color_scheme=scheme)
        found += await page.page.evaluate(CONTRAST_SCRIPT)
        await page.screenshot(name.format(scheme))
    return found


async def test_contrast_in_both_schemes(browser: Browser, stage: Stage) -> None:
    url = stage.local.page_url
    async with open_page(browser, url, member="olek", height=1100) as page:
        await page.open_channel("lounge")
        await _furnish(page)
        assert await too_pale(page, "look-{}") == []
        await page.type_command("/similar film:a")
        assert await too_pale(page, "look-{}-command") == []
        await page.page.keyboard.press("Escape")
        await page.page.keyboard.press("Escape")
        await page.command("/start")
        await page.fill_modal({"Shelves you would browse": ["Long roads"], "Time zone": ""})
        await expect(page.modal().get_by_text("Please answer this.")).to_be_visible()
        assert await too_pale(page, "look-{}-modal") == []
        await page.page.keyboard.press("Escape")
        await page.click(page.page.locator("#clock"))
        await expect(page.page.locator(".clock-panel")).to_be_visible()
        assert await too_pale(page, "look-{}-clock") == []


async def test_light_and_dark_follow_the_system_until_chosen(page: PageDriver) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = await page.page.evaluate(ground)
    await page.page.emulate_media(color_scheme="light")
    light = await page.page.evaluate(ground)
    assert light != dark
    await page.click(page.page.get_by_role("button", name="Switch to dark colours"))
    assert await page.page.evaluate(ground) == dark
    await page.page.reload()
    await page.page.wait_for_selector("body[data-ready]")
    assert await page.page.evaluate(ground) == dark
    await page.click(page.page.get_by_role("button", name="Switch to light colours"))
    assert await page.page.evaluate(ground) == light


async def test_welcome_strip(browser: Browser, stage: Stage) -> None:
    async with open_page(browser, stage.local.page_url, welcome=True, member="june") as page:
        strip = page.page.locator("#welcome")
        await expect(strip).to_contain_text("Welcome to the playground")
        await page.screenshot("look-welcome")
        await page.click(strip.get_by_role("button", name="/recommend"))
        await expect(page.page.locator(".command-chip")).to_have_text("/recommend")
        await page.click(strip.get_by_role("button", name="Close the welcome"))
        await expect(strip).to_be_hidden()
        await page.page.reload()
        await page.page.wait_for_selector("body[data-ready]")
        await expect(strip).to_be_hidden()


async def test_the_width_of_a_phone(browser: Browser, stage: Stage) -> None:
    url = stage.local.page_url
    async with open_page(browser, url, member="olek", width=360, height=720) as page:
        await page.open_channel("lounge")
        await page.use("olek")
        card = await _furnish(page)
        assert await page.overflow() == 0
        await page.screenshot("phone-messages")
        wide: list[Any] = await page.page.evaluate(
            """() => [...document.querySelectorAll("#messages *")]
              .filter((x) => !x.closest("pre, .unseen"))
              .filter((x) => x.getBoundingClientRect().right > innerWidth + 1)
              .map((x) => x.className)"""
        )
        assert wide == []
        await page.command("/start")
        assert await page.overflow() == 0
        await page.screenshot("phone-modal")
        await page.page.keyboard.press("Escape")
        await page.click(card.locator("button.select").first)
        await page.screenshot("phone-select")
        assert await page.overflow() == 0
        await page.page.keyboard.press("Escape")
        await page.type_command("/recommend mood:Silly max_runtime:100 friend:June")
        await page.screenshot("phone-command")
        assert await page.overflow() == 0
        await page.page.keyboard.press("Enter")
        await page.settled()
        await page.click(page.page.locator("#clock"))
        await page.screenshot("phone-clock")
        assert await page.overflow() == 0
        await page.page.keyboard.press("Escape")
        opener = page.page.locator("#open-sidebar")
        await expect(opener).to_have_attribute("aria-expanded", "false")
        await expect(page.page.locator(".place").first).not_to_be_visible()
        await page.click(opener)
        await expect(page.page.locator(".place").first).to_be_visible()
        await page.screenshot("phone-sidebar")
        await page.page.keyboard.press("Escape")
        await expect(page.page.locator(".place").first).not_to_be_visible()
        await expect(opener).to_be_focused()


async def test_the_keyboard_reaches_everything(page: PageDriver) -> None:
    await page.open_channel("lounge")
    await page.command("/recommend")
    card = page.last_message("The Apartment")
    await expect(card.locator(".reaction[data-emoji]")).to_have_count(4)
    await page.page.reload()
    await page.page.wait_for_selector("body[data-ready]")
    reached: list[str] = []
    for _ in range(60):
        await page.page.keyboard.press("Tab")
        reached.append(
            await page.page.evaluate(
                """() => {
                  const on = document.activeElement;
                  const drawn = getComputedStyle(on).outlineStyle !== "none";
                  const ring = drawn || on.closest(".composer-box, .tools");
                  const name = on.getAttribute("aria-label") ?? on.textContent.trim();
                  return `${name.slice(0, 30)}|${ring ? "ring" : "none"}`;
                }"""
            )
        )
        if reached[-1].startswith("Switch to") and len(reached) > 5:
            break
    names = [entry.rsplit("|", 1)[0] for entry in reached]
    assert names[0] == "Skip to the message box"
    assert any(name.startswith("films") for name in names)
    assert any("Mira" in name for name in names)
    assert any(name.startswith("Clock: ") for name in names)
    assert [entry for entry in reached if entry.endswith("|none")] == []
    await page.page.keyboard.press("Tab")
    await page.page.locator("#messages article[tabindex='0']").focus()
    inside: list[str] = []
    for _ in range(14):
        await page.page.keyboard.press("Tab")
        inside.append(await page.page.evaluate("document.activeElement.textContent.trim()"))
    assert {"Why?", "Seen it", "Not for me", "Another", "Source"} <= set(inside)


async def test_members_by_arrow_keys(page: PageDriver) -> None:
    await page.page.locator(".person[aria-checked=true]").focus()
    await page.page.keyboard.press("ArrowDown")
    chosen = page.page.locator(".person[aria-checked=true]")
    await expect(chosen).to_contain_text("Tomás")
    await expect(chosen).to_be_focused()
    await expect(page.page).to_have_url(re.compile("as=\\d+"))
