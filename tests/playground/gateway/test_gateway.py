"""The gateway with a real discord.py: login, resuming, invalid sessions, intents, close codes."""

import asyncio
import json
import zlib
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest

from bot.playground import LocalDiscord, connector, start
from bot.playground.records import permissions
from bot.playground.world import intents
from bot.playground.world.state import TOKEN
from tests.clock import PATIENCE_SECONDS, club_world
from tests.playground.stage import SmallBot, Stage, open_stage


async def test_ready_lists_the_guild_and_its_channels(stage: Stage) -> None:
    assert stage.bot.user is not None
    assert stage.bot.user.name == "Matinee"
    assert stage.bot.application_id == stage.bot.user.id
    assert [x.name for x in stage.guild.text_channels] == [
        "films",
        "lounge",
        "announcements",
        "late-show",
    ]
    assert stage.room("late-show").is_nsfw()
    assert stage.guild.me.id == stage.bot.user.id
    assert stage.guild.member_count == 6
    assert [x.id for x in stage.guild.members] == [stage.bot.user.id]  # no members intent
    assert stage.world.bot_online


async def test_a_wrong_token_is_refused_at_login(record: Path) -> None:
    with pytest.raises(discord.LoginFailure):
        async with open_stage(record, token="wrong"):
            pass


async def test_a_token_that_ends_closes_the_gateway_for_good(stage: Stage) -> None:
    stage.world.tokens.clear()
    stage.local.drop_gateway()
    await stage.bot.until("shard_disconnect")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not stage.bot.is_closed():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("code", [None, 1000, 4000])
async def test_missed_events_are_replayed(stage: Stage, code: int | None) -> None:
    june = await stage.person("june")
    await june.say("films", "before")
    await stage.bot.until("message")
    stage.local.drop_gateway(code)
    await june.say("films", "while away")
    await june.say("lounge", "and again")
    await stage.bot.until("shard_resumed")
    await stage.bot.until("message", 3)
    channels = [args[0].channel.name for name, args in stage.bot.events if name == "message"]
    assert channels == ["films", "films", "lounge"]
    assert stage.bot.count("shard_ready") == 1


async def test_a_timed_out_session_starts_again(record: Path) -> None:
    async with open_stage(record, rate_limits=False) as stage:
        stage.local.drop_gateway(4009)
        await stage.bot.until("shard_ready", 2)
        assert stage.bot.count("shard_resumed") == 0


async def test_the_bot_resumes_when_it_is_asked_to_reconnect(stage: Stage) -> None:
    june = await stage.person("june")
    stage.local.disconnect()
    await stage.bot.until("shard_resumed")
    await june.say("films", "hello")
    await stage.bot.until("message")
    assert stage.bot.count("shard_ready") == 1


async def test_an_invalid_session_starts_again(record: Path) -> None:
    async with open_stage(record, rate_limits=False) as stage:
        stage.local.invalidate_sessions()
        await stage.bot.until("shard_ready", 2)
        june = await stage.person("june")
        await june.say("films", "hello")
        await stage.bot.until("message")


async def test_a_resumable_invalid_session_is_resumed(stage: Stage) -> None:
    stage.local.invalidate_sessions(resumable=True)
    await stage.bot.until("shard_resumed")
    assert stage.bot.count("shard_ready") == 1


async def test_the_end_of_the_bot_is_noticed(record: Path) -> None:
    async with open_stage(record) as stage:
        await stage.bot.close()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while stage.world.bot_online:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_content_is_blank_without_its_intent(stage: Stage) -> None:
    june = await stage.person("june")
    assert stage.bot.user is not None
    await june.say("films", "secret")
    await june.say("films", f"<@{stage.bot.user.id}> for you")
    await june.say("dm", "in private")
    await stage.bot.until("message", 3)
    seen = [args[0].content for name, args in stage.bot.events if name == "message"]
    assert seen == ["", f"<@{stage.bot.user.id}> for you", "in private"]


async def test_content_comes_with_its_intent(record: Path) -> None:
    world = club_world()
    world.application.privileged = intents.MESSAGE_CONTENT
    wanted = discord.Intents(guilds=True, guild_messages=True, message_content=True)
    async with open_stage(record, world=world, intents=wanted) as stage:
        assert stage.bot.application_flags.gateway_message_content_limited
        june = await stage.person("june")
        await june.say("films", "no secret")
        (message,) = await stage.bot.until("message")
        assert message.content == "no secret"


