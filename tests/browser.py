"""A headless Chromium at the playground's page, and a driver that acts as a person would.

    async with open_page(browser, local.page_url) as driver:  # `browser` is a fixture
        await driver.use("mira")
        await driver.command("/recommend mood:Tense")
        await driver.click_button(driver.last_message(), "Why?")

Everything goes through the keyboard and the mouse. `driver.clicks` counts presses of the mouse.
Screenshots go to build/screenshots/ under the repository's root.

Playwright's objects belong to one event loop. Tests with the fixture `browser` therefore run in the
loop of the session: they and their fixtures carry `loop_scope="session"`.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, Response, async_playwright, expect

from tests.clock import PATIENCE_SECONDS

CHROMIUM = Path("/usr/bin/chromium")
SCREENSHOTS = Path(__file__).resolve().parent.parent / "build" / "screenshots"

PATIENCE_MS = 1_000 * PATIENCE_SECONDS
expect.set_options(timeout=PATIENCE_MS)  # without it, five seconds

_CUT = """article => [...article.querySelectorAll('*')].filter(part =>
    (part.scrollWidth > part.clientWidth + 1
     && getComputedStyle(part).overflowX !== 'visible'
     || part.getBoundingClientRect().right > document.documentElement.clientWidth)
    && !part.closest('.origin')).map(part => part.textContent)"""

_WATCH = """selector => {
  window.seen ??= {};
  delete window.seen[selector];
  const look = () => { window.seen[selector] ??= document.querySelector(selector)?.textContent; };
  new MutationObserver(look).observe(
    document.body, {subtree: true, childList: true, attributes: true});
}"""

_HOLD = """path => {
  const real = window.fetch;
  window.fetch = async (url, ...more) => {
    const answer = await real(url, ...more);
    if (window.release || !String(url).includes(path)) return answer;
    return new Promise((resolve) => { window.release = () => resolve(answer); });
  };
}"""

_RELEASE = "window.release(); await (await fetch('/page/icon.svg')).text()"

_WAITING = """.is-waiting, .thinking, #messages [aria-busy=true], .bar-fields[aria-busy=true],
    .modal [aria-busy=true]"""

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Yields a headless Chromium; skips the test if it is not installed."""
    if not CHROMIUM.is_file():  # noqa: ASYNC240 - once, before anything runs
        pytest.skip(f"{CHROMIUM} is missing: install Debian's package chromium for the page tests")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(CHROMIUM), headless=True, args=list(_FLAGS)
        )
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def open_page(
    browser: Browser,
    url: str,
    *,
    width: int = 1280,
    height: int = 860,
    dark: bool = True,
    member: str | None = None,
    welcome: bool = False,
    timezone: str = "Europe/Berlin",
) -> AsyncIterator["PageDriver"]:
    """Yields the page in a fresh browser profile, ready for use.

    `welcome` keeps the strip that a newcomer sees. The end of the context fails if the page threw
    an error.
    """
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        timezone_id=timezone,
        locale="en-GB",
        reduced_motion="reduce",
        has_touch=width < 500,
    )
    context.set_default_timeout(PATIENCE_MS)
    if not welcome:
        seen = (
            """if (origin !== "null") localStorage.setItem("matinee-playground-welcomed", "yes")"""
        )
        await context.add_init_script(seen)
    page = await context.new_page()
    driver = PageDriver(page)
    page.on("pageerror", lambda error: driver.errors.append(str(error)))
    await driver.enter(url, member)
    try:
        yield driver
    finally:
        await context.close()
    assert driver.errors == [], f"the page threw: {driver.errors}"


