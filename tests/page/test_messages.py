"""Messages at the page: their look, live updates, private messages, and actions on messages."""

import asyncio
import re

import pytest
from playwright.async_api import CDPSession, expect

from bot.playground.world.channels import messages
from tests.browser import PageDriver
from tests.clock import PATIENCE_SECONDS
from tests.page.conftest import Beside
from tests.page.showcase import NO_TIME, Heard
from tests.playground.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RENDER_SCRIPT = """async (text) => {
  const {markdown} = await import("/page/markdown.js");
  const box = document.createElement("div");
  box.append(...markdown(text, {user: (id) => id === "1" ? "Mira" : null, now: () => new Date(0)}));
  return box.innerHTML;
}"""

PLAIN_TEXT_SCRIPT = """async (text) => (await import("/page/markdown.js")).plain(text)"""


MARKDOWN_EXAMPLES = (
    ("**b** *i* _i_", "<p><strong>b</strong> <em>i</em> <em>i</em></p>"),
    ("__u__ ~~s~~", "<p><u>u</u> <s>s</s></p>"),
    ("***both***", "<p><strong><em>both</em></strong></p>"),
    ("**a *b* c**", "<p><strong>a <em>b</em> c</strong></p>"),
    ("snake_case_name and 2 * 3 * 4", "<p>snake_case_name and 2 * 3 * 4</p>"),
    (r"\*no\* \_no\_ \<no>", "<p>*no* _no_ &lt;no&gt;</p>"),
    ("`a **b**` ``c`d``", '<p><code class="span">a **b**</code> <code class="span">c`d</code></p>'),
    ("one\ntwo", "<p>one\ntwo</p>"),
    ("# Big", '<div class="heading heading-1" role="heading" aria-level="3">Big</div>'),
    ("-# small", '<p class="small-print">small</p>'),
    ("> a\n> b\nc", "<blockquote><p>a\nb</p></blockquote><p>c</p>"),
    ("- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
    ("- a\n1. d\n2. e", "<ul><li>a</li></ul><ol><li>d</li><li>e</li></ol>"),
    ("```py\nx = 1\n```", "<pre><code>x = 1</code></pre>"),
    ("<@1>", '<p><span class="mention">@Mira</span></p>'),
    ("<@2>", '<p><span class="mention">@unknown-user</span></p>'),
    ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
    ("[x](data:text/html,y)", "<p>[x](data:text/html,y)</p>"),
    ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    ("** open *and ||unclosed", "<p>** open *and ||unclosed</p>"),
    ("<t:99999999999999:R>", "<p>&lt;t:99999999999999:R&gt;</p>"),
)


async def test_markdown(sheet: PageDriver) -> None:
    for text, html in MARKDOWN_EXAMPLES:
        assert await sheet.page.evaluate(RENDER_SCRIPT, text) == html
    found = await sheet.page.evaluate(RENDER_SCRIPT, "<t:60:R>")
    assert 'title="Thursday, 1 January 1970 at 01:01">in 1 minute</time>' in found


async def test_links(sheet: PageDriver) -> None:
    text = "[a](https://example.org/x_(y)) https://example.org/z. <http://example.org>"
    found = await sheet.page.evaluate(RENDER_SCRIPT, text)
    hrefs = re.findall(r'href="([^"]*)"', found)
    assert hrefs == [
        "https://example.org/x_(y)",
        "https://example.org/z",
        "http://example.org/",
    ]
    assert found.count('rel="noopener noreferrer nofollow"') == 3


HOSTILE_SCRIPT = """async (text) => {
  const {markdown, plain} = await import("/page/markdown.js");
  const box = document.createElement("div");
  plain(text);
  box.append(...markdown(text, {user: () => null, now: () => new Date(0)}));
  const heading = box.querySelector(".heading")?.textContent;
  return [box.textContent, heading];
}"""

HOSTILE_TEXTS = (  # (text, True if every character is shown, since none is markup)
    ("*" * 16_000, False),
    ("**_" * 5_300, False),
    ("||" * 8_000, False),
    ("***a***" * 2_300, False),
    ("__~~||" * 2_600, False),
    ("> " * 8_000, False),
    ("- " * 8_000, False),
    ("[" * 16_000, True),
    ("[a](" * 4_000, True),
    ("`" * 15_999 + "a", True),
    ("<" * 16_000, True),
)
MAX_HOSTILE_SECONDS = 5
"""A hundred times the processor time of the slowest text on a machine with two cores."""


async def processor_seconds(metrics: CDPSession) -> float:
    """Returns the processor time that a page has used for its tasks so far.

    metrics: a session with Chromium's domain "Performance" enabled, which counts this time.
    """
    found = (await metrics.send("Performance.getMetrics"))["metrics"]
    return float(next(x["value"] for x in found if x["name"] == "TaskDuration"))


async def test_markdown_ends_quickly_on_hostile_text(sheet: PageDriver) -> None:
    """The page is in its own window, which can be closed if the rendering never ends."""
    window = await sheet.page.context.new_page()
    try:
        await window.goto(sheet.page.url)
        metrics = await sheet.page.context.new_cdp_session(window)
        await metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
        for text, is_plain in HOSTILE_TEXTS:
            before = await processor_seconds(metrics)
            async with asyncio.timeout(10 * PATIENCE_SECONDS):
                shown, heading = await window.evaluate(HOSTILE_SCRIPT, f"{text}\n# and on")
            assert await processor_seconds(metrics) - before < MAX_HOSTILE_SECONDS, text[:10]
            assert heading == "and on", f"what comes after {text[:10]} is read as ever"
            if is_plain:
                assert shown == f"{text}and on"
            else:
                assert set(shown.removesuffix("and on")) <= set(text), "nothing comes in"
    finally:
        await window.close()


async def test_plain_words_for_announcements(sheet: PageDriver) -> None:
    text = "## **The Apartment** (1960)\n-# *because* [you](https://example.org) loved"
    assert (
        await sheet.page.evaluate(PLAIN_TEXT_SCRIPT, text)
        == "The Apartment (1960) because you loved"
    )


async def test_every_kind_of_text_and_no_markup_from_outside(page: PageDriver) -> None:
    await page.command("/words")
    message = page.last_message("A heading")
    await expect(message.locator(".heading-1")).to_have_text("A heading")
    await expect(message.locator("strong")).to_have_text("bold")
    await expect(message.locator(".mention-me")).to_have_text("@Mira")
    await expect(message.locator("time.stamp")).to_have_text("14 November 2023")
    await expect(message).to_contain_text('<img src=x onerror="window.broken = true">')
    assert await message.locator(".message-body img").count() == 0
    assert await page.page.evaluate("window.broken") is None
    spoiler = message.locator(".spoiler")
    await expect(spoiler).to_have_attribute("aria-expanded", "false")
    await page.click(spoiler)
    await expect(spoiler).to_have_attribute("aria-expanded", "true")
    await page.click(message.locator("button.mention", has_text="/similar"))
    await expect(page.page.locator(".command-chip")).to_have_text("/similar")
    await page.screenshot("messages-words")


async def test_embeds_and_files(page: PageDriver) -> None:
    await page.command("/legacy")
    message = page.last_message("As before")
    await expect(message.locator(".embed-title a")).to_have_attribute(
        "href", "https://example.org/paris-texas"
    )
    await expect(message.locator(".field-name")).to_have_text(["Year", "Runtime"])
    picture = message.locator(".attachment img")
    await expect(picture).to_have_attribute("alt", "A still")
    assert await picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 320
    async with page.page.expect_download() as waiting:
        await page.click(message.get_by_role("link", name="Download ratings.csv"))
    path = await (await waiting.value).path()
    assert path.read_text() == "title,stars\nSolaris,5\n"
    await page.screenshot("messages-legacy")


async def test_a_private_reply_is_marked_and_seen_by_one_and_can_be_dismissed(
    page: PageDriver, beside: Beside
) -> None:
    await page.command("/watchlist show")
    message = page.last_message("Nothing on it")
    await expect(message).to_have_attribute("data-ephemeral", "true")
    await expect(message).to_contain_text("Only you can see this")
    wanted = await page.message_id(message)
    async with beside("june") as june:
        await expect(june.by_id(wanted)).to_have_count(0)
    await page.click(page.by_id(wanted).get_by_role("button", name="Dismiss message"))
    await expect(page.by_id(wanted)).to_have_count(0)
    await page.page.reload()
    await page.page.wait_for_selector("body[data-ready]")
    await expect(page.by_id(wanted)).to_have_count(0)


async def test_the_answer_replaces_thinking(page: PageDriver, heard: Heard) -> None:
    await page.type_command("/slow")
    await page.page.keyboard.press("Enter")
    await expect(page.page.locator(".thinking")).to_contain_text("Matinee is thinking…")
    await page.screenshot("messages-thinking")
    heard.go_on.set()
    await page.settled()
    message = page.last_message()
    await expect(message).to_contain_text("Here it is at last.")
    await expect(message.locator(".origin")).to_contain_text("Mira used /slow")
    announced = page.page.locator("#announcer p").last
    await expect(announced).to_have_text("Matinee: Here it is at last.")


async def test_a_missing_answer_is_shown(page: PageDriver, heard: Heard, stage: Stage) -> None:
    stage.world.answer_seconds = NO_TIME
    await page.command("/silent")
    assert await heard.last("silent") == {}
    failed = page.page.locator(".is-failed")
    await expect(failed).to_contain_text("The application did not respond")
    await page.screenshot("messages-failed")
    await page.click(failed.get_by_role("button", name="Dismiss message"))
    await expect(failed).to_have_count(0)


async def test_others_see_a_message_at_once_and_as_unread_in_other_channels(
    page: PageDriver, beside: Beside
) -> None:
    async with beside("tomas") as tomas:
        await tomas.open_channel("lounge")
        await page.open_channel("lounge")
        await tomas.say("Anyone for **Solaris**, @mira?")
        message = page.last_message("Anyone for Solaris")
        await expect(message).to_contain_text("Tomás")
        await expect(message.locator("strong")).to_have_text("Solaris")
        await expect(message.locator(".mention-me")).to_have_text("@Mira")
        await page.open_channel("films")
        await tomas.say("Still there?")
        lounge = page.page.locator(".place", has_text="lounge")
        await expect(lounge).to_have_class(re.compile("is-unread"))
        await page.open_channel("lounge")
        await expect(lounge).not_to_have_class(re.compile("is-unread"))
        second = page.last_message("Still there?")
        await expect(second).to_have_class(re.compile("is-grouped"))
        await page.menu(second, "Delete message")  # Mira moderates
        await expect(tomas.last_message("Still there?")).to_have_count(0)


async def test_a_direct_message_and_an_empty_channel(page: PageDriver) -> None:
    await page.use("olek")
    await page.open_channel("Matinee")
    await expect(page.page.locator("#empty")).to_contain_text("start of your talk with Matinee")
    await expect(page.page.locator("#empty")).to_contain_text("Type / to see what Matinee can do")
    await page.screenshot("messages-empty-dm")
    await page.command("/watchlist show")
    await expect(page.last_message()).to_contain_text("Nothing on it")
    await expect(page.page.locator("#empty")).to_be_hidden()


async def test_earlier_messages(page: PageDriver, stage: Stage) -> None:
    room = stage.world.channels[stage.room("late-show").id]
    mira = next(x for x in stage.world.people() if x.username == "mira")
    for place in range(70):
        messages.send(stage.world, room, mira.id, {"content": f"line {place}"}, [])
    await page.open_channel("late-show")
    await expect(page.messages()).to_have_count(50)
    await expect(page.last_message()).to_be_in_viewport()
    await page.click(page.page.get_by_role("button", name="Show earlier messages"))
    await expect(page.messages()).to_have_count(70)
    await expect(page.messages().first).to_contain_text("line 0")
    await expect(page.page.get_by_role("button", name="Show earlier messages")).to_be_hidden()


async def test_arrow_keys_move_through_the_messages(page: PageDriver) -> None:
    await page.open_channel("lounge")
    for text in ("first of three", "second of three", "third of three"):
        await page.say(text)
    await page.page.locator("#messages article[tabindex='0']").focus()
    await page.page.keyboard.press("ArrowUp")
    await expect(page.last_message("second of three")).to_be_focused()
    await page.page.keyboard.press("ArrowDown")
    await page.page.keyboard.press("ArrowDown")
    await expect(page.page.locator("#composer-text")).to_be_focused()
