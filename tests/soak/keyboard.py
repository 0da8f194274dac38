"""A person at the page who uses only the keyboard, and keeps a picture of all that they see."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Locator, expect

from tests.browser import PATIENCE_MS, SCREENSHOTS, PageDriver
from tests.page.test_look import CONTRAST_SCRIPT

CUT = """part => [part, ...part.querySelectorAll('*')].filter(one =>
    !one.closest('.origin, .unseen, .select-value, .tools')
    && (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible'
        && getComputedStyle(one).display !== 'inline'
        || one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
).map(one => one.className + ': ' + one.textContent.slice(0, 60))"""
"""Finds parts that are cut off or beyond the window. The value of a menu may end in "…"."""

SEEN = """() => Object.fromEntries(
    [...document.querySelectorAll("#messages article.message")]
    .map((one) => [one.dataset.messageId, one.querySelector(".message-body").textContent]))"""
"""Returns the text of each message by its id."""

CHANGED = """before => {
  const now = [...document.querySelectorAll("#messages article.message")]
    .map((one) => [one.dataset.messageId, one.querySelector(".message-body").textContent]);
  const fresh = now.filter(([id]) => !(id in before));
  const other = now.filter(([id, text]) => before[id] !== text);
  return (fresh.at(-1) ?? other.at(-1))?.[0] ?? null;
}"""
"""Returns the id of the newest message that is new, or else that has changed; null without one."""


@dataclass
class Keyboard:
    """A person at the page, in one size and one colour scheme.

    Attributes:
        driver: the page.
        look: the size and the scheme, such as "390-dark"; part of the names of pictures.
        height: pixels of a usual window.
        file: the film history that they bring.
        mention: what mentions another member.
        kept: the pictures, in order.
        faults: what is cut off, too wide or too pale, by picture.
    """

    driver: PageDriver
    look: str
    height: int
    file: bytes
    mention: str
    kept: list[Path] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)

    async def go(self, place: str) -> None:
        """Goes to a channel, or to a direct message, by its shown name."""
        await self.driver.page.keyboard.press("Control+k")
        await self.driver.page.keyboard.type(place)
        await self.driver.page.keyboard.press("Enter")
        await expect(self.driver.page.locator("#channel-name")).to_have_text(place)

    async def command(self, line: str, name: str, *, pick: bool = True) -> Locator:
        """Types a command, keeps a picture of the answer under a name, and returns the answer."""
        before = await self._seen()
        await self.driver.command(line, pick=pick)
        return await self._answer(before, name)

    async def send(self, name: str) -> Locator:
        """Sends the command that is typed, and returns the answer."""
        before = await self._seen()
        await self.driver.page.keyboard.press("Enter")
        await self.driver.settled()
        return await self._answer(before, name)

    async def press(self, message: Locator, action: str, name: str) -> Locator:
        """Presses the first button that runs an action. Returns the answer, or the message.

        action: the beginning of the custom_id after the version, such as "rate:12:0".
        """
        before = await self._seen()
        await self._control(message, action).focus()
        await self.driver.page.keyboard.press("Enter")
        await self.driver.settled()
        return await self._answer(before, name)

    async def choose(self, message: Locator, action: str, name: str) -> Locator:
        """Chooses the last option of a menu.

        action: what the menu runs, as for `press`.
        """
        keyboard, before = self.driver.page.keyboard, await self._seen()
        await self._control(message, action).focus()
        await keyboard.press("Enter")
        panel = self.driver.page.locator(".select-panel")
        await expect(panel).to_be_visible()
        await self._keep(panel, f"{name}-menu")
        several = await panel.locator("[aria-multiselectable=true]").count()
        await keyboard.press("End")
        await keyboard.press("Enter")
        if several:
            await keyboard.press("Tab")
            await keyboard.press("Enter")
        await expect(panel).to_have_count(0)
        await self.driver.settled()
        return await self._answer(before, name)

    async def menu(self, opener: Locator, item: str, name: str) -> Locator:
        """Opens a menu and uses one of its items. Returns the answer."""
        before = await self._seen()
        await opener.focus()
        await self.driver.page.keyboard.press("Enter")
        entry = self.driver.page.get_by_role("menuitem", name=item, exact=True)
        await self._keep(self.driver.page.locator("[role=menu]"), f"{name}-menu")
        await entry.focus()
        await self.driver.page.keyboard.press("Enter")
        await self.driver.settled()
        return await self._answer(before, name)

    async def react(self, message: Locator, emoji: str, name: str) -> None:
        """Adds a reaction."""
        await message.get_by_role("button", name="Add a reaction").last.focus()
        await self.driver.page.keyboard.press("Enter")
        box = self.driver.page.get_by_label("Any other emoji")
        await box.focus()
        await self.driver.page.keyboard.type(emoji)
        await self.driver.page.keyboard.press("Enter")
        pressed = self.driver.reaction(message, emoji)
        await expect(pressed).to_have_attribute("aria-pressed", "true")
        await self._keep(message, name)

    async def form(self, message: Locator, action: str, name: str) -> Locator:
        """Opens the form of a button and keeps its picture."""
        await self._control(message, action).focus()
        await self.driver.page.keyboard.press("Enter")
        return await self.see_form(name)

    async def see_form(self, name: str) -> Locator:
        """Keeps a picture of the form that is open, and returns it."""
        dialog = self.driver.modal()
        await expect(dialog).to_be_visible()
        await self.driver.settled()
        await self._keep(dialog, name)
        return dialog

    async def submit(self, name: str, **texts: str) -> Locator:
        """Types into fields of the open form, submits it, and returns the answer."""
        before = await self._seen()
        for number, text in texts.items():
            box = self.driver.modal().locator(f'[data-field="{number}"]').locator("input, textarea")
            await box.focus()
            await self.driver.page.keyboard.press("Control+a")
            await self.driver.page.keyboard.type(text)
        await self.driver.modal().get_by_role("button", name="Submit").focus()
        await self.driver.page.keyboard.press("Enter")
        await expect(self.driver.modal()).to_have_count(0)
        await self.driver.settled()
        return await self._answer(before, name)

    async def window(self, name: str) -> None:
        """Keeps a picture of the whole window, and checks its contrast."""
        page, shown = self.driver.page, f"{name}-window"
        path = SCREENSHOTS / f"surface-{name}-window-{self.look}.png"
        usual = page.viewport_size
        assert usual is not None
        await page.set_viewport_size({"width": usual["width"], "height": self.height})
        await page.screenshot(path=path)
        await page.set_viewport_size(usual)
        self.kept.append(path)
        found = [*await page.evaluate(CONTRAST_SCRIPT)]
        if await self.driver.overflow():
            found.append("the page is wider than the window")
        if found:
            self.faults[shown] = found

    def _control(self, message: Locator, action: str) -> Locator:
        exact, more = f'[data-custom-id="mt1:{action}"]', f'[data-custom-id^="mt1:{action}:"]'
        return message.locator(f"{exact}, {more}").first

    async def _seen(self) -> dict[str, str]:
        found: dict[str, str] = await self.driver.page.evaluate(SEEN)
        return found

    async def _answer(self, before: dict[str, str], name: str) -> Locator:
        """Waits for the answer, keeps its picture, and returns it."""
        await self.driver.page.wait_for_function(CHANGED, arg=before, timeout=PATIENCE_MS)
        await self.driver.settled()
        found = self.driver.by_id(await self.driver.page.evaluate(CHANGED, before))
        await self._keep(found, name)
        return found

    async def _keep(self, part: Locator, name: str) -> None:
        assert re.fullmatch("[a-z0-9-]+", name), name
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"surface-{name}-{self.look}.png"
        await part.screenshot(path=path)
        self.kept.append(path)
        cut: list[str] = await part.evaluate(CUT)
        if cut:
            self.faults[name] = cut
