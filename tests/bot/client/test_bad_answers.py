"""Discord refuses the slash commands, closes the gateway for good, or sends unreadable events."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import CannotConnect
from bot.playground import World, connector, start
from bot.playground.records.events import Event
from bot.playground.world.state import TOKEN
from bot.run import run_bot
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.errors.said import said
from tests.clock import PATIENCE_SECONDS, club_world
from tests.house import FEW_FILMS, House, running, stocked, until


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path, max_films=FEW_FILMS) as house:
        yield house


async def first_start(folder: Path, world: World, status: int, code: int) -> None:
    """Starts a new bot whose slash commands Discord refuses."""
    await stocked(folder / "data" / "matinee.sqlite3", FEW_FILMS)
    async with (
        start(world) as local,
        open_app(Settings(data=folder / "data"), world.clock.now) as app,
    ):
        local.fail_next("PUT", "/commands", status, code=code, message="Invalid Form Body")
        door = connector(local.port, local.ca_pem)
        bot = run_bot(app, TOKEN, connector=door, handle_signals=False)
        await asyncio.wait_for(bot, PATIENCE_SECONDS)


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (400, 50035, r"commands-refused .*code 50035: Invalid Form Body"),
        (400, 30034, r"commands-used-up .*code 30034"),
        (403, 0, r"commands-not-taken .*HTTP 403"),
    ],
)
async def test_a_new_bot_whose_commands_are_refused_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, status: int, code: int, sentence: str
) -> None:
    with pytest.raises(CannotConnect, match=sentence):
        await first_start(tmp_path, club_world(), status, code)
    assert "Invalid Form Body" in caplog.text, "the log has the cause"


@pytest.mark.parametrize(("status", "code"), [(400, 50035), (429, 30034), (403, 40333)])
async def test_a_bot_whose_commands_are_there_goes_on(
    house: House, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    """An update changed the commands, and Discord does not take them."""
    await house._close()
    async with open_app(house.settings, house.world.clock.now) as app, app.db.write() as conn:
        await conn.exec_driver_sql(
            "update settings_kv set value = 'old' where key = 'commands-hash'"
        )
    house.local.fail_next("PUT", "/commands", status, code=code, message="not today")
    await house._open()
    async with house.member("mira") as mira:
        assert (await mira.command("films", "recommend")).error is None
    assert "Discord did not take the slash commands" in caplog.text
    assert house.rows("select value from settings_kv where key = 'commands-hash'") == [("old",)]
    await house.restart()
    assert house.rows("select value from settings_kv where key = 'commands-hash'") != [("old",)]


@pytest.mark.parametrize("code", [4010, 4011, 4012, 4013])
async def test_a_gateway_that_is_closed_for_good_gets_a_sentence(house: House, code: int) -> None:
    house.local.drop_gateway(code)
    with pytest.raises(CannotConnect) as told:
        await asyncio.wait_for(asyncio.shield(house._bot), PATIENCE_SECONDS)
    assert said(told.value).startswith("Discord ")
    assert f"({code})" in said(told.value)
    await house._inside.__aexit__(None, None, None)
    await house._open()


async def test_an_event_that_cannot_be_read_is_logged_and_survived(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    (guild,) = house.world.guilds.values()
    caplog.set_level(logging.ERROR)
    unreadable = {
        "GUILD_ROLE_UPDATE": {"guild_id": str(guild.id)},
        "CHANNEL_UPDATE": {"guild_id": str(guild.id), "id": "films"},
        "GUILD_CREATE": {"id": str(guild.id), "channels": 5},
        "GUILD_DELETE": {"id": None},
    }
    for name, data in unreadable.items():
        house.world.emit(Event(name, data, guild.id))
    await until(lambda: "GUILD_DELETE" in caplog.text, "the last one is logged")
    for name in unreadable:
        assert f"an event {name} of Discord's could not be read" in caplog.text
    async with house.member("mira") as mira:
        card = await mira.command("films", "recommend")
        assert card.error is None
        await mira.react(card.message, "❤️")
        await until(lambda: house.rows("select stars from ratings") == [(5.0,)], "the rating")


async def test_an_apology_that_cannot_be_sent_is_only_logged(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """The connection breaks at the answer, and again at the sentence about that."""
    async with house.member("mira") as mira:
        house.local.faults.cut("POST", "/callback$", times=2)
        await mira.command("films", "help", wait=0.2)
        await until(lambda: "the apology could not be sent" in caplog.text, "logged")
    gc.collect()
    await asyncio.sleep(0)
    assert "never retrieved" not in caplog.text
