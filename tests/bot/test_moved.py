"""An old data folder is moved to PostgreSQL, and its old buttons and cards are answered there.

The data folder is that of `test_upgrade.py`: it has a message for every kind of button and menu.
"""

import tarfile
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.playground import default_world
from storage.database.address import DatabaseUrl
from storage.database.engine import open_database
from tests import postgres
from tests.bot.command import matinee
from tests.bot.test_upgrade import (
    FOLDER,
    NOW,
    OLD,
    each_old_button,
    press_old_button,
    react_to_old_card,
    restore,
)
from tests.house import House, running

pytestmark = [pytest.mark.postgresql, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("moved")
    with tarfile.open(FOLDER / "data.tar.xz") as packed:
        packed.extractall(folder, filter="data")
    file = folder / "data" / "matinee.sqlite3"
    async with open_database(file, now=NOW):
        pass  # the newest tables, as after a start of the bot
    url = postgres.running().create(postgres.name_of(folder / "data"))
    ended = matinee(folder, "move-database", url.text)
    assert ended.code == 0, ended.err
    file.unlink()
    world = default_world(NOW)
    world.commands.update({int(key): command for key, command in OLD["commands"].items()})
    restore(world)
    async with running(folder, world=world, retrain_after=0) as house:
        assert house.settings.database == url
        yield house
    assert not file.exists()


async def test_ratings_and_marks_and_schedules_are_kept(house: House) -> None:
    assert isinstance(house.settings.database, DatabaseUrl)
    ratings = house.rows("select person_id, film_id, stars from ratings order by 1, 2")
    assert [list(row) for row in ratings] == sorted(OLD["ratings"])
    marks = house.rows("select person_id, film_id, kind from film_marks")
    assert sorted(map(list, marks)) == sorted(OLD["film_marks"])
    assert len(house.rows("select id from schedules")) == len(OLD["schedules"])
    assert house.app.live.served.version == OLD["model"]


@each_old_button
async def test_an_old_button_is_answered(house: House, press: dict[str, Any]) -> None:
    await press_old_button(house, press)


async def test_a_reaction_on_an_old_card_still_rates(house: House) -> None:
    await react_to_old_card(house)
