"""Hostile files given to the service change nothing, and are answered with a true sentence."""

from collections.abc import AsyncIterator

import pytest

from bot.errors import Sorry
from bot.services.app import App
from bot.services.imports.person import preview
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.errors.said import said
from tests.bot.services.imports.test_histories import HEADING, bring, person
from tests.clock import NOW
from tests.direct import dump
from tests.house import FEW_FILMS, stocked
from tests.storage.imports.hostile.checks import whole
from tests.storage.imports.hostile.test_refused import REFUSED

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    folder = tmp_path_factory.mktemp("histories")
    await stocked(folder / "data" / "matinee.sqlite3", FEW_FILMS)
    async with open_app(Settings(data=folder / "data"), lambda: NOW) as app:
        yield app


HOSTILE = (
    "bomb that lies",  # which a process reads, like every zip
    *("NUL in a row", "page as csv", "PDF as csv", "EUC-JP", "only a heading", "torn lines"),
    *("a column twice", "several people", "billion laughs", "cut off JSON", "no bytes"),
)
"""Hostile files that the service is given, by what is wrong with them."""


async def test_hostile_files_change_nothing_and_are_answered_with_the_sentence(app: App) -> None:
    who = person(131)
    waits = await bring(app, who, (HEADING + "Rain,2011,4,2019-01-01\n").encode())

    before = dump(app.db.address)
    files = [file for file in REFUSED if file.what in HOSTILE]
    assert len(files) == len(HOSTILE)
    for file in files:
        with pytest.raises(Sorry) as caught:
            await bring(app, who, file.make(), file.name)
        assert caught.value.key == file.key, file.what
        whole(said(caught.value, markdown=True))
    assert dump(app.db.address) == before
    assert (await preview.preview(app, who, waits.import_id)).rows == 1
