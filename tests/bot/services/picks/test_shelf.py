"""A card names one shelf, and the same shelf is recorded with what was shown."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.services.app import App
from bot.services.catalogue.search import film_value
from bot.services.picks import impressions, recommend, similar, trending
from bot.services.posts import post
from bot.services.posts.post import DuePost
from bot.services.view_models import FilmCard, Requester
from bot.settings import Settings
from bot.wiring import open_app
from storage.servers.schedules import Schedule
from tests.bot.fitted import Time, nobody
from tests.house import stocked

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
GUILD, ANN = 7, 1001
POSTS = 3
DAILY = Schedule(
    id=1,
    guild_id=GUILD,
    channel_id=2,
    theme="auto",
    staff_id=None,
    language=None,
    post_time="19:00",
    days="0123456",
    paused=False,
    disabled_reason=None,
    manager_id=None,
    next_at=NOW,
    created_at=NOW,
    updated_at=NOW,
)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database)
    async with open_app(settings, Time(NOW)) as app:
        yield app


async def recorded_shelves(app: App, card: FilmCard) -> set[str | None]:
    """The shelves recorded with the films of a card."""
    async with app.db.read() as conn:
        rows = await conn.exec_driver_sql("select id, shelf from impressions")
        return {shelf for number, shelf in rows if number in card.impressions}


async def test_a_post_records_the_shelf_that_it_names(app: App) -> None:
    for day in range(POSTS):
        at = NOW + timedelta(days=day)
        due = DuePost(DAILY, at.date().isoformat(), at, at, at)
        card = await post.compose(app, due, nobody, adult_ok=False)
        assert card.shelf is not None
        assert await recorded_shelves(app, card) == {card.shelf.key}


async def test_every_card_records_the_shelf_that_it_names(app: App) -> None:
    requester = Requester(ANN, GUILD, 1, NOW)
    early = await recommend.recommend(app, requester)
    assert early.shelf is None, "the shelves are not made yet"
    assert await recorded_shelves(app, early) == {None}
    await app.shelving.get(app.db, app.live, app.settings.corpus)
    film = film_value(early.headline.film_id)
    for card in (
        await recommend.recommend(app, requester),
        await similar.recommend_similar(app, requester, film),
        await trending.recommend_trending(app, requester, scope=None, window="week"),
    ):
        assert card.shelf is not None
        assert await recorded_shelves(app, card) == {card.shelf.key}
    opened = await impressions.open_film(app, requester, early.headline.film_id)
    assert opened.shelf is not None
