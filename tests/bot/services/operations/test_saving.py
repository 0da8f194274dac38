"""What is said is true when writing fails: full, locked, read-only, damaged, removed, replaced."""

import asyncio
import errno
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from bot.health import SOCKET_NAME
from bot.services.notes import note
from bot.services.operations import saving
from bot.services.scale import SCALE
from bot.wording import interaction as words
from storage import keyvalue
from storage.database import revisions
from storage.database.address import DatabaseUrl
from storage.database.engine import Database, open_database
from storage.database.postgres import server
from storage.errors import (
    BackupError,
    CommitUnknown,
    DatabaseBusy,
    DatabaseCorrupt,
    DatabaseFull,
    DatabaseGone,
    DatabaseUnreachable,
)
from storage.feedback import ratings
from tests.disk import small_disk
from tests.house import FEW_FILMS, House, running, stocked, until
from tests.locking import locked
from tests.postgres import END_OTHERS
from tests.storage.samples import NOW

FULL = words.disk_full(kept=False)
NOT_WRITABLE = words.disk_not_writable(kept=False)
LOCKED = words.database_busy(kept=False)
GONE = words.data_folder_gone(kept=False)
AWAY = words.database_away(kept=False)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path, max_films=FEW_FILMS) as found:
        yield found


@asynccontextmanager
async def full(house: House, rating: dict[str, Any], *, mounted: bool) -> AsyncIterator[None]:
    """Lets no write succeed in the block, because the disk is full.

    rating: the arguments of a rating. Without a disk of its own (mounted False), SQLite may not
    let the file grow, and the rating is stored until its page is full.
    """
    db = house.app.db
    if mounted:
        await db.empty_log()
        filler = house.settings.data / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(b"x" * 4096):
                pass
        yield
        filler.unlink()
        return
    async with db.write() as conn:
        await conn.exec_driver_sql("PRAGMA max_page_count = 1")
    with suppress(DatabaseFull):
        while True:
            async with db.write() as conn:
                await ratings.state(conn, **rating)
    yield
    async with db.write() as conn:
        await conn.exec_driver_sql("PRAGMA max_page_count = 1000000")


def a_film(house: House) -> tuple[int, str]:
    """Returns the id and the title of one film."""
    first = "select id, title from films where retired_at is null order by id limit 1"
    film, title = house.rows(first)[0]
    return int(film), str(title)


@pytest.mark.sqlite
async def test_a_really_full_disk(tmp_path: Path) -> None:
    await stocked(tmp_path / "stock" / "matinee.sqlite3", FEW_FILMS)
    template = tmp_path / "stock" / "matinee.sqlite3"
    with small_disk(tmp_path / "data", template.stat().st_size + (2 << 20)) as mounted:
        shutil.copy(template, tmp_path / "data")
        async with running(tmp_path) as house, house.member("mira") as mira:
            film, title = a_film(house)
            answer = await mira.command("films", "rate", film=title, stars=2.0)
            assert answer.text.startswith("Got it")
            rating = {
                "person_id": int(mira.id), "film_id": film, "source": "command", "stars": 2.0,
                "at": house.app.clock(), "scale": SCALE,
            }  # fmt: skip
            async with full(house, rating, mounted=mounted):
                answer = await mira.command("films", "rate", film=title, stars=4.0)
                assert answer.text.startswith(FULL)
                assert isinstance(house.app.db.trouble(), DatabaseFull)
                assert house.rows("select stars from ratings") == [(2.0,)]
            answer = await mira.command("films", "rate", film=title, stars=4.0)
            assert answer.text.startswith("Got it")
            assert house.rows("select stars from ratings") == [(4.0,)]
            assert house.app.db.trouble() is None


