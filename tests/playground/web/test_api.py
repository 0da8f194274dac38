"""The page's server side: access, answers and live events."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.playground import LocalDiscord, Person, connector, start
from bot.playground.records import permissions as p
from bot.playground.server import PortInUse
from bot.playground.testing import Refused
from bot.playground.web.api import FOLDER
from tests.clock import NOW, PATIENCE_SECONDS, club_world
from tests.playground.stage import Stage, open_stage


@pytest.fixture
async def local() -> AsyncIterator[LocalDiscord]:
    async with start(club_world()) as local:
        yield local


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.clock
async def test_state(local: LocalDiscord) -> None:
    async with Person(local.page_url, "june") as june:
        state = await june.refresh()
    assert state["me"]["username"] == "june"
    assert [x["global_name"] for x in state["members"]] == ["Mira", "Tomás", "June", "Olek"]
    assert [x["manager"] for x in state["members"]] == [True, False, False, False]
    (guild,) = state["guilds"]
    places = {x["name"]: x for x in guild["channels"]}
    assert places["films"]["can_send"]
    assert not places["announcements"]["can_send"]
    assert places["late-show"]["nsfw"]
    assert state["dms"][0]["recipient"]["bot"]
    assert state["bot"]["online"] is False
    assert state["commands"] == []
    now = datetime.fromisoformat(state["clock"]["now"])
    assert NOW <= now <= local.world.clock.now()
    assert state["clock"]["real"] is False


async def test_ids_are_the_same_in_every_run() -> None:
    one, other = club_world(), club_world()
    assert list(one.users) == list(other.users)
    assert list(one.channels) == list(other.channels)
    assert list(one.guilds) == list(other.guilds)


async def test_other_hosts_and_sites_are_turned_away(
    local: LocalDiscord, session: aiohttp.ClientSession
) -> None:
    url = f"{local.page_url}/api/state"
    for headers, status in (
        ({}, 200),
        ({"Host": f"localhost:{local.page_url.rpartition(':')[2]}"}, 200),
        ({"Host": "[::1]:80"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example:80"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": local.page_url}, 200),
    ):
        async with session.get(url, headers=headers) as response:
            assert response.status == status, headers
    body = b'{"real": true}'
    for headers, status in (
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/json", "Origin": "null"}, 403),
        ({"Content-Type": "application/json"}, 200),
    ):
        url = f"{local.page_url}/api/clock"
        async with session.post(url, data=body, headers=headers) as response:
            assert response.status == status, headers


async def test_only_files_of_the_page_are_served(
    local: LocalDiscord, session: aiohttp.ClientSession
) -> None:
    for path in ("/page/..%2fserver.py", "/page/.hidden", "/page/none.js", "/page/%2e%2e/x"):
        async with session.get(local.page_url + path) as response:
            assert response.status == 404, path
    for file in FOLDER.glob("*.*"):
        async with session.get(f"{local.page_url}/page/{file.name}") as response:
            assert response.status == 200, file
            assert await response.read() == file.read_bytes()


async def test_files_are_kept_as_long_as_they_are_the_same(
    local: LocalDiscord, session: aiohttp.ClientSession
) -> None:
    async with session.get(f"{local.page_url}/") as response:
        assert response.headers["Cache-Control"] == "no-cache"
        page = await response.text()
    named = set(re.findall(r'"(/page/[^"]*)"', page))
    assert len(named) >= 5
    for path in named:
        async with session.get(local.page_url + path) as response:
            assert response.status == 200, path
            assert "immutable" in response.headers["Cache-Control"], path
    for path in ("/page/app.js", "/page/an-earlier-version/app.js"):
        async with session.get(local.page_url + path) as response:
            assert response.headers["Cache-Control"] == "no-cache", path


async def test_bad_requests_get_a_sentence(
    local: LocalDiscord, session: aiohttp.ClientSession
) -> None:
    for data in (b"{", b"[]", b"\xff"):
        async with session.post(
            f"{local.page_url}/api/messages",
            data=data,
            headers={"Content-Type": "application/json"},
        ) as response:
            assert response.status == 400
            assert "JSON" in (await response.json())["error"]
    async with Person(local.page_url, "june") as june:
        for sentence, what in (
            ("no such channel", lambda: june.say("5", "x")),
            ("content: Must be", lambda: june.say("films", "x" * 2001)),
            ("empty message", lambda: june.say("films", "  ")),
            ("Missing Permissions", lambda: june.say("announcements", "x")),
            ("clock was not set", lambda: june.set_clock("yesterday")),
            ("clock was not set", lambda: june.set_clock("1990-01-01T00:00:00Z")),
            ("clock was not set", lambda: june.set_clock("2026-01-01T00:00:00")),
            ("no such interaction", lambda: june.wait_for("5")),
        ):
            with pytest.raises(Refused, match=sentence):
                await what()
    with pytest.raises(Refused, match="no member 'nobody'"):
        async with Person(local.page_url, "nobody"):
            pass


async def test_a_private_channel_is_not_shown(local: LocalDiscord) -> None:
    world = local.world
    guild = next(iter(world.guilds.values()))
    secret = world.add_channel(guild, "secret")
    world.set_overwrite(secret, guild.roles[guild.id], deny=p.VIEW_CHANNEL)
    async with Person(local.page_url, "june") as june:
        with pytest.raises(Refused, match="no such channel"):
            await june.say(secret.id, "x")
        with pytest.raises(Refused, match="no such channel"):
            await june.messages(secret.id)


async def test_messages_page_backwards(local: LocalDiscord) -> None:
    async with Person(local.page_url, "june") as june:
        ids = [(await june.say("films", str(x)))["id"] for x in range(5)]
        last = await june.messages("films", 2)
        assert [x["id"] for x in last] == ids[3:]
        channel = june.channel("films")
        earlier = await june._call(
            "GET", "/api/messages", channel=channel, before=ids[3], limit="2"
        )
        assert [x["id"] for x in earlier] == ids[1:3]


async def test_who_may_delete(local: LocalDiscord) -> None:
    async with Person(local.page_url, "june") as june, Person(local.page_url, "mira") as mira:
        mira_message, june_message = await mira.say("films", "a"), await june.say("films", "b")
        with pytest.raises(Refused, match="moderators"):
            await june.delete_message(mira_message)
        await june.delete_message(june_message)
        await mira.delete_message(mira_message)
        assert await june.messages("films") == []


class LiveListener:
    """Receives what the server sends to one member's page."""

    def __init__(self, session: aiohttp.ClientSession, url: str, name: str) -> None:
        self._opening = session.ws_connect(f"{url}/api/live?as={name}")

    async def __aenter__(self) -> "LiveListener":
        self.socket = await self._opening
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()

    async def next(self, kind: str) -> dict[str, Any]:
        """Returns the next event of a kind. Other events are skipped."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                event: dict[str, Any] = await self.socket.receive_json()
                if event["type"] == kind:
                    return event


async def test_live(record: Path, session: aiohttp.ClientSession) -> None:
    def prepare(bot: Any) -> None:
        @bot.tree.command(description="d")
        async def whisper(interaction: Any) -> None:
            await interaction.response.send_message("psst", ephemeral=True)

    async with open_stage(record, prepare=prepare) as stage:
        url = stage.local.page_url
        june = await stage.person("june")
        async with (
            LiveListener(session, url, "june") as hers,
            LiveListener(session, url, "mira") as others,
        ):
            outcome = await june.command("films", "whisper")
            assert (await hers.next("message"))["message"]["content"] == "psst"
            done = await hers.next("interaction")
            assert (done["id"], done["state"]) == (outcome.id, "done")
            await june.dismiss(outcome.message)
            assert outcome.message is not None
            assert (await hers.next("message_delete"))["ids"] == [outcome.message["id"]]
            june_message = await june.say("films", "aloud")
            first = await others.next("message")  # she does not get the ephemeral message
            assert first["message"]["id"] == june_message["id"]
            await june.react(june_message, "👍")
            her_event, others_event = await hers.next("reactions"), await others.next("reactions")
            assert her_event["message"] == others_event["message"] == june_message["id"]
            assert her_event["reactions"][0]["me"] is True
            assert others_event["reactions"][0]["me"] is False
            await june.delete_message(june_message)
            assert (await others.next("message_delete"))["ids"] == [june_message["id"]]
            await june.set_clock(advance=60)
            assert (await others.next("clock"))["real"] is False
            async with stage.room("films").typing():
                assert (await others.next("typing"))["channel"] == june.channel("films")
            await stage.bot.tree.sync()
            await others.next("commands")
            stage.world.add_channel(next(iter(stage.world.guilds.values())), "new")
            await others.next("channels")
            await june.say("dm", "between us")
            assert (await hers.next("message"))["message"]["content"] == "between us"
            await stage.bot.close()
            assert (await others.next("bot"))["online"] is False


async def test_live_events_are_refused_to_unknown_members_and_other_origins(
    local: LocalDiscord, session: aiohttp.ClientSession
) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(f"{local.page_url}/api/live?as=nobody")
    headers = {"Origin": "https://evil.example"}
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(f"{local.page_url}/api/live?as=june", headers=headers)


async def test_a_port_in_use_is_named(local: LocalDiscord) -> None:
    port = int(local.page_url.rpartition(":")[2])
    with pytest.raises(PortInUse, match=f"Port {port} is in use"):
        async with start(club_world(), page_port=port):
            pass


async def test_no_other_host_is_reached(local: LocalDiscord) -> None:
    async with aiohttp.ClientSession(connector=connector(local.port, local.ca_pem)) as outside:
        with pytest.raises(aiohttp.ClientConnectorError, match=r"example\.org"):
            await outside.get("https://example.org/")


async def test_the_certificate_is_trusted_only_on_request(local: LocalDiscord) -> None:
    async with start(club_world()) as other:
        wrong = connector(local.port, other.ca_pem)
        async with aiohttp.ClientSession(connector=wrong) as session:
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await session.get("https://discord.com/api/v10/gateway")


async def test_stopping_twice_is_fine(stage: Stage) -> None:
    await stage.bot.close()
    await stage.local.stop()
    await stage.local.stop()
