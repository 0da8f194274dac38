"""What Discord refuses: a token, a session, a permission. One clear sentence to whom it concerns,
and no token in any log, whatever the level."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.__main__ import run_or_stop
from bot.app import open_app
from bot.logs import STRUCK, Discreet
from bot.playground import connect, permissions, server
from bot.playground.objects import Channel
from bot.playground.world import World
from bot.run import CannotConnect, run_bot
from bot.settings import Settings
from tests.clock import PATIENCE, at, club_world
from tests.driver import Person, buttons_of, text_of
from tests.house import House, stocked, until

SECRET = "MTIzNDU2Nzg5.GhIjKl.a-very-secret-token"


@pytest.fixture
async def mira(house: House) -> AsyncIterator[Person]:
    async with house.member("mira") as person:
        yield person


async def enter(folder: Path, world: World, token: str) -> None:
    """The bot, with this token, at the door of this world."""
    await stocked(folder / "data" / "matinee.sqlite3")
    async with (
        server.start(world) as local,
        open_app(Settings(data=folder / "data"), world.clock.now) as app,
    ):
        door = connect.connector(local.port, local.ca_pem)
        await run_bot(app, token, connector=door, handle_signals=False)


# Tokens ------------------------------------------------------------------------------------------


def test_a_token_that_discord_does_not_know(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        run_or_stop(enter(tmp_path, club_world(), SECRET))
    assert ended.value.exit_code == 1
    said = capsys.readouterr().err
    assert said.startswith("Matinee stops: Discord refused the token.")
    assert "DISCORD_TOKEN" in said
    assert "Traceback" not in said
    assert SECRET not in said


@pytest.mark.parametrize("cut", [None, 1000])
async def test_a_token_that_is_reset_while_the_bot_runs(tmp_path: Path, cut: int | None) -> None:
    await stocked(tmp_path / "data" / "matinee.sqlite3")
    world = club_world()
    world.tokens = {SECRET}
    async with (
        server.start(world) as local,
        open_app(Settings(data=tmp_path / "data"), world.clock.now) as app,
    ):
        door = connect.connector(local.port, local.ca_pem)
        bot = asyncio.create_task(run_bot(app, SECRET, connector=door, handle_signals=False))
        await until(lambda: world.bot_online, "the bot is in")
        world.tokens = {"another"}
        local.drop_gateway(cut)
        with pytest.raises(CannotConnect, match="Discord refused the token"):
            await asyncio.wait_for(bot, PATIENCE)


async def test_no_token_in_the_log_of_a_whole_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="discord")
    caplog.handler.setFormatter(Discreet("%(name)s %(message)s", [SECRET]))
    await stocked(tmp_path / "data" / "matinee.sqlite3")
    world = club_world()
    world.tokens = {SECRET}
    tokens: list[str] = []

    async def visit(local: server.LocalDiscord) -> None:
        async with Person(local.page_url, "mira") as mira:
            card = await mira.command("films", "recommend")
            assert card.error is None
            await mira.click(card.message, "Another")
            tokens.extend(world.interaction_tokens)

    stop = asyncio.Event()
    async with (
        server.start(world) as local,
        open_app(Settings(data=tmp_path / "data"), world.clock.now) as app,
        asyncio.TaskGroup() as group,
    ):
        door = connect.connector(local.port, local.ca_pem)
        group.create_task(run_bot(app, SECRET, connector=door, stop=stop, handle_signals=False))
        await until(lambda: world.bot_online, "the bot is in")
        await visit(local)
        stop.set()
    assert len(tokens) == 2
    assert "discord.gateway" in caplog.text, "the loudest log there is"
    assert STRUCK in caplog.text
    for token in (SECRET, *tokens):
        assert token not in caplog.text


def test_tokens_are_struck_out_of_tracebacks_too() -> None:
    formatter = Discreet("%(message)s", [SECRET, ""])
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "sent %s", (SECRET,), None)
    of_an_interaction = "aW50" * 9
    try:
        raise ValueError(f"{SECRET} at /api/v10/webhooks/12/{of_an_interaction}/messages")
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    text = formatter.format(record)
    assert SECRET not in text
    assert of_an_interaction not in text
    assert f"ValueError: {STRUCK} at /api/v10/webhooks/12/{STRUCK}/messages" in text


# Permissions -------------------------------------------------------------------------------------


def channel(house: House, name: str) -> Channel:
    return next(found for found in house.world.channels.values() if found.name == name)


def forbid(house: House, name: str, what: int) -> None:
    """Take something from the bot in one channel."""
    house.world.set_overwrite(channel(house, name), house.world.bot, deny=what)


SIX = {"time": "18:00", "zone": "UTC"}


def outcomes(house: House, name: str) -> list[str]:
    """What came of the slots of a channel's post, oldest first."""
    found = house.rows(
        "select outcome from posts join schedules on schedules.id = schedule_id"
        " where channel_id = ? order by local_date",
        channel(house, name).id,
    )
    return [outcome for (outcome,) in found]


