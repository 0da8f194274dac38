"""Acts that were under way while somebody had everything deleted are not stored."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bot.errors import Sorry
from bot.services.app import App
from bot.services.feedback import mark, rate
from bot.services.feedback.rate import ReactionEvent
from bot.services.people import erasure
from bot.services.picks import film_page, impressions, recommend
from bot.services.picks.facts import read_facts
from bot.services.scale import USUAL_SCALE
from bot.services.serving.live_model import serve
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from recommender.data import Query
from storage.people import privacy as rows
from tests.bot.fitted import Time
from tests.house import FEW_FILMS, stocked, until

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
MIRA = Requester(1001, 7, 1, NOW)


@pytest.fixture
async def clock() -> Time:
    return Time(NOW)


@pytest.fixture
async def app(tmp_path: Path, clock: Time) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database, FEW_FILMS)
    async with open_app(settings, clock) as app:
        yield app


async def known(app: App) -> dict[int, datetime | None]:
    async with app.db.read() as conn:
        return await rows.known_since(conn)


async def test_what_was_under_way_is_not_stored(app: App, clock: Time) -> None:
    sent = await recommend.recommend(app, MIRA)  # its message comes later
    clock.pass_(minutes=1)
    assert await erasure.erase(app, MIRA.person_id)
    clock.pass_(minutes=1)
    await impressions.attach_message(app, sent, 50, 1)
    late = await recommend.recommend(app, MIRA)  # asked for before the deletion
    await impressions.attach_message(app, late, 51, 1)
    reaction = ReactionEvent("add", 50, 1, MIRA.person_id, "❤️", NOW, 7, True)
    await rate.apply_reactions(app, [reaction])
    await impressions.adopt_card(
        app,
        message_id=52,
        channel_id=1,
        guild_id=7,
        person_id=MIRA.person_id,
        film_id=sent.headline.film_id,
        posted_at=NOW,
    )
    assert await known(app) == {}
    await rate.apply_reactions(app, [replace(reaction, at=clock.now)])
    assert await known(app) == {MIRA.person_id: clock.now}, "they may come back"


async def test_presses_from_before_a_deletion_are_not_stored(app: App, clock: Time) -> None:
    await recommend.recommend(app, MIRA)
    clock.pass_(minutes=1)
    await erasure.erase(app, MIRA.person_id)
    film = next(iter(app.live.served.library.films))
    with pytest.raises(Sorry, match="erased-meanwhile"):
        await rate.rate_by_button(app, MIRA, film, 0)
    with pytest.raises(Sorry, match="erased-meanwhile"):
        await mark.mark_seen(app, MIRA, film)
    await impressions.record_another(app, MIRA, film, None)
    assert (await impressions.open_film(app, MIRA, film)).headline.film_id == film
    assert await known(app) == {}
    clock.pass_(minutes=1)
    await rate.rate_by_button(app, replace(MIRA, now=clock.now), film, 0)
    assert await known(app) == {MIRA.person_id: clock.now}


async def test_what_a_model_learned_of_them_does_not_count(app: App, clock: Time) -> None:
    assert (await read_facts(app, MIRA)).person == MIRA.person_id
    clock.pass_(minutes=1)
    await erasure.erase(app, MIRA.person_id)
    assert (await read_facts(app, MIRA)).person is None
    served = app.live.served
    clock.pass_(minutes=1)
    app.live.swap(replace(served, model=replace(served.model, trained_at=clock.now)))
    assert (await read_facts(app, MIRA)).person == MIRA.person_id


async def test_a_deletion_during_a_wait_for_the_database_counts(app: App, clock: Time) -> None:
    card = replace(await recommend.recommend(app, MIRA), asked_at=NOW)
    film = card.headline.film_id
    async with app.db.write() as conn:
        acts = [
            asyncio.create_task(act)
            for act in (
                impressions.attach_message(app, card, 60, 1),
                film_page.record_page(app, MIRA, film, 61, 1, USUAL_SCALE),
                recommend.recommend(app, MIRA),
                impressions.adopt_card(
                    app, message_id=62, channel_id=1, guild_id=7, person_id=MIRA.person_id,
                    film_id=film, posted_at=NOW,
                ),
            )
        ]  # fmt: skip
        await until(lambda: app.db.writers > len(acts), "all of them wait")
        clock.pass_(minutes=1)
        app.erasures.add(MIRA.person_id, clock.now)
        await rows.erase(conn, MIRA.person_id)
    await asyncio.gather(*acts)
    assert await known(app) == {}


async def test_no_model_remembers_their_taste(app: App, clock: Time) -> None:
    films, tags = app.live.served.library.films, app.live.served.library.tags
    arm = serve(app.live.served.model, [*films.values()], [*tags.values()])
    app.experiments.loaded["arm"] = arm
    query = Query(films=np.array([1, 2]), stars=np.array([5.0, 4.0]))
    before = [served.model.blend(query) for served in (app.live.served, arm)]
    assert [served.model.blend(query) for served in (app.live.served, arm)] == before
    await erasure.erase(app, MIRA.person_id)
    after = [served.model.blend(query) for served in (app.live.served, arm)]
    assert not any(one is other for one, other in zip(after, before, strict=True))
    old = app.live.served
    app.live.swap(arm)
    assert old.model.blend(query) is not after[0], "the shelves may still hold the former model"
