"""The garbage collector runs seldom while the bot works, and not at all while films are read."""

import contextlib
import gc
from pathlib import Path

from bot.garbage import COLLECTION_THRESHOLDS, rare_collections, without_garbage_collection
from bot.settings import Settings
from bot.wiring import open_app
from tests.clock import NOW
from tests.house import FEWEST_FILMS, stocked


def test_thresholds_are_put_back() -> None:
    usual = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    try:
        with rare_collections():
            assert gc.get_threshold() == COLLECTION_THRESHOLDS
        assert gc.get_threshold() == (700, 10, 10)
    finally:
        gc.set_threshold(*usual)


def test_collecting_goes_on_after_an_error() -> None:
    with contextlib.suppress(ValueError), without_garbage_collection():
        assert not gc.isenabled()
        raise ValueError("no films")
    assert gc.isenabled()


async def test_films_are_read_without_a_collection(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    await stocked(settings.database, FEWEST_FILMS)
    during: list[bool] = []
    gc.callbacks.append(lambda phase, info: during.append(gc.isenabled()))
    try:
        async with open_app(settings, lambda: NOW):
            assert gc.isenabled()
    finally:
        gc.callbacks.pop()
    assert not any(during), "only what is collected on purpose"
