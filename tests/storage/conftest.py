"""Every storage test gets its own database in a file, like the bot's."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from storage.database.engine import Database, open_database
from tests.storage.samples import NOW


@pytest_asyncio.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(tmp_path / "matinee.sqlite3", now=NOW) as opened:
        yield opened
