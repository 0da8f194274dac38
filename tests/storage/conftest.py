"""Every storage test gets a database of its own, in a file, as the bot has it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from storage.database.engine import Database, open_database
from tests.storage.samples import NOW


@pytest_asyncio.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(tmp_path / "matinee.sqlite3", now=NOW) as opened:
        yield opened
