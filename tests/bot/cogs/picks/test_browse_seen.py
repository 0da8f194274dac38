"""/browse as people see it: a new member, a horror lover, and one who rated ten foreign dramas.

Keeps its screenshots in build/screenshots/browse-*.png.
"""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.bot.cogs.picks.test_browse import FOREIGN, HORROR, rate
from tests.browser import open_page
from tests.house import running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_three_members_see_three_different_screens(browser: Browser, tmp_path: Path) -> None:
    async with (
        running(tmp_path) as house,
        open_page(browser, house.local.page_url, member="tomas") as page,
    ):
        async with house.member("mira") as mira, house.member("june") as june:
            await rate(mira, HORROR)
            await rate(june, FOREIGN)
        app = house.app
        await app.shelving.get(app.db, app.live, app.settings.corpus)
        await page.page.set_viewport_size({"width": 1100, "height": 1600})
        seen: list[list[str]] = []
        for member, name in (("tomas", "newcomer"), ("mira", "horror"), ("june", "foreign")):
            await page.use(member)
            await page.open_channel("films")
            await page.command("/browse")
            rows = page.last_message()
            await expect(rows).to_contain_text("See a whole shelf")
            await page.screenshot(f"browse-{name}")
            seen.append(await rows.locator(".heading-3").all_inner_texts())
        assert all(len(names) == 5 for names in seen)
        assert all(set(one).isdisjoint(other) for one in seen for other in seen if one is not other)
        rows = page.by_id(await page.message_id(page.last_message()))
        await page.choose(rows.locator("button.select").last, [seen[-1][0]])
        await expect(page.last_message()).to_contain_text(
            re.compile("because you loved|best matches")
        )
        await page.screenshot("browse-shelf")