class PageDriver:
    """Acts as a person at the page. It waits for conditions, never for a fixed time."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0
        self.errors: list[str] = []
        self._loads = 0

    # --- member and channel -------------------------------------------------------------------

    async def enter(self, url: str, member: str | None = None) -> None:
        """Loads the page as a member; None means the first one."""
        self._loads += 1
        await self.page.goto(f"{url}/?{self._loads}" + (f"#as={member}" if member else ""))
        await self.page.wait_for_selector("body[data-ready]")

    async def click(self, target: Locator) -> None:
        """Presses something with the mouse, and counts the click."""
        await target.click()
        self.clicks += 1

    async def use(self, member: str) -> None:
        """Becomes a member, by username or shown name."""
        await self._sidebar()
        by_username = f'.person[data-username="{member}"]'
        by_name = self.page.locator(".person", has=self.page.get_by_text(member, exact=True))
        person = self.page.locator(by_username).or_(by_name).first
        wanted = await person.get_attribute("data-member")
        if await person.get_attribute("aria-checked") != "true":
            await self.click(person)
        await self.page.wait_for_selector(f'body[data-ready="{wanted}"]')
        await expect(self.page.locator(f'.person[data-member="{wanted}"]')).to_have_attribute(
            "aria-checked", "true"
        )
        await self._sidebar(shut=True)

    async def open_channel(self, name: str) -> None:
        """Opens a channel, or the direct message with the bot, by its shown name.

        Waits until its messages are shown.
        """
        await self._sidebar()
        shown = self.page.get_by_text(name, exact=True)
        place = self.page.locator(".place", has=shown).first
        await self.click(place)
        await expect(place).to_have_attribute("aria-current", "page")
        await expect(self.page.locator("#messages")).to_have_attribute("aria-busy", "false")

    async def _sidebar(self, *, shut: bool = False) -> None:
        """Opens or closes the list at the left of a narrow page."""
        button = self.page.locator("#close-sidebar" if shut else "#open-sidebar")
        opened = await self.page.locator("#sidebar.is-open").count() == 1
        if opened == shut and await button.is_visible():
            await button.click()

    # --- messages -----------------------------------------------------------------------------

    def messages(self) -> Locator:
        """Returns every message. Waiting and failed commands are not messages."""
        return self.page.locator("#messages article.message")

    def last_message(self, text: str | re.Pattern[str] | None = None) -> Locator:
        """Returns the newest message, or with `text` the newest that contains it."""
        found = self.messages()
        if text is not None:
            found = found.filter(has_text=text)
        return found.last

    async def message_id(self, message: Locator) -> str:
        """Returns the id of a message."""
        found = await message.get_attribute("data-message-id")
        assert found is not None
        return found

    def by_id(self, message_id: str) -> Locator:
        """Returns the message with an id."""
        return self.page.locator(f'article[data-message-id="{message_id}"]')

    async def cut(self, message: Locator) -> list[str]:
        """Returns texts of a message that are cut or beyond the window.

        The line that a message answers may be cut.
        """
        return list(await message.evaluate(_CUT))

    async def say(self, text: str) -> Locator:
        """Writes a plain message and waits until it appears. Returns it."""
        await self.page.locator("#composer-text").focus()
        await self.page.keyboard.insert_text(text)
        async with self.page.expect_response(_answers_to("/api/messages")) as waiting:
            await self.page.keyboard.press("Enter")
        message = self.by_id((await (await waiting.value).json())["id"])
        await expect(message).to_be_visible()
        return message

    async def watch(self, selector: str) -> Callable[[], Awaitable[str]]:
        """Watches for an element that may be on the page only briefly.

        Returns a function that waits until the page has had such an element since, and returns its
        text.
        """
        await self.page.evaluate(_WATCH, selector)

        async def seen() -> str:
            found = await self.page.wait_for_function(
                "selector => window.seen[selector]", arg=selector
            )
            return str(await found.json_value())

        return seen

    async def hold(self, path: str) -> None:
        """Holds back the server's next answer to a path, as a slow connection would."""
        await self.page.evaluate(_HOLD, path)

    async def held(self) -> None:
        """Waits until the server has given the answer that is held back."""
        await self.page.wait_for_function("() => Boolean(window.release)")

    async def release(self, first: str = "") -> None:
        """Lets the page have the answer that is held back, and waits until it has read it.

        first: a script that runs just before.
        """
        await self.page.evaluate(f"async () => {{ {first}; {_RELEASE} }}")

    async def settled(self) -> None:
        """Waits until no command, button or form is waiting for an answer.

        A bot that takes long acknowledges a button first. Then its answer comes later, and so does
        what it stores.
        """
        await expect(self.page.locator(_WAITING)).to_have_count(0)

    # --- commands -----------------------------------------------------------------------------

    async def command(self, line: str, *, pick: bool = True, send: bool = True) -> None:
        """Gives a command by keyboard alone, such as "/recommend mood:Tense max_runtime:120".

        Options with suggestions take the first one. With `pick` False they take the typed text.
        After sending, waits for the answer, the modal or the notice that no answer came.
        """
        await self.type_command(line, pick=pick)
        if not send:
            return
        async with self.page.expect_response(_answers_to("/api/commands")) as waiting:
            await self.page.keyboard.press("Enter")
        number = (await (await waiting.value).json())["interaction"]
        outcome = f'article[data-interaction="{number}"], dialog.modal, .is-failed'
        await expect(self.page.locator(outcome).first).to_be_attached()
        await expect(self.page.locator(".bar-fields")).to_have_count(0)
        await self.settled()

    async def type_command(self, line: str, *, pick: bool = True) -> None:
        """Enters a command and its options, and stops before the last Enter.

        Each name and each value comes in one piece, as from an input method.
        """
        keyboard = self.page.keyboard
        name, options = _split(line)
        box = self.page.locator("#composer-text")
        await box.focus()
        await box.fill("")
        await keyboard.insert_text(name)
        await expect(self.page.locator(".suggestion.is-active")).to_contain_text(name)
        await keyboard.press("Enter")
        await expect(self.page.locator(".command-chip")).to_have_text(name)
        for option, value in options:
            await keyboard.insert_text(f"{option}:")
            chip = self.page.locator(f'.field-chip[data-option="{option}"]')
            await expect(chip.locator("input")).to_be_focused()
            if value:
                await keyboard.insert_text(value)
            await expect(chip).to_have_attribute("data-settled", "true")
            active = self.page.locator(".suggestion.is-active")
            if pick and value and await active.count():
                await keyboard.press("Enter")
            else:
                await keyboard.press("End")
                await keyboard.press("ArrowRight")

    def problem(self) -> Locator:
        """Returns the sentence above the message box that says what is wrong."""
        return self.page.locator(".composer .problem")

    # --- components and reactions -------------------------------------------------------------

    async def click_button(self, message: Locator, label: str | re.Pattern[str]) -> None:
        """Presses a button of a message and waits until the bot has answered."""
        name: dict[str, Any] = {"name": label}
        if isinstance(label, str):
            name["exact"] = True
        await self.click(message.locator(".components").get_by_role("button", **name))
        await self.settled()

    async def choose(self, select: Locator, labels: Sequence[str]) -> None:
        """Opens a select (the control itself, or a message with one), chooses, and closes it."""
        if await select.locator("button.select").count():
            select = select.locator("button.select").first
        several = await self._open_select(select)
        for label in labels:
            option = self.page.locator(".select-panel [role=option]").filter(
                has=self.page.locator(".option-label", has_text=re.compile(f"^{re.escape(label)}$"))
            )
            await self.click(option)
        if several:
            await self.click(self.page.locator(".select-panel").get_by_role("button", name="Done"))
        await expect(self.page.locator(".select-panel")).to_have_count(0)
        await self.settled()

    async def _open_select(self, select: Locator) -> bool:
        await self.click(select)
        panel = self.page.locator(".select-panel [role=listbox]")
        await expect(panel).to_be_visible()
        return await panel.get_attribute("aria-multiselectable") == "true"

    def reaction(self, message: Locator, emoji: str) -> Locator:
        """Returns the button of one reaction under a message."""
        return message.locator(f'.reaction[data-emoji="{emoji}"]')

    async def react(self, message: Locator, emoji: str) -> None:
        """Adds a reaction, or removes it if the member has reacted already."""
        button = self.reaction(message, emoji)
        if await button.count():
            before = await button.get_attribute("aria-pressed")
            await self.click(button)
            # Other people may react at the same time, so the count proves nothing.
            stale = message.locator(f'.reaction[data-emoji="{emoji}"][aria-pressed="{before}"]')
            await expect(stale).to_have_count(0)
            return
        await message.hover()
        await self.click(message.get_by_role("button", name="Add a reaction").last)
        await self.page.get_by_label("Any other emoji").fill(emoji)
        await self.page.keyboard.press("Enter")
        await expect(button).to_have_attribute("aria-pressed", "true")

    async def menu(self, message: Locator, label: str) -> None:
        """Chooses from the menu of a message."""
        await message.hover()
        await self.click(message.get_by_role("button", name="More actions"))
        await self.click(self.page.get_by_role("menuitem", name=label, exact=True))
        await self.settled()

    # --- modals -------------------------------------------------------------------------------

    def modal(self) -> Locator:
        """Returns the open modal."""
        return self.page.locator("dialog.modal")

    async def fill_modal(
        self, answers: Mapping[str, str | bool | Sequence[str]], *, submit: bool = True
    ) -> None:
        """Fills the open modal.

        answers: field label -> a text, the label or labels to choose, or a boolean.
        """
        dialog = self.modal()
        await expect(dialog).to_be_visible()
        for label, answer in answers.items():
            heading = self.page.locator(".label", has_text=label)
            await self._fill(dialog.locator(".modal-field", has=heading).first, answer)
        if submit:
            await self.click(dialog.get_by_role("button", name="Submit"))

    async def _fill(self, part: Locator, answer: str | bool | Sequence[str]) -> None:
        boxes = part.locator("label.choice")
        if await part.locator("button.select").count():
            wanted = [answer] if isinstance(answer, str) else answer
            assert not isinstance(wanted, bool)
            await self.choose(part.locator("button.select"), wanted)
        elif isinstance(answer, bool):
            if await boxes.locator("input").is_checked() != answer:
                await self.click(boxes.first)
        elif await boxes.count():
            for label in [answer] if isinstance(answer, str) else answer:
                exact = re.compile(f"^{re.escape(label)}$")
                words = self.page.locator(".option-label", has_text=exact)
                await self.click(part.locator("label.choice", has=words))
        else:
            assert isinstance(answer, str)
            await part.locator("input, textarea").fill(answer)

    # --- the clock and the look ---------------------------------------------------------------

    async def set_clock(self, local: str) -> None:
        """Sets the world's clock to a local time of the browser, such as "2026-11-27T22:00"."""
        await self.click(self.page.locator("#clock"))
        await self.page.locator(".clock-panel input").fill(local)
        await self.click(self.page.locator(".clock-panel").get_by_role("button", name="Set"))
        await expect(self.page.locator(".clock-panel")).to_have_count(0)
        await expect(self.page.locator("#clock")).to_have_class(re.compile("is-pretend"))

    async def screenshot(self, name: str) -> Path:
        """Saves a picture of the window. Returns its path."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        await self.page.screenshot(path=path)
        return path

    async def overflow(self) -> int:
        """Returns by how many pixels the page is wider than its window."""
        script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(await self.page.evaluate(script))


def _answers_to(path: str) -> Callable[[Response], bool]:
    """Returns a test for the server's answer to what the page has sent to a path."""
    return lambda answer: answer.request.method == "POST" and answer.url.endswith(path)


def _split(line: str) -> tuple[str, list[tuple[str, str]]]:
    marks = list(re.finditer(r"\s([\w-]+):", line))
    name = line[: marks[0].start()] if marks else line
    options = []
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(line)
        options.append((mark[1], line[mark.end() : end].strip()))
    return name.strip(), options
