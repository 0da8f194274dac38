"""The process that finds shelves: whatever keeps it from working, the shelves are found."""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.services.serving import shelf_process
from bot.services.serving.live_shelves import words_of
from bot.services.serving.shelf_process import found_shelves
from recommender.shelves.candidates import ShelfConfig
from recommender.shelves.shelves import find_shelves
from tests.bot.fitted import Time, opened
from tests.house import FEWEST_FILMS, stocked


@pytest.mark.parametrize(
    "command", [("/nowhere/python",), (sys.executable, "-c", "raise SystemExit(3)")]
)
async def test_without_the_process_a_thread_finds_the_shelves(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    command: Sequence[str],
) -> None:
    await stocked(tmp_path / "data" / "matinee.sqlite3", FEWEST_FILMS)
    async with opened(tmp_path, Time()) as app:
        served = app.live.served
    world, library = served.model.catalogue, served.library
    words = words_of(world, library.tags, library.films)
    monkeypatch.setattr(shelf_process, "COMMAND", command)
    monkeypatch.setattr(shelf_process, "SMALL_CATALOGUE", 0)
    with caplog.at_level(logging.WARNING):
        found = await found_shelves(world, words)
    assert found.shelves == find_shelves(world, words, ShelfConfig()).shelves
    assert "the process that finds shelves does not work" in caplog.text
