"""Scheduled posts on Discord's bad days: each comes once, or is accounted for, and nothing stops.

What Discord hides is waited for, what it says for good stops the schedule, and everything else is
tried again within the hour.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.client.refusals import STEPS
from bot.playground import Person
from bot.playground.records import permissions
from bot.playground.records.channels import Channel
from bot.playground.records.objects import Guild
from bot.playground.testing import text_of
from bot.wiring import open_app
from storage.database.engine import Transaction
from tests.clock import at
from tests.house import FEW_FILMS, House, running, until

pytestmark = pytest.mark.clock

SEND = r"/channels/\d+/messages$"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path, max_films=FEW_FILMS) as house:
        house.world.clock.set(at(0, "17:00", "UTC"))
        yield house


@pytest.fixture
async def mira(house: House) -> AsyncIterator[Person]:
    """Mira, who has set up a post for six o'clock in the lounge."""
    async with house.member("mira") as person:
        await person.command(
            "films", "setup post", channel=person.channel("lounge"), time="18:00", zone="UTC"
        )
        yield person


def guild(house: House) -> Guild:
    return next(iter(house.world.guilds.values()))


def lounge(house: House) -> Channel:
    return next(found for found in house.world.channels.values() if found.name == "lounge")


def posts(house: House) -> int:
    """Returns how many messages of the bot are in the lounge."""
    messages = lounge(house).messages.values()
    return sum(message.author_id == house.world.bot.id for message in messages)


def outcomes(house: House) -> list[str | None]:
    found = house.rows(
        "select outcome from posts join schedules on schedules.id = schedule_id"
        " where theme != 'digest' order by local_date"
    )
    return [outcome for (outcome,) in found]


def stopped(house: House) -> str | None:
    """Returns why the post has stopped; None if it runs."""
    ((reason,),) = house.rows("select disabled_reason from schedules where theme = 'auto'")
    return str(reason) if reason else None


async def told(mira: Person) -> list[str]:
    """Returns the bot's messages to Mira, except the digest."""
    found = [text_of(message) for message in await mira.messages("dm")]
    return [text for text in found if "The week in" not in text]


def clock(house: House, local: str, day: int = 0) -> None:
    house.world.clock.set(at(day, local, "UTC"))


async def ticks(house: House, seconds: float = 0.5) -> None:
    """Lets a few ticks pass in which nothing is to happen."""
    waiting = house.app.clock().timestamp() + seconds
    await until(lambda: house.app.clock().timestamp() > waiting, "some ticks pass")


# Not seen is not gone ----------------------------------------------------------------------------


async def test_a_server_that_an_outage_hides_is_waited_for(house: House, mira: Person) -> None:
    house.world.hide_guild(guild(house))
    clock(house, "18:00:05")
    await until(lambda: outcomes(house) == [None], "the slot is claimed")
    await ticks(house)
    assert (posts(house), stopped(house)) == (0, None)
    house.world.show_guild(guild(house))
    clock(house, "18:20")
    await until(lambda: outcomes(house) == ["sent"], "the post comes when the server is back")
    assert posts(house) == 1
    assert await told(mira) == []


async def test_a_server_that_has_not_appeared_after_a_start_is_waited_for(
    house: House, mira: Person
) -> None:
    await house._close()
    house.world.hide_guild(guild(house))
    clock(house, "18:05")
    await house._open()
    await until(lambda: outcomes(house) == [None], "the slot is claimed")
    await ticks(house)
    assert (posts(house), stopped(house)) == (0, None)
    house.world.show_guild(guild(house))
    clock(house, "18:10")
    await until(lambda: outcomes(house) == ["sent"], "the post comes when the server appears")


async def test_an_outage_of_more_than_an_hour_is_told_once(house: House, mira: Person) -> None:
    house.world.hide_guild(guild(house))
    for day in (0, 1):
        clock(house, "18:00:05", day)
        await until(lambda: outcomes(house)[-1:] == [None], "the slot is claimed")
        clock(house, "19:00:05", day)
        missed = ["unavailable"] * (day + 1)
        await until(lambda missed=missed: outcomes(house) == missed, "the hour is over")
    await until(lambda: _some(told(mira)), "Mira hears of it")
    await ticks(house)
    (message,) = await told(mira)
    assert "could not be sent: Discord did not show me this server for an hour" in message
    assert stopped(house) is None
    house.world.show_guild(guild(house))
    clock(house, "18:00:05", 2)
    await until(lambda: outcomes(house)[-1] == "sent", "the next one comes")