async def test_a_privileged_intent_needs_approval(record: Path) -> None:
    wanted = discord.Intents(guilds=True, members=True)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with open_stage(record, intents=wanted):
            pass


async def test_events_come_only_with_their_intents(record: Path) -> None:
    async with open_stage(record, intents=discord.Intents(guilds=True)) as stage:
        june = await stage.person("june")
        message = await june.say("films", "hello")
        await june.react(message, "👍")
        await june.say("dm", "hello")
        stage.world.add_channel(next(iter(stage.world.guilds.values())), "new")
        await stage.bot.until("guild_channel_create")
        assert stage.bot.count("message") == 0
        assert stage.bot.count("raw_reaction_add") == 0


async def test_nothing_comes_from_where_the_bot_cannot_see(stage: Stage) -> None:
    june = await stage.person("june")
    films = stage.world.channels[stage.room("films").id]
    stage.world.set_overwrite(films, stage.world.bot, deny=permissions.VIEW_CHANNEL)
    await june.say("films", "unseen")
    await june.say("lounge", "seen")
    (message,) = await stage.bot.until("message")
    assert message.channel.name == "lounge"


async def test_changes_of_the_guild_are_sent(stage: Stage) -> None:
    world, bot = stage.world, stage.bot
    guild = world.guilds[stage.guild.id]
    role = world.add_role(guild, "critics", 0)
    await bot.until("guild_role_create")
    world.set_role(guild, role, 8)
    await bot.until("guild_role_update")
    channel = world.add_channel(guild, "shorts")
    await bot.until("guild_channel_create")
    world.set_overwrite(channel, role, deny=1 << 11)
    await bot.until("guild_channel_update")
    assert stage.room("shorts").overwrites
    world.remove_channel(channel)
    await bot.until("guild_channel_delete")
    world.add_emoji(guild, "popcorn")
    other = world.add_guild("Elsewhere", world.people()[0])
    await bot.until("guild_join")
    assert len(bot.guilds) == 2
    world.remove_guild(other)
    await bot.until("guild_remove")
    assert len(bot.guilds) == 1


async def test_members_can_be_asked_for_by_id(stage: Stage) -> None:
    june = next(x for x in stage.world.people() if x.username == "june")
    found = await stage.guild.query_members(user_ids=[june.id])
    assert [x.id for x in found] == [june.id]
    found = await stage.guild.query_members("tom")
    assert [x.name for x in found] == ["tomas"]


async def test_two_shards_share_the_guilds(record: Path) -> None:
    world = club_world()
    for number in range(5):
        world.add_guild(f"guild {number}", world.people()[0], id=(1 << 60) + (number << 22))
    async with start(world, record=record, rate_limits=False) as local:
        bot = SmallBot(local, shard_count=2)
        bot.patient = False
        running = asyncio.create_task(bot.start(TOKEN))
        await bot.until("ready")
        assert len(bot.guilds) == 6
        assert {x.shard_id for x in bot.guilds} == {0, 1}
        await bot.close()
        await running


# --- raw frames, which discord.py does not send --------------------------------------------------


class Raw:
    """A gateway connection without discord.py."""

    def __init__(self, local: LocalDiscord, query: str = "") -> None:
        self.local = local
        self.query = query

    async def __aenter__(self) -> "Raw":
        self._session = aiohttp.ClientSession(
            connector=connector(self.local.port, self.local.ca_pem)
        )
        url = f"https://gateway.discord.gg/?v=10&encoding=json{self.query}"
        self.socket = await self._session.ws_connect(url)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()
        await self._session.close()

    async def next(self) -> dict[str, Any]:
        return dict(json.loads(await self.socket.receive_str(timeout=PATIENCE_SECONDS)))

    async def closed_with(self) -> int | None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                message = await self.socket.receive()
                if message.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                    return self.socket.close_code

    async def identify(self, **more: Any) -> None:
        await self.socket.send_json({"op": 2, "d": {"token": TOKEN, "intents": 1} | more})


async def test_hello_comes_first_and_heartbeats_are_answered_before_identifying() -> None:
    async with start(club_world()) as local, Raw(local) as raw:
        hello = await raw.next()
        assert hello["op"] == 10
        assert hello["d"]["heartbeat_interval"] == 41250
        await raw.socket.send_json({"op": 1, "d": None})
        assert (await raw.next())["op"] == 11


