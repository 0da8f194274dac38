"""Discord refuses a token, a session or a permission.

The operator or manager gets one clear sentence. No log at any level contains a token.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli.main import run_or_stop
from bot.errors import CannotConnect
from bot.observability.logs import TOKEN_MASK, Discreet
from bot.playground import LocalDiscord, Person, World, connector, start
from bot.playground.records import permissions
from bot.playground.records.channels import Channel
from bot.playground.testing import buttons_of, text_of
from bot.run import run_bot
from bot.settings import Settings
from bot.wiring import open_app
from tests.clock import PATIENCE_SECONDS, at, club_world
from tests.house import FEW_FILMS, House, running, stocked, until

SECRET = "MTIzNDU2Nzg5.GhIjKl.a-very-secret-token"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path, max_films=FEW_FILMS) as house:
        yield house


@pytest.fixture
async def mira(house: House) -> AsyncIterator[Person]:
    async with house.member("mira") as person:
        yield person


async def run_with(folder: Path, world: World, token: str) -> None:
    """Runs the bot with a token in a world, until Discord refuses the token."""
    await stocked(folder / "data" / "matinee.sqlite3", FEW_FILMS)
    async with (
        start(world) as local,
        open_app(Settings(data=folder / "data"), world.clock.now) as app,
    ):
        door = connector(local.port, local.ca_pem)
        await run_bot(app, token, connector=door, handle_signals=False)


# Tokens ------------------------------------------------------------------------------------------


def test_a_token_that_discord_does_not_know(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        run_or_stop(run_with(tmp_path, club_world(), SECRET))
    assert ended.value.exit_code == 1
    printed = capsys.readouterr().err
    assert printed.startswith("Matinee had to stop: Discord refused the token.")
    assert "DISCORD_TOKEN" in printed
    assert "Traceback" not in printed
    assert SECRET not in printed


@pytest.mark.parametrize("cut", [None, 1000])
async def test_a_token_that_is_reset_while_the_bot_runs(tmp_path: Path, cut: int | None) -> None:
    await stocked(tmp_path / "data" / "matinee.sqlite3", FEW_FILMS)
    world = club_world()
    world.tokens = {SECRET}
    async with (
        start(world) as local,
        open_app(Settings(data=tmp_path / "data"), world.clock.now) as app,
    ):
        door = connector(local.port, local.ca_pem)
        bot = asyncio.create_task(run_bot(app, SECRET, connector=door, handle_signals=False))
        await until(lambda: world.bot_online, "the bot is in")
        world.tokens = {"another"}
        local.drop_gateway(cut)
        with pytest.raises(CannotConnect, match="token-refused-later"):
            await asyncio.wait_for(bot, PATIENCE_SECONDS)


async def test_no_token_in_the_log_of_a_whole_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="discord")
    caplog.handler.setFormatter(Discreet("%(name)s %(message)s", [SECRET]))
    await stocked(tmp_path / "data" / "matinee.sqlite3", FEW_FILMS)
    world = club_world()
    world.tokens = {SECRET}
    tokens: list[str] = []

    async def visit(local: LocalDiscord) -> None:
        async with Person(local.page_url, "mira") as mira:
            card = await mira.command("films", "recommend")
            assert card.error is None
            await mira.click(card.message, "Another")
            tokens.extend(world.interaction_tokens)

    stop = asyncio.Event()
    async with (
        start(world) as local,
        open_app(Settings(data=tmp_path / "data"), world.clock.now) as app,
        asyncio.TaskGroup() as group,
    ):
        door = connector(local.port, local.ca_pem)
        group.create_task(run_bot(app, SECRET, connector=door, stop=stop, handle_signals=False))
        await until(lambda: world.bot_online, "the bot is in")
        await visit(local)
        stop.set()
    assert len(tokens) == 2
    assert "discord.gateway" in caplog.text, "the loudest log there is"
    assert TOKEN_MASK in caplog.text
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
    assert f"ValueError: {TOKEN_MASK} at /api/v10/webhooks/12/{TOKEN_MASK}/messages" in text


# Permissions -------------------------------------------------------------------------------------


def channel(house: House, name: str) -> Channel:
    return next(found for found in house.world.channels.values() if found.name == name)


def forbid(house: House, name: str, what: int) -> None:
    """Takes a permission from the bot in one channel."""
    house.world.set_overwrite(channel(house, name), house.world.bot, deny=what)


SIX_OCLOCK = {"time": "18:00", "zone": "UTC"}


def outcomes(house: House, name: str) -> list[str]:
    """Returns the outcomes of the slots of a channel's post, oldest first."""
    found = house.rows(
        "select outcome from posts join schedules on schedules.id = schedule_id"
        " where channel_id = ? order by local_date",
        channel(house, name).id,
    )
    return [outcome for (outcome,) in found]


