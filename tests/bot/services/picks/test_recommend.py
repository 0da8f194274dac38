"""The path of a /recommend: each fact is read once, and no experiment code runs without one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncConnection

import bot
from bot.services.picks.impressions import attach_message
from bot.services.picks.recommend import recommend
from bot.services.serving.experiment_arms import Experiments
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from recommender.experiments.assignment import Arm, Experiment
from storage.database.postgres.server import TAKE_WRITE_LOCK
from storage.people import profiles
from tests.bot.fitted import Time, rate
from tests.house import FEW_FILMS, stocked

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
ROOT = Path(bot.__file__).parent.parent
MOST_STATEMENTS = 12  # 8 read the facts, 2 store the films, 2 the message
TRIAL = Experiment("trial", (Arm("control"), Arm("bold", changes={"variety.unknown": 40})))


@contextmanager
def traced() -> Iterator[set[str]]:
    """Yields the project's functions that run, as "bot/services/picks/facts.py:read_facts"."""
    calls: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(ROOT):
            calls.add(f"{path.relative_to(ROOT)}:{frame.f_code.co_name}")

    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(None)


@contextmanager
def heard() -> Iterator[list[str]]:
    """Yields the statements that run on any database, without those that begin a transaction."""
    statements: list[str] = []

    def note(conn: object, cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("definitions", [(), (TRIAL,)], ids=["none defined", "one defined"])
async def test_functions_that_a_recommendation_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, definitions: tuple[Experiment, ...]
) -> None:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database, FEW_FILMS)
    read: list[int] = []
    get = profiles.get

    async def counted(conn: AsyncConnection, person_id: int) -> profiles.Profile | None:
        read.append(person_id)
        return await get(conn, person_id)

    monkeypatch.setattr(profiles, "get", counted)
    async with open_app(settings, Time(NOW)) as app:
        app = replace(app, experiments=Experiments(definitions))
        await rate(app, 1001, 6)
        with heard() as statements, traced() as calls:
            card = await recommend(app, Requester(1001, 7, 1, NOW))
            await attach_message(app, card, 5, 1)
        assert read == [1001], "the person's row is read once"
        tomorrow = await recommend(app, Requester(1001, 7, 1, NOW + timedelta(hours=25)))
    assert card.another
    assert "bot/services/picks/impressions.py:record_card" in calls
    statements = [one for one in statements if one != TAKE_WRITE_LOCK]
    assert [one for one in statements if statements.count(one) > 1] == []
    assert len(statements) == MOST_STATEMENTS + bool(definitions)
    assert [card.asks_more, tomorrow.asks_more] == [False, True]
    experimental = [name for name in calls if "experiment" in name or "exposure" in name]
    assert bool(experimental) == bool(definitions), experimental
