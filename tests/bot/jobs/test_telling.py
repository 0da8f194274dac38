"""A manager gets each message about a post once, even if the bot ends in between."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.jobs import telling
from bot.playground import Person
from bot.playground.records import permissions
from bot.playground.testing import text_of
from bot.services.people import erasure, privacy
from tests.clock import at
from tests.house import FEW_FILMS, House, running, until

STOPPED = "I'm not allowed to post in #lounge, so I've stopped the scheduled post there"
ALWAYS = 1_000


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path, max_films=FEW_FILMS) as found:
        yield found


@pytest.fixture
async def mira(house: House) -> AsyncIterator[Person]:
    """Mira, whose post in the lounge has just stopped, while no message reaches her."""
    world = house.world
    async with house.member("mira") as person:
        world.clock.set(at(0, "17:00", "UTC"))
        lounge = person.channel("lounge")
        await person.command("films", "setup post", channel=lounge, time="18:00", zone="UTC")
        world.set_overwrite(world.channels[int(lounge)], world.bot, deny=permissions.SEND_MESSAGES)
        yield person


def stop(house: House, *, carried_out: bool) -> int:
    """Lets the post fall due, and every message to Mira fail; returns how many have failed.

    carried_out: True if the messages come, and only Discord's answers are lost.
    """
    dm = next(x for x in house.world.channels.values() if x.recipient_id is not None)
    path = f"/channels/{dm.id}/messages$" if carried_out else "/users/@me/channels$"
    house.local.faults.answer("POST", path, 403, times=ALWAYS, carried_out=carried_out)
    house.world.clock.set(at(0, "18:00:05", "UTC"))
    return house.local.faults.met


async def told(mira: Person) -> list[str]:
    """Returns the bot's messages to Mira."""
    return [text_of(message) for message in await mira.messages("dm")]


async def came(mira: Person) -> bool:
    return bool(await told(mira))


@pytest.mark.parametrize("carried_out", [False, True])
async def test_a_restart_loses_no_message_and_doubles_none(
    house: House, mira: Person, carried_out: bool
) -> None:
    met = stop(house, carried_out=carried_out)
    await until(lambda: house.local.faults.met > met, "a message has failed")
    await house._close()
    assert house.rows("select disabled_reason is not null from schedules order by id")[0] == (1,)
    house.local.faults.clear()
    house.world.clock.set(at(0, "18:30", "UTC"))
    await house._open()
    await until(lambda: came(mira), "it came")
    (message,) = await told(mira)
    assert STOPPED in message
    await until(lambda: house.rows("select * from manager_messages") == [], "it is settled")


async def test_the_message_is_about_the_person_and_goes_with_them(
    house: House, mira: Person
) -> None:
    met = stop(house, carried_out=False)
    await until(lambda: house.local.faults.met > met, "a message has failed")
    exported = await privacy.summary(house.app, int(mira.id))
    assert exported.counts["manager_messages"] == 1
    await erasure.erase(house.app, int(mira.id))
    assert house.rows("select * from manager_messages") == []
    house.local.faults.clear()
    house.world.clock.set(at(0, "18:30", "UTC"))
    before = house.app.clock()
    await until(lambda: (house.app.clock() - before).total_seconds() > 0.5, "some ticks pass")
    assert await told(mira) == []


async def test_posts_do_not_wait_for_a_message_that_discord_puts_off_for_hours(
    house: House, mira: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "TRY_SECONDS", 0.2, raising=False)
    films = mira.channel("films")
    await mira.command("films", "setup post", channel=films, time="18:30", zone="UTC")
    house.local.faults.answer(
        "POST", "/users/@me/channels$", 429, code=40003, times=ALWAYS, retry_after=6 * 3600.0
    )
    met = house.local.faults.met
    house.world.clock.set(at(0, "18:00:05", "UTC"))
    await until(lambda: house.local.faults.met > met, "Discord puts the message off")
    house.world.clock.set(at(0, "18:30:05", "UTC"))
    sent = "select count(*) from posts where outcome = 'sent'"
    await until(lambda: house.rows(sent) == [(1,)], "the post is sent", patience=5)


async def test_a_message_is_given_up_after_a_day_whatever_fails(
    house: House, mira: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def defect(*_: object) -> None:
        raise KeyError("a defect of the program")

    monkeypatch.setattr(telling.Teller, "_send", defect)
    house.world.clock.set(at(0, "18:00:05", "UTC"))
    waiting = "select count(*) from manager_messages"
    await until(lambda: house.rows(waiting) == [(1,)], "a message waits")
    house.world.clock.set(at(1, "19:30", "UTC"))
    await until(lambda: house.rows(waiting) == [(0,)], "it is given up", patience=5)