MISSING_PERMISSIONS = {
    "View Channel": permissions.VIEW_CHANNEL,
    "Read Message History": permissions.READ_MESSAGE_HISTORY,
    "Add Reactions": permissions.ADD_REACTIONS,
}


@pytest.mark.parametrize("name", [*MISSING_PERMISSIONS, "Send Messages"])
async def test_setup_warns_of_missing_permissions(house: House, mira: Person, name: str) -> None:
    what = MISSING_PERMISSIONS.get(name, permissions.SEND_MESSAGES)
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


async def test_setup_does_not_warn_if_no_permission_is_missing(house: House, mira: Person) -> None:
    outcome = await mira.command(
        "films", "setup post", channel=mira.channel("lounge"), time="19:00"
    )
    assert "⚠️" not in outcome.text


@pytest.mark.parametrize("name", MISSING_PERMISSIONS)
async def test_channels_without_reactions_get_buttons(
    house: House, mira: Person, name: str
) -> None:
    forbid(house, "lounge", MISSING_PERMISSIONS[name])
    outcome = await mira.command("lounge", "recommend")
    assert outcome.error is None
    assert "React to rate" not in outcome.text
    assert "I can't see reactions" in outcome.text
    assert name in outcome.text
    assert {"Loved", "Liked"} <= buttons_of(outcome.message or {}).keys()
    rated = await mira.click(outcome.message, "Loved")
    assert "Got it" in rated.text
    assert house.rows("select stars from ratings") == [(5.0,)]
    again = await mira.command("lounge", "recommend")
    assert "If you manage this server" not in again.text, "told once"


@pytest.mark.clock
async def test_a_refused_post_stops_the_schedule_and_tells_the_manager_once(
    house: House, mira: Person
) -> None:
    """The post in another channel shows that the slot is over."""
    house.world.clock.set(at(1, "17:58", "UTC"))
    for place in ("lounge", "films"):
        await mira.command("films", "setup post", channel=mira.channel(place), **SIX_OCLOCK)
    forbid(house, "lounge", permissions.SEND_MESSAGES)

    async def warnings() -> list[dict[str, Any]]:
        return [
            x for x in await mira.messages("dm") if "not allowed to post in #lounge" in text_of(x)
        ]

    async def the_slot_of(number: int) -> None:
        house.world.clock.set(at(number, "18:01", "UTC"))
        await until(lambda: outcomes(house, "films") == ["sent"] * number, f"post {number}")

    await the_slot_of(1)
    await until(lambda: _some(warnings()), "the manager hears of it")
    await the_slot_of(2)
    assert len(await warnings()) == 1
    assert "`/setup post`" in text_of((await warnings())[0])
    assert outcomes(house, "lounge") == ["refused"]
    shown = await mira.command("films", "setup show")
    assert "**stopped**" in shown.text

    house.world.set_overwrite(channel(house, "lounge"), house.world.bot)
    await mira.command("films", "setup post", channel=mira.channel("lounge"), **SIX_OCLOCK)
    await the_slot_of(3)
    await until(lambda: outcomes(house, "lounge") == ["refused", "sent"], "it posts again")
    assert len(await warnings()) == 1


@pytest.mark.clock
async def test_a_channel_that_is_gone_stops_the_schedule(house: House, mira: Person) -> None:
    house.world.clock.set(at(1, "17:58", "UTC"))
    await mira.command("films", "setup post", channel=mira.channel("lounge"), **SIX_OCLOCK)
    house.world.remove_channel(channel(house, "lounge"))
    await mira.set_clock(advance=180)
    claimed = "select outcome from posts"
    await until(lambda: house.rows(claimed) == [(None,)], "the slot is claimed")

    async def told() -> bool:
        if await mira.messages("dm"):
            return True
        await mira.set_clock(advance=30)  # Discord's first answer may come only after it was set
        return False

    await until(told, "she is told", every=0.1)
    (message,) = await mira.messages("dm")
    assert "can't see the channel" in text_of(message)
    shown = await mira.command("films", "setup show")
    assert "**stopped**: The channel has been deleted, or I can't see it any more." in shown.text


async def _some(found: Any) -> bool:
    return bool(await found)
