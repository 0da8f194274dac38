"""Reactions are stored late, or again after their removal was missed: what is newest counts."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.services.app import App
from bot.services.feedback import rate
from bot.services.feedback.rate import ReactionEvent
from bot.services.picks import impressions, recommend
from bot.services.scale import SCALE
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from storage.feedback import rating_events, ratings, reactions
from tests.bot.fitted import Time
from tests.house import FEWEST_FILMS, stocked

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
MIRA = Requester(1001, 7, 1, NOW)
LOVED, DISLIKED = 0, 3  # places of rating buttons
CARD = 50


@pytest.fixture
async def clock() -> Time:
    return Time(NOW)


@pytest.fixture
async def app(tmp_path: Path, clock: Time) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database, FEWEST_FILMS)
    async with open_app(settings, clock) as app:
        yield app


async def stars(app: App) -> list[float]:
    async with app.db.read() as conn:
        return [row.stars for row in await ratings.of_person(conn, MIRA.person_id)]


async def test_a_reaction_that_waited_is_older_than_a_later_button(app: App, clock: Time) -> None:
    sent = await recommend.recommend(app, MIRA)
    await impressions.attach_message(app, sent, CARD, 1)
    film = sent.headline.film_id
    clock.pass_(seconds=5)
    liked = ReactionEvent("add", CARD, 1, MIRA.person_id, "👍", clock.now, 7, True)
    clock.pass_(seconds=10)  # the database was away until now
    await rate.rate_by_button(app, replace(MIRA, now=clock.now), film, DISLIKED)
    clock.pass_(seconds=5)
    await rate.apply_reactions(app, [liked])
    assert await stars(app) == [1.5]
    assert await rate.apply_reactions(app, [replace(liked, kind="remove", at=clock.now)])
    assert await stars(app) == [1.5]
    await rate.apply_reactions(app, [replace(liked, emoji="😐", at=clock.now)])
    assert await stars(app) == [3.0], "a new reaction counts"


async def test_a_reaction_that_waited_is_newer_than_an_earlier_button(
    app: App, clock: Time
) -> None:
    sent = await recommend.recommend(app, MIRA)
    await impressions.attach_message(app, sent, CARD, 1)
    await rate.rate_by_button(app, MIRA, sent.headline.film_id, LOVED)
    clock.pass_(seconds=5)
    liked = ReactionEvent("add", CARD, 1, MIRA.person_id, "👍", clock.now, 7, True)
    clock.pass_(seconds=10)
    await rate.apply_reactions(app, [liked])
    assert await stars(app) == [4.0]


async def test_a_reaction_that_was_removed_and_added_again_stays(app: App, clock: Time) -> None:
    """The removal was missed. Discord's list is from before the reaction was added again."""
    sent = await recommend.recommend(app, MIRA)
    await impressions.attach_message(app, sent, CARD, 1)
    liked = ReactionEvent("add", CARD, 1, MIRA.person_id, "👍", clock.now, 7, True)
    await rate.apply_reactions(app, [liked])
    clock.pass_(seconds=5)
    async with app.db.read() as conn:
        listed = await rating_events.newest_event_id(conn)
    await rate.apply_reactions(app, [replace(liked, at=clock.now)], missed=True)
    async with app.db.write() as conn:
        await reactions.reconcile(
            conn,
            message_id=CARD,
            reactions={"👍": []},
            at=clock.now,
            scale=SCALE,
            newest_event_listed=listed,
        )
    assert await stars(app) == [4.0]
