"""Posts that many servers want at the same time are spread, and what people read stays true."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.services.app import App
from bot.services.posts import claims, planning, schedule
from bot.services.posts.slots import NO_SPREAD, USUAL_SPREAD, delay, spread_of
from bot.services.posts.wishes import Wish
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.posts.setup import schedule_lines, server_lines
from tests.bot.fitted import Time
from tests.house import FEWEST_FILMS, stocked

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SEVEN = datetime(2026, 3, 10, 19, tzinfo=UTC)
DAY = timedelta(days=1)
GUILD, MANAGER, CHANNEL = 1_290_000_000_000_000_007, 11, 5
DELAY = delay(GUILD, USUAL_SPREAD)


@pytest.fixture(scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path_factory.mktemp("spread") / "data", post_spread_minutes=15)
    await stocked(settings.database, FEWEST_FILMS)
    async with open_app(settings, Time(NOW)) as app:
        yield app


@pytest.fixture
async def app(shared: App) -> AsyncIterator[App]:
    """The application, in which one server has a post at 19:00 each day."""
    _set(shared, NOW)
    await schedule.save(shared, _manager(NOW), Wish(CHANNEL, "19:00", zone="UTC"))
    yield shared
    _set(shared, NOW)
    for one in (await schedule.read_setup(shared, GUILD)).schedules:
        await schedule.remove(shared, _manager(NOW), one.id)


def _set(app: App, now: datetime) -> None:
    assert isinstance(app.clock, Time)
    app.clock.now = now


def _manager(now: datetime) -> Requester:
    return Requester(MANAGER, GUILD, CHANNEL, now)


def _with_spread(app: App, minutes: int) -> App:
    """Returns the application as after a restart with another spread."""
    return replace(app, settings=app.settings.model_copy(update={"post_spread_minutes": minutes}))


async def _claimed(app: App, now: datetime) -> list[str]:
    """Returns the local dates of the posts that are claimed at a time."""
    _set(app, now)
    found = [await claims.claim(app, one, now) for one in await claims.due_schedule_ids(app, now)]
    return [due.local_date for due in found if due is not None]


def test_a_server_always_has_the_same_delay() -> None:
    ids = (7, GUILD, 1_290_000_000_000_000_008)
    assert [delay(one, USUAL_SPREAD).total_seconds() for one in ids] == [261, 298, 541]
    assert {delay(one, NO_SPREAD) for one in ids} == {NO_SPREAD}


def test_the_delays_of_many_servers_fill_the_time_evenly() -> None:
    found = [delay(number << 22, USUAL_SPREAD) for number in range(10_000)]
    minutes = Counter(int(one.total_seconds()) // 60 for one in found)
    assert set(minutes) == set(range(15))
    assert 580 < min(minutes.values()) <= max(minutes.values()) < 760


@pytest.mark.sqlite
async def test_the_spread_depends_on_the_database_unless_the_operator_chooses(app: App) -> None:
    assert spread_of(app) == timedelta(minutes=15)
    assert spread_of(_with_spread(app, 3)) == timedelta(minutes=3)
    usual = Settings(data=app.settings.data)
    assert spread_of(replace(app, settings=usual)) == NO_SPREAD, "a file of SQLite"
    url = "postgresql+asyncpg://matinee@localhost/matinee"
    shared = Settings(data=app.settings.data, database_url=url)
    assert spread_of(replace(app, settings=shared)) == timedelta(minutes=15)


async def test_a_post_is_due_after_its_delay_and_people_are_told(app: App) -> None:
    found = await schedule.read_setup(app, GUILD)
    post, digest = found.schedules
    assert post.next_at == SEVEN + DELAY
    assert digest.next_at == datetime(2026, 3, 16, 10, tzinfo=UTC) + DELAY
    line = f"Many servers choose the same time, so I post here {DELAY.seconds // 60} minutes later."
    told = server_lines(found, NOW)
    assert line in told.splitlines()
    assert f"every day at 7:00 PM · next: <t:{int((SEVEN + DELAY).timestamp())}:F>" in told
    assert line in schedule_lines(await schedule.find_local(app, GUILD, post.id), NOW)
    assert "Many servers" not in server_lines(replace(found, delay=timedelta(seconds=59)), NOW)
    assert await _claimed(app, SEVEN + DELAY - timedelta(seconds=1)) == []
    assert await _claimed(app, SEVEN + DELAY) == ["2026-03-10"]
    assert await claims.unfinished(app) != ()
    (unsent,) = await claims.unfinished(app)
    assert unsent.due_at == SEVEN + DELAY
    assert unsent.next_at == SEVEN + DELAY + DAY
    await claims.record_sent(app, unsent, 99)


@pytest.mark.parametrize(
    ("before", "after", "at"),
    [(15, 0, timedelta(minutes=3)), (0, 15, timedelta(minutes=3)), (0, 15, -timedelta(minutes=3))],
    ids=["shorter in between", "longer in between", "longer before"],
)
async def test_a_post_comes_once_if_the_spread_is_changed(
    app: App, before: int, after: int, at: timedelta
) -> None:
    """The bot starts again with another spread, a little before or after the time of a post."""
    first, then = _with_spread(app, before), _with_spread(app, after)
    await schedule.save(first, _manager(NOW), Wish(CHANNEL, "19:00", zone="UTC"))
    found = await _claimed(first, SEVEN + at)
    await planning.replan(then)
    for minutes in (4, 8, 16, 30):
        found += await _claimed(then, SEVEN + timedelta(minutes=minutes))
    assert found == ["2026-03-10"]
    found += await _claimed(then, SEVEN + DAY + USUAL_SPREAD)
    assert found == ["2026-03-10", "2026-03-11"]
