"""REST apart from interactions: messages, reactions, files, users, commands, faults, 404s."""

import asyncio
import io
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest

from bot.playground import start
from bot.playground.records import permissions as p
from bot.playground.world import intents
from tests.clock import NOW, club_world
from tests.playground.stage import RawRest, Stage, open_stage, refused

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03\x08\x02\x00\x00\x00"


async def test_send_edit_delete(stage: Stage) -> None:
    june = await stage.person("june")
    sent = await stage.room("films").send("hello", embed=discord.Embed(title="T", description="D"))
    assert sent.author == stage.guild.me
    assert NOW <= sent.created_at <= stage.world.clock.now()
    edited = await sent.edit(content="changed", embed=None)
    assert edited.content == "changed"
    assert edited.edited_at is not None
    (seen,) = await june.messages("films")
    assert (seen["content"], seen["embeds"]) == ("changed", [])
    await sent.delete()
    assert await june.messages("films") == []
    assert (await refused(sent.delete())).code == 10008
    (changed,) = await stage.bot.until("raw_message_edit")
    assert changed.message.content == "changed"
    (gone,) = await stage.bot.until("raw_message_delete")
    assert gone.message_id == sent.id


async def test_history_pages(quick: Stage) -> None:
    june = await quick.person("june")
    room = quick.room("films")
    ids = [int((await june.say("films", str(x)))["id"]) for x in range(7)]
    assert [x.id async for x in room.history(limit=3)] == ids[:3:-1]
    assert [x.id async for x in room.history(before=discord.Object(ids[3]))] == ids[2::-1]
    assert [x.id async for x in room.history(after=discord.Object(ids[3]))] == ids[4:]
    around = [x.id async for x in room.history(around=discord.Object(ids[3]), limit=3)]
    assert sorted(around) == ids[2:5]


@pytest.mark.clock
async def test_history_keeps_the_order_of_arrival_when_the_clock_goes_back(stage: Stage) -> None:
    june = await stage.person("june")
    first = await june.say("films", "late")
    await june.set_clock("2024-05-01T20:00:00Z")
    second = await june.say("films", "early")
    third = await june.say("films", "later")
    found = [x.id async for x in stage.room("films").history()]
    assert found == [int(x["id"]) for x in (third, second, first)]
    after = stage.room("films").history(after=discord.Object(int(first["id"])))
    assert [x.id async for x in after] == [int(second["id"]), int(third["id"])]
    clock = await june.set_clock()
    assert clock["real"]


async def test_others_messages_cannot_be_edited_or_deleted(stage: Stage) -> None:
    june = await stage.person("june")
    june_message = await june.say("films", "mine")
    message = stage.room("films").get_partial_message(int(june_message["id"]))
    assert (await refused(message.edit(content="yours"))).code == 50005
    assert (await refused(message.delete())).code == 50013


