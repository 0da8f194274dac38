"""Each model that serves is prepared once, without polling."""

import asyncio
from typing import cast

import pytest

from bot.jobs import model_preparation
from bot.jobs.model_preparation import prepare_each_model
from bot.services.serving.live_model import LiveModel, Served
from tests.house import until


class Compared:
    """A model that is only compared with others."""

    def forget_tastes(self) -> None:
        """Forgets nothing, since it knows nobody."""


def a_model() -> Served:
    return cast(Served, Compared())


class Recorder:
    """Prepares models by recording them.

    Attributes:
        live: the holder of the model that serves.
        prepared: the models that were prepared, in order.
        failures: how many of the next calls raise.
    """

    def __init__(self, failures: int = 0) -> None:
        self.live = LiveModel(a_model())
        self.prepared: list[Served] = []
        self.failures = failures

    async def __call__(self) -> None:
        served = self.live.served
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise RuntimeError("not now")
        self.prepared.append(served)


async def test_the_first_model_and_each_swapped_one_are_prepared_once() -> None:
    recorder, stopping = Recorder(), asyncio.Event()
    job = asyncio.create_task(prepare_each_model(recorder.live, stopping, recorder, what="shelves"))
    models = [recorder.live.served]
    for _ in range(3):
        await until(lambda: recorder.prepared == models, "each model is prepared")
        models.append(a_model())
        recorder.live.swap(models[-1])
    await until(lambda: recorder.prepared == models, "the last model is prepared")
    stopping.set()
    await asyncio.wait_for(job, 5)
    assert recorder.prepared == models


async def test_a_swap_during_a_preparation_is_not_lost() -> None:
    recorder, stopping = Recorder(), asyncio.Event()
    job = asyncio.create_task(prepare_each_model(recorder.live, stopping, recorder, what="shelves"))
    await asyncio.sleep(0)
    recorder.live.swap(a_model())
    await until(lambda: recorder.prepared[-1:] == [recorder.live.served], "the new model")
    stopping.set()
    await asyncio.wait_for(job, 5)


async def test_a_failed_preparation_is_logged_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(model_preparation, "RETRY_SECONDS", 0.01)
    recorder, stopping = Recorder(failures=2), asyncio.Event()
    job = asyncio.create_task(prepare_each_model(recorder.live, stopping, recorder, what="shelves"))
    await until(lambda: recorder.prepared == [recorder.live.served], "the third attempt")
    assert caplog.text.count("shelves could not be prepared") == 2
    stopping.set()
    await asyncio.wait_for(job, 5)


async def test_nothing_is_prepared_before_the_start_nor_after_stopping() -> None:
    recorder, stopping, start = Recorder(), asyncio.Event(), asyncio.Event()
    job = asyncio.create_task(
        prepare_each_model(recorder.live, stopping, recorder, what="shelves", start=start)
    )
    await asyncio.sleep(0.01)
    assert recorder.prepared == []
    stopping.set()
    await asyncio.wait_for(job, 5)
    assert recorder.prepared == []
