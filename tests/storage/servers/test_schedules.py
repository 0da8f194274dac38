"""Schedules say when a server wants a post; a slot is claimed once; old databases keep theirs."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import revisions
from storage.database.engine import Database
from storage.servers import guilds, schedules, slots
from storage.servers.schedules import Schedule
from tests.storage.samples import ANN, CHANNEL, GUILD, NOW, later

pytestmark = pytest.mark.clock


async def add(conn: AsyncConnection, guild_id: int = GUILD, **given: object) -> Schedule:
    await guilds.setup(conn, guild_id, now=NOW)
    usual = {"theme": "auto", "post_time": "19:00", "channel_id": CHANNEL, "next_at": later(5)}
    return await schedules.create(conn, guild_id, now=NOW, **(usual | given))  # type: ignore[arg-type]


async def test_what_is_due_is_what_has_come(db: Database) -> None:
    async with db.write() as conn:
        first = await add(conn, next_at=later(5))
        second = await add(conn, GUILD + 1, next_at=later(3))
        paused = await add(conn, GUILD + 2, next_at=later(1))
        await schedules.change(conn, paused.id, NOW, paused=True, next_at=None)
        assert await schedules.due(conn, later(2)) == ()
        assert await schedules.due(conn, later(4)) == (second.id,)
        assert await schedules.due(conn, later(5)) == (second.id, first.id)
        await schedules.plan(conn, second.id, later(9))
        assert await schedules.due(conn, later(5)) == (first.id,)
        assert [one.id for one in await schedules.active(conn)] == [first.id, second.id]
        await add(conn, GUILD)
        assert sorted(await schedules.servers(conn)) == [GUILD, GUILD + 1], "each once"


async def test_a_slot_is_claimed_once_even_by_many(db: Database) -> None:
    async with db.write() as conn:
        mine = await add(conn)

    async def claim(local_date: str) -> bool:
        async with db.write() as conn:
            return await slots.claim(conn, mine, local_date, NOW)

    taken = await asyncio.gather(*(claim("2026-03-14") for _ in range(20)))
    assert sum(taken) == 1
    assert await claim("2026-03-15")


async def test_what_became_of_a_slot_is_kept_until_it_is_removed(db: Database) -> None:
    async with db.write() as conn:
        mine, other = await add(conn), await add(conn, theme="wild")
        assert await schedules.count(conn, GUILD) == 2
        await slots.claim(conn, mine, "2026-03-14", NOW)
        await slots.claim(conn, mine, "2026-03-13", NOW, outcome="skipped")
        assert [one.local_date for one in await slots.unfinished(conn)] == ["2026-03-14"]
        await slots.record(conn, mine.id, "2026-03-14", message_id=5, outcome="sent", now=later(1))
        assert await slots.unfinished(conn) == ()
        kept = {
            one.local_date: (one.outcome, one.message_id, one.sent_at)
            for one in await slots.history(conn, GUILD)
        }
        assert kept == {
            "2026-03-14": ("sent", 5, later(1)),
            "2026-03-13": ("skipped", None, None),
        }
        assert await slots.history(conn, GUILD, since=later(1)) == ()
        assert await schedules.remove(conn, mine.id)
        assert not await schedules.remove(conn, mine.id)
        assert await schedules.of_guild(conn, GUILD) == (other,)
        new = await add(conn)
        assert new.id > other.id, "an id is never used twice"
        assert await guilds.erase(conn, GUILD) == 3


@pytest.mark.parametrize("bad", ["24:00", "8:30", "08:60", "0830", "", "08:30 "])
async def test_a_time_that_is_none_is_refused(db: Database, bad: str) -> None:
    with pytest.raises(ValueError, match="time of day"):
        async with db.write() as conn:
            await add(conn, post_time=bad)


@pytest.mark.parametrize("bad", ["", "7", "10", "00", "mon"])
async def test_days_that_are_none_are_refused(db: Database, bad: str) -> None:
    with pytest.raises(ValueError, match="days"):
        async with db.write() as conn:
            await add(conn, days=bad)


async def test_changing_what_is_not_there(db: Database) -> None:
    with pytest.raises(LookupError, match="no schedule 9"):
        async with db.write() as conn:
            await schedules.change(conn, 9, NOW, paused=True)


def test_the_daily_post_of_an_older_database_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    moment = "2026-03-14 20:15:00.000000"
    with revisions.connection(path) as conn:
        revisions.upgrade(conn, "0001")
    with closing(sqlite3.connect(path)) as old, old:
        old.executemany(
            "INSERT INTO guilds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (1, CHANNEL, "Europe/Rome", "18:30", 1, None, 0, ANN, moment),
                (2, CHANNEL, None, "19:00", 0, "forbidden", 1, ANN, moment),
                (3, None, "Asia/Tokyo", None, 0, None, 0, None, moment),
            ],
        )
        old.execute(
            "INSERT INTO posts VALUES (1, '2026-03-13', ?, ?, 77, 'sent')", (moment, moment)
        )
        before = old.execute("SELECT * FROM guilds ORDER BY id").fetchall()
        slots = old.execute("SELECT * FROM posts").fetchall()
    with revisions.connection(path) as conn:
        revisions.upgrade(conn, "0008")
    with closing(sqlite3.connect(path)) as new:
        found = new.execute(
            "SELECT guild_id, channel_id, theme, post_time, days, paused, disabled_reason,"
            " manager_id, next_at FROM schedules ORDER BY id"
        ).fetchall()
        assert found == [
            (1, CHANNEL, "auto", "18:30", "0123456", 0, None, ANN, None),
            (2, CHANNEL, "auto", "19:00", "0123456", 0, "forbidden", ANN, None),
        ]
        assert new.execute("SELECT guild_id, local_date, outcome FROM posts").fetchall() == [
            (1, "2026-03-13", "sent")
        ]
    with revisions.connection(path) as conn:
        revisions.downgrade(conn, "0001")
    with closing(sqlite3.connect(path)) as again:
        columns = "id, channel_id, zone, post_time, post_enabled, disabled_reason, family_safe,"
        back = again.execute(f"SELECT {columns} manager_id, updated_at FROM guilds ORDER BY id")
        assert back.fetchall() == before
        assert again.execute("SELECT * FROM posts").fetchall() == slots
