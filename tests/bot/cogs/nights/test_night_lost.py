"""Answers of Discord's that are lost double nothing of a movie night; leaving a server ends it."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.playground.records import permissions
from bot.playground.testing import text_of
from bot.playground.world.channels import threads
from bot.services.feedback import scales
from bot.services.view_models import Requester
from tests.bot.cogs.nights.evening import (
    FILMS,
    WHEN,
    found_message,
    found_poll,
    members,
    plan,
    reaches,
    shows,
)
from tests.house import FEWEST_FILMS, House, Visit, running, until

MINUTE = 60.0
LATE = 170 * MINUTE  # a poll of a night in three hours has ended


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder: Path = tmp_path_factory.mktemp("lost")
    async with running(folder, max_films=FEWEST_FILMS) as house:
        yield house


@pytest.fixture
def club(house: House) -> Visit:
    return house.club()


def mark_for_adults(club: Visit, *, for_adults: bool) -> None:
    """Changes whether the channel with the films is age-restricted."""
    channel = club.channel(FILMS)
    channel.nsfw = for_adults
    club.house.world.set_overwrite(channel, club.house.world.bot)  # tells the bot


async def test_lost_answers_double_nothing(club: Visit) -> None:
    house, faults = club.house, club.house.local.faults
    messages = f"/channels/{club.channel(FILMS).id}/messages$"
    async with members(club, "mira", "june") as (mira, june):
        planned = await plan(mira, june)
        faults.cut("POST", messages, carried_out=True)
        await mira.click(planned.message, "Start a poll")
        poll = await found_poll(mira)
        sent = "select count(*) from night_messages where kind = ? and message_id is not null"
        await until(lambda: club.rows(sent, "poll") == [(1,)], "the poll is known")
        await june.vote(poll, 2)
        faults.cut("POST", messages, carried_out=True)
        house.world.clock.advance(LATE)
        won = await found_message(mira, "It won with 1 vote")
        await until(lambda: club.rows(sent, "winner") == [(1,)], "the announcement is known")
        faults.cut("POST", "/scheduled-events$", carried_out=True)
        await mira.click(won, "Create an event")
        await shows(mira, won, "the server's events")
        assert len(await june.scheduled_events()) == 1
        faults.cut("POST", messages, carried_out=True)
        house.world.clock.advance(400 * MINUTE)
        await found_message(june, "How was the film?")
        await until(
            lambda: club.rows("select count(*) from nights where pending") == [(0,)], "all is done"
        )
        found = await mira.messages(FILMS, 100)
        assert len([one for one in found if one.get("poll")]) == 1
        for words in ("It won with", "How was the film?"):
            assert sum(words in text_of(one) for one in found) == 1, words
        assert faults.waiting() == 0
    club.leave()


async def test_a_crash_before_a_message_was_sent_loses_nothing(club: Visit) -> None:
    """The announcement was claimed, and then the bot was killed."""
    house, now = club.house, club.house.world.clock.now()
    async with members(club, "mira", "june") as (mira, june):
        planned = await plan(mira, june)
        assert planned.message is not None
        await house._close()
        with sqlite3.connect(house.settings.database) as conn:
            conn.execute(
                "update nights set state = 'decided', chosen_by = 'planner', ends_at = starts_at,"
                " film_id = (select film_id from night_films where night_id = id and position = 0)"
                " where guild_id = ?",
                (club.guild.id,),
            )
            conn.execute(
                "insert into night_messages (night_id, kind, claimed_at)"
                " select id, 'winner', ? from nights where guild_id = ?",
                (now.strftime("%Y-%m-%d %H:%M:%S.%f"), club.guild.id),
            )
        await house._open()
        won = await found_message(mira, "You went with the first film on my list")
        await until(
            lambda: (
                club.rows(
                    "select count(*) from night_messages where kind = 'winner' and message_id = ?",
                    int(won["id"]),
                )
                == [(1,)]
            ),
            "the announcement is known",
        )
        found = [text_of(one) for one in await mira.messages(FILMS, 100)]
        assert sum("You went with the first film on my list" in text for text in found) == 1
    club.leave()


@pytest.mark.parametrize("known", [True, False], ids=["recorded", "claimed"])
async def test_a_card_that_came_before_a_crash_keeps_the_emoji_of_its_legend(
    club: Visit, known: bool
) -> None:
    """The bot was killed before it stored the card, and a manager chose other emoji meanwhile."""
    house, now = club.house, club.house.world.clock.now()
    of_night = "night_id in (select id from nights where guild_id = ?)"
    async with members(club, "mira", "june") as (mira, june):
        manager = Requester(club.guild.owner_id, club.guild.id, club.channel(FILMS).id, now)
        own = (await scales.draft(house.app, manager, "🔥 5 🧊 1", ())).draft
        assert own is not None
        await scales.choose(house.app, manager, own.id or 0)
        planned = await plan(mira, june)
        await mira.click(planned.message, "Take the first film")
        await found_message(mira, "the first film on my list")
        house.world.clock.advance(400 * MINUTE)
        card = await found_message(june, "How was the film?")
        over = "select count(*) from nights where guild_id = ? and pending"
        await until(lambda: club.rows(over, club.guild.id) == [(0,)], "all is done")
        await scales.choose(house.app, manager, 0)
        await house._close()
        with sqlite3.connect(house.settings.database) as conn:
            conn.execute("delete from cards where message_id = ?", (int(card["id"]),))
            conn.execute("update nights set pending = 1 where guild_id = ?", (club.guild.id,))
            if not known:
                conn.execute(
                    "update night_messages set message_id = null"
                    f" where kind = 'card' and {of_night}",
                    (club.guild.id,),
                )
        await house._open()
        await until(lambda: club.rows(over, club.guild.id) == [(0,)], "all is done again")
        kept = "select scale_id from cards where message_id = ?"
        assert club.rows(kept, int(card["id"])) == [(own.id,)]
    club.leave()


async def test_a_server_that_removes_the_bot_ends_its_nights(club: Visit) -> None:
    async with members(club, "mira", "june") as (mira, june):
        planned = await plan(mira, june)
        await mira.click(planned.message, "Take the first film")
        await found_message(mira, "the first film on my list")
        club.leave()
        await reaches(club, "cancelled")
        pending = "select pending from nights where guild_id = ?"
        assert club.rows(pending, club.guild.id) == [(0,)]


async def test_a_film_for_adults_is_not_named_where_everybody_sees_it(club: Visit) -> None:
    house = club.house
    mark_for_adults(club, for_adults=True)
    async with members(club, "mira", "june") as (mira, june):
        planned = await plan(mira, june)
        (film,) = club.rows(
            "select night_films.film_id from night_films join nights on night_id = id"
            " where guild_id = ? and position = 0",
            club.guild.id,
        )
        library = house.app.live.served.library
        object.__setattr__(library.films[film[0]], "adult", True)
        try:
            await mira.click(planned.message, "Take the first film")
            won = await found_message(mira, "the first film on my list")
            await mira.click(won, "Create an event")
            await shows(mira, won, "the server's events")
            (event,) = await june.scheduled_events()
            assert event["name"] == "Movie night"
            assert event["description"] == "We're watching a film together."
            mark_for_adults(club, for_adults=False)
            house.world.clock.advance(400 * MINUTE)
            over = "select count(*) from nights where guild_id = ? and pending"
            await until(lambda: club.rows(over, club.guild.id) == [(0,)], "all is done")
            found = [text_of(one) for one in await mira.messages(FILMS, 100)]
            assert not any("How was the film?" in text for text in found)
        finally:
            object.__setattr__(library.films[film[0]], "adult", False)
    club.leave()


async def test_nights_go_on_if_it_is_not_known_whether_a_message_came(club: Visit) -> None:
    """The bot was killed while it sent, and may not look for the message. A poll whose time was
    over before it was sent is not sent."""
    house, now = club.house, club.house.world.clock.now()
    async with members(club, "mira", "june") as (mira, june):
        for _ in range(3):
            await plan(mira, june)
        rows = club.rows("select id from nights where guild_id = ? order by id", club.guild.id)
        announced, polled, unsent = [row[0] for row in rows]
        await house._close()
        deny = permissions.READ_MESSAGE_HISTORY
        house.world.set_overwrite(club.channel(FILMS), house.world.bot, deny=deny)
        at, ended = (
            moment.strftime("%Y-%m-%d %H:%M:%S.%f")
            for moment in (now, now + timedelta(minutes=165))
        )
        with sqlite3.connect(house.settings.database) as conn:
            conn.execute(
                "update nights set state = 'decided', chosen_by = 'planner', ends_at ="
                " datetime(starts_at, '+2 hours') || '.000000',"
                " film_id = (select film_id from night_films where night_id = id and position = 0)"
                " where id = ?",
                (announced,),
            )
            conn.execute(
                "update nights set state = 'polled', poll_until = ? where id in (?, ?)",
                (ended, polled, unsent),
            )
            conn.executemany(
                "insert into night_messages (night_id, kind, claimed_at) values (?, ?, ?)",
                [(announced, "winner", at), (polled, "poll", at)],
            )
        house.world.clock.advance(176 * MINUTE)
        await house._open()
        states = "select state from nights where guild_id = ? order by id"
        chosen = [("decided",)] * 3
        await until(lambda: club.rows(states, club.guild.id) == chosen, "a film is chosen")
        house.world.clock.advance(5 * MINUTE)
        showing = [("showing",)] * 3
        await until(lambda: club.rows(states, club.guild.id) == showing, "the films run")
        assert not any(one.get("poll") for one in await mira.messages(FILMS, 100))
        house.world.clock.advance(400 * MINUTE)
        over = "select count(*) from nights where guild_id = ? and pending"
        await until(lambda: club.rows(over, club.guild.id) == [(0,)], "all is done")
    club.leave()


async def test_a_night_in_a_thread_goes_on_after_the_thread_was_archived(club: Visit) -> None:
    house = club.house
    async with members(club, "mira", "june") as (mira, june):
        thread = threads.begin(house.world, club.channel(FILMS), "tonight", int(mira.id))
        invited = f"<@{june.id}>"
        planned = await mira.command(thread.id, "movienight plan", when=WHEN, members=invited)
        await mira.click(planned.message, "Start a poll")
        poll = await found_poll(mira, thread.id)
        await june.vote(poll, 2)
        threads.change(house.world, thread, archived=True)
        house.world.clock.advance(LATE)
        await found_message(mira, "It won with 1 vote", thread.id)
    club.leave()