async def test_frames_are_one_zlib_stream_when_asked_for() -> None:
    async with start(club_world()) as local, Raw(local, "&compress=zlib-stream") as raw:
        unpack = zlib.decompressobj()
        first = await raw.socket.receive_bytes(timeout=PATIENCE_SECONDS)
        assert first.endswith(b"\x00\x00\xff\xff")
        assert json.loads(unpack.decompress(first))["op"] == 10
        await raw.identify()
        second = await raw.socket.receive_bytes(timeout=PATIENCE_SECONDS)
        ready = json.loads(unpack.decompress(second))
        assert ready["t"] == "READY"
        assert all(x["unavailable"] for x in ready["d"]["guilds"])
        assert ready["d"]["resume_gateway_url"].startswith("wss://")


CLOSING_FRAMES: dict[str, tuple[list[Any], int]] = {
    "an unknown op": ([{"op": 99}], 4003),
    "no JSON": (["{"], 4002),
    "no object": (["[]"], 4002),
    "too long": ([{"op": 1, "d": "x" * 4096}], 4002),
    "not identified": ([{"op": 3, "d": {}}], 4003),
    "wrong token": ([{"op": 2, "d": {"token": "no", "intents": 1}}], 4004),
    "bad intents": ([{"op": 2, "d": {"token": TOKEN, "intents": 1 << 30}}], 4013),
    "no intents": ([{"op": 2, "d": {"token": TOKEN}}], 4013),
    "privileged": ([{"op": 2, "d": {"token": TOKEN, "intents": 1 << 15}}], 4014),
    "bad shard": ([{"op": 2, "d": {"token": TOKEN, "intents": 1, "shard": [2, 2]}}], 4010),
    "identified twice": ([{"op": 2, "d": {"token": TOKEN, "intents": 1}}] * 2, 4005),
    "unknown op later": ([{"op": 2, "d": {"token": TOKEN, "intents": 1}}, {"op": 50}], 4001),
}


@pytest.mark.parametrize("name", CLOSING_FRAMES)
async def test_close_codes(name: str) -> None:
    frames, code = CLOSING_FRAMES[name]
    async with start(club_world()) as local, Raw(local) as raw:
        for frame in frames:
            await raw.socket.send_str(frame if isinstance(frame, str) else json.dumps(frame))
        assert await raw.closed_with() == code


async def test_too_many_sends_close() -> None:
    async with start(club_world()) as local, Raw(local) as raw:
        for _ in range(121):
            await raw.socket.send_json({"op": 1, "d": None})
        assert await raw.closed_with() == 4008


async def test_a_silent_connection_is_closed() -> None:
    async with start(club_world(), heartbeat_seconds=0.05) as local, Raw(local) as raw:
        assert await raw.closed_with() == 4009


async def test_identifying_again_too_soon_is_an_invalid_session() -> None:
    async with start(club_world()) as local:
        for expected in (0, 9):
            async with Raw(local) as raw:
                await raw.next()
                await raw.identify()
                assert (await raw.next())["op"] == expected


async def test_a_thousand_sessions_a_day() -> None:
    async with start(club_world()) as local, Raw(local) as raw:
        local.world.identifies = 1000
        await raw.identify()
        assert await raw.closed_with() == 4004


async def test_a_connection_may_identify_again_after_an_invalid_session() -> None:
    async with start(club_world(), rate_limits=False) as local, Raw(local) as raw:
        await raw.next()
        await raw.identify()
        first = (await raw.next())["d"]["session_id"]
        await raw.next()
        local.invalidate_sessions()
        assert (await raw.next())["op"] == 9
        await raw.identify()
        assert (await raw.next())["d"]["session_id"] != first


async def test_a_session_of_someone_else_cannot_be_resumed() -> None:
    async with start(club_world()) as local, Raw(local) as raw:
        await raw.next()
        data = {"token": TOKEN, "session_id": "unknown", "seq": 0}
        await raw.socket.send_json({"op": 6, "d": data})
        assert await raw.next() == {"op": 9, "d": False, "s": None, "t": None}


async def test_a_sequence_from_the_future_closes() -> None:
    async with start(club_world()) as local:
        async with Raw(local) as raw:
            await raw.next()
            await raw.identify()
            session = (await raw.next())["d"]["session_id"]
            local.drop_gateway()
        async with Raw(local) as raw:
            data = {"token": TOKEN, "session_id": session, "seq": 1000}
            await raw.socket.send_json({"op": 6, "d": data})
            assert await raw.closed_with() == 4007
