"""Movie nights when things go wrong: restarts, times away, missing permissions."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.playground.records import permissions
from bot.playground.records.snowflakes import iso
from bot.playground.testing import text_of
from bot.playground.world.guilds import scheduled_events
from tests.bot.cogs.nights.evening import (
    FILMS,
    SCREEN,
    found_message,
    found_poll,
    labels,
    members,
    plan,
    reaches,
    shows,
    state,
    titles,
)
from tests.clock import club_world
from tests.house import FEW_FILMS, House, Visit, running, until

MINUTE = 60.0
LATE = 170 * MINUTE  # a poll of a night in three hours has ended


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder: Path = tmp_path_factory.mktemp("troubles")
    async with running(folder, world=club_world(), max_films=FEW_FILMS) as house:
        yield house


@pytest.fixture
def club(house: House) -> Visit:
    return house.club()


def deny(club: Visit, channel: str, what: int) -> None:
    """Takes a permission from the bot in a channel."""
    world = club.house.world
    world.set_overwrite(club.channel(channel), world.bot, deny=what)


async def test_a_restart_in_each_state(club: Visit) -> None:
    house, clock = club.house, club.house.world.clock
    async with members(club, "mira", "june") as (mira, june):
        room = club.channel(SCREEN).id
        await june.join_voice(room)
        planned = await plan(mira, june, voice=str(room))
        await house.restart()
        await mira.click(planned.message, "Start a poll")
        poll = await found_poll(mira)
        await june.vote(poll, 3)
        await house.restart()
        clock.advance(LATE)
        won = await found_message(mira, "It won with 1 vote")
        await house.restart()
        await mira.click(won, "Create an event")
        await shows(mira, won, "the server's events")
        await house.restart()
        clock.advance(11 * MINUTE)
        await reaches(club, "showing")
        await until(
            lambda: club.rows("select count(*) from night_presences")[0][0] == 1, "June is seen"
        )
        clock.advance(30 * MINUTE)
        await house.restart()
        clock.advance(300 * MINUTE)
        card = await found_message(june, "How was the film?")
        await house.restart()
        await june.react(card, "❤️")
        await until(
            lambda: (
                club.rows("select count(*) from ratings where person_id = ?", int(june.id))
                == [(1,)]
            ),
            "June's rating",
        )
        found = [text_of(one) for one in await mira.messages(FILMS, 100)]
        for words in ("It won with", "How was the film?"):
            assert sum(words in text for text in found) == 1, "each message came once"
        assert len([one for one in await mira.messages(FILMS, 100) if one.get("poll")]) == 1
        assert len(await june.scheduled_events()) <= 1
        came = club.rows("select person_id from night_members where came = 'voice'")
        assert came == [(int(june.id),)]
    club.leave()


async def test_a_poll_that_ended_while_the_bot_was_away(club: Visit) -> None:
    house = club.house
    async with members(club, "mira", "june") as (mira, june):
        planned = await plan(mira, june)
        await mira.click(planned.message, "Start a poll")
        poll = await found_poll(mira)
        await june.vote(poll, 2)
        await house._close()
        house.world.clock.advance(LATE + 20 * MINUTE)
        await house._open()
        won = await found_message(mira, "It won with 1 vote")
        assert titles(planned.text)[1] in text_of(won)
    club.leave()


async def test_messages_that_were_deleted(club: Visit) -> None:
    async with members(club, "mira", "june") as (mira, june):
        planned = await plan(mira, june)
        await mira.click(planned.message, "Start a poll")
        poll = await found_poll(mira)
        await mira.delete_message(poll)
        await mira.delete_message(planned.message)
        club.house.world.clock.advance(LATE)
        won = await found_message(mira, "The poll is gone, so I chose the first film on my list")
        assert titles(planned.text)[0] in text_of(won)
        await mira.delete_message(won)
        club.house.world.clock.advance(400 * MINUTE)
        await found_message(june, "How was the film?")
        assert state(club) == ("done", "poll-gone")
    club.leave()


async def test_a_night_is_cancelled_from_the_list_of_nights(club: Visit) -> None:
    """The messages with its buttons were deleted. Only who may direct it has the button."""
    async with members(club, "mira", "june") as (mira, june):
        planned = await plan(mira, june)
        await mira.click(planned.message, "Take the first film")
        won = await found_message(mira, "the first film on my list")
        await mira.delete_message(planned.message or {})
        await mira.delete_message(won)
        listed = await june.command(FILMS, "movienight history")
        assert titles(planned.text)[0] in listed.text
        assert labels(listed.message) == []
        listed = await mira.command(FILMS, "movienight history")
        assert labels(listed.message) == ["Cancel"]
        left = await mira.click(listed.message, "Cancel")
        assert "There hasn't been a movie night here yet" in left.text
        assert labels(left.message) == []
        await reaches(club, "cancelled")
    club.leave()


async def test_a_night_follows_its_event_when_somebody_moves_it(club: Visit) -> None:
    """While the bot is there, and while it is away."""
    house, room = club.house, club.channel(SCREEN).id
    when = "select starts_at, ends_at, voice_id from nights where guild_id = ?"
    async with members(club, "mira", "june") as (mira, june):
        planned = await plan(mira, june)
        await mira.click(planned.message, "Take the first film")
        won = await found_message(mira, "the first film on my list")
        await mira.click(won, "Create an event")
        await shows(mira, won, "the server's events")
        (shown,) = await june.scheduled_events()
        event = house.world.scheduled_events[int(shown["id"])]
        ((before, over, _),) = club.rows(when, club.guild.id)
        length = datetime.fromisoformat(over) - datetime.fromisoformat(before)
        for hours, place, away in ((1, None, False), (30, room, True)):
            starts_at = event.start + timedelta(hours=hours)
            moved = {
                "scheduled_start_time": iso(starts_at),
                "scheduled_end_time": iso(starts_at + timedelta(hours=2)),
            }
            if place:
                moved |= {"entity_type": 2, "channel_id": place, "entity_metadata": None}
            if away:
                await house._close()
            scheduled_events.change(house.world, event, club.guild.owner_id, moved)
            if away:
                await house._open()
            await shows(mira, won, f"<t:{int(starts_at.timestamp())}:F>")
            ((start, end, voice),) = club.rows(when, club.guild.id)
            assert datetime.fromisoformat(start) == starts_at.replace(tzinfo=None)
            assert datetime.fromisoformat(end) - datetime.fromisoformat(start) == length
            assert voice == place
        await shows(mira, planned.message or {}, f"<#{room}>")
        assert state(club)[0] == "scheduled"
    club.leave()


async def test_permissions_that_are_missing_are_named(club: Visit) -> None:
    async with members(club, "mira", "june") as (mira, june):
        planned = await plan(mira, june)
        deny(club, FILMS, permissions.SEND_POLLS)
        refused = await mira.click(planned.message, "Start a poll")
        assert "missing permissions (Create Polls)" in refused.text
        assert state(club) == ("planned", None)
        await mira.click(planned.message, "Take the first film")
        won = await found_message(mira, "the first film on my list")
        for role in club.guild.roles.values():
            granted = role.permissions & ~permissions.CREATE_EVENTS
            club.house.world.set_role(club.guild, role, granted)
        refused = await mira.click(won, "Create an event")
        assert "missing permissions (Create Events)" in refused.text
        assert state(club) == ("decided", "planner")
        assert labels(won) == ["Create an event", "Cancel"]
    club.leave()


async def test_a_permission_that_is_lost_is_told_to_the_planner(club: Visit) -> None:
    async with members(club, "mira", "june") as (mira, june):
        planned = await plan(mira, june)
        await mira.click(planned.message, "Start a poll")
        await found_poll(mira)
        deny(club, FILMS, permissions.SEND_MESSAGES)
        club.house.world.clock.advance(LATE)
        told = await found_message(mira, "I can't post in the channel for your movie night", "dm")
        assert "Send Messages" in text_of(told)
        await reaches(club, "decided")
    club.leave()


async def test_who_leaves_the_server_in_the_middle_is_not_named_and_has_not_seen_it(
    club: Visit,
) -> None:
    house = club.house
    async with members(club, "mira", "june", "tomas") as (mira, june, tomas):
        for person in (mira, june, tomas):
            panel = (await person.command(FILMS, "settings")).message
            await person.click(panel, "Show my taste here")
        room = club.channel(SCREEN).id
        await june.join_voice(room)
        await tomas.join_voice(room)
        planned = await plan(mira, june, tomas, voice=str(room))
        assert "June" in planned.text
        house.world.remove_member(club.guild, club.club.people["june"])
        polled = await mira.click(planned.message, "Start a poll")
        assert "June" not in polled.text
        assert "Tomás" in polled.text
        house.world.clock.advance(LATE)
        await found_message(mira, "Nobody voted, so I chose the first film on my list")
        house.world.clock.advance(12 * MINUTE)
        await reaches(club, "showing")
        await until(
            lambda: club.rows("select count(*) from night_presences")[0][0] >= 1, "Tomás is seen"
        )
        house.world.clock.advance(300 * MINUTE)
        await reaches(club, "done")
        came = club.rows("select person_id from night_members where came is not null")
        assert (int(tomas.id),) in came
        assert (int(june.id),) not in came
    club.leave()


async def test_a_night_without_a_film_at_its_start_is_off(club: Visit) -> None:
    async with members(club, "mira", "june") as (mira, june):
        planned = await plan(mira, june)
        club.house.world.clock.advance(181 * MINUTE)
        await shows(mira, planned.message or {}, "This movie night has been cancelled")
    club.leave()


async def test_who_is_asked_once_and_never_again(club: Visit) -> None:
    async with members(club, "mira", "june") as (mira, june):
        await plan(mira, june)
        asked = await found_message(june, "Can I use your taste there", "dm")
        assert "Somebody's planning a movie night with you" in text_of(asked)
        assert labels(asked) == ["Count me in", "No, thanks", "Don't ask again"]
        answered = await june.click(asked, "Don't ask again")
        assert "I won't ask to use your taste again" in answered.text
        await plan(mira, june)
        own = await found_message(mira, "Can I use your taste there", "dm")
        assert "You're planning a movie night" in text_of(own)
        messages = await june.messages("dm", 100)
        assert not any("Can I use your taste there" in text_of(one) for one in messages)
    club.leave()


async def test_what_is_typed_wrong_gets_a_sentence(club: Visit) -> None:
    async with members(club, "mira", "june") as (mira, june):
        for options, words in (
            ({"when": "soon"}, "I don't know when “soon” is"),
            ({"members": "June"}, "I don't know who “June” is"),
            ({"members": "<@123456789012345678>"}, "members of this server"),
            ({"members": None}, "Who's coming?"),
        ):
            refused = await plan(mira, june, **options)
            assert words in refused.text, refused.text
            assert (refused.message or {})["flags"] & 64
    club.leave()
