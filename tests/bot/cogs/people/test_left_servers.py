"""A server that the bot left: consents end at once, and its rows are deleted after a month."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground import Person
from bot.playground.records.objects import Guild
from bot.services.operations import retention
from bot.services.people.left_servers import LEFT_SERVER_AGE
from tests.house import FEW_FILMS, House, running, until

TABLES = ("guilds", "schedules", "posts", "cards", "taste_consents", "left_servers")
COLUMNS = ("guild_id", "channel_id")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path, max_films=FEW_FILMS) as house:
        yield house


def kept(house: House, guild: Guild) -> dict[str, int]:
    """Returns table -> number of rows with the server's id, for tables that have such rows."""
    found = {}
    for (table,) in house.rows("select name from sqlite_master where type = 'table'"):
        columns = {name for _, name, *_ in house.rows(f"pragma table_info({table})")}
        column = "id" if table == "guilds" else "guild_id"
        if column in columns:
            found[table] = len(house.rows(f"select 1 from {table} where {column} = ?", guild.id))
    return {table: count for table, count in found.items() if count}


async def live(house: House, mira: Person) -> Guild:
    await mira.command("films", "setup post", channel=mira.channel("lounge"), time="19:00")
    panel = (await mira.command("films", "settings")).message
    await mira.click(panel, "Show my taste here")
    shown = await mira.command("films", "recommend")
    await mira.react(shown.message, "❤️")
    drafted = await mira.command("films", "setup reactions", emoji="🔥 5 💤 1")
    await mira.click(drafted.message, "Use these emoji")
    await until(lambda: house.rows("select 1 from ratings") == [(1,)], "rated")
    return next(
        guild for guild in house.world.guilds.values() if house.world.bot.id in guild.members
    )


async def test_consents_end_and_the_rest_goes_after_a_month(house: House) -> None:
    async with house.member("mira") as mira:
        guild = await live(house, mira)
        before = kept(house, guild)
        assert {"guilds", "schedules", "cards", "taste_consents", "ratings"} <= before.keys()
        house.world.remove_guild(guild)
        await until(lambda: "left_servers" in kept(house, guild), "noticed")
        after = kept(house, guild)
        assert "taste_consents" not in after
        assert after["guilds"] == before["guilds"]

        house.world.clock.advance(LEFT_SERVER_AGE.total_seconds() - 3600)
        house.world.invite_bot(guild)
        await until(lambda: "left_servers" not in kept(house, guild), "invited again in time")
        panel = await mira.command("films", "settings")
        assert "Show my taste in this server: **off**" in panel.text
        house.world.clock.advance(2 * 3600)
        await retention.run(house.app)
        assert kept(house, guild)["guilds"] == 1

        await house._close()
        house.world.remove_guild(guild)  # while the bot is away
        await house._open()
        await until(lambda: "left_servers" in kept(house, guild), "noticed at the start")
        house.world.clock.advance(LEFT_SERVER_AGE.total_seconds() + 3600)
        await retention.run(house.app)
        assert kept(house, guild) == {}, "everything about the server is gone"
        assert (house.app.scales.known, house.app.scales.chosen) == ({}, {}), "from memory too"
        mine = "select count(*) from ratings where person_id = ?"
        assert house.rows(mine, int(mira.id)) == [(1,)], "what people rated stays theirs"
