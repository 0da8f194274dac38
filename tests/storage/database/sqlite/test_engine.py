"""The database file is opened, refused, backed up, and shared by many tasks."""

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, StatementError

from storage import keyvalue
from storage.database import revisions
from storage.database.engine import Database, open_database
from storage.database.sqlite import backups, files, locks
from storage.errors import (
    BackupError,
    DatabaseBusy,
    DatabaseCorrupt,
    DatabaseForeign,
    DatabaseGone,
    DatabaseNewer,
    DatabaseNotWritable,
)
from storage.feedback import ratings
from storage.people import profiles
from storage.schema import people
from tests.clock import PATIENCE_SECONDS
from tests.storage.samples import NOW, set_stage

pytestmark = pytest.mark.sqlite

NEXT_MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("people") as batch:
        batch.add_column(sa.Column("shoe_size", sa.Integer()))
    {more}


def downgrade() -> None:
    with op.batch_alter_table("people") as batch:
        batch.drop_column("shoe_size")
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "matinee.sqlite3"


async def opened(path: Path, migrations: Path = revisions.MIGRATIONS) -> None:
    async with open_database(path, now=NOW, migrations=migrations):
        pass


def content_of(path: Path) -> bytes:
    return path.read_bytes()


def put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def allow(path: Path, mode: int) -> None:
    path.chmod(mode)


async def keep(path: Path, key: str, value: str = "kept") -> None:
    async with open_database(path, now=NOW) as db, db.write() as conn:
        await keyvalue.set_value(conn, key, value)


def kept(path: Path) -> dict[str, str]:
    """Returns the content of `settings_kv`, read without the code under test."""
    with closing(sqlite3.connect(path)) as conn:
        return dict(conn.execute("SELECT key, value FROM settings_kv").fetchall())


