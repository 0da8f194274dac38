"""The digest counts ratings only if at least three members gave them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.services.app import App
from bot.services.feedback import rate
from bot.services.posts import digest
from bot.services.posts.claims import DuePost
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.posts.digest import week_lines
from storage.servers.schedules import Schedule
from tests.bot.fitted import Time
from tests.house import FEW_FILMS, stocked

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
GUILD = 7
WEEKLY = Schedule(
    id=1,
    guild_id=GUILD,
    channel_id=None,
    theme="digest",
    staff_id=None,
    language=None,
    post_time="10:00",
    days="0",
    paused=False,
    disabled_reason=None,
    manager_id=1,
    next_at=NOW,
    created_at=NOW,
    updated_at=NOW,
)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database, FEW_FILMS)
    async with open_app(settings, Time(NOW)) as app:
        yield app


async def test_fewer_than_three_members_are_not_counted(app: App) -> None:
    async def text() -> str:
        return week_lines(await digest.compose(app, DuePost(WEEKLY, "2026-03-10", NOW, NOW, NOW)))

    films = list(app.live.served.library.films)[:5]
    assert "Nobody rated any films." in await text()
    for person in (1001, 1002, 1003):
        told = await text()
        assert not any(count in told for count in ("5 ratings", "10 ratings", "loved", "rated:"))
        for film in films:
            await rate.rate_by_button(app, Requester(person, GUILD, 1, NOW), film, 0)
    told = await text()
    assert "15 ratings from 3 members." in told
    assert "(3)" in told
