"""What is older than anything that reads it goes; what is read stays."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.services.app import App
from bot.services.operations import backup, retention
from bot.services.operations.retention import SteadyClock
from bot.services.people.privacy import copy_age
from bot.services.scale import SCALE
from bot.services.serving.experiment_arms import Experiments
from bot.settings import Settings
from bot.wiring import open_app
from recommender.experiments.assignment import Arm, Experiment
from storage import keyvalue
from storage.database.sqlite import backups
from storage.feedback import (
    card_events,
    cards,
    deliveries,
    exposures,
    impressions,
    rating_events,
    ratings,
)
from storage.feedback.cards import Card
from storage.feedback.impressions import NewImpression
from storage.servers import guilds, schedules, slots
from tests import direct
from tests.clock import NOW
from tests.house import FEW_FILMS, stocked

pytestmark = pytest.mark.clock

DAY = timedelta(days=1)
MIRA, GUILD, CHANNEL = 7001, 8001, 9001
ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path / "data", keep_backups=3)
    await stocked(settings.database, FEW_FILMS)
    async with open_app(settings, lambda: NOW) as opened:
        yield opened


def shown(days: float, film: int, **facts: object) -> NewImpression:
    """Returns a film that was shown that many days ago. facts: what differs from the usual."""
    usual = {"person_id": MIRA, "surface": "recommend", "position": 0, "reason": ""}
    return NewImpression(
        **(usual | {"shown_at": NOW - days * DAY, "film_id": film, "model_version": "v"} | facts)
    )


def rows(app: App, query: str) -> list[tuple[object, ...]]:
    return direct.rows(app.settings.database, query)


async def test_films_that_were_shown(app: App) -> None:
    post = {"person_id": None, "guild_id": GUILD, "surface": "post"}
    async with app.db.write() as conn:
        await impressions.record(
            conn,
            [
                shown(181, 1),
                shown(179, 2),
                shown(181, 3, wild=True),
                shown(366, 4, wild=True),
                shown(400, 5, **post),
                shown(300, 6, **post),
                shown(200, 6, **post),
                shown(300, 9, **post),
                shown(200, 7, arm="test=a"),
                shown(200, 8, arm="gone=a"),
            ],
        )
        (unseen,) = await impressions.record(conn, [shown(170, 9, **post)])
        await deliveries.mark_undelivered(conn, [unseen])
    defined = Experiments((Experiment("test", (Arm("a"), Arm("b"))),))
    ours = replace(app, experiments=defined)
    counts = await retention.run(ours)
    assert counts["films-shown-to-people"] == 2
    assert counts["wild-cards"] == 1
    assert counts["posts-of-a-film-that-was-posted-again"] == 1
    kept = [
        (film, (NOW - datetime.fromisoformat(str(at)).replace(tzinfo=UTC)) / DAY)
        for film, at in rows(app, "select film_id, shown_at from impressions")
    ]
    seen_once = [(9, 170), (9, 300)]
    assert sorted(kept) == [(2, 179), (3, 181), (5, 400), (6, 200), (7, 200), *seen_once]
    assert set((await retention.run(app)).values()) == {0, 1}, "only the arm that is no more"


async def test_a_film_stays_away_for_the_whole_cooldown(app: App) -> None:
    settings = app.settings.model_copy(update={"cooldown_days": 365})
    async with app.db.write() as conn:
        await impressions.record(conn, [shown(364, 1), shown(367, 2)])
    await retention.run(replace(app, settings=settings))
    assert rows(app, "select film_id from impressions") == [(1,)]


async def test_a_crowd_keeps_the_newest(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MAX_SHOWN", 2)
    monkeypatch.setattr(retention, "ROWS_PER_WRITE", 1)
    async with app.db.write() as conn:
        await impressions.record(conn, [shown(50 - film, film) for film in range(1, 50)])
    await retention.run(app)
    kept = [film for (film,) in rows(app, "select film_id from impressions order by id")]
    assert kept == list(range(35, 50)), "within the cooldown of 14 days all are needed"
    settings = app.settings.model_copy(update={"cooldown_days": 0})
    await retention.run(replace(app, settings=settings))
    assert rows(app, "select film_id from impressions order by id") == [(48,), (49,)]


async def test_cards_and_what_was_done_about_them(app: App) -> None:
    scale = SCALE
    old = NOW - 400 * DAY
    async with app.db.write() as conn:
        for number, at in ((1, old), (2, old), (3, NOW - 80 * DAY)):
            card = Card(
                message_id=number, channel_id=CHANNEL, film_id=number, surface="recommend",
                posted_at=at, guild_id=GUILD,
            )  # fmt: skip
            await cards.add_card(conn, card)
        event = rating_events.reaction_event(MIRA, 1, 1, "👍")
        await rating_events.record(conn, event, at=old, raw_emoji="👍", guild_id=GUILD)
        await ratings.derive(conn, MIRA, 1, scale)
        for stars in (2.0, 3.0, 4.0):
            await ratings.state(
                conn, person_id=MIRA, film_id=2, source="command", stars=stars, at=old, scale=scale
            )
        for days, film in ((366, 1), (364, 2)):
            at = NOW - days * DAY
            await card_events.record(conn, MIRA, film, "later", message_id=1, now=at)
    counts = await retention.run(app)
    assert counts["cards-without-reactions"] == 1
    assert counts["rating-events-that-were-taken-back-or-replaced"] == 2
    assert rows(app, "select message_id from cards order by 1") == [(1,), (3,)]
    assert rows(app, "select stars from rating_events order by id") == [(None,), (4.0,)]
    assert rows(app, "select film_id, stars from ratings order by 1") == [(1, 4.0), (2, 4.0)]
    assert rows(app, "select film_id from card_acts") == [(2,)]


async def test_an_experiment_keeps_what_was_done_since_it_began(app: App) -> None:
    began = NOW - 500 * DAY
    async with app.db.write() as conn:
        for name in ("test", "gone"):
            await exposures.expose(conn, name, "person", MIRA, "a", began)
        for days in (501, 499):
            at = NOW - days * DAY
            await card_events.record(conn, MIRA, 1, "later", message_id=1, now=at)
    defined = Experiments((Experiment("test", (Arm("a"), Arm("b"))),))
    await retention.run(replace(app, experiments=defined))
    assert rows(app, "select count(*) from card_acts") == [(1,)]
    assert rows(app, "select experiment from exposures") == [("test",)]


async def test_slots_and_copies(app: App) -> None:
    async with app.db.write() as conn:
        await guilds.setup(conn, GUILD, now=NOW)
        one = await schedules.create(
            conn, GUILD, theme="auto", post_time="19:00", now=NOW, next_at=None
        )
        for days in (366, 364):
            at = NOW - days * DAY
            assert await slots.claim(conn, one, f"{at:%Y-%m-%d}", at, outcome="sent")
    folder = app.settings.backups
    names = {
        f"{kind}{NOW - days * DAY:%Y%m%dT%H%M%SZ}.sqlite3"
        for kind in ("matinee-", "before-0008-", "replaced-")
        for days in (29, 31)
    }
    folder.mkdir()
    for name in {*names, "matinee-mine.sqlite3"}:
        (folder / name).touch()
    await retention.run(app)
    assert len(rows(app, "select * from posts")) == 1
    assert {path.name for path in folder.iterdir()} == {"matinee-mine.sqlite3"} | {
        name for name in names if f"{NOW - 29 * DAY:%Y%m%d}" in name
    }
    kept = app.settings.model_copy(update={"keep_backups": 60})
    assert copy_age(kept) == 61 * DAY


def test_a_clock_that_was_just_set_deletes_nothing() -> None:
    clock = SteadyClock()
    assert not clock.is_steady(NOW, 0.0)
    assert not clock.is_steady(NOW + timedelta(minutes=59), 59 * 60.0)
    assert clock.is_steady(NOW + timedelta(minutes=61), 61 * 60.0)
    ahead = NOW + timedelta(days=365)
    assert not clock.is_steady(ahead, 62 * 60.0)
    assert not clock.is_steady(NOW + timedelta(minutes=63), 63 * 60.0)
    assert not clock.is_steady(NOW + timedelta(minutes=120), 120 * 60.0)
    assert clock.is_steady(NOW + timedelta(minutes=124), 124 * 60.0)


async def test_it_runs_once_a_day(app: App) -> None:
    clock = SteadyClock()
    now = NOW

    def at() -> datetime:
        return now

    ours = replace(app, clock=at)
    for hours in range(0, 48):
        now = NOW + timedelta(hours=hours)
        await retention.run_if_due(ours, clock, hours * 3600.0)
        async with app.db.read() as conn:
            found = await keyvalue.get_value(conn, "retention")
        assert (found is None) == (hours == 0)
    assert found is not None
    assert datetime.fromisoformat(found).astimezone(NOW.tzinfo).hour in (3, 4)


def test_every_table_states_how_long_it_is_kept() -> None:
    """docs/privacy.md names the ages that hold; `tests/test_privacy_page.py` reads its table."""
    part = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    for name, age in vars(retention).items():
        if name.endswith("_AGE"):
            assert f"{age.days} days" in part, name
    assert f"{retention.MAX_SHOWN:,}" in part


@pytest.mark.sqlite
async def test_the_last_backup_is_known(app: App) -> None:
    made = await backup.take(app)
    await retention.run(app)
    assert backups.list_backups(app.settings.backups) == (made,)