# Removed and invited again -----------------------------------------------------------------------


@pytest.mark.parametrize("left", ["online", "offline", "between sessions"])
@pytest.mark.parametrize("back", ["online", "offline"])
async def test_removed_and_invited_again_it_posts_again(
    house: House, mira: Person, left: str, back: str
) -> None:
    world = house.world
    if left == "online":
        world.remove_guild(guild(house))
    elif left == "offline":
        await house._close()
        world.remove_guild(guild(house))
        await house._open()
    else:
        house.local.let_identify()
        house.local.invalidate_sessions()
        world.remove_guild(guild(house))
    await until(lambda: stopped(house) == "I am no longer in this server", "it stops")
    clock(house, "18:00:05")
    await ticks(house)
    assert outcomes(house) == []
    if back == "offline":
        await house._close()
        world.invite_bot(guild(house))
        await house._open()
    else:
        world.invite_bot(guild(house))
    await until(lambda: stopped(house) is None, "it resumes")
    clock(house, "18:00:05", 1)
    await until(lambda: outcomes(house) == ["sent"], "the next one comes")


# What Discord answers ----------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "code"), [(403, 0), (403, 40333), (404, 0), (503, 0), (400, 0)])
async def test_an_answer_that_decides_nothing_is_tried_again(
    house: House, mira: Person, status: int, code: int
) -> None:
    house.local.fail_next("POST", SEND, status, code=code, message="internal network error")
    clock(house, "18:00:05")
    await until(lambda: outcomes(house) == [None], "the slot is claimed")
    await ticks(house)
    assert (posts(house), stopped(house)) == (0, None)
    clock(house, "18:02")
    await until(lambda: outcomes(house) == ["sent"], "it comes within the hour")
    assert posts(house) == 1
    assert await told(mira) == []


async def test_what_nobody_could_send_for_an_hour_is_told_once(house: House, mira: Person) -> None:
    house.local.fail_next("POST", rf"/channels/{lounge(house).id}/messages$", 403, times=1000)
    for day in (0, 1):
        clock(house, "18:00:05", day)
        await until(lambda: outcomes(house)[-1:] == [None], "the slot is claimed")
        for local in ("18:20", "18:40", "19:00:05"):
            await ticks(house, 0.3)
            clock(house, local, day)
        failed = ["failed"] * (day + 1)
        await until(lambda failed=failed: outcomes(house) == failed, "the hour is over")
    await until(lambda: _some(told(mira)), "Mira hears of it")
    (message,) = await told(mira)
    assert "for #lounge could not be sent: Discord did not take it for an hour" in message
    assert stopped(house) is None
    assert house.rows("select count(*) from impressions") == [(0,)]


@pytest.mark.parametrize("code", [50035, 200000])
async def test_refused_content_is_replaced_once(house: House, mira: Person, code: int) -> None:
    house.local.fail_next("POST", SEND, 400, code=code, message="blocked")
    clock(house, "18:00:05")
    await until(lambda: outcomes(house) == ["sent"], "another film comes at once")
    assert posts(house) == 1
    shown = house.rows("select count(*), count(message_id) from impressions")
    assert shown == [(4, 4)], "only what was seen counts as shown"
    assert await told(mira) == []
    house.local.fail_next("POST", SEND, 400, code=code, message="blocked", times=2)
    clock(house, "18:00:05", 1)
    await until(lambda: outcomes(house) == ["sent", "failed"], "twice is enough")
    await until(lambda: _some(told(mira)), "Mira hears of it")
    assert "Discord refused its content, twice" in (await told(mira))[0]
    assert stopped(house) is None
    assert house.rows("select count(*) from impressions") == [(4,)]


async def test_a_code_that_nobody_knows_is_no_reason_to_stop(house: House, mira: Person) -> None:
    assert 30099 not in STEPS
    house.local.fail_next("POST", SEND, 400, code=30099, message="Something new")
    clock(house, "18:00:05")
    await until(lambda: outcomes(house) == ["failed"], "this one is given up")
    await until(lambda: _some(told(mira)), "Mira hears of it")
    assert "Something new" in (await told(mira))[0]
    assert stopped(house) is None