LACKING = {
    "View Channel": permissions.VIEW_CHANNEL,
    "Read Message History": permissions.READ_MESSAGE_HISTORY,
    "Add Reactions": permissions.ADD_REACTIONS,
}


@pytest.mark.parametrize("name", [*LACKING, "Send Messages"])
async def test_setup_warns_of_what_it_lacks(house: House, mira: Person, name: str) -> None:
    what = LACKING.get(name, permissions.SEND_MESSAGES)
    forbid(house, "lounge", what)
    outcome = await mira.command(
        "films", "setup post", channel=mira.channel("lounge"), time="19:00", zone="Europe/Paris"
    )
    assert outcome.error is None
    assert "⚠️" in outcome.text
    assert name in outcome.text
    asked = "select post_time, zone from schedules join guilds on guilds.id = guild_id"
    kept = house.rows(f"{asked} where theme != 'digest'")
    assert kept == [("19:00", "Europe/Paris")]


async def test_setup_does_not_warn_where_nothing_lacks(house: House, mira: Person) -> None:
    outcome = await mira.command(
        "films", "setup post", channel=mira.channel("lounge"), time="19:00"
    )
    assert "⚠️" not in outcome.text


@pytest.mark.parametrize("name", LACKING)
async def test_where_reactions_do_not_reach_there_are_buttons(
    house: House, mira: Person, name: str
) -> None:
    forbid(house, "lounge", LACKING[name])
    outcome = await mira.command("lounge", "recommend")
    assert outcome.error is None
    assert "React to rate" not in outcome.text
    assert f"give me {name}" in outcome.text or f"{name} here" in outcome.text
    assert {"Loved", "Liked"} <= buttons_of(outcome.message or {}).keys()
    rated = await mira.click(outcome.message, "Loved")
    assert "Saved" in rated.text
    assert house.rows("select stars from ratings") == [(5.0,)]
    again = await mira.command("lounge", "recommend")
    assert "For the people who manage this server" not in again.text, "told once"


@pytest.mark.clock
async def test_a_refused_post_stops_the_schedule_and_tells_the_manager_once(
    house: House, mira: Person
) -> None:
    """The post of another channel shows when a slot has come and everything due then is done."""
    house.world.clock.set(at(1, "17:58", "UTC"))
    for place in ("lounge", "films"):
        await mira.command("films", "setup post", channel=mira.channel(place), **SIX)
    forbid(house, "lounge", permissions.SEND_MESSAGES)

    async def told() -> list[dict[str, Any]]:
        return [x for x in await mira.messages("dm") if "I may not post in #lounge" in text_of(x)]

    async def the_slot_of(number: int) -> None:
        house.world.clock.set(at(number, "18:01", "UTC"))
        await until(lambda: outcomes(house, "films") == ["sent"] * number, f"post {number}")

    await the_slot_of(1)
    await until(lambda: _some(told()), "the manager hears of it")
    await the_slot_of(2)
    assert len(await told()) == 1
    assert "`/setup post`" in text_of((await told())[0])
    assert outcomes(house, "lounge") == ["refused"]
    shown = await mira.command("films", "setup show")
    assert "**stopped**" in shown.text

    house.world.set_overwrite(channel(house, "lounge"), house.world.bot)
    await mira.command("films", "setup post", channel=mira.channel("lounge"), **SIX)
    await the_slot_of(3)
    await until(lambda: outcomes(house, "lounge") == ["refused", "sent"], "it posts again")
    assert len(await told()) == 1


@pytest.mark.clock
async def test_a_channel_that_is_gone_stops_the_schedule(house: House, mira: Person) -> None:
    house.world.clock.set(at(1, "17:58", "UTC"))
    await mira.command("films", "setup post", channel=mira.channel("lounge"), **SIX)
    house.world.remove_channel(channel(house, "lounge"))
    await mira.set_clock(advance=180)
    await until(lambda: _some(mira.messages("dm")), "the manager hears of it")
    (message,) = await mira.messages("dm")
    assert "no longer see the channel" in text_of(message)
    shown = await mira.command("films", "setup show")
    assert "the channel is gone" in shown.text


async def _some(found: Any) -> bool:
    return bool(await found)
