"""Nothing that was under way while somebody had everything deleted brings them back.

And what they read about a deletion is true, although the disk or the database failed.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Sorry
from bot.services.app import App
from bot.services.feedback import rate
from bot.services.people import erasure, preferences, privacy
from bot.services.picks import member_favourites
from bot.services.posts import schedule
from bot.services.posts.wishes import Wish
from bot.services.quiz import form, named, one_film, screens
from bot.services.quiz.form import FormAnswers
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from storage.database import revisions
from storage.database.postgres import server
from storage.people import privacy as rows
from storage.people.erasures import LIST_NAME, Erasures
from tests.bot.fitted import Time
from tests.house import FEW_FILMS, stocked, until
from tests.locking import locked

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
MIRA = Requester(1001, 7, 1, NOW)


@pytest.fixture
async def clock() -> Time:
    return Time(NOW)


@pytest.fixture
async def app(tmp_path: Path, clock: Time, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[App]:
    monkeypatch.setattr(revisions, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(server, "LOCK_SECONDS", 0.05)
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database, FEW_FILMS)
    async with open_app(settings, clock) as app:
        yield app


async def known(app: App) -> dict[int, datetime | None]:
    async with app.db.read() as conn:
        return await rows.known_since(conn)


def acts(app: App, who: Requester) -> dict[str, Callable[[], Awaitable[Any]]]:
    """Returns everything that stores something about the requester."""
    film, title = next((one.id, one.title) for one in app.live.served.library.films.values())
    return {
        "form": lambda: form.store_form(app, who, FormAnswers(("horror",), ("Horror",), "")),
        "screen": lambda: screens.open_screen(app, who, 1),
        "choice": lambda: screens.store_choice(app, who, 1, "loved", [film]),
        "one film": lambda: one_film.next_question(app, who),
        "named": lambda: named.name_loved(app, who, title),
        "chosen": lambda: named.choose_loved(app, who, film),
        "quiet": lambda: one_film.set_quiet(app, who, quiet=True),
        "zone": lambda: preferences.set_zone(app, who, "Tokyo"),
        "dial": lambda: preferences.set_dial(app, who, "balanced"),
        "never": lambda: preferences.set_never(app, who, ("Horror",)),
        "one never": lambda: preferences.toggle_never(app, who, "Horror"),
        "switch": lambda: preferences.set_switch(app, who, "clock", False),
        "taste": lambda: member_favourites.set_taste_shown(app, who, shown=True),
        "shapes": lambda: privacy.set_shapes_others(app, who, False),
        "unrate": lambda: rate.unrate(app, who, title),
        "button": lambda: rate.withdraw_button_rating(app, who, film),
        "post": lambda: schedule.save(app, who, Wish(theme="auto", channel_id=1)),
        "server": lambda: schedule.set_server(app, who, zone=None, family_safe=None, digest=True),
    }


async def test_acts_under_way_bring_nobody_back(app: App, clock: Time) -> None:
    for name, act in acts(app, MIRA).items():
        clock.pass_(minutes=1)
        await erasure.erase(app, MIRA.person_id)
        with pytest.raises(Sorry, match="erased-meanwhile"):
            await act()
        assert await known(app) == {}, name


async def test_whoever_comes_back_counts_again(app: App, clock: Time) -> None:
    await erasure.erase(app, MIRA.person_id)
    clock.pass_(minutes=1)
    for name, act in acts(app, replace(MIRA, now=clock.now)).items():
        await act()
        assert MIRA.person_id in await known(app), name


async def test_a_deletion_that_is_noted_is_finished(app: App, clock: Time) -> None:
    await preferences.set_dial(app, MIRA, "balanced")
    clock.pass_(minutes=1)
    async with locked(app.settings.database):
        with pytest.raises(Sorry, match="deletion-noted"):
            await erasure.erase(app, MIRA.person_id)
        await erasure.finish(app)
        assert MIRA.person_id in await known(app)
    async with app.db.write():
        pass  # the database can be written again
    await erasure.finish(app)
    assert await known(app) == {}
    assert not app.unfinished_erasures


async def test_a_deletion_that_fails_while_another_is_finished_is_not_forgotten(
    app: App, clock: Time
) -> None:
    await preferences.set_dial(app, MIRA, "balanced")
    clock.pass_(minutes=1)
    app.erasures.add(MIRA.person_id, clock.now)
    app.unfinished_erasures.add(MIRA.person_id)
    async with locked(app.settings.database):
        finishing = asyncio.create_task(erasure.finish(app))
        await until(lambda: app.db.writers == 1, "it waits for the lock")
        app.unfinished_erasures.add(1002)  # as when the deletion of somebody else fails now
    await finishing
    assert await known(app) == {}
    assert app.unfinished_erasures == {1002}


async def test_a_deletion_that_is_not_noted_changes_nothing(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    await preferences.set_dial(app, MIRA, "balanced")
    Erasures(app.settings.data).add(2, NOW)
    before = (app.settings.data / LIST_NAME).read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Sorry, match="deletion-not-noted"):
        await erasure.erase(app, MIRA.person_id)
    assert MIRA.person_id in await known(app)
    assert (app.settings.data / LIST_NAME).read_bytes() == before, "the next start deletes nothing"