def next_version(folder: Path, more: str = "") -> Path:
    """Returns a folder with the migrations of a later Matinee: ours and one more."""
    migrations = folder / "migrations"
    shutil.copytree(revisions.MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    newest = max(file.stem[:4] for file in (migrations / "versions").glob("[0-9]*_*.py"))
    text = NEXT_MIGRATION.format(more=more, newest=newest)
    (migrations / "versions" / "9999_next.py").write_text(text)
    return migrations


async def test_a_new_database_is_made_with_its_folder_and_kept(path: Path) -> None:
    await keep(path, "a")
    await keep(path, "b")
    assert kept(path) == {"a": "kept", "b": "kept"}
    assert [child.name for child in path.parent.iterdir()] == [path.name]  # no journal, no backup


async def test_an_odd_path_is_only_a_path(tmp_path: Path) -> None:
    path = tmp_path / "50% of my #films?" / "d b.sqlite3"
    await keep(path, "a")
    assert kept(path) == {"a": "kept"}


async def test_pragmas(db: Database) -> None:
    for mode in (db.read, db.write):
        async with mode() as conn:
            found = {
                name: (await conn.exec_driver_sql(f"PRAGMA {name}")).scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
        assert found == {
            "journal_mode": "wal",
            "synchronous": 2,  # FULL
            "foreign_keys": 1,
            "busy_timeout": 30_000,
        }


async def test_a_write_that_raises_leaves_nothing(db: Database) -> None:
    async def stop() -> None:
        async with db.write() as conn:
            await keyvalue.set_value(conn, "a", "1")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        await stop()
    async with db.read() as conn:
        assert await keyvalue.get_value(conn, "a") is None


async def test_a_cancelled_write_leaves_nothing_and_blocks_nobody(db: Database) -> None:
    begun = asyncio.Event()

    async def slow() -> None:
        async with db.write() as conn:
            await keyvalue.set_value(conn, "slow", "1")
            begun.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(slow())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with db.write() as conn:
        await keyvalue.set_value(conn, "next", "1")
        assert await keyvalue.get_value(conn, "slow") is None


async def test_reading_cannot_write(db: Database) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        async with db.read() as conn:
            await keyvalue.set_value(conn, "a", "1")


async def test_a_reader_beside_an_open_writer_sees_the_time_before(db: Database) -> None:
    async with db.write() as conn:
        await keyvalue.set_value(conn, "a", "1")
        async with db.read() as beside:
            assert await keyvalue.get_value(beside, "a") is None
    async with db.read() as after:
        assert await keyvalue.get_value(after, "a") == "1"


async def test_a_hundred_read_modify_writes_lose_nothing(db: Database) -> None:
    async def add_one() -> None:
        async with db.write() as conn:
            value = await keyvalue.get_value(conn, "count") or "0"
            await asyncio.sleep(0)  # give the other tasks a chance to get in
            await keyvalue.set_value(conn, "count", str(int(value) + 1))

    await asyncio.gather(*(add_one() for _ in range(100)))
    async with db.read() as conn:
        assert await keyvalue.get_value(conn, "count") == "100"


async def test_two_openings_of_a_file_take_turns(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite keeps no queue between openings, so on a slow disk one may wait for long."""
    monkeypatch.setattr(revisions, "BUSY_SECONDS", PATIENCE_SECONDS)
    async with open_database(path, now=NOW) as one, open_database(path, now=NOW) as other:

        async def add_one(db: Database) -> None:
            async with db.write() as conn:
                value = await keyvalue.get_value(conn, "count") or "0"
                await keyvalue.set_value(conn, "count", str(int(value) + 1))

        await asyncio.gather(*(add_one(db) for db in (one, other) * 20))
    assert kept(path) == {"count": "40"}


async def test_moments_keep_their_microsecond_and_become_utc(db: Database) -> None:
    tokyo = timezone(timedelta(hours=9))
    moments = [NOW + timedelta(microseconds=number) for number in (2, 10, 1, 0, 999_999)]
    async with db.write() as conn:
        for number, moment in enumerate(moments, start=1):
            await profiles.ensure(conn, number, now=moment.astimezone(tokyo))
        column = people.c.created_at
        found = (await conn.execute(select(column).order_by(column))).scalars().all()
        assert found == sorted(moments)
        assert {moment.utcoffset() for moment in found} == {timedelta(0)}
        late = (await conn.execute(select(people.c.id).where(column > moments[1]))).scalars()
        assert late.all() == [5]
        naive = datetime(2026, 1, 1)  # noqa: DTZ001 -- what is refused
        with pytest.raises(StatementError, match="time zone"):
            await profiles.ensure(conn, 9, now=naive)


async def test_the_time_of_opening_needs_a_zone(path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        async with open_database(path, now=NOW.replace(tzinfo=None)):
            pass


async def test_a_migration_backs_up_what_there_is(path: Path, tmp_path: Path) -> None:
    await keep(path, "a")
    await opened(path, next_version(tmp_path))
    backup = path.parent / "backups" / "before-9999-20260314T201500Z.sqlite3"
    assert list(backup.parent.iterdir()) == [backup]
    assert kept(backup) == kept(path) == {"a": "kept"}
    with closing(sqlite3.connect(backup)) as before, closing(sqlite3.connect(path)) as after:
        columns = "SELECT name FROM pragma_table_info('people')"
        assert ("shoe_size",) not in before.execute(columns).fetchall()
        assert ("shoe_size",) in after.execute(columns).fetchall()


async def test_an_empty_database_is_migrated_without_a_backup(path: Path, tmp_path: Path) -> None:
    await opened(path)
    await opened(path, next_version(tmp_path))
    assert not (path.parent / "backups").exists()


async def test_a_migration_that_fails_changes_nothing(path: Path, tmp_path: Path) -> None:
    await keep(path, "a")
    broken = next_version(tmp_path, more='op.execute("this is no SQL")')
    with pytest.raises(OperationalError, match="syntax"):
        await opened(path, broken)
    await keep(path, "b")
    assert kept(path) == {"a": "kept", "b": "kept"}


async def test_a_newer_database_is_refused_untouched(path: Path, tmp_path: Path) -> None:
    await keep(path, "a")
    await opened(path, next_version(tmp_path))
    before = content_of(path)
    with pytest.raises(DatabaseNewer, match=r"database-newer .*revision=9999"):
        await opened(path)
    assert content_of(path) == before


@pytest.mark.parametrize("content", [b"these are my notes, not a database" * 99, b"x"])
async def test_a_file_that_is_no_database_is_refused_untouched(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    put(path, content)
    with pytest.raises(DatabaseCorrupt, match="database-broken"):
        await opened(path)
    assert content_of(path) == content


async def test_a_damaged_database_is_refused(path: Path) -> None:
    async with open_database(path, now=NOW) as db:
        await set_stage(db)
    content = bytearray(content_of(path))
    assert len(content) > 40_000
    content[8_192:40_000] = os.urandom(40_000 - 8_192)
    put(path, content)
    with pytest.raises(DatabaseCorrupt, match=r"database-broken .*matinee\.sqlite3"):
        await opened(path)


async def test_damage_found_while_running_is_said_plainly(path: Path) -> None:
    async with open_database(path, now=NOW) as db:
        await set_stage(db)
        with closing(sqlite3.connect(path)) as conn:
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        content = bytearray(content_of(path))
        content[4_096:] = os.urandom(len(content) - 4_096)
        put(path, content)
        with pytest.raises(DatabaseCorrupt):
            async with db.read() as conn:
                await ratings.snapshot(conn)


async def test_a_database_of_another_program_is_refused_untouched(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("CREATE TABLE recipes (name)")
    before = content_of(path)
    with pytest.raises(DatabaseForeign, match="database-foreign"):
        await opened(path)
    assert content_of(path) == before


async def test_an_empty_file_is_a_new_database(path: Path) -> None:
    path.parent.mkdir()
    put(path, b"")
    await keep(path, "a")
    assert kept(path) == {"a": "kept"}


@contextmanager
def nobody() -> Iterator[None]:
    """Run the block without the rights of root, who may open every file."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """Returns a folder that every user can reach, unlike the folders of pytest."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        allow(folder, 0o755)
        yield folder
        allow(folder, 0o755)


async def test_a_folder_without_write_access_is_refused(public_folder: Path) -> None:
    path = public_folder / "matinee.sqlite3"
    await keep(path, "a")
    allow(path, 0o644)
    allow(public_folder, 0o555)
    with (
        nobody(),
        pytest.raises(DatabaseNotWritable, match=r"file-not-writable .*denied"),
    ):
        await opened(path)
    assert kept(path) == {"a": "kept"}


async def test_a_file_without_write_access_is_refused(public_folder: Path) -> None:
    path = public_folder / "matinee.sqlite3"
    await keep(path, "a")
    allow(path, 0o444)
    allow(public_folder, 0o777)
    with (
        nobody(),
        pytest.raises(DatabaseNotWritable, match=r"file-not-writable .*denied"),
    ):
        await opened(path)
    assert kept(path) == {"a": "kept"}


async def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(DatabaseNotWritable, match="file-not-writable"):
        await opened(tmp_path / "data" / "matinee.sqlite3")
    with pytest.raises(DatabaseNotWritable, match="file-not-writable"):
        await opened(tmp_path)


async def test_a_full_disk_is_said_plainly_and_loses_nothing(path: Path) -> None:
    async with open_database(path, now=NOW) as db:
        async with db.write() as conn:
            await keyvalue.set_value(conn, "a", "kept")

        async def fill() -> None:
            async with db.write() as conn:
                await conn.exec_driver_sql("PRAGMA max_page_count = 1")  # no room for more
                for number in range(100):
                    await keyvalue.set_value(conn, f"k{number}", "x" * 4096)

        with pytest.raises(DatabaseNotWritable, match="no-room"):
            await fill()
        async with db.read() as conn:
            assert await keyvalue.get_value(conn, "k0") is None
    assert kept(path) == {"a": "kept"}


async def test_a_file_that_turned_read_only_is_said_plainly(db: Database) -> None:
    async with db.write() as conn:
        await conn.exec_driver_sql("PRAGMA query_only = ON")  # from now on, for the writer
    with pytest.raises(DatabaseNotWritable, match="file-not-writable"):
        async with db.write() as conn:
            await keyvalue.set_value(conn, "a", "1")


async def test_a_lock_that_another_program_keeps_is_said_plainly(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "BUSY_SECONDS", 0.05)
    async with open_database(path, now=NOW) as db:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseBusy, match="database-locked"):
                async with db.write() as conn:
                    await keyvalue.set_value(conn, "a", "1")
            with pytest.raises(DatabaseBusy, match="database-locked"):
                await opened(path)
        async with db.write() as conn:  # the other process has released the lock
            await keyvalue.set_value(conn, "a", "kept")
    assert kept(path) == {"a": "kept"}


def modes(folder: Path) -> dict[str, str]:
    """Returns the mode of each file and folder in `folder`, by name."""
    return {path.name: oct(path.stat().st_mode & 0o777) for path in folder.rglob("*")}


async def test_only_the_owner_may_read_a_new_folder(path: Path, tmp_path: Path) -> None:
    usual = os.umask(0o022)
    try:
        async with open_database(path, now=NOW) as db:
            async with db.write() as conn:
                await keyvalue.set_value(conn, "a", "1")
            backups.take(path, path.parent / "backups", NOW, 3)
            with locks.held(path.parent / "a.lock"):
                found = modes(tmp_path)
        await opened(path, next_version(tmp_path / "next"))
        aside = backups.restore(path.parent / "backups" / "before-9999-20260314T201500Z.sqlite3",
                                path, NOW, replace=True)  # fmt: skip
    finally:
        os.umask(usual)
    assert aside is not None
    found |= modes(path.parent)
    assert {name: mode for name, mode in found.items() if "sqlite3" in name or "lock" in name} == {
        name: "0o600" for name in found if "sqlite3" in name or "lock" in name
    }
    assert len([name for name in found if "sqlite3" in name]) == 6
    assert (found["data"], found["backups"]) == ("0o700", "0o700")


async def test_what_was_deleted_is_in_no_file(path: Path) -> None:
    secret = "the name of somebody who was deleted"
    async with open_database(path, now=NOW) as db:
        async with db.write() as conn:
            await keyvalue.set_value(conn, "a", secret)
        assert await db.empty_log()
        assert secret.encode() in content_of(path)
        async with db.write() as conn:
            await conn.exec_driver_sql("DELETE FROM settings_kv")
        assert await db.empty_log()
        for file in path.parent.iterdir():
            assert secret.encode() not in content_of(file), file.name


async def test_a_file_that_was_replaced_is_noticed(path: Path, tmp_path: Path) -> None:
    await keep(path, "a")
    shutil.copy(path, tmp_path / "copy")
    async with open_database(path, now=NOW) as db:
        assert db.trouble() is None
        (tmp_path / "copy").replace(path)
        assert isinstance(db.trouble(), DatabaseGone)
        with pytest.raises(DatabaseGone, match="database-gone"):
            async with db.write() as conn:
                await keyvalue.set_value(conn, "b", "lost")
    assert kept(path) == {"a": "kept"}


async def test_a_file_that_is_removed_during_a_write_is_noticed(path: Path) -> None:
    async def write() -> None:
        async with db.write() as conn:
            await keyvalue.set_value(conn, "a", "lost")
            path.unlink()  # noqa: ASYNC240

    async with open_database(path, now=NOW) as db:
        with pytest.raises(DatabaseGone):
            await write()
        with pytest.raises(BackupError):
            backups.take(path, path.parent / "backups", NOW, 3)
        assert not any(path.parent.glob(path.name)), "no empty database takes its place"


async def test_empty_pages_are_given_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MIN_EMPTY_PAGES", 100)
    async with open_database(path, now=NOW) as db:
        async with db.write() as conn:
            for number in range(100):
                await keyvalue.set_value(conn, f"k{number}", "x" * 8000)
        assert not await db.give_back_space()
        async with db.write() as conn:
            await conn.exec_driver_sql("DELETE FROM settings_kv WHERE key <> 'k7'")
        await db.empty_log()
        before = len(content_of(path))
        assert await db.give_back_space()
        assert len(content_of(path)) < before / 2
        async with db.read() as conn:
            assert await keyvalue.get_value(conn, "k7") == "x" * 8000
