"""Shards: their form, which servers they hold, and the same in SQL."""

from random import Random

import pytest
from sqlalchemy import BigInteger, column, literal, select, union_all

from storage.database.engine import Database
from storage.servers import guilds, schedules
from storage.shards import Shards, on_shards, parse_shards
from tests.storage.samples import NOW, later


def test_the_form() -> None:
    assert parse_shards("0-3/16") == Shards(0, 3, 16)
    assert parse_shards(" 15 / 16 ") == Shards(15, 15, 16)
    assert str(Shards(0, 3, 16)) == "0-3/16"
    assert str(Shards(5, 5, 16)) == "5/16"
    assert parse_shards(str(Shards(4, 7, 12))) == Shards(4, 7, 12)
    for wrong in (
        "",
        "3",
        "3/0",
        "0-16/16",
        "3-2/16",
        "-1-3/16",
        "0-3",
        "a/b",
        "0-3/16/2",
        "0/9999999",
    ):
        with pytest.raises(ValueError, match=r"shards"):
            parse_shards(wrong)


def test_every_server_is_on_one_shard() -> None:
    rng = Random(1)
    parts = [Shards(0, 3, 12), Shards(4, 7, 12), Shards(8, 11, 12)]
    for _ in range(300):
        guild_id = rng.getrandbits(63)
        assert sum(part.holds(guild_id) for part in parts) == 1
    assert [part.holds(None) for part in parts] == [True, False, False]
    assert Shards(0, 11, 12).complete
    assert not parts[0].complete


def test_which_cannot_run_together() -> None:
    mine = Shards(4, 7, 12)
    assert mine.overlaps(Shards(7, 9, 12))
    assert mine.overlaps(Shards(0, 1, 13)), "another number of shards in all"
    assert not mine.overlaps(Shards(8, 11, 12))
    assert not mine.overlaps(Shards(0, 3, 12))


async def test_sql_finds_the_same_servers(db: Database) -> None:
    rng = Random(2)
    ids: list[int | None] = [None, *(rng.getrandbits(63) for _ in range(100))]
    guild_id = column("guild_id", BigInteger)
    stored = union_all(
        *(select(literal(one, BigInteger).label("guild_id")) for one in ids)
    ).subquery()
    guild_id = stored.c.guild_id
    async with db.read() as conn:
        for part in (Shards(0, 3, 12), Shards(4, 7, 12), Shards(11, 11, 12), Shards(0, 0, 1), None):
            rows = await conn.execute(select(guild_id).where(on_shards(part, guild_id)))
            held = [one for one in ids if part is None or part.holds(one)]
            assert sorted(rows.scalars(), key=str) == sorted(held, key=str)


async def test_a_process_sends_the_posts_of_its_servers(db: Database) -> None:
    first, second = 1 << 22, 2 << 22
    async with db.write() as conn:
        for guild_id in (first, second):
            await guilds.setup(conn, guild_id, now=NOW)
            await schedules.create(
                conn, guild_id, theme="auto", post_time="19:00", now=NOW, next_at=later(1)
            )
        both = await schedules.due(conn, later(2))
        parts = [await schedules.due(conn, later(2), shards=Shards(n, n, 2)) for n in (0, 1)]
    assert len(both) == 2
    assert parts == [(both[1],), (both[0],)]
