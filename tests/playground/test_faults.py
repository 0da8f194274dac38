"""What goes wrong in the local Discord on purpose, as an unmodified discord.py meets it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from tests.clock import PATIENCE_SECONDS
from tests.playground.stage import RawRest, Stage, open_stage, refused


@pytest.fixture
async def stage(record: Path) -> AsyncIterator[Stage]:
    async with open_stage(record, rate_limits=False) as stage:
        yield stage


@pytest.fixture
async def raw(stage: Stage) -> AsyncIterator[RawRest]:
    async with RawRest(stage.local.port, stage.local.ca_pem) as raw:
        yield raw


def sent_in(stage: Stage, channel: str) -> list[str]:
    """Returns the texts of a channel's messages."""
    return [x.content for x in stage.world.channels[stage.room(channel).id].messages.values()]


async def test_the_gateway_is_away_and_the_session_is_lost(stage: Stage) -> None:
    """A reconnection that fails makes AutoShardedBot identify again: what happened is not told."""
    june = await stage.person("june")
    stage.local.faults.down("gateway")
    await stage.bot.until("shard_disconnect")
    await june.say("films", "while away")
    async with asyncio.timeout(PATIENCE_SECONDS):
        # The first refusal may be the end of a connection that aiohttp kept open; it tries again.
        while stage.local.faults.met < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    stage.local.faults.up()
    await stage.bot.until("shard_ready", 2)
    assert stage.bot.count("message") == 0
    assert stage.bot.count("shard_resumed") == 0


async def test_an_absence_ends_by_itself(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    now, faults = [0.0], stage.local.faults
    clock = SimpleNamespace(monotonic=lambda: now[0])
    monkeypatch.setattr("bot.playground.world.faults.time", clock)
    faults.down(seconds=60)
    assert faults.is_down("gateway")
    assert faults.is_down("rest")
    now[0] = 60.0
    assert not faults.is_down("gateway")
    assert (await stage.room("films").send("hello")).content == "hello"


async def test_rest_is_away_while_the_gateway_stays(stage: Stage) -> None:
    june = await stage.person("june")
    stage.local.faults.down("rest")
    with pytest.raises(aiohttp.ClientConnectionError):
        await stage.room("films").send("hello")
    assert sent_in(stage, "films") == []
    await june.say("films", "the gateway still tells")
    await stage.bot.until("message")
    stage.local.faults.clear()
    await stage.room("films").send("hello")


@pytest.mark.parametrize("code", [4003, 4006, 4007, 4009])
async def test_close_codes_that_end_the_session(stage: Stage, code: int) -> None:
    stage.local.drop_gateway(code)
    await stage.bot.until("shard_ready", 2)
    assert stage.bot.count("shard_resumed") == 0


@pytest.mark.parametrize("code", [4010, 4011, 4012, 4013])
async def test_close_codes_that_are_final(stage: Stage, code: int) -> None:
    stage.local.drop_gateway(code)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not stage.bot.is_closed():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("status", [403, 502, 503])
async def test_cloudflares_page_has_no_code(raw: RawRest, stage: Stage, status: int) -> None:
    stage.local.faults.page("GET", r"/channels/\d+$", status)
    session: Any = raw._session
    url = f"https://discord.com/api/v10/channels/{stage.room('films').id}"
    async with session.get(url) as response:
        assert (response.status, response.content_type) == (status, "text/html")
        assert f"Error code {status}" in await response.text()
    if status == 403:
        stage.local.faults.page("POST", "/messages$", 403)
        error = await refused(stage.room("films").send("hello"))
        assert isinstance(error, discord.Forbidden)
        assert error.code == 0


async def test_a_request_is_carried_out_and_its_answer_lost(stage: Stage) -> None:
    faults = stage.local.faults
    faults.cut("POST", "/messages$")
    with pytest.raises(aiohttp.ClientConnectionError):
        await stage.room("films").send("never arrives")
    faults.cut("POST", "/messages$", carried_out=True)
    with pytest.raises(aiohttp.ClientConnectionError):
        await stage.room("films").send("arrives")
    faults.cut("POST", "/messages$", halfway=True)
    with pytest.raises(aiohttp.ClientError):
        await stage.room("films").send("arrives too")
    faults.page("POST", "/messages$", 403, carried_out=True)
    await refused(stage.room("films").send("and this"))
    assert sent_in(stage, "films") == ["arrives", "arrives too", "and this"]
    assert (faults.met, faults.waiting()) == (4, 0)


async def test_only_the_ordered_requests_fail(stage: Stage) -> None:
    stage.local.faults.answer("", f"{stage.room('lounge').id}", 400, code=50035, times=2)
    await stage.room("films").send("fine")
    assert (await refused(stage.room("lounge").send("x"))).code == 50035
    assert (await refused(stage.room("lounge").fetch_message(5))).code == 50035
    await stage.room("lounge").send("fine again")


async def test_super_reactions_are_kept_apart(stage: Stage) -> None:
    june, mira = await stage.person("june"), await stage.person("mira")
    card = await stage.room("films").send("a card")
    shown = (await june.messages("films"))[0]
    await june.react(shown, "❤️", burst=True)
    await june.react(shown, "❤️")
    await mira.react(shown, "❤️")
    (added,) = await stage.bot.until("raw_reaction_add")
    assert (added.burst, added.type) == (True, discord.ReactionType.burst)
    (found,) = (await card.fetch()).reactions
    assert (found.count, found.normal_count, found.burst_count, found.me) == (3, 2, 1, False)
    normal = [x.name async for x in found.users(type=discord.ReactionType.normal)]
    burst = [x.name async for x in found.users(type=discord.ReactionType.burst)]
    assert (sorted(normal), burst) == (["june", "mira"], ["june"])
    await june.unreact(shown, "❤️", burst=True)
    (removed,) = await stage.bot.until("raw_reaction_remove")
    assert (removed.burst, removed.type) == (True, discord.ReactionType.burst)
    (left,) = (await card.fetch()).reactions
    assert (left.normal_count, left.burst_count) == (2, 0)
