"""Scheduled events: made, changed, begun and ended, through discord.py and the page."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.playground.records import permissions as p
from bot.playground.testing import JSON, Refused
from bot.playground.world.guilds import scheduled_events
from bot.playground.world.intents import GUILD_MEMBERS as MEMBERS
from tests.clock import club_world
from tests.playground.stage import RawRest, Stage, open_stage, refused

LEVEL = discord.PrivacyLevel.guild_only
STATUS = discord.EventStatus


async def elsewhere(stage: Stage, hours: float = 1, **fields: Any) -> discord.ScheduledEvent:
    """Schedules an event of two hours in a park."""
    start = now(stage) + timedelta(hours=hours)
    wanted: Any = {
        "name": "Open-air cinema",
        "start_time": start,
        "end_time": start + timedelta(hours=2),
        "entity_type": discord.EntityType.external,
        "privacy_level": LEVEL,
        "location": "The park",
    }
    return await stage.guild.create_scheduled_event(**(wanted | fields))


async def in_voice(stage: Stage) -> discord.ScheduledEvent:
    """Schedules an event in the voice channel."""
    return await stage.guild.create_scheduled_event(
        name="Movie night",
        description="Alien",
        channel=stage.guild.voice_channels[0],
        start_time=now(stage) + timedelta(hours=1),
        privacy_level=LEVEL,
    )


def now(stage: Stage) -> datetime:
    return stage.world.clock.now()


async def test_an_event_elsewhere_begins_and_ends_by_the_clock(club: Stage) -> None:
    made = await elsewhere(club, description="Bring a blanket")
    (heard,) = await club.bot.until("scheduled_event_create")
    assert (heard.id, heard.name, heard.location) == (made.id, "Open-air cinema", "The park")
    assert heard.creator == club.bot.user
    assert (heard.status, heard.channel) == (STATUS.scheduled, None)
    june = await club.person("june")
    (listed,) = await june.scheduled_events()
    assert (listed["id"], listed["me"], listed["user_count"]) == (str(made.id), False, 0)
    assert (await june.interested(listed))["people"] == [june.id]
    await june.interested(listed)
    assert list(club.world.scheduled_events[made.id].interested) == [int(june.id)]
    fetched = await club.guild.fetch_scheduled_event(made.id)
    assert fetched.user_count == 1
    assert [x.name async for x in fetched.users()] == ["june"]
    await june.interested(listed, False)
    club.world.clock.advance(3600)
    _, after = await club.bot.until("scheduled_event_update")
    assert after.status is STATUS.active
    club.world.clock.advance(7200)
    _, after = await club.bot.until("scheduled_event_update", 2)
    assert after.status is STATUS.completed
    assert (await refused(made.edit(name="Again"))).code == 180000
    with pytest.raises(Refused, match="finished"):
        await june.interested(listed)
    assert await club.guild.fetch_scheduled_events() == []
    late = await elsewhere(club)
    club.world.clock.advance(4 * 3600)
    await club.bot.until("scheduled_event_update", 4)
    assert (await club.guild.fetch_scheduled_event(late.id)).status is STATUS.completed


async def test_an_event_in_voice_ends_after_the_last_one_has_left(club: Stage) -> None:
    june = await club.person("june")
    made = await in_voice(club)
    assert made.channel == club.guild.voice_channels[0]
    assert made.location is None
    await june.join_voice("Screening room")
    started = await made.start()
    assert started.status is STATUS.active
    club.world.clock.advance(5 * 3600)
    await june.leave_voice()
    club.world.clock.advance(120)
    await june.join_voice("Screening room")
    club.world.clock.advance(120)
    await june.leave_voice()
    assert club.world.scheduled_events[made.id].status == 2
    club.world.clock.advance(200)
    _, after = await club.bot.until("scheduled_event_update", 2)
    assert after.status is STATUS.completed
    forgotten = await in_voice(club)
    club.world.clock.advance(5 * 3600)
    _, after = await club.bot.until("scheduled_event_update", 3)
    assert (after.id, after.status) == (forgotten.id, STATUS.cancelled)


async def test_events_are_changed_cancelled_and_deleted(club: Stage) -> None:
    made = await elsewhere(club)
    changed = await made.edit(name="Indoors", description="Rain")
    assert (changed.name, changed.description, changed.location) == ("Indoors", "Rain", "The park")
    _, after = await club.bot.until("scheduled_event_update")
    assert after.name == "Indoors"
    voice = club.guild.voice_channels[0]
    moved = await made.edit(channel=voice, end_time=None, location=discord.utils.MISSING)
    assert (moved.channel, moved.location, moved.entity_type.name) == (voice, None, "voice")
    started = await moved.start()
    late = now(club) + timedelta(hours=9)
    out = discord.EntityType.external
    error = await refused(started.edit(entity_type=out, location="Out", end_time=late))
    assert error.code == 50091
    other = await elsewhere(club)
    await club.bot.until("scheduled_event_create", 2)
    assert (await other.cancel()).status is STATUS.cancelled
    await made.delete()
    (gone,) = await club.bot.until("scheduled_event_delete")
    assert gone.id == made.id
    assert (await refused(club.guild.fetch_scheduled_event(made.id))).code == 10070


async def test_requests_that_discord_refuses(rough: Stage) -> None:
    start = now(rough) + timedelta(hours=1)
    good: JSON = {
        "name": "Night",
        "privacy_level": 2,
        "entity_type": 3,
        "scheduled_start_time": start.isoformat(),
        "scheduled_end_time": (start + timedelta(hours=1)).isoformat(),
        "entity_metadata": {"location": "Here"},
    }
    wrong: list[tuple[str, Any]] = [
        ("name", "x" * 101),
        ("description", "x" * 1001),
        ("privacy_level", 1),
        ("entity_type", 4),
        ("scheduled_start_time", (start - timedelta(hours=2)).isoformat()),
        ("scheduled_start_time", "tomorrow"),
        ("scheduled_end_time", None),
        ("scheduled_end_time", start.isoformat()),
        ("entity_metadata", None),
        ("channel_id", "1"),
        ("image", "no picture"),
        ("name", "   "),
        ("scheduled_end_time", (start + timedelta(days=3000)).isoformat()),
    ]
    rooms = {x.name: str(x.id) for x in rough.guild.channels}
    async with RawRest(rough.local.port, rough.local.ca_pem) as rest:
        path = f"/guilds/{rough.guild.id}/scheduled-events"
        for key, value in wrong:
            status, body, _ = await rest.call("POST", path, json=good | {key: value})
            assert (status, body["code"], list(body["errors"])) == (400, 50035, [key]), key
        place: JSON = good | {"entity_type": 2, "channel_id": rooms["films"]}
        assert (await rest.call("POST", path, json=place))[1]["code"] == 50024
        place["channel_id"] = "77"
        assert (await rest.call("POST", path, json=place))[1]["code"] == 10003
        _, event, _ = await rest.call("POST", path, json=good)
        one = f"{path}/{event['id']}"
        for status in (3, 5):
            _, body, _ = await rest.call("PATCH", one, json={"status": status})
            assert list(body["errors"]) == ["status"]
        await rest.call("PATCH", one, json={"status": 4})
        assert (await rest.call("PATCH", one, json={"status": 2}))[1]["code"] == 180000
        assert (await rest.call("DELETE", f"{path}/77"))[1]["code"] == 10070
    guild = rough.world.guilds[rough.guild.id]
    for _ in range(scheduled_events.MAX_OPEN):
        scheduled_events.create(rough.world, guild, rough.world.bot.id, good)
    assert (await refused(elsewhere(rough))).code == 30038


async def test_the_permissions_that_events_need(club: Stage) -> None:
    world, guild = club.world, club.world.guilds[club.guild.id]
    june = await club.person("june")
    body: JSON = {
        "name": "June's night",
        "privacy_level": 2,
        "entity_type": 2,
        "channel_id": str(club.guild.voice_channels[0].id),
        "scheduled_start_time": (now(club) + timedelta(hours=1)).isoformat(),
    }
    theirs = await june.schedule(guild.id, **body)
    (heard,) = await club.bot.until("scheduled_event_create")
    assert (await refused(heard.edit(name="Mine"))).code == 50013
    own = await elsewhere(club)
    everyone = guild.roles[guild.id]
    world.set_role(guild, everyone, everyone.permissions & ~p.CREATE_EVENTS | p.MANAGE_EVENTS)
    assert (await refused(elsewhere(club))).code == 50013, "to manage events is not to create them"
    await heard.edit(name="Managed")
    await own.edit(name="Own")
    world.set_role(guild, everyone, p.EVERYONE & ~p.CREATE_EVENTS)
    assert (await refused(own.delete())).code == 50013
    world.set_role(guild, everyone, p.EVERYONE)
    room = world.channels[club.guild.voice_channels[0].id]
    world.set_overwrite(room, world.bot, deny=p.CONNECT)
    assert (await refused(in_voice(club))).code == 50013
    world.set_overwrite(room, world.bot, deny=p.VIEW_CHANNEL)
    assert (await refused(in_voice(club))).code == 50001
    assert (await refused(club.guild.fetch_scheduled_event(heard.id))).code == 10070
    assert (await june.manage_event(theirs, "start"))["status"] == 2
    world.remove_channel(room)
    assert list(world.scheduled_events) == [own.id]


async def test_the_guild_has_its_events_and_tells_who_is_interested(record: Path) -> None:
    world = club_world()
    guild = next(iter(world.guilds.values()))
    start = world.clock.now() + timedelta(hours=1)
    body: JSON = {
        "name": "Night",
        "privacy_level": 2,
        "entity_type": 3,
        "scheduled_start_time": start.isoformat(),
        "scheduled_end_time": (start + timedelta(hours=1)).isoformat(),
        "entity_metadata": {"location": "Here"},
    }
    made = scheduled_events.create(world, guild, world.bot.id, body)
    over = scheduled_events.create(world, guild, world.bot.id, body)
    scheduled_events.change(world, over, world.bot.id, {"status": 4})
    world.application.privileged = MEMBERS
    intents = discord.Intents(guilds=True, guild_scheduled_events=True, members=True)
    async with open_stage(record, world=world, intents=intents, rate_limits=False) as stage:
        assert [(x.id, x.name) for x in stage.guild.scheduled_events] == [(made.id, "Night")]
        june = await stage.person("june")
        await june.interested(made.id)
        event, user = await stage.bot.until("scheduled_event_user_add")
        assert (event.id, user.id) == (made.id, int(june.id))
        await june.interested(made.id, False)
        await stage.bot.until("scheduled_event_user_remove")
    async with open_stage(record, world=world, rate_limits=False) as stage:
        june = await stage.person("june")
        await june.interested(made.id)
        scheduled_events.change(world, made, world.bot.id, {"name": "Unheard"})
        await june.say("films", "The last event")
        await stage.bot.until("message")
        assert not [name for name, _ in stage.bot.events if name.startswith("scheduled_event")]


async def test_the_users_of_an_event_come_in_pages(club: Stage) -> None:
    made = await elsewhere(club)
    people = [await club.person(x) for x in ("mira", "tomas", "june", "olek")]
    for person in people:
        await person.interested(made.id)
    ids = [int(x.id) for x in people]
    assert ids == sorted(ids)
    path = f"/guilds/{club.guild.id}/scheduled-events/{made.id}/users"
    async with RawRest(club.local.port, club.local.ca_pem) as rest:

        async def page(**query: Any) -> list[JSON]:
            _, body, _ = await rest.call("GET", path, params=query)
            found: list[JSON] = body
            return found

        def named(found: list[JSON]) -> list[str]:
            return [x["user"]["username"] for x in found]

        assert named(await page()) == ["mira", "tomas", "june", "olek"]
        assert named(await page(limit=2)) == ["mira", "tomas"]
        assert named(await page(limit=2, after=ids[1])) == ["june", "olek"]
        assert named(await page(limit=2, before=ids[3])) == ["tomas", "june"]
        assert named(await page(before=ids[1], after=ids[2])) == ["mira"]
        _, counts, _ = await rest.call("GET", f"{path}/counts")
        assert counts["guild_scheduled_event_count"] == 4
        assert "member" in (await page(with_member="true"))[0]
        assert "member" not in (await page())[0]
