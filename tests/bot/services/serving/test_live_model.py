"""The live model: one reference, and subscribers that learn of each swap."""

import logging
from pathlib import Path

import pytest

from bot.services.serving.live_model import LiveModel, Served
from bot.services.training import versions
from tests.bot.fitted import Time, opened
from tests.house import FEW_FILMS, stocked


@pytest.fixture
async def models(tmp_path: Path) -> tuple[Served, Served]:
    """Two models of the same films."""
    await stocked(tmp_path / "data" / "matinee.sqlite3", FEW_FILMS)
    async with opened(tmp_path, Time()) as app:
        return app.live.served, await versions.unfitted_model(app)


def test_subscribers_learn_of_each_swap_after_it(models: tuple[Served, Served]) -> None:
    before, after = models
    live = LiveModel(before)
    calls: list[tuple[str, Served]] = []

    def first(served: Served) -> None:
        assert live.served is served, "the swap is made already"
        calls.append(("first", served))

    live.subscribe(first)
    live.subscribe(lambda served: calls.append(("second", served)))
    assert calls == [], "a subscription is no swap"
    live.swap(after)
    assert calls == [("first", after), ("second", after)]
    live.swap(before)
    assert calls[2:] == [("first", before), ("second", before)]


def test_a_failing_subscriber_stops_neither_the_swap_nor_the_others(
    models: tuple[Served, Served], caplog: pytest.LogCaptureFixture
) -> None:
    before, after = models
    live = LiveModel(before)
    calls: list[Served] = []

    def fail(served: Served) -> None:
        raise RuntimeError("no")

    live.subscribe(fail)
    live.subscribe(calls.append)
    with caplog.at_level(logging.ERROR):
        live.swap(after)
    assert live.served is after
    assert calls == [after]
    assert "a subscriber failed" in caplog.text