TOO_LONG_MESSAGES: dict[str, Any] = {
    "content": {"content": "x" * 2001},
    "empty": {"content": " "},
    "embed title": {"embeds": [{"title": "x" * 257}]},
    "embed description": {"embeds": [{"description": "x" * 4097}]},
    "embed field name": {"embeds": [{"fields": [{"name": "x" * 257, "value": "v"}]}]},
    "embed field value": {"embeds": [{"fields": [{"name": "n", "value": "x" * 1025}]}]},
    "26 fields": {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]},
    "embed footer": {"embeds": [{"title": "t", "footer": {"text": "x" * 2049}}]},
    "embed author": {"embeds": [{"title": "t", "author": {"name": "x" * 257}}]},
    "embeds together": {"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]},
    "an empty embed": {"embeds": [{}]},
    "eleven embeds": {"embeds": [{"title": "t"}] * 11},
    "nonce": {"content": "x", "nonce": "n" * 26},
    "mentions twice": {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
    "mentions unknown": {"content": "x", "allowed_mentions": {"parse": ["friends"]}},
    "101 mentions": {
        "content": "x",
        "allowed_mentions": {"parse": [], "users": [str(x) for x in range(101)]},
    },
    "V2 and content": {
        "content": "x",
        "flags": 32768,
        "components": [{"type": 10, "content": "x"}],
    },
    "V2 and embeds": {
        "embeds": [{"title": "x"}],
        "flags": 32768,
        "components": [{"type": 10, "content": "x"}],
    },
    "V2 without the flag": {"components": [{"type": 10, "content": "x"}]},
    "no such reply": {"content": "x", "message_reference": {"message_id": "5"}},
}


@pytest.mark.parametrize("name", TOO_LONG_MESSAGES)
async def test_messages_beyond_the_limits(name: str) -> None:
    async with start(club_world(), rate_limits=False) as local:
        films = next(x for x in local.world.channels.values() if x.name == "films")
        async with RawRest(local.port, local.ca_pem) as raw:
            path = f"/channels/{films.id}/messages"
            status, body, headers = await raw.call("POST", path, json=TOO_LONG_MESSAGES[name])
    assert status == 400
    assert body["code"] == (50006 if name == "empty" else 50035)
    assert headers["Content-Type"] == "application/json"
    assert not films.messages


async def test_field_errors_are_nested() -> None:
    async with start(club_world()) as local:
        films = next(x for x in local.world.channels.values() if x.name == "films")
        async with RawRest(local.port, local.ca_pem) as raw:
            sent = {"embeds": [{"title": "ok"}, {"title": "x" * 257}]}
            _, body, _ = await raw.call("POST", f"/channels/{films.id}/messages", json=sent)
    assert body["message"] == "Invalid Form Body"
    (error,) = body["errors"]["embeds"]["1"]["title"]["_errors"]
    assert "256" in error["message"]


async def test_bad_json_and_a_bad_limit() -> None:
    async with start(club_world()) as local:
        films = next(x for x in local.world.channels.values() if x.name == "films")
        path = f"/channels/{films.id}/messages"
        async with RawRest(local.port, local.ca_pem) as raw:
            assert (await raw.call("POST", path, data=b"{"))[1]["code"] == 50109
            assert (await raw.call("POST", path, json=[]))[1]["code"] == 50109
            for limit in ("0", "101", "many"):
                status, body, _ = await raw.call("GET", f"{path}?limit={limit}")
                assert (status, body["code"]) == (400, 50035)
            assert (await raw.call("GET", "/channels/x/messages"))[1]["code"] == 50035


async def test_tokens_and_unknown_routes() -> None:
    async with start(club_world()) as local:
        async with RawRest(local.port, local.ca_pem, "nonsense") as raw:
            status, body, _ = await raw.call("GET", "/users/@me")
            assert (status, body) == (401, {"message": "401: Unauthorized", "code": 0})
        async with RawRest(local.port, local.ca_pem) as raw:
            status, body, _ = await raw.call("GET", "/guilds/1/bans")
            assert (status, body) == (404, {"message": "404: Not Found", "code": 0})
            status, _, _ = await raw.call("PUT", "/users/@me")
            assert status == 404
    assert local.world.unsupported == ["GET /api/v10/guilds/1/bans", "PUT /api/v10/users/@me"]


async def test_unsupported_requests_are_never_accepted_silently(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with start(club_world()) as local:
        films = next(x for x in local.world.channels.values() if x.name == "films")
        async with RawRest(local.port, local.ca_pem) as raw:
            sent = {"sticker_ids": ["1"]}
            status, _, _ = await raw.call("POST", f"/channels/{films.id}/messages", json=sent)
    assert status == 404
    assert local.world.unsupported == ["stickers in messages"]
    assert "DOES NOT SUPPORT" in caplog.text


V2 = {"flags": 32768, "components": [{"type": 10, "content": "x"}]}

EDITS: dict[str, tuple[Any, Any, int]] = {
    "to V2 with content left": ({"content": "x"}, V2, 400),
    "to V2 with content nulled": ({"content": "x"}, V2 | {"content": None, "embeds": None}, 200),
    "V2 taken away": (V2, {"flags": 0, "content": "x", "components": []}, 400),
    "content into V2": (V2, {"content": "x"}, 400),
    "V2 kept without saying so": (V2, {"components": [{"type": 10, "content": "y"}]}, 200),
    "everything taken away": ({"content": "x"}, {"content": None}, 400),
    "embeds suppressed": ({"embeds": [{"title": "x"}]}, {"flags": 4}, 200),
    "a null changes nothing else": (V2, {"allowed_mentions": None}, 200),
}


@pytest.mark.parametrize("name", EDITS)
async def test_edits(name: str) -> None:
    first, then, expected = EDITS[name]
    async with start(club_world()) as local, RawRest(local.port, local.ca_pem) as raw:
        films = next(x for x in local.world.channels.values() if x.name == "films")
        path = f"/channels/{films.id}/messages"
        _, made, _ = await raw.call("POST", path, json=first)
        before = repr(films.messages[int(made["id"])])
        status, body, _ = await raw.call("PATCH", f"{path}/{made['id']}", json=then)
        assert status == expected, body
        if expected == 400:
            assert body["code"] in (50035, 50006)
            assert repr(films.messages[int(made["id"])]) == before


async def test_a_nonce_is_enforced(stage: Stage) -> None:
    first = await stage.room("films").send("once", nonce="n1")
    second = await stage.room("films").send("once", nonce="n1")
    assert first.id == second.id
    assert len(stage.world.channels[first.channel.id].messages) == 1


async def test_replies(stage: Stage) -> None:
    june = await stage.person("june")
    june_message = await june.say("films", "a question")
    partial = stage.room("films").get_partial_message(int(june_message["id"]))
    answer = await partial.reply("an answer")
    assert answer.type is discord.MessageType.reply
    assert answer.reference is not None
    assert isinstance(answer.reference.resolved, discord.Message)
    await june.delete_message(june_message)
    again = await stage.room("films").fetch_message(answer.id)
    assert again.reference is not None
    assert isinstance(again.reference.resolved, discord.DeletedReferencedMessage)


async def test_mentions_follow_allowed_mentions(stage: Stage) -> None:
    june = next(x for x in stage.world.people() if x.username == "june")
    sent = await stage.room("films").send(f"<@{june.id}>")
    assert [x.id for x in sent.mentions] == [june.id]
    quiet = discord.AllowedMentions.none()
    sent = await stage.room("films").send(f"<@{june.id}> @everyone", allowed_mentions=quiet)
    assert sent.mentions == []
    assert not sent.mention_everyone


async def test_files_go_up_and_come_down(stage: Stage) -> None:
    june = await stage.person("june")
    file = discord.File(io.BytesIO(PNG), "a picture.png", description="a taste")
    sent = await stage.room("films").send(file=file)
    (attachment,) = sent.attachments
    assert (attachment.filename, attachment.size) == ("a_picture.png", len(PNG))
    assert (attachment.width, attachment.height) == (2, 3)
    assert attachment.description == "a taste"
    assert await attachment.read() == PNG  # by the host name of the CDN
    (seen,) = (await june.messages("films"))[0]["attachments"]
    async with aiohttp.ClientSession() as session:
        async with session.get(june.url + seen["url"]) as response:
            assert (response.status, response.content_type) == (200, "image/png")
            assert await response.read() == PNG
        async with session.get(june.url + seen["url"] + "x") as response:
            assert response.status == 404


async def test_an_edit_keeps_the_files_it_names() -> None:
    async with open_stage() as stage:  # not recorded, since discord.py sends undescribed fields
        file = discord.File(io.BytesIO(PNG), "a.png")
        sent = await stage.room("films").send(file=file)
        more = await sent.add_files(discord.File(io.BytesIO(b"text"), "b.txt"))
        assert [x.filename for x in more.attachments] == ["a.png", "b.txt"]
        fewer = await more.remove_attachments(more.attachments[0])
        assert [x.filename for x in fewer.attachments] == ["b.txt"]


async def test_a_file_shown_in_a_card(stage: Stage) -> None:
    june = await stage.person("june")
    view = discord.ui.LayoutView()
    gallery: Any = discord.ui.MediaGallery()
    gallery.add_item(media="attachment://chart.png", description="a chart")
    view.add_item(gallery)
    sent = await stage.room("films").send(
        view=view, file=discord.File(io.BytesIO(PNG), "chart.png")
    )
    shown = sent.components[0]
    assert isinstance(shown, discord.MediaGalleryComponent)
    assert shown.items[0].media.url.startswith("https://cdn.discordapp.com/attachments/")
    (seen,) = await june.messages("films")
    assert seen["components"][0]["items"][0]["media"]["url"].startswith("/attachments/")
    gallery = discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://other.png"))
    missing = discord.ui.LayoutView().add_item(gallery)
    assert (await refused(stage.room("films").send(view=missing))).code == 50035


async def test_a_file_too_large(stage: Stage) -> None:
    big = discord.File(io.BytesIO(bytes(10 * 1024 * 1024 + 1)), "big.bin")
    error = await refused(stage.room("films").send(file=big))
    assert (error.status, error.code) == (413, 40005)


async def test_direct_messages(stage: Stage) -> None:
    june = await stage.person("june")
    user = await stage.bot.fetch_user(int(june.id))
    sent = await user.send("hello there")
    assert isinstance(sent.channel, discord.DMChannel)
    assert [x["content"] for x in await june.messages("dm")] == ["hello there"]
    stage.world.users[user.id].dms_open = False
    assert (await refused(user.send("again"))).code == 50007
    stranger = stage.world.add_user("stranger")
    elsewhere = await stage.bot.fetch_user(stranger.id)
    assert (await refused(elsewhere.send("hello"))).code == 50007
    assert (await refused(stage.bot.fetch_user(5))).code == 10013


async def test_missing_permissions_are_refused(quick: Stage) -> None:
    room = quick.room("films")
    films = quick.world.channels[room.id]
    sent = await room.send("hello")
    bot = quick.world.bot
    quick.world.set_overwrite(films, bot, deny=p.EMBED_LINKS | p.ATTACH_FILES)
    assert (await refused(room.send(embed=discord.Embed(title="x")))).code == 50013
    assert (await refused(room.send(file=discord.File(io.BytesIO(b"x"), "x")))).code == 50013
    quick.world.set_overwrite(films, bot, deny=p.SEND_MESSAGES)
    assert (await refused(room.send("x"))).code == 50013
    quick.world.set_overwrite(films, bot, deny=p.READ_MESSAGE_HISTORY)
    assert (await refused(sent.add_reaction("👍"))).code == 50013
    assert (await refused(room.fetch_message(sent.id))).code == 50013
    assert [x async for x in room.history()] == []
    quick.world.set_overwrite(films, bot, deny=p.VIEW_CHANNEL)
    assert (await refused(room.send("x"))).code == 50001
    assert (await refused(quick.bot.fetch_channel(room.id))).code == 50001
    assert (await refused(quick.bot.get_partial_messageable(5).send("x"))).code == 10003


@pytest.mark.clock
async def test_bulk_delete(quick: Stage) -> None:
    june = await quick.person("june")
    bot_messages = [await quick.room("films").send(str(x)) for x in range(3)]
    june_message = await june.say("films", "stays")
    room = quick.room("films")
    assert (await refused(room.delete_messages(bot_messages))).code == 50013
    role = quick.world.add_role(quick.world.guilds[quick.guild.id], "mod", p.MANAGE_MESSAGES)
    quick.world.add_member(quick.world.guilds[quick.guild.id], quick.world.bot, [role])
    await room.delete_messages(bot_messages)
    (event,) = await quick.bot.until("raw_bulk_message_delete")
    assert event.message_ids == {x.id for x in bot_messages}
    assert [x["id"] for x in await june.messages("films")] == [june_message["id"]]
    await june.set_clock(advance=15 * 86400)
    old = [discord.Object(int(june_message["id"])), discord.Object(int(june_message["id"]) + 1)]
    assert (await refused(room.delete_messages(old))).code == 50034


async def test_members_guilds_and_roles(stage: Stage) -> None:
    june = await stage.person("june")
    member = await stage.guild.fetch_member(int(june.id))
    assert member.name == "june"
    stranger = stage.world.add_user("stranger")
    assert (await refused(stage.guild.fetch_member(stranger.id))).code == 10007
    guild = await stage.bot.fetch_guild(stage.guild.id)
    assert guild.approximate_member_count == 6
    assert (await refused(stage.bot.fetch_guild(5))).code == 10004
    assert [x.name async for x in stage.bot.fetch_guilds()] == ["The Matinee Club"]
    assert len(await stage.guild.fetch_channels()) == 5
    assert {x.name for x in await stage.guild.fetch_roles()} == {"@everyone", "Projectionist"}
    assert (await stage.bot.application_info()).name == "Matinee"
    async with stage.room("films").typing():
        pass


async def test_injected_faults(tmp_path: Path) -> None:
    async with open_stage(tmp_path / "log.jsonl") as stage:
        before = (tmp_path / "log.jsonl").read_text()
        stage.local.fail_next("POST", r"/messages$", 403, code=50013, message="Missing Permissions")
        assert (await refused(stage.room("films").send("x"))).code == 50013
        stage.local.fail_next("POST", r"/messages$", 500)
        assert (tmp_path / "log.jsonl").read_text() == before
        sent = await stage.room("films").send("x")  # discord.py tries again after a second
        assert sent.content == "x"


async def test_members_are_listed_only_with_their_intent() -> None:
    async with start(club_world()) as local, RawRest(local.port, local.ca_pem) as raw:
        guild = next(iter(local.world.guilds))
        path = f"/guilds/{guild}/members?limit=1000"
        assert (await raw.call("GET", path))[1]["code"] == 50001
        local.world.application.privileged = intents.GUILD_MEMBERS
        found = (await raw.call("GET", path))[1]
        ids = [int(x["user"]["id"]) for x in found]
        assert ids == sorted(local.world.guilds[guild].members)
        after = (await raw.call("GET", f"{path}&after={ids[2]}"))[1]
        assert [int(x["user"]["id"]) for x in after] == ids[3:]


async def test_concurrent_requests_are_all_answered(quick: Stage) -> None:
    users = [x.id for x in quick.world.people()]
    found = await asyncio.gather(*(quick.bot.fetch_user(x) for x in users * 10))
    assert [x.id for x in found] == users * 10