@pytest.mark.sqlite
async def test_a_locked_and_a_read_only_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "BUSY_SECONDS", 0.1)
    async with running(tmp_path, max_films=FEW_FILMS) as house, house.member("mira") as mira:
        _, title = a_film(house)
        async with locked(house.settings.database):
            answer = await mira.command("films", "rate", film=title, stars=4.0)
            assert answer.text.startswith(LOCKED)
        async with house.app.db.write() as conn:
            await conn.exec_driver_sql("PRAGMA query_only = ON")  # from now on, for the writer
        answer = await mira.command("films", "rate", film=title, stars=4.0)
        assert answer.text.startswith(NOT_WRITABLE)
        assert house.rows("select * from ratings") == []


@pytest.mark.sqlite
async def test_a_folder_that_is_removed_or_replaced(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data, aside = tmp_path / "data", tmp_path / "aside"
    _, title = a_film(house)
    async with house.member("mira") as mira:
        data.rename(aside)
        answer = await mira.command("films", "rate", film=title, stars=4.0)
        assert answer.text.startswith(GONE)
        await until(lambda: "nothing is kept any more" in caplog.text, "it is said")
        assert not data.exists(), "nothing is made where the folder was"
        shutil.copytree(aside, data, ignore=shutil.ignore_patterns(SOCKET_NAME))
        answer = await mira.command("films", "rate", film=title, stars=4.0)
        assert answer.text.startswith(GONE), "another file of the same name is not the database"
        assert isinstance(house.app.db.trouble(), DatabaseGone)
        assert house.rows("select * from ratings") == []
        shutil.rmtree(data)
        aside.rename(data)
        answer = await mira.command("films", "rate", film=title, stars=4.0)
        assert answer.text.startswith("Got it")
        assert house.app.db.trouble() is None
        await until(lambda: "can be written again" in caplog.text, "it is said")
        assert house.rows("select stars from ratings") == [(4.0,)]


@pytest.mark.postgresql
async def test_a_server_that_is_away(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _, title = a_film(house)
    url = house.settings.database
    assert isinstance(url, DatabaseUrl)

    async def refused(*_: object, **__: object) -> None:
        raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")

    async with house.member("mira") as mira:
        with monkeypatch.context() as away:
            opened = server.asyncpg.connect
            away.setattr(server.asyncpg, "connect", refused)
            other = await opened(url.dsn)
            await other.execute(END_OTHERS)
            await other.close()
            answer = await mira.command("films", "rate", film=title, stars=4.0)
            assert answer.text == AWAY
            await until(lambda: "nothing is kept any more" in caplog.text, "it is said")
        answer = await mira.command("films", "rate", film=title, stars=4.0)
        assert answer.text.startswith("Got it")
        await until(lambda: "can be written again" in caplog.text, "it is said")


@pytest.mark.sqlite
async def test_writing_is_tried_again_until_it_works(house: House) -> None:
    db = house.app.db

    async def write() -> None:
        async with db.write() as conn:
            await conn.exec_driver_sql("PRAGMA max_page_count = 1")
            for number in range(200):
                await keyvalue.set_value(conn, f"k{number}", "x" * 4096)

    with pytest.raises(DatabaseFull):
        await write()
    await until(lambda: db.trouble() is None, "a small write still has room", every=0.01)


async def test_what_was_kept_before_a_failure_is_said(db: Database) -> None:
    saving.begin_request()
    assert saving.failure(DatabaseFull("")) == note("disk-full", kept=False)

    async def work() -> None:
        async with db.write() as conn:
            await keyvalue.set_value(conn, "a", "1")

    await asyncio.create_task(work())
    assert saving.failure(DatabaseBusy("")) == note("database-busy", kept=True)
    saving.begin_request()
    assert saving.failure(DatabaseCorrupt("")) == note("database-damaged", kept=False)
    assert saving.failure(DatabaseGone("")) == note("data-folder-gone", kept=False)
    assert saving.failure(DatabaseUnreachable("")) == note("database-away", kept=False)
    assert saving.failure(CommitUnknown("")) == note("maybe-saved", kept=False)
    assert saving.failure(BackupError("")) == note("storage-failed", kept=False)
    assert saving.failure(ValueError()) is None


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(tmp_path / "matinee.sqlite3", now=NOW) as opened:
        yield opened
