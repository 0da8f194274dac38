"""Copies of the database are good and complete, are rotated, and are restored without loss."""

import asyncio
import itertools
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from storage.database.engine import Database, open_database
from storage.database.sqlite import backups
from storage.errors import BackupError
from storage.feedback import reactions
from tests.storage.samples import CARD, NOW, SCALE, set_stage

pytestmark = [pytest.mark.clock, pytest.mark.sqlite]

WRITERS = 4


async def rate(db: Database, person_id: int) -> None:
    async with db.write() as conn:
        await reactions.add(
            conn, message_id=CARD, person_id=person_id, emoji="👍", at=NOW, scale=SCALE
        )


def raters(path: Path) -> set[int]:
    with closing(sqlite3.connect(path)) as conn:
        return {person for (person,) in conn.execute("SELECT person_id FROM ratings")}


async def under_writes(folder: Path, copies: int) -> int:
    """Take backups during a stream of ratings, and check that each has the acknowledged ratings.

    Returns the number of ratings acknowledged while a backup was taken.
    """
    path = folder / "matinee.sqlite3"
    acknowledged: list[int] = []
    numbers = itertools.count(1)
    meanwhile = 0
    async with open_database(path, now=NOW) as db:
        await set_stage(db)
        stop = asyncio.Event()

        async def write() -> None:
            while not stop.is_set():
                person = next(numbers)
                await rate(db, person)
                acknowledged.append(person)

        writing = [asyncio.create_task(write()) for _ in range(WRITERS)]
        try:
            for number in range(copies):
                before = len(acknowledged)
                while len(acknowledged) < before + WRITERS:  # noqa: ASYNC110
                    await asyncio.sleep(0.001)
                known = set(acknowledged)
                at = NOW + timedelta(seconds=number)
                made = await asyncio.to_thread(backups.take, path, folder / "backups", at, copies)
                meanwhile += len(acknowledged) - len(known)
                assert known <= raters(made.path)
        finally:
            stop.set()
            await asyncio.gather(*writing)
    made_in_all = backups.list_backups(folder / "backups")
    assert len(made_in_all) == copies
    for one in made_in_all:
        with closing(sqlite3.connect(one.path)) as conn:
            assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert len(raters(made_in_all[0].path)) >= len(raters(made_in_all[-1].path)) + copies
    return meanwhile


async def test_a_copy_under_writes_holds_all_that_was_acknowledged(tmp_path: Path) -> None:
    await under_writes(tmp_path, 8)


async def test_the_newest_copies_are_kept(db: Database) -> None:
    folder = db.address.parent / "backups"
    folder.mkdir()
    others = [folder / "before-0002-20260101T000000Z.sqlite3", folder / "matinee-mine.sqlite3"]
    for other in others:
        other.write_text("somebody's own")
    for day in range(5):
        backups.take(db.address, folder, NOW + timedelta(days=day), 3)
    assert [one.taken_at for one in backups.list_backups(folder)] == [
        NOW + timedelta(days=day) for day in (4, 3, 2)
    ]
    assert all(other.exists() for other in others)
    assert not list(folder.glob("*.part"))


async def test_a_copy_put_back_is_the_database(db: Database, tmp_path: Path) -> None:
    await set_stage(db)
    await rate(db, 1)
    copy = backups.take(db.address, tmp_path / "backups", NOW, 3)
    new = tmp_path / "elsewhere" / "matinee.sqlite3"
    new.parent.mkdir()
    assert backups.restore(copy.path, new, NOW, replace=False) is None
    async with open_database(new, now=NOW) as again:
        await rate(again, 2)
    assert raters(new) == {1, 2}
    assert raters(copy.path) == {1}


async def test_nothing_is_overwritten_silently(tmp_path: Path) -> None:
    path = tmp_path / "matinee.sqlite3"
    async with open_database(path, now=NOW) as db:
        await set_stage(db)
        await rate(db, 1)
        copy = backups.take(path, tmp_path / "backups", NOW, 3)
        await rate(db, 2)
        with pytest.raises(BackupError, match="database-exists"):
            backups.restore(copy.path, path, NOW, replace=False)
        with pytest.raises(BackupError, match="bot-running"):
            backups.restore(copy.path, path, NOW, replace=True)
        assert raters(path) == {1, 2}
    aside = backups.restore(copy.path, path, NOW, replace=True)
    assert aside is not None
    assert raters(path) == {1}
    assert raters(aside) == {1, 2}, "the one that was replaced is kept"


async def test_a_damaged_database_can_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "matinee.sqlite3"
    async with open_database(path, now=NOW) as db:
        await set_stage(db)
        await rate(db, 1)
        copy = backups.take(path, tmp_path / "backups", NOW, 3)
    path.write_bytes(b"no database" * 1000)
    backups.restore(copy.path, path, NOW, replace=True)
    async with open_database(path, now=NOW):
        assert raters(path) == {1}


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0" + b"x" * 5000])
async def test_what_is_no_copy_is_refused(tmp_path: Path, content: bytes) -> None:
    bad = tmp_path / "copy.sqlite3"
    bad.write_bytes(content)
    with pytest.raises(BackupError):
        backups.restore(bad, tmp_path / "matinee.sqlite3", NOW, replace=False)
    assert not (tmp_path / "matinee.sqlite3").exists()
    with pytest.raises(BackupError, match="copy-missing"):
        backups.restore(tmp_path / "none", tmp_path / "matinee.sqlite3", NOW, replace=False)


async def test_another_programs_or_a_newer_database_is_refused(
    db: Database, tmp_path: Path
) -> None:
    newer, foreign = tmp_path / "newer.sqlite3", tmp_path / "foreign.sqlite3"
    backups.copy(db.address, newer)
    for path, statement in (
        (newer, "UPDATE alembic_version SET version_num = '9999'"),
        (foreign, "CREATE TABLE songs (name)"),
    ):
        with closing(sqlite3.connect(path)) as conn, conn:
            conn.execute(statement)
    target = tmp_path / "empty" / "matinee.sqlite3"
    target.parent.mkdir()
    with pytest.raises(BackupError, match="copy-newer"):
        backups.restore(newer, target, NOW, replace=False)
    with pytest.raises(BackupError, match="copy-foreign"):
        backups.restore(foreign, target, NOW, replace=False)
    assert not target.exists()
