"""What the page's tests share: one Chromium and one local Discord with the showcase bot.

Both live as long as the package, and so does the window that most tests use. Each test loads the
page again.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser import PageDriver, chromium, open_page
from tests.page.showcase import Heard, showcase
from tests.playground.stage import Stage, open_stage


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def heard() -> Heard:
    return Heard()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def stage(browser: Browser, heard: Heard) -> AsyncIterator[Stage]:
    async with open_stage(prepare=showcase(heard)) as stage:
        yield stage
        assert stage.world.unsupported == []
        assert stage.bot.errors == []


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def sheet(browser: Browser, stage: Stage) -> AsyncIterator[PageDriver]:
    """A wide, dark window, for every test that needs no other."""
    async with open_page(browser, stage.local.page_url, member="mira") as driver:
        yield driver


@pytest_asyncio.fixture(loop_scope="package")
async def page(sheet: PageDriver, stage: Stage) -> AsyncIterator[PageDriver]:
    """The window with a fresh page of Mira, who manages the server. No click is counted yet."""
    await sheet.page.evaluate("localStorage.clear()")
    await sheet.page.emulate_media(color_scheme="dark")
    await sheet.enter(stage.local.page_url, "mira")
    sheet.clicks = 0
    yield sheet
    assert sheet.errors == []
