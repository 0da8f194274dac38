"""A clock that was ahead for a moment stops nothing, and is reported; files are for their owner."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from bot.services.app import App
from bot.services.notes import note
from bot.services.operations import backup, doctor, status, upkeep
from bot.services.operations.doctor import Finding
from bot.services.operations.status import Online
from bot.services.people import erasure
from bot.services.scale import SCALE
from bot.services.training import retrain, versions
from bot.settings import Settings
from bot.wiring import open_app
from storage import registry
from storage.feedback import ratings
from storage.registry import ModelVersion
from tests.clock import NOW, ZONE, at
from tests.house import FEW_FILMS, stocked

pytestmark = pytest.mark.clock

YEAR = timedelta(days=365)
ONLINE = Online(timedelta(hours=1), 1, 1, 0.1, 0, 0, 0)
MIRA = 7_000_000_000_000_000_001


@dataclass
class HandClock:
    """A clock that is set by hand.

    Attributes:
        now: what it shows.
    """

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def app(tmp_path: Path, clock: HandClock) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path / "data", keep_backups=2, keep_models=2)
    await stocked(settings.database, FEW_FILMS)
    async with open_app(settings, clock) as opened:
        yield opened


async def rate(app: App, film: int, when: datetime) -> None:
    async with app.db.write() as conn:
        await ratings.state(
            conn, person_id=MIRA, film_id=film, source="command", stars=4.0, at=when, scale=SCALE
        )


def findings(app: App) -> dict[str, Finding]:
    found = doctor.check_machine(app.settings, app.clock())
    found += upkeep.check_upkeep(app.settings, app.clock(), Path("no such .env"))
    return {one.part: one for one in found}


async def test_a_fit_is_due_once_the_night_has_come_after_the_first_rating(
    app: App, clock: HandClock
) -> None:
    """What the fit brings is tested at the usual date alone, in `tests/bot/cogs/test_days.py`."""
    app = replace(app, settings=app.settings.model_copy(update={"zone": ZONE}))
    assert app.settings.retrain_at == time(4)
    assert not await retrain._due(app), "nobody has rated"
    await rate(app, 1, NOW)
    night = next(at(day, "04:00") for day in (0, 1) if at(day, "04:00") > NOW)
    clock.now = night - timedelta(seconds=1)
    assert not await retrain._due(app)
    clock.now = night
    assert await retrain._due(app)


@pytest.mark.sqlite
async def test_backups_go_on_after_a_clock_was_ahead(app: App, clock: HandClock) -> None:
    clock.now = NOW + YEAR
    ahead = await backup.take_if_due(app)
    clock.now = NOW
    assert findings(app)["clock"].state == "look"
    copies = note("later", what="copies", n=1)
    assert findings(app)["clock"].found == note("clock-was-ahead", now=NOW, rows=[copies])
    assert findings(app)["backup"].found == note("no-backup")
    assert note("status-clock", rows=[copies]) in await status.status(app, ONLINE)
    for day in range(3):
        clock.now = NOW + timedelta(days=day)
        made = await backup.take_if_due(app)
        assert made is not None
        assert made.path.exists(), "the copy that was just made is kept"
        assert await backup.take_if_due(app) is None, "one a day"
    assert ahead is not None
    assert not ahead.path.exists()
    assert len(list(app.settings.backups.iterdir())) == 2
    assert findings(app)["clock"].state == findings(app)["backup"].state == "good"


async def test_fits_go_on_after_a_clock_was_ahead(app: App, clock: HandClock) -> None:
    film = min(app.live.served.library.films)
    await rate(app, film, NOW - timedelta(days=3))
    async with app.db.write() as conn:
        model = ModelVersion("v1", "v1", "f", NOW + YEAR, {})
        await registry.register(conn, model)
        await registry.promote(conn, "v1", now=NOW + YEAR)
    assert await retrain._due(app)
    models = note("later", what="models", n=1)
    assert note("status-clock", rows=[models]) in await status.status(app, ONLINE)
    async with app.db.write() as conn:
        for day in range(3):
            at = NOW - timedelta(days=3 - day)
            await registry.register(conn, ModelVersion(f"w{day}", f"w{day}", "f", at, {}))
        await registry.promote(conn, "w1", now=NOW)
    assert await versions.prune(app) == ("w0", "v1")


async def test_ratings_of_the_future_do_not_cause_fit_after_fit(app: App, clock: HandClock) -> None:
    settings = app.settings.model_copy(update={"retrain_after": 1})
    eager = replace(app, settings=settings)
    film = min(app.live.served.library.films)
    async with app.db.write() as conn:
        await registry.register(conn, ModelVersion("v1", "v1", "f", NOW, {}))
    clock.now = NOW + timedelta(hours=2)
    await rate(app, film, NOW + YEAR)
    assert not await retrain._due(eager)
    await rate(app, film, NOW + timedelta(hours=1))
    assert await retrain._due(eager)


@pytest.mark.sqlite
async def test_who_may_read_is_checked(app: App, tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("DISCORD_TOKEN=a.b.c\n")
    for mode, state in ((0o644, "look"), (0o600, "good")):
        env.chmod(mode)
        (token,) = upkeep._env_file(env)
        fix = note("make-file-private", file=str(env)) if state == "look" else None
        assert (token.state, token.fix) == (state, fix)
        app.settings.data.chmod(0o755 if state == "look" else 0o700)
        app.settings.database.chmod(mode)
        assert findings(app)["who-may-read"].state == state


@pytest.mark.sqlite
async def test_a_person_who_is_deleted_is_in_no_file_of_the_database(app: App) -> None:
    await rate(app, min(app.live.served.library.films), NOW)
    number = MIRA.to_bytes(8, "big")
    files = [app.settings.database, app.settings.database.with_name("matinee.sqlite3-wal")]
    assert any(number in path.read_bytes() for path in files)
    await erasure.erase(app, MIRA)
    assert not any(number in path.read_bytes() for path in files)
