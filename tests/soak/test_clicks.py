"""From the open page to a pick of one's taste in at most eight presses, for five tastes.

    pytest -m soak -s tests/soak/test_clicks.py

Once with the catalogue alone, and once with MovieLens imported and learned from.
"""

from pathlib import Path

import pytest

from bot.services.imports import movielens
from bot.services.training import retrain
from bot.settings import Settings
from bot.wiring import open_app
from tests.bot.cogs.test_clicks_browser import OF_THE_TASTE, walk_tastes
from tests.browser import chromium
from tests.clock import NOW, club_world
from tests.house import running, stocked
from tests.movielens import FOLDER, needs_movielens

pytestmark = [pytest.mark.soak, pytest.mark.browser]


async def test_five_tastes(tmp_path: Path) -> None:
    async with chromium() as browser, running(tmp_path, world=club_world()) as house:
        await walk_tastes(browser, house, OF_THE_TASTE)


@needs_movielens
async def test_five_tastes_with_movielens(tmp_path: Path) -> None:
    await stocked(tmp_path / "data" / "matinee.sqlite3")
    async with open_app(Settings(data=tmp_path / "data"), lambda: NOW) as app:
        await movielens.import_folder(app, FOLDER)
        assert await retrain.refit(app)
    async with chromium() as browser, running(tmp_path, world=club_world()) as house:
        assert house.rows("select count(*) from model_versions") == [(1,)]
        await walk_tastes(browser, house, OF_THE_TASTE)
