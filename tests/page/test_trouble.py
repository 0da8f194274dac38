"""The panel of bad days: what it orders happens, and what it says about it is true."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser import PageDriver
from tests.house import until
from tests.page.showcase import Heard
from tests.playground.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def _afterwards_all_is_well(stage: Stage) -> AsyncIterator[None]:
    yield
    stage.local.faults.clear()
    stage.local.let_identify()


async def test_a_bad_day_is_ordered_and_ended(page: PageDriver, stage: Stage) -> None:
    faults = stage.local.faults
    await page.click(page.page.locator("#trouble"))
    panel = page.page.get_by_role("dialog", name="Bad days")
    await page.screenshot("bad-days")
    await page.click(panel.get_by_role("button", name="REST, until I say"))
    await expect(panel.get_by_role("button", name="REST, until I say")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert faults.is_down("rest")
    assert not faults.is_down("gateway")
    await page.click(panel.get_by_role("button", name="Let everything go right"))
    await expect(panel.get_by_role("button", name="REST, until I say")).to_have_attribute(
        "aria-pressed", "false"
    )
    await panel.get_by_label("It happens to").select_option("sending a message")
    await page.click(panel.get_by_role("button", name="Cloudflare 403"))
    await expect(panel.get_by_text("1 still to come")).to_be_visible()
    assert (faults.take("GET", "/channels/1"), faults.waiting()) == (None, 1)
    before, resumed = stage.bot.count("shard_ready"), stage.bot.count("shard_resumed")
    stage.local.let_identify()
    await page.click(panel.get_by_role("button", name="Close with the code"))
    await page.page.keyboard.press("Escape")
    await expect(panel).to_be_hidden()
    await expect(page.page.locator("#trouble")).to_be_focused()
    await stage.bot.until("shard_resumed", resumed + 1)
    assert stage.bot.count("shard_ready") == before  # 4000 lets it resume


async def test_permissions_and_channels_are_changed(
    page: PageDriver, stage: Stage, heard: Heard
) -> None:
    world = stage.world
    films = world.channels[stage.room("films").id]
    kept = dict(films.overwrites)
    await page.open_channel("films")
    await page.click(page.page.locator("#trouble"))
    panel = page.page.get_by_role("dialog", name="Bad days")
    await panel.get_by_label("Add Reactions: Matinee").uncheck()
    await expect(panel.get_by_label("Add Reactions: Matinee")).not_to_be_checked()
    await until(
        lambda: not stage.room("films").permissions_for(stage.guild.me).add_reactions,
        "the bot hears of its permissions",
    )
    await page.click(panel.get_by_role("button", name="Hide it in an outage"))
    await expect(panel.get_by_role("button", name="End its outage")).to_be_visible()
    assert not next(iter(world.guilds.values())).available
    before = stage.bot.count("guild_available")
    await page.click(panel.get_by_role("button", name="End its outage"))
    await expect(panel.get_by_role("button", name="Hide it in an outage")).to_be_visible()
    await stage.bot.until("guild_available", before + 1)
    await panel.get_by_label("Slow mode in seconds").fill("5")
    await page.click(panel.get_by_role("button", name="Slow mode (s)"))
    await expect(panel.get_by_label("Slow mode in seconds")).to_have_value("5")
    await until(lambda: films.slow_seconds == 5, "slow mode")
    await page.click(panel.get_by_role("button", name="Begin a thread"))
    await expect(page.page.locator("#places")).to_contain_text("A thread")
    thread = next(x for x in world.channels.values() if x.thread is not None)
    assert thread.parent_id == films.id
    films.overwrites.clear()
    films.overwrites.update(kept)
    world.set_slow_mode(films, 0)
    del world.channels[thread.id]
