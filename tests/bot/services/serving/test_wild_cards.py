"""Wild cards as people get them: labelled, recorded, capped. Their counts survive a restart."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.services.app import App
from bot.services.feedback import mark
from bot.services.picks.recommend import recommend
from bot.services.view_models import FilmCard, Requester
from bot.settings import Settings
from bot.wiring import open_app
from storage.people import preferences
from tests.bot.fitted import Time, rate
from tests.direct import direct
from tests.house import FEW_FILMS, stocked

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
ANN, BEN, CAT = 1001, 1002, 1003


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path / "data", cooldown_days=1)
    await stocked(settings.database, FEW_FILMS)
    # One film of ten is five days old, the others are there from the start.
    with direct(settings.database) as conn:
        conn.execute("update films set added_at = '2025-01-01 00:00:00.000000'")
        conn.execute(
            "update films set added_at = '2026-03-05 00:00:00.000000' "
            "where id % 10 = 0 and not adult"
        )
    async with open_app(settings, Time(NOW)) as app:
        await app.wild.prepare(app.db, app.clock, app.live)
        for person in (ANN, BEN, CAT):
            await rate(app, person, 8)
        async with app.db.write() as conn:
            await preferences.set_values(conn, ANN, "dial", ["deep cuts"], now=NOW)
            await preferences.set_values(conn, BEN, "dial", ["crowd-pleasers"], now=NOW)
        yield app


async def asked(app: App, person: int, times: int) -> list[FilmCard]:
    """Returns cards of the person, two days apart."""
    return [
        await recommend(
            app, Requester(person, None, 1, NOW + timedelta(days=2 * n, seconds=person))
        )
        for n in range(times)
    ]


async def wild_rows(app: App) -> list[tuple[int, int]]:
    """Returns (person, position) of each recorded wild card."""
    async with app.db.read() as conn:
        rows = await conn.exec_driver_sql(
            "select person_id, position from impressions where wild order by id"
        )
        return [tuple(row) for row in rows]  # type: ignore[misc]


async def test_wild_cards_are_labelled_recorded_and_not_for_everybody(app: App) -> None:
    wild = [card for card in await asked(app, ANN, 24) if card.further[-1].wild]
    assert 4 <= len(wild) <= 20, "about half of the cards of who wants deep cuts"
    for card in wild:
        assert "wild-card" in str(card.further[-1].reason)
        assert not any(line.wild for line in (card.headline, *card.further[:-1]))
        assert "wild-card" not in str([line.reason for line in card.further[:-1]])
    assert await wild_rows(app) == [(ANN, 4)] * len(wild)
    async with app.db.read() as conn:
        shown = await conn.exec_driver_sql("select wild, position, chance from impressions")
        rows = [tuple(row) for row in shown]
    assert {chance for _, place, chance in rows if place < 4} == {1.0}
    chances = [chance for is_wild, _, chance in rows if is_wild]
    assert all(0 < chance < 1 for chance in chances)
    assert min(chances) < 0.525, "a film that could not have come otherwise"
    last = [chance for is_wild, place, chance in rows if place == 4 and not is_wild]
    assert last
    assert all(0.475 <= chance < 1 for chance in last), "a wild card might have come instead"
    assert not any(card.further[-1].wild for card in await asked(app, BEN, 12))
    assert not any(card.further[-1].wild for card in await asked(app, 1009, 6)), "a newcomer"
    assert await wild_rows(app) == [(ANN, 4)] * len(wild)
    assert all(card.further[-1].film_id % 10 == 0 for card in wild), "new films"


async def test_counts_survive_a_restart_and_answers_change_the_belief(app: App) -> None:
    wild = [card.further[-1] for card in await asked(app, ANN, 14) if card.further[-1].wild]
    counted = app.wild._pool
    assert counted is not None
    taken = wild[-1]
    for person in (ANN, CAT):
        await mark.mark_later(
            app, Requester(person, None, 1, NOW + timedelta(days=27)), taken.film_id
        )
    await app.wild.prepare(app.db, app.clock, app.live)
    again = app.wild._pool
    assert again is not None
    row = app.live.served.model.catalogue.films.row(taken.film_id)
    place = again.films.tolist().index(row)
    left, all_films = again.impressions_left, len(again.films)
    assert left.tolist() == counted.impressions_left.tolist(), "as counted in memory"
    assert left.sum() == all_films * again.config.max_impressions - len(wild)
    believed = again.taken / (again.taken + again.refused)
    refused = [app.live.served.model.catalogue.films.row(line.film_id) for line in wild[:-1]]
    others = [again.films.tolist().index(film) for film in refused if film != row]
    assert believed[place] > believed[others].max(), "two people took it in time"
