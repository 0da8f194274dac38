"""What the page's tests share: one local Discord with the showcase bot, and two windows.

They live as long as the package. Each test begins with empty channels and an idle bot, and loads
the page again.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser import PageDriver, open_page
from tests.clock import PATIENCE_SECONDS
from tests.page.showcase import Heard, showcase
from tests.playground.stage import Stage, open_stage

Beside = Callable[[str], AbstractAsyncContextManager[PageDriver]]
"""Opens the page of another member, given by their username, beside that of the test."""


@pytest.fixture(scope="package")
def heard() -> Heard:
    return Heard()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def stage(heard: Heard) -> AsyncIterator[Stage]:
    async with open_stage(prepare=showcase(heard)) as stage:
        stage.world.answer_seconds = PATIENCE_SECONDS
        yield stage
        assert stage.world.unsupported == []
        assert stage.bot.errors == []


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def _fresh(stage: Stage, heard: Heard) -> AsyncIterator[None]:
    """Ends what the bot still does for the test, and then forgets what was said and heard."""
    yield
    heard.go_on.set()
    await stage.at_rest()
    for channel in stage.world.channels.values():
        channel.messages.clear()
    stage.world.answer_seconds = PATIENCE_SECONDS
    heard.acts.clear()
    heard.go_on.clear()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def sheet(browser: Browser, stage: Stage) -> AsyncIterator[PageDriver]:
    """A wide, dark window, for every test that needs no other."""
    async with open_page(browser, stage.local.page_url, member="mira") as driver:
        yield driver


@pytest_asyncio.fixture(loop_scope="session")
async def page(sheet: PageDriver, stage: Stage) -> AsyncIterator[PageDriver]:
    """The window with a fresh page of Mira, who manages the server. No click is counted yet."""
    await sheet.page.evaluate("localStorage.clear()")
    await sheet.page.emulate_media(color_scheme="dark")
    await sheet.enter(stage.local.page_url, "mira")
    sheet.clicks = 0
    yield sheet
    assert sheet.errors == []


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def second_sheet(sheet: PageDriver) -> AsyncIterator[PageDriver]:
    """A second window, in the same browser profile."""
    driver = PageDriver(await sheet.page.context.new_page())
    driver.page.on("pageerror", lambda error: driver.errors.append(str(error)))
    yield driver
    await driver.page.close()


@pytest.fixture
def beside(second_sheet: PageDriver, stage: Stage) -> Beside:
    """Opens the page of another member in the second window. No click is counted yet."""

    @asynccontextmanager
    async def opened(member: str) -> AsyncIterator[PageDriver]:
        await second_sheet.enter(stage.local.page_url, member)
        second_sheet.clicks = 0
        yield second_sheet
        await second_sheet.page.goto("about:blank")
        assert second_sheet.errors == []

    return opened