@pytest.mark.parametrize("code", [10003, 10004])
async def test_unknown_is_believed_the_second_time(house: House, mira: Person, code: int) -> None:
    house.local.fail_next("POST", SEND, 404, code=code, message="Unknown")
    clock(house, "18:00:05")
    await until(lambda: outcomes(house) == [None], "the slot is claimed")
    await ticks(house)
    clock(house, "18:09")
    await ticks(house)
    assert (posts(house), stopped(house)) == (0, None)
    clock(house, "18:10:30")
    await until(lambda: outcomes(house) == ["sent"], "Discord was wrong")
    house.local.fail_next("POST", SEND, 404, code=code, message="Unknown", times=2)
    clock(house, "18:00:05", 1)
    await until(lambda: outcomes(house)[-1] is None, "the next slot is claimed")
    await ticks(house)
    clock(house, "18:10:30", 1)
    await until(lambda: stopped(house) == "the channel is gone", "twice is believed")
    await until(lambda: _some(told(mira)), "Mira hears of it")
    assert len(await told(mira)) == 1


async def test_a_channel_that_is_there_after_all_gets_its_posts_again(
    house: House, mira: Person
) -> None:
    """Earlier versions stopped posts in an outage, with this reason."""
    await house._close()
    async with _database(house) as conn:
        await conn.exec_driver_sql(
            "update schedules set next_at = null, disabled_reason = 'the channel is gone'"
        )
    await house._open()
    await until(lambda: stopped(house) is None, "the channel is seen")
    clock(house, "18:00:05")
    await until(lambda: outcomes(house) == ["sent"], "it posts")


# What an earlier process left --------------------------------------------------------------------


@pytest.mark.parametrize("was_sent", [True, False])
@pytest.mark.parametrize("back_at", ["18:05", "19:30"])
async def test_a_crash_loses_no_post_and_doubles_none(
    house: House, mira: Person, was_sent: bool, back_at: str
) -> None:
    """The bot was killed before, or after, the message was sent, and recorded nothing."""
    if was_sent:
        clock(house, "18:00:05")
        await until(lambda: outcomes(house) == ["sent"], "the post")
        await house._close()
        async with _database(house) as conn:
            await conn.exec_driver_sql("update posts set outcome = null, message_id = null")
            await conn.exec_driver_sql("delete from cards")
            await conn.exec_driver_sql("update impressions set message_id = null")
    else:
        house.local.fail_next("POST", SEND, 403)
        clock(house, "18:00:05")
        await until(lambda: bool(house.rows("select 1 from impressions")), "it was composed")
        await ticks(house, 0.2)
        await house._close()
    assert outcomes(house) == [None]
    clock(house, back_at)
    await house._open()
    sent = was_sent or back_at == "18:05"
    await until(lambda: outcomes(house) == ["sent" if sent else "failed"], "it is accounted for")
    assert posts(house) == int(sent)
    shown = house.rows("select count(*), count(message_id) from impressions")
    assert shown == [(4, 4) if sent else (0, 0)]
    assert house.rows("select count(*) from cards") == [(int(sent),)]


async def test_where_the_channel_cannot_be_read_a_post_is_missed_rather_than_doubled(
    house: House, mira: Person
) -> None:
    house.world.set_overwrite(lounge(house), house.world.bot, deny=permissions.READ_MESSAGE_HISTORY)
    clock(house, "18:00:05")
    await until(lambda: outcomes(house) == ["sent"], "the post")
    await house._close()
    async with _database(house) as conn:
        await conn.exec_driver_sql("update posts set outcome = null, message_id = null")
    clock(house, "18:30")
    await house._open()
    await until(lambda: outcomes(house) == ["lost"], "it is not known whether it came")
    assert posts(house) == 1
    await until(lambda: _some(told(mira)), "Mira hears of it")
    assert "may not have come" in (await told(mira))[0]


@asynccontextmanager
async def _database(house: House) -> AsyncIterator[Transaction]:
    """Yields a write transaction on the database of a house that is closed."""
    async with open_app(house.settings, house.world.clock.now) as app, app.db.write() as conn:
        yield conn


async def _some(found: Any) -> bool:
    return bool(await found)
