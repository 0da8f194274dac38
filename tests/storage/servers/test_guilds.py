"""A server's settings change one at a time, and its posted films are found."""

from storage.database.engine import Database
from storage.feedback import cards, impressions, ratings
from storage.people import profiles
from storage.servers import guilds
from storage.servers.guilds import GuildSettings
from tests.storage.samples import ANN, GUILD, NOW, SCALE, add_films, later, set_stage


async def test_settings_change_one_at_a_time(db: Database) -> None:
    async with db.write() as conn:
        assert await guilds.get(conn, GUILD) is None
        guild = await guilds.setup(conn, GUILD, now=NOW, zone="Europe/Rome")
        assert guild == GuildSettings(GUILD, "Europe/Rome", True, NOW), "until they say otherwise"
        guild = await guilds.setup(conn, GUILD, now=later(1), family_safe=False)
        assert guild == GuildSettings(GUILD, "Europe/Rome", False, later(1))
        assert await guilds.languages(conn) == {}
        guild = await guilds.setup(conn, GUILD, now=later(2), language="pt_BR")
        assert guild == GuildSettings(GUILD, "Europe/Rome", False, later(2), language="pt_BR")
        assert await guilds.languages(conn) == {GUILD: "pt_BR"}
        await guilds.setup(conn, GUILD + 1, now=NOW)
        assert await guilds.zones(conn) == {GUILD: "Europe/Rome"}, "the other chose none"
        assert (await guilds.setup(conn, GUILD, now=later(3))).language == "pt_BR"
        guild = await guilds.setup(conn, GUILD, now=later(3), language="")
        assert guild.language is None, "the one on Discord again"
        assert [guilds.is_family_safe(one) for one in (None, guild)] == [True, False]
        assert await guilds.get(conn, GUILD) == guild
        tags = ("gore", "suicide")
        guild = await guilds.setup(conn, GUILD, now=later(2), never_tags=tags)
        assert guild == GuildSettings(GUILD, "Europe/Rome", False, later(2), never_tags=tags)
        assert await guilds.get(conn, GUILD) == guild
        guild = await guilds.setup(conn, GUILD, now=later(2), never_tags=())
        assert guild.never_tags == ()


async def test_films_posted_in_a_server_are_known(db: Database) -> None:
    async with db.write() as conn:
        first, second, third, fourth, *_ = await add_films(conn)
        for minute, film_id, guild_id, surface in (
            (1, first, GUILD, "post"),
            (2, fourth, GUILD, "post"),
            (3, first, GUILD, "post"),
            (4, second, GUILD, "recommend"),
            (5, third, GUILD + 1, "post"),
        ):
            shown = impressions.NewImpression(
                shown_at=later(minute),
                surface=surface,
                film_id=film_id,
                position=0,
                reason="",
                model_version="none",
                guild_id=guild_id,
            )
            await impressions.record(conn, [shown])
        assert await guilds.posted_films(conn, GUILD) == (fourth, first), "longest ago first"


async def test_a_server_is_known_by_any_row_about_it(db: Database) -> None:
    await set_stage(db)
    ids = range(GUILD + 1, GUILD + 6)
    async with db.write() as conn:
        await guilds.setup(conn, ids[0], now=NOW)
        await profiles.show_taste(conn, ANN, ids[1], shown=True, now=NOW)
        card = cards.Card(
            message_id=1, channel_id=1, guild_id=ids[2], film_id=1, surface="post", posted_at=NOW
        )
        await cards.add_card(conn, card)
        shown = impressions.NewImpression(
            shown_at=NOW,
            surface="post",
            film_id=1,
            position=0,
            reason="",
            model_version="none",
            guild_id=ids[3],
        )
        await impressions.record(conn, [shown])
        await ratings.state(
            conn,
            person_id=ANN,
            film_id=1,
            source="command",
            stars=4.0,
            at=NOW,
            scale=SCALE,
            guild_id=ids[4],
        )
        assert set(ids) <= await guilds.known(conn)
        for one in ids:
            await guilds.leave(conn, one, now=NOW)
        assert not set(ids) & await guilds.known(conn)
