"""Every storage test gets its own database: a file, like the bot's, or one on a server."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage.database.engine import Database, open_database
from tests import postgres
from tests.storage.samples import NOW


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The content of an empty database after all migrations: migrating takes most of a test.

    Nothing on PostgreSQL, where the server keeps such a database.
    """
    if postgres.chosen():
        return b""
    path = tmp_path_factory.mktemp("migrated") / "matinee.sqlite3"

    async def migrate() -> None:
        async with open_database(path, now=NOW):
            pass

    asyncio.run(migrate())
    assert [found.name for found in path.parent.iterdir()] == [path.name], "all is in the file"
    return path.read_bytes()


@pytest_asyncio.fixture
async def db(migrated: bytes, tmp_path: Path) -> AsyncIterator[Database]:
    if postgres.chosen():
        async with open_database(await postgres.emptied("storage"), now=NOW) as opened:
            yield opened
        return
    path = tmp_path / "matinee.sqlite3"
    path.write_bytes(migrated)
    async with open_database(path, now=NOW) as opened:
        yield opened
