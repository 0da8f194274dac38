"""Films that left the catalogue: they say nothing about tastes, and their messages are found."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.services.app import App
from bot.services.picks import group, impressions
from bot.services.picks.consent import ServerMember
from bot.services.picks.facts import read_facts
from bot.services.posts import begun
from bot.services.posts.claims import DuePost
from bot.services.scale import SCALE
from bot.services.view_models import Filters, Requester
from bot.settings import Settings
from bot.wiring import open_app
from storage.feedback import cards, ratings
from storage.feedback.impressions import NewImpression, record
from storage.people import profiles
from tests.bot.fitted import Time, rate
from tests.bot.services.picks.test_consent import STAFF
from tests.direct import rows
from tests.house import FEW_FILMS, stocked

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
GUILD, CHANNEL, MIRA, JUNE = 7, 2, 1001, 1002
GONE = FEW_FILMS - 5  # the id of a film that was taken out of the catalogue


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database, FEW_FILMS)
    rows(settings.database, "update films set retired_at = added_at where id = ?", GONE)
    async with open_app(settings, Time(NOW)) as app:
        assert GONE not in app.live.served.library.films
        yield app


async def posted(app: App, *, person: int | None, at: datetime) -> int:
    """Records a message with the film that is gone, and returns the id of its impression."""
    async with app.db.write() as conn:
        row = NewImpression(
            shown_at=at, surface="recommend" if person else "post", film_id=GONE, position=0,
            reason="x", model_version="v", person_id=person, guild_id=GUILD, channel_id=CHANNEL,
        )  # fmt: skip
        return (await record(conn, [row]))[0]


async def test_nothing_is_known_of_a_taste_by_films_that_are_gone(app: App) -> None:
    await rate(app, MIRA, 8, stars=5.0)
    async with app.db.write() as conn:
        await ratings.state(
            conn, person_id=JUNE, film_id=GONE, source="command", stars=5.0, at=NOW, scale=SCALE
        )
        await profiles.show_taste(conn, JUNE, GUILD, shown=True, now=NOW)
    assert (await read_facts(app, Requester(JUNE, GUILD, CHANNEL, NOW))).newcomer
    june = ServerMember(JUNE, "June", NOW - timedelta(days=9))
    mira = Requester(MIRA, GUILD, CHANNEL, NOW)
    card = await group.recommend_for_group(app, mira, [june], Filters())
    for line in (card.headline, *card.further):
        assert "suits-both" not in str(line.reason)
        assert "middle-ground" not in str(line.reason)
        assert "best-compromise" not in str(line.reason)


async def test_a_post_that_was_composed_is_known_although_its_film_is_gone(app: App) -> None:
    """Otherwise a post that came would be composed and sent again."""
    due = DuePost(STAFF, "2026-03-10", NOW, NOW + timedelta(days=1), NOW + timedelta(hours=1))
    assert await begun.find(app, due) is None
    number = await posted(app, person=None, at=NOW)
    card = await begun.find(app, due)
    assert card is not None
    assert (card.headline.film_id, card.impressions) == (GONE, (number,))


async def test_a_lost_card_is_found_although_its_film_is_gone(app: App) -> None:
    await posted(app, person=MIRA, at=NOW)
    found = {"channel_id": CHANNEL, "guild_id": GUILD, "person_id": MIRA, "posted_at": NOW}
    assert await impressions.adopt_card(app, message_id=50, film_id=GONE, **found)  # type: ignore[arg-type]
    async with app.db.read() as conn:
        assert await cards.card(conn, 50) is not None
        assert await cards.headlines_without_message(conn, NOW - timedelta(days=1)) == ()
    never = await impressions.adopt_card(app, message_id=51, film_id=99_999, **found)  # type: ignore[arg-type]
    assert not never
