"""A server's settings change one at a time; a post is claimed once a day."""

import asyncio

import pytest

from storage import guilds, impressions
from storage.engine import Database
from storage.guilds import Guild, Post
from tests.storage.samples import ANN, CHANNEL, GUILD, NOW, add_films, later


async def test_setting_up_needs_a_channel_and_a_time_to_post(db: Database) -> None:
    async with db.write() as conn:
        assert await guilds.get(conn, GUILD) is None
        guild = await guilds.setup(conn, GUILD, now=NOW, zone="Europe/Rome", manager_id=ANN)
        assert guild == Guild(GUILD, None, "Europe/Rome", None, False, None, True, ANN, NOW)
        assert await guilds.scheduled(conn) == ()
        guild = await guilds.setup(
            conn, GUILD, now=later(1), channel_id=CHANNEL, post_time="18:30", family_safe=False
        )
        assert guild == Guild(
            GUILD, CHANNEL, "Europe/Rome", "18:30", True, None, False, ANN, later(1)
        )
        assert await guilds.scheduled(conn) == (guild,)
        assert await guilds.get(conn, GUILD) == guild


async def test_a_disabled_server_begins_again_when_it_is_set_up(db: Database) -> None:
    async with db.write() as conn:
        assert await guilds.disable(conn, GUILD, "gone") is False
        await guilds.setup(conn, GUILD, now=NOW, channel_id=CHANNEL, post_time="18:30")
        assert await guilds.disable(conn, GUILD, "I may not write there") is True
        assert await guilds.disable(conn, GUILD, "again") is False
        assert await guilds.scheduled(conn) == ()
        stopped = await guilds.get(conn, GUILD)
        assert stopped is not None
        assert stopped.disabled_reason == "I may not write there"
        again = await guilds.setup(conn, GUILD, now=later(1), channel_id=CHANNEL + 1)
        assert (again.post_enabled, again.disabled_reason) == (True, None)


@pytest.mark.parametrize("post_time", ["24:00", "8:30", "08:60", "0830", "", "08:30 "])
async def test_a_time_that_is_none_is_refused(db: Database, post_time: str) -> None:
    with pytest.raises(ValueError, match="time of day"):
        async with db.write() as conn:
            await guilds.setup(conn, GUILD, now=NOW, post_time=post_time)


async def test_a_date_is_claimed_once_even_by_many(db: Database) -> None:
    async with db.write() as conn:
        await guilds.setup(conn, GUILD, now=NOW)

    async def claim(local_date: str) -> bool:
        async with db.write() as conn:
            return await guilds.claim(conn, GUILD, local_date, NOW)

    taken = await asyncio.gather(*(claim("2026-03-14") for _ in range(20)))
    assert sum(taken) == 1
    assert await claim("2026-03-15")


async def test_what_became_of_a_post_is_kept(db: Database) -> None:
    async with db.write() as conn:
        await guilds.setup(conn, GUILD, now=NOW)
        for day, message_id, outcome in (("14", 5, "sent"), ("15", None, "forbidden")):
            await guilds.claim(conn, GUILD, f"2026-03-{day}", NOW)
            await guilds.record_post(
                conn,
                GUILD,
                f"2026-03-{day}",
                message_id=message_id,
                outcome=outcome,
                now=later(1),
            )
        assert await guilds.history(conn, GUILD) == (
            Post(GUILD, "2026-03-15", NOW, None, None, "forbidden"),
            Post(GUILD, "2026-03-14", NOW, later(1), 5, "sent"),
        )


async def test_films_posted_in_a_server_are_known(db: Database) -> None:
    async with db.write() as conn:
        first, second, third, *_ = await add_films(conn)
        for film_id, guild_id, surface in (
            (first, GUILD, "post"),
            (first, GUILD, "post"),
            (second, GUILD, "recommend"),
            (third, GUILD + 1, "post"),
        ):
            shown = impressions.NewImpression(
                shown_at=NOW,
                surface=surface,
                film_id=film_id,
                position=0,
                reason="",
                model_version="none",
                guild_id=guild_id,
            )
            await impressions.record(conn, [shown])
        assert await guilds.shown(conn, GUILD) == {first}
